"""The machine: `step(state, inputs, now) -> (state, notifications)`. It has no clock and no memory of its own.

Who runs it saves the new state before delivering anything, and only on top of the revision that was loaded. Then
whoever goes on from there, after a crash or on another api-server, hands out what was not confirmed, under the same
keys, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.model import Severity
from airflow_provider_wfintel.engine.monitoring.alerts.events import (
    Acknowledge,
    Delivered,
    EndSilence,
    Input,
    NotDelivered,
    Resolve,
    Seen,
    Silence,
)
from airflow_provider_wfintel.engine.monitoring.alerts.grouping import Grouping, Members, group_keys
from airflow_provider_wfintel.engine.monitoring.alerts.inhibition import Sources, muted_by
from airflow_provider_wfintel.engine.monitoring.alerts.outbox import Outbox
from airflow_provider_wfintel.engine.monitoring.alerts.settings import AlertSettings
from airflow_provider_wfintel.engine.monitoring.alerts.state import Alert, AlertState, Group, Notification, Outgoing
from airflow_provider_wfintel.engine.monitoring.alerts.tracking import Tracking

__all__ = ["AlertMachine", "OpenIncident", "open_incidents"]


class AlertMachine:
    """Alerts by one set of settings.

    Args:
        settings: rules, routes and the rest; a state goes on under changed settings.
    """

    def __init__(self, settings: AlertSettings) -> None:
        self._settings = settings

    def start(self, now: float) -> AlertState:
        """The state in which nothing was seen. What happened before `now` raises nothing."""
        return AlertState(not_before=now, latest=now, now=now)

    def step(
        self, state: AlertState, inputs: Iterable[Input], now: float
    ) -> tuple[AlertState, tuple[Notification, ...]]:
        """Go on to `now`.

        Args:
            state: what the last step returned, or `start`.
            inputs: what was seen and said since then, in any order, repeated or not.
            now: the time, in seconds since the epoch. It may stand still or jump.

        Returns:
            The new state, and what is to be delivered once it is saved: new notifications, and earlier ones that were
            not confirmed in time. Each comes back as `Delivered` or `NotDelivered` in a later step.
        """
        settings, given = self._settings, list(inputs)
        state = _set_back(state, now) if now < state.now else state
        outbox = Outbox(state.outbox, settings.redeliver_after)
        tracking = Tracking(settings, state)
        grouping = Grouping(settings, state.groups, outbox, now)
        silences = _silences(state.silences, given, now)
        _answers(outbox, given, now)
        tracking.see((item for item in given if isinstance(item, Seen)), now)
        _orders(grouping, tracking, given, now)
        tracking.forget()
        self._mute(tracking)
        self._settle(tracking, silences, now)
        self._tell(tracking, grouping, silences, now)
        notifications = outbox.hand_out(now)
        after = AlertState(
            not_before=state.not_before,
            latest=tracking.latest,
            now=now,
            revision=state.revision + 1,
            tracks=tuple(tracking.tracks.values()),
            alerts=tuple(tracking.alerts.values()),
            groups=tuple(grouping.groups.values()),
            silences=silences,
            outbox=outbox.items,
        )
        return after, notifications

    def _mute(self, tracking: Tracking) -> None:
        """Find what follows from what. What followed from an alert that ended now ends with it."""
        inhibitions = self._settings.inhibitions
        ended = 0
        while ended < len(tracking.closed):
            just = tracking.closed[ended:]
            ended = len(tracking.closed)
            sources, times = Sources(inhibitions, (alert for alert, _ in just)), {a.key: at for a, at in just}
            going_on = Sources(inhibitions, tracking.alerts.values())
            for alert in list(tracking.alerts.values()):
                source = sources.of(alert)
                if source is None or going_on.of(alert) is not None:
                    continue
                if tracking.last_bad(alert) <= times[source.key]:
                    tracking.close(alert, times[source.key])
        roots = muted_by(inhibitions, tracking.alerts.values())
        for key, alert in tracking.alerts.items():
            tracking.alerts[key] = replace(alert, muted_by=roots.get(key, ""))

    def _settle(self, tracking: Tracking, silences: Sequence[Silence], now: float) -> None:
        """End what was over before it could be told, unless it is about to be told."""
        for alert in list(tracking.alerts.values()):
            if alert.cleared and (
                alert.told or alert.muted_by or _silenced(alert, silences, now) or self._quiet(alert, now)
            ):
                tracking.close(alert, tracking.latest)

    def _quiet(self, alert: Alert, now: float) -> bool:
        routes = {route for route, _ in group_keys(self._settings, alert).values()}
        return all(self._settings.muted(self._settings.route(name), now) for name in routes)

    def _tell(self, tracking: Tracking, grouping: Grouping, silences: Sequence[Silence], now: float) -> None:
        settings, alerts = self._settings, tracking.alerts
        every: dict[str, list[Alert]] = {}
        visible: dict[str, list[Alert]] = {}
        places: dict[str, tuple[str, str]] = {}
        for key, alert in alerts.items():
            now_in = group_keys(settings, alert)
            places.update(now_in)
            alert = alerts[key] = replace(alert, groups=tuple(dict.fromkeys((*alert.groups, *now_in))))
            heard = not alert.muted_by and not _silenced(alert, silences, now)
            for name in alert.groups:
                every.setdefault(name, []).append(alert)
                if heard:
                    visible.setdefault(name, []).append(alert)
        followers: dict[str, int] = {}
        for alert in alerts.values():
            if alert.muted_by:
                followers[alert.muted_by] = followers.get(alert.muted_by, 0) + 1
        members = {
            name: Members(
                tuple(items),
                tuple(visible.get(name, ())),
                sum(followers.get(item.key, 0) for item in visible.get(name, ())),
            )
            for name, items in every.items()
        }
        for name, (route, receiver) in places.items():
            grouping.open(name, route, receiver, members[name])
        for key in grouping.flush(members):
            alerts[key] = replace(alerts[key], told=True)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that goes on: what a person sees in a list. `receivers` are those who were told."""

    incident: str
    severity: Severity
    title: str
    alerts: tuple[Alert, ...]
    receivers: tuple[str, ...]
    acknowledged_by: str = ""


