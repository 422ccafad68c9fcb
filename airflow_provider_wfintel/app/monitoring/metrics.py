"""Use case: what this deployment did, from its figures by hour and day; single tries are never read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import Sketch, TaskTotals, WindowFigures, totals_as_prometheus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.host.dag_facts import DagRecord
    from airflow_provider_wfintel.store.repositories.rollups import Sums

__all__ = ["DagMetrics", "Overview", "dag_metrics", "overview", "prometheus_text"]

_HOURS_UP_TO = 2.0
"""For so many days figures are shown by hour, for more by day."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Sums by DAG, tag, owner, team and in all; by time as pairs of start and sums over all DAGs."""

    since: datetime
    window_seconds: int
    total: Sums
    dags: Mapping[str, Sums]
    tags: Mapping[str, Sums]
    owners: Mapping[str, Sums]
    teams: Mapping[str, Sums]
    series: Sequence[tuple[datetime, Sums]]


@dataclass(frozen=True, slots=True)
class DagMetrics:
    """One DAG: sums, sums by time, by task and pool, and distributions by metric."""

    dag_id: str
    since: datetime
    window_seconds: int
    total: Sums
    series: Sequence[tuple[datetime, Sums]]
    tasks: Mapping[str, TaskTotals]
    pools: Mapping[str, TaskTotals]
    distributions: Mapping[str, Sketch]


def overview(session: Session, *, now: datetime, days: float = 7.0, dag_ids: Collection[str] | None = None) -> Overview:
    """The figures of the last days.

    Args:
        session: a session on the metadata database.
        now: the present.
        days: how far back, in whole windows.
        dag_ids: only these DAGs, also in sums; None: all.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.host.dag_facts import read_dags
    from airflow_provider_wfintel.store.repositories.rollups import Rollups

    seconds, since, until = _span(now, days)
    rollups = Rollups(session)
    dags, series = rollups.sums_and_series(seconds, since, until, dag_ids)
    records = read_dags(session, dag_ids)
    tags = _groups(dags, records, lambda record: record.tags)
    owners = _groups(dags, records, lambda record: record.owners)
    teams = _groups(dags, records, lambda record: (record.team,) if record.team else ())
    return Overview(since, seconds, _added(dags.values()), dags, tags, owners, teams, series)


def dag_metrics(session: Session, dag_id: str, *, now: datetime, days: float = 30.0) -> DagMetrics:
    """The figures of one DAG in the last days.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.rollups import Rollups

    seconds, since, until = _span(now, days)
    rollups, merged = Rollups(session), WindowFigures()
    for window in rollups.windows(seconds, since, until, [dag_id]):
        merged.merge(window.figures)
    series = rollups.by_window(seconds, since, until, [dag_id])
    total = _added([one for _, one in series])
    return DagMetrics(dag_id, since, seconds, total, series, merged.tasks, merged.pools, merged.sketches)


def prometheus_text(session: Session, *, now: datetime, dag_ids: Collection[str] | None = None) -> str:
    """Counters since the first run, freshness and health of each DAG, in Prometheus' text format.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates
    from airflow_provider_wfintel.store.repositories.rollups import Rollups

    totals = Rollups(session).totals()
    rows: dict[str, dict[str, float]] = {}
    for dag_id, one in totals.items():
        if dag_ids is not None and dag_id not in dag_ids:
            continue
        rows[dag_id] = {
            "runs_total": one.runs,
            "failed_runs_total": one.failed_runs,
            "tries_total": one.tries,
            "failed_tries_total": one.failed_tries,
            "retries_total": one.retries,
            "makespan_seconds_total": one.makespan_seconds,
            "task_seconds_total": one.task_seconds,
            "wait_seconds_total": one.wait_seconds,
            "slot_seconds_total": one.slot_seconds,
            "cost_total": one.cost,
        }
        if one.last_success_at is not None:
            rows[dag_id]["freshness_seconds"] = (now - one.last_success_at).total_seconds()
    for known in DagStates(session).health(dag_ids):
        rows.setdefault(known.dag_id, {})["health_score"] = known.score or 0.0
    return totals_as_prometheus(rows)


def _span(now: datetime, days: float) -> tuple[int, datetime, datetime]:
    from airflow_provider_wfintel.store.repositories.rollups import DAY, HOUR, start_of

    seconds = HOUR if days <= _HOURS_UP_TO else DAY
    return seconds, start_of(now - timedelta(days=days), seconds), now + timedelta(seconds=1)


def _groups(
    dags: Mapping[str, Sums], records: Mapping[str, DagRecord], names_of: Callable[[DagRecord], tuple[str, ...]]
) -> Mapping[str, Sums]:
    """Sums by what DAGs have in common; a DAG counts to each of its names."""
    found: dict[str, list[Sums]] = {}
    for dag_id, one in dags.items():
        record = records.get(dag_id)
        for name in names_of(record) if record is not None else ():
            found.setdefault(name, []).append(one)
    return {name: _added(group) for name, group in sorted(found.items())}


def _added(parts: Collection[Sums]) -> Sums:
    from airflow_provider_wfintel.store.repositories.rollups import Sums

    return Sums.added(parts)
