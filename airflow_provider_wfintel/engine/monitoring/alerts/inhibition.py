"""What follows from what: consequences of an alert are not told beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from airflow_provider_wfintel.engine.monitoring.alerts.settings import Inhibition
from airflow_provider_wfintel.engine.monitoring.alerts.state import Alert
from airflow_provider_wfintel.engine.monitoring.alerts.tracking import is_kind

__all__ = ["Sources", "muted_by"]


class Sources:
    """Alerts by what they can mute, so that looking up costs the same however many there are."""

    def __init__(self, inhibitions: Sequence[Inhibition], alerts: Iterable[Alert]) -> None:
        self._inhibitions = inhibitions
        self._at: dict[tuple[object, ...], list[Alert]] = {}
        for alert in sorted(alerts, key=_order):
            for number, inhibition in enumerate(inhibitions):
                if is_kind(alert.kind, inhibition.source):
                    for place in _of_source(inhibition, alert):
                        # The first is enough, but for itself: then the second.
                        known = self._at.setdefault((number, *place), [])
                        if len(known) < 2:
                            known.append(alert)

    def of(self, target: Alert) -> Alert | None:
        """The first alert from which the target follows."""
        for number, inhibition in enumerate(self._inhibitions):
            if is_kind(target.kind, inhibition.muted):
                for place in _of_target(inhibition, target):
                    for source in self._at.get((number, *place), ()):
                        if source.key != target.key:
                            return source
        return None


def muted_by(inhibitions: Sequence[Inhibition], alerts: Iterable[Alert]) -> dict[str, str]:
    """For each alert that follows from another the key of the one that it all comes from.

    Should some follow from each other in a circle, the first of them is told.
    """
    known = {alert.key: alert for alert in alerts}
    sources = Sources(inhibitions, known.values())
    parent = {key: source.key for key, alert in known.items() if (source := sources.of(alert)) is not None}
    roots = {}
    for key in parent:
        path, step = [key], parent[key]
        while step in parent and step not in path:
            path.append(step)
            step = parent[step]
        root = step
        if step in path:
            root = min(path[path.index(step) :], key=lambda name: _order(known[name]))
        if root != key:
            roots[key] = root
    return roots


def _order(alert: Alert) -> tuple[float, str]:
    return alert.since, alert.key


def _of_source(inhibition: Inhibition, alert: Alert) -> Iterator[tuple[str, ...]]:
    if inhibition.equal:
        yield _equal(inhibition, alert)
    if inhibition.downstream:
        if alert.task_id:
            yield ("task", alert.dag_id, alert.run_id, alert.task_id)
        yield ("dag", alert.dag_id)


def _of_target(inhibition: Inhibition, alert: Alert) -> Iterator[tuple[str, ...]]:
    if inhibition.equal:
        yield _equal(inhibition, alert)
    if inhibition.downstream:
        for task_id in alert.upstream:
            if task_id != alert.task_id:
                yield ("task", alert.dag_id, alert.run_id, task_id)
        for dag_id in alert.upstream_dags:
            if dag_id != alert.dag_id:
                yield ("dag", dag_id)


def _equal(inhibition: Inhibition, alert: Alert) -> tuple[str, ...]:
    labels = {"dag_id": alert.dag_id, "run_id": alert.run_id, "task_id": alert.task_id}
    return ("equal", *(labels[name] for name in inhibition.equal))