def open_incidents(state: AlertState) -> tuple[OpenIncident, ...]:
    """The incidents of which somebody was told and that are not over, in the order in which they began."""
    found: dict[str, OpenIncident] = {}
    for group in state.groups:
        if group.fired_at is None:
            continue
        alerts = tuple(alert for alert in state.alerts if group.key in alert.groups)
        known = found.get(group.incident)
        receivers = (*(known.receivers if known else ()), group.receiver, *group.escalated_to)
        found[group.incident] = OpenIncident(
            group.incident,
            group.told_severity,
            group.told_first,
            alerts,
            tuple(dict.fromkeys(receivers)),
            group.acknowledged_by,
        )
    return tuple(found.values())


def _silences(known: Sequence[Silence], given: Sequence[Input], now: float) -> tuple[Silence, ...]:
    """The silences that hold or will hold; a silence that is given again takes the place of its earlier form."""
    items = {silence.silence_id: silence for silence in known}
    for item in given:
        if isinstance(item, Silence):
            items[item.silence_id] = item
        elif isinstance(item, EndSilence):
            items.pop(item.silence_id, None)
    return tuple(silence for silence in items.values() if silence.ends > now)


def _silenced(alert: Alert, silences: Sequence[Silence], now: float) -> bool:
    return any(
        silence.starts <= now < silence.ends and silence.match(alert, rule=alert.rule, severity=alert.severity)
        for silence in silences
    )


def _answers(outbox: Outbox, given: Sequence[Input], now: float) -> None:
    for item in given:
        if isinstance(item, Delivered):
            outbox.confirm(item.key)
        elif isinstance(item, NotDelivered):
            outbox.refuse(item.key, item.reason, now)


def _orders(grouping: Grouping, tracking: Tracking, given: Sequence[Input], now: float) -> None:
    """Do what people said. An incident that is over is left alone: two people may have answered."""
    for item in given:
        if not isinstance(item, Acknowledge | Resolve):
            continue
        for key, group in list(grouping.groups.items()):
            if group.incident != item.incident:
                continue
            if isinstance(item, Acknowledge):
                grouping.groups[key] = replace(group, acknowledged_by=item.by)
                continue
            grouping.groups[key] = replace(group, resolved_by=item.by)
            for alert in list(tracking.alerts.values()):
                if key in alert.groups:
                    tracking.close(alert, now)


def _set_back(state: AlertState, now: float) -> AlertState:
    """The clock was put back: no waiting time may end later than it would have from now on."""

    def group(item: Group) -> Group:
        return replace(
            item,
            opened_at=min(item.opened_at, now),
            fired_at=None if item.fired_at is None else min(item.fired_at, now),
            sent_at=min(item.sent_at, now),
            clear_since=None if item.clear_since is None else min(item.clear_since, now),
        )

    def outgoing(item: Outgoing) -> Outgoing:
        return replace(item, not_before=min(item.not_before, now))

    return replace(
        state,
        latest=min(state.latest, now),
        not_before=min(state.not_before, now),
        groups=tuple(group(item) for item in state.groups),
        outbox=tuple(outgoing(item) for item in state.outbox),
    )
