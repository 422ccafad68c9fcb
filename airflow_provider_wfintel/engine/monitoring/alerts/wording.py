"""The words of a message."""

from __future__ import annotations

from collections.abc import Sequence

from airflow_provider_wfintel.engine.monitoring.alerts.settings import AlertSettings
from airflow_provider_wfintel.engine.monitoring.alerts.severity import RANK
from airflow_provider_wfintel.engine.monitoring.alerts.state import Alert, NotificationKind, Place

__all__ = ["lines_of", "ordered", "places_of", "title_of", "what_of"]

MOST_LINES = 5

_BEFORE: dict[str, str] = {
    "firing": "",
    "update": "Update: ",
    "repeat": "Still: ",
    "escalated": "Nobody has answered: ",
}


def ordered(alerts: Sequence[Alert]) -> list[Alert]:
    """The worst first, among equals the one that began."""
    return sorted(alerts, key=lambda alert: (-RANK[alert.severity], alert.since, alert.key))


def title_of(settings: AlertSettings, kind: NotificationKind, alerts: Sequence[Alert], muted: int) -> str:
    """One line: what it is, where, how much, and what follows from it."""
    first, dags = ordered(alerts)[0], len({alert.dag_id for alert in alerts})
    text = _BEFORE.get(kind, "") + what_of(settings, first)
    if len(alerts) > 1:
        text += f" and {len(alerts) - 1} more" + (f" in {dags} DAGs" if dags > 1 else "")
    return text + (f" ({muted} more follow from it)" if muted else "")


def lines_of(settings: AlertSettings, alerts: Sequence[Alert]) -> tuple[str, ...]:
    """The first alerts in a line each, and how many are left out."""
    items = ordered(alerts)
    lines = [
        f"{what_of(settings, alert)}: {alert.message}" if alert.message else what_of(settings, alert) for alert in items
    ]
    left = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], *((f"{left} more",) if left > 0 else ()))


def places_of(alerts: Sequence[Alert]) -> tuple[Place, ...]:
    """Where the first alerts are, each once."""
    found = (Place(item.dag_id, item.run_id, item.task_id, item.map_index) for item in ordered(alerts) if item.dag_id)
    return tuple(dict.fromkeys(found))[:MOST_LINES]


def what_of(settings: AlertSettings, alert: Alert) -> str:
    """What is wrong with what, in a few words."""
    rule = settings.rule(alert.rule)
    place = ".".join(part for part in (alert.dag_id, alert.task_id or alert.conn_id) if part)
    if alert.map_index >= 0:
        place += f"[{alert.map_index}]"
    title = rule.title if rule is not None else alert.rule
    return f"{title}: {place}" if place else title
