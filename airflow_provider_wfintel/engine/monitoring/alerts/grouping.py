"""From alerts to messages: one incident is one message, and one when it is over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.model import Severity, canonical_json
from airflow_provider_wfintel.engine.monitoring.alerts.outbox import Outbox
from airflow_provider_wfintel.engine.monitoring.alerts.settings import AlertSettings, Route
from airflow_provider_wfintel.engine.monitoring.alerts.severity import RANK, worst
from airflow_provider_wfintel.engine.monitoring.alerts.state import Alert, Group, Notification, NotificationKind
from airflow_provider_wfintel.engine.monitoring.alerts.wording import lines_of, ordered, places_of, title_of

__all__ = ["Grouping", "Members", "group_keys", "routes_of"]


@dataclass(frozen=True, slots=True)
class Members:
    """The alerts of a group: all that hold, those that may be told, and how many only follow from these."""

    every: tuple[Alert, ...] = ()
    visible: tuple[Alert, ...] = ()
    followers: int = 0


def routes_of(settings: AlertSettings, alert: Alert) -> tuple[Route, ...]:
    """The routes that an alert takes: the first that matches, further ones while these say `go_on`, else the last."""
    taken = []
    for route in settings.routes:
        if route.match(alert, rule=alert.rule, severity=alert.severity):
            taken.append(route)
            if not route.go_on:
                break
    return tuple(taken) or settings.routes[-1:]


def group_keys(settings: AlertSettings, alert: Alert) -> dict[str, tuple[str, str]]:
    """The groups of an alert, each with its route and receiver."""
    keys = {}
    for route in routes_of(settings, alert):
        labels = [[name, getattr(alert, name)] for name in route.group_by]
        for receiver in route.receivers:
            keys[canonical_json([route.name, receiver, labels])] = (route.name, receiver)
    return keys


class Grouping:
    """Groups while a step is being made; what they have to say goes into the outbox."""

    def __init__(self, settings: AlertSettings, groups: Sequence[Group], outbox: Outbox, now: float) -> None:
        self._settings = settings
        self._outbox = outbox
        self._now = now
        self.groups = {group.key: group for group in groups}

    def open(self, key: str, route: str, receiver: str, members: Members) -> None:
        """Begin an incident if there is something to tell and none is going on.

        Its name comes from what began it, so it is the same wherever and however often it is worked out, and another
        for each incident.
        """
        if key in self.groups or not members.visible:
            return
        first = min(members.visible, key=lambda alert: (alert.since, alert.key))
        labels = json.loads(key)[2]
        incident = _digest(canonical_json([route, labels, first.key, first.event_id, first.since]))
        self.groups[key] = Group(key, route, receiver, incident, self._now)

    def flush(self, members: Mapping[str, Members]) -> set[str]:
        """Say what is to be said now. Returns the keys of the alerts that were told, or add nothing to what was."""
        told: set[str] = set()
        for key, group in list(self.groups.items()):
            here = members.get(key, Members())
            route = self._settings.route(group.route)
            quiet = self._settings.muted(route, self._now)
            after = self._over(group, route, quiet) if not here.every else self._going_on(group, route, here, quiet)
            if after is None:
                del self.groups[key]
                continue
            self.groups[key] = after
            if after.fired_at is not None:
                told |= {alert.key for alert in here.visible if alert.cause in after.told_causes}
        return told

    def _over(self, group: Group, route: Route, quiet: bool) -> Group | None:
        if group.fired_at is None:
            return None
        since = self._now if group.clear_since is None else group.clear_since
        if quiet or (self._now - since < route.group_wait and not group.resolved_by):
            return replace(group, clear_since=since)
        for receiver in dict.fromkeys((group.receiver, *group.escalated_to)):
            if self._settings.receiver(receiver).send_resolved:
                by = f" (by {group.resolved_by})" if group.resolved_by else ""
                self._outbox.add(
                    Notification(
                        key=_digest(canonical_json([group.incident, "resolved", receiver])),
                        kind="resolved",
                        incident=group.incident,
                        receiver=receiver,
                        severity="info",
                        title=f"Over: {group.told_first}{by}",
                        dag_ids=group.told_dags,
                        made_at=self._now,
                        since=group.told_since,
                        places=group.told_places,
                    )
                )
        return None

    def _going_on(self, group: Group, route: Route, here: Members, quiet: bool) -> Group:
        group = replace(group, clear_since=None, resolved_by="")
        if quiet or not here.visible:
            return group
        if group.fired_at is None:
            if self._now - group.opened_at < route.group_wait:
                return group
            return replace(self._say(group, "firing", here, ["firing"]), fired_at=self._now)
        severity = worst(*(alert.severity for alert in here.visible))
        worse = RANK[severity] > RANK[group.told_severity]
        if worse:
            group = replace(group, acknowledged_by="")
        group = self._escalate(group, route, here)
        waited = self._now - group.sent_at
        if self._outbox.waits(group.incident, group.receiver):
            return group
        new = {alert.cause for alert in here.visible} - set(group.told_causes)
        if worse or (new and waited >= route.group_interval):
            return self._say(group, "update", here, ["update", str(group.sent), severity])
        repeat = route.repeat_interval
        if repeat is not None and not group.acknowledged_by and waited >= max(repeat, route.group_interval):
            return self._say(group, "repeat", here, ["repeat", str(group.sent)])
        return group

    def _escalate(self, group: Group, route: Route, here: Members) -> Group:
        for level, step in enumerate(route.escalate[group.level :], start=group.level):
            since = self._now if group.fired_at is None else group.fired_at
            if group.acknowledged_by or self._now - since < step.after:
                break
            for receiver in step.receivers:
                self._outbox.add(self._message(group, "escalated", here, receiver, ["escalated", str(level)]))
            escalated = tuple(dict.fromkeys((*group.escalated_to, *step.receivers)))
            group = replace(group, level=level + 1, escalated_to=escalated)
        return group

    def _say(self, group: Group, kind: NotificationKind, here: Members, mark: list[str]) -> Group:
        self._outbox.add(self._message(group, kind, here, group.receiver, mark))
        alerts = here.visible
        return replace(
            group,
            sent=group.sent + 1,
            sent_at=self._now,
            told_severity=worst(group.told_severity, *(alert.severity for alert in alerts)),
            told_causes=tuple(sorted({*group.told_causes, *(alert.cause for alert in alerts)})),
            told_first=title_of(self._settings, "firing", alerts, 0),
            told_dags=_dags(alerts),
            told_since=min(alert.since for alert in alerts),
            told_places=places_of(alerts),
        )

    def _message(
        self, group: Group, kind: NotificationKind, here: Members, receiver: str, mark: list[str]
    ) -> Notification:
        severity: Severity = worst(*(alert.severity for alert in here.visible))
        return Notification(
            key=_digest(canonical_json([group.incident, *mark, receiver])),
            kind=kind,
            incident=group.incident,
            receiver=receiver,
            severity=severity,
            title=title_of(self._settings, kind, here.visible, here.followers),
            lines=lines_of(self._settings, here.visible),
            alerts=len(here.visible),
            muted=here.followers,
            dag_ids=_dags(here.visible),
            made_at=self._now,
            since=min(alert.since for alert in here.visible),
            places=places_of(here.visible),
        )


def _dags(alerts: Sequence[Alert]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(alert.dag_id for alert in ordered(alerts) if alert.dag_id))


def _digest(text: str) -> str:
    """160 bits of SHA-256: short enough for every channel's field of that kind."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]
