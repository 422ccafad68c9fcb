"""Alerts as people see them in a list: one row for each, from its beginning to its end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from airflow_provider_wfintel.engine.model import Severity
from airflow_provider_wfintel.engine.monitoring.alerts.events import Input, Resolve, Silence
from airflow_provider_wfintel.engine.monitoring.alerts.settings import AlertSettings
from airflow_provider_wfintel.engine.monitoring.alerts.state import Alert, AlertState, Group
from airflow_provider_wfintel.engine.monitoring.alerts.wording import what_of

__all__ = ["AlertStatus", "AlertView", "changed_views"]

AlertStatus: TypeAlias = Literal["firing", "acknowledged", "silenced", "muted", "resolved"]


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert. Times are seconds since the epoch.

    Attributes:
        key: SHA-256 of the rule, of what it watches and of what began it.
        incident: what is acknowledged and resolved as one; empty while nobody is to be told.
        body: what more there is to say, as JSON data.
    """

    key: str
    rule: str
    kind: str
    incident: str
    dag_id: str
    task_id: str
    run_id: str
    map_index: int
    severity: Severity
    status: AlertStatus
    title: str
    body: Mapping[str, Any]
    since: float
    last_seen: float
    acknowledged_by: str = ""
    silenced_until: float | None = None
    resolved_at: float | None = None
    resolved_by: str = ""


def changed_views(
    settings: AlertSettings, before: AlertState, after: AlertState, given: Sequence[Input] = ()
) -> tuple[AlertView, ...]:
    """The alerts that look different after a step than before it, ended ones included.

    Args:
        settings: those of the step.
        before: the state from which it started.
        after: the state that it returned.
        given: its inputs; they tell who ended what.
    """
    then, now = _views(settings, before), _views(settings, after)
    changed = [view for key, view in now.items() if then.get(key) != view]
    by = {item.incident: item.by for item in given if isinstance(item, Resolve)}
    for key, view in then.items():
        if key not in now:
            who = next((by[item["incident"]] for item in view.body["incidents"] if item["incident"] in by), "")
            changed.append(
                replace(view, status="resolved", silenced_until=None, resolved_at=after.now, resolved_by=who)
            )
    return tuple(changed)


def _views(settings: AlertSettings, state: AlertState) -> dict[str, AlertView]:
    groups = {group.key: group for group in state.groups}
    by_key = {alert.key: alert for alert in state.alerts}
    last = {track.key: max((at for _, bad, at in track.runs if bad), default=0.0) for track in state.tracks}
    found = {}
    for alert in state.alerts:
        mine = [groups[key] for key in alert.groups if key in groups]
        root = by_key.get(alert.muted_by)
        view = _view(settings, alert, mine, root, state)
        found[view.key] = replace(view, last_seen=max(alert.since, last.get(alert.key, 0.0)))
    return found


def _view(
    settings: AlertSettings, alert: Alert, groups: Sequence[Group], root: Alert | None, state: AlertState
) -> AlertView:
    silences = [item for item in state.silences if _silences(item, alert, state.now)]
    owners = {group.acknowledged_by for group in groups}
    taken = bool(owners) and "" not in owners
    status: AlertStatus = (
        "muted" if alert.muted_by else "silenced" if silences else "acknowledged" if taken else "firing"
    )
    return AlertView(
        key=_key(alert),
        rule=alert.rule,
        kind=alert.kind,
        incident=groups[0].incident if groups else "",
        dag_id=alert.dag_id,
        task_id=alert.task_id,
        run_id=alert.run_id,
        map_index=alert.map_index,
        severity=alert.severity,
        status=status,
        title=what_of(settings, alert),
        body=_body(alert, groups, root, silences),
        since=alert.since,
        last_seen=alert.since,
        acknowledged_by=next(iter(sorted(owners)), "") if taken else "",
        silenced_until=max((item.ends for item in silences), default=None),
    )


def _body(alert: Alert, groups: Sequence[Group], root: Alert | None, silences: Sequence[Silence]) -> dict[str, Any]:
    return {
        "message": alert.message,
        "cause": alert.cause,
        "value": alert.value,
        "event_id": alert.event_id,
        "conn_id": alert.conn_id,
        "tags": list(alert.tags),
        "owners": list(alert.owners),
        "told": alert.told,
        "follows_from": _key(root) if root is not None else "",
        "silences": [item.silence_id for item in silences],
        "incidents": [
            {
                "incident": group.incident,
                "route": group.route,
                "receivers": [group.receiver, *group.escalated_to],
                "told_at": group.fired_at,
                "acknowledged_by": group.acknowledged_by,
            }
            for group in groups
        ],
    }


def _silences(silence: Silence, alert: Alert, now: float) -> bool:
    holds = silence.starts <= now < silence.ends
    return holds and silence.match(alert, rule=alert.rule, severity=alert.severity)


def _key(alert: Alert) -> str:
    return hashlib.sha256("\n".join((alert.key, alert.event_id, repr(alert.since))).encode()).hexdigest()
