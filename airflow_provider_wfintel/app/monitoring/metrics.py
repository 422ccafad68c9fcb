"""Use case: what this deployment did, from its figures by hour and day; single tries are never read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import Sketch, TaskTotals, WindowFigures, totals_as_prometheus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

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
    from airflow_provider_wfintel.host.dag_facts import groups_of_dags

    seconds, since, until = _span(now, days)
    dags, series = _sums_and_series(session, seconds, since, until, dag_ids)
    groups = groups_of_dags(session, dags)
    tags, owners, teams = (
        {name: _added([dags[dag_id] for dag_id in names]) for name, names in sorted(groups[kind].items())}
        for kind in ("tags", "owners", "teams")
    )
    return Overview(since, seconds, _added(dags.values()), dags, tags, owners, teams, series)


def runs_before(
    session: Session, figures: Overview, days: float, dag_ids: Collection[str] | None = None
) -> Mapping[str, Sums]:
    """Runs, failed runs and makespans by DAG in the days before those of an overview.

    Args:
        session: a session on the metadata database.
        figures: the overview.
        days: how far back from its beginning.
        dag_ids: only these DAGs; None: all.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.rollups import Rollups

    since = figures.since - timedelta(days=days)
    return Rollups(session).run_sums(figures.window_seconds, since, figures.since, dag_ids)


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

    rows: dict[str, dict[str, float]] = {}
    for dag_id, one in Rollups(session).totals().items():
        if dag_ids is not None and dag_id not in dag_ids:
            continue
        rows[dag_id] = figures = {
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
            figures["freshness_seconds"] = (now - one.last_success_at).total_seconds()
    for dag_id, score in DagStates(session).scores(dag_ids).items():
        rows.setdefault(dag_id, {})["health_score"] = score
    return totals_as_prometheus(rows)


def _span(now: datetime, days: float) -> tuple[int, datetime, datetime]:
    from airflow_provider_wfintel.store.repositories.rollups import DAY, HOUR, start_of

    seconds = HOUR if days <= _HOURS_UP_TO else DAY
    return seconds, start_of(now - timedelta(days=days), seconds), now + timedelta(seconds=1)


def _sums_and_series(
    session: Session, seconds: int, since: datetime, until: datetime, dag_ids: Collection[str] | None
) -> tuple[Mapping[str, Sums], Sequence[tuple[datetime, Sums]]]:
    """The sums up to the present by DAG and by window: of a span that the collector keeps, or added up."""
    from airflow_provider_wfintel.store.repositories.rollups import DAY, Rollups, Sums
    from airflow_provider_wfintel.store.repositories.spans import FEW, Spans

    rollups, spans = Rollups(session), Spans(session)
    known = spans.since(since, dag_ids) if seconds == DAY else None
    if known is None:
        return rollups.sums_and_series(seconds, since, until, dag_ids)
    if dag_ids is None:
        return known, spans.each_day(since)
    mine = {dag_id: one for dag_id, one in known.items() if dag_id in dag_ids}
    others = known.keys() - mine.keys()
    if len(dag_ids) <= FEW or len(others) > len(mine):
        return mine, rollups.by_window(seconds, since, until, dag_ids)
    if not others:
        return mine, spans.each_day(since)
    # Most of them: those that are not meant are fewer rows.
    less = dict(rollups.by_window(seconds, since, until, others))
    series = [(start, one.minus(less.get(start, Sums()))) for start, one in spans.each_day(since)]
    theirs = [start for start, one in series if start in less and one.last_success_at == less[start].last_success_at]
    known_last = rollups.last_success(seconds, theirs, mine)
    return mine, [
        (start, replace(one, last_success_at=known_last.get(start)) if start in theirs else one)
        for start, one in series
        if one.tries or one.runs or start not in less
    ]


def _added(parts: Collection[Sums]) -> Sums:
    from airflow_provider_wfintel.store.repositories.rollups import Sums

    return Sums.added(parts)
