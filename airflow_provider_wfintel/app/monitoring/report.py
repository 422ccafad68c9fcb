"""Use case: the performance report of this deployment or of some of its DAGs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.monitoring.anomalies import KnownAnomaly, anomalies
from airflow_provider_wfintel.app.monitoring.health import DeploymentHealth, deployment_health
from airflow_provider_wfintel.app.monitoring.insights import insights
from airflow_provider_wfintel.app.monitoring.metrics import Overview, overview, runs_before
from airflow_provider_wfintel.app.monitoring.report_parts import (
    failures_looked_into,
    movers,
    over_time,
    waiting_plans,
)
from airflow_provider_wfintel.engine.monitoring.service import PerformanceReport, ReportTable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.insights import StoredInsight

__all__ = ["performance_report"]

_ROWS = 10


def performance_report(
    session: Session, *, now: datetime, days: float = 7.0, dag_ids: Collection[str] | None = None
) -> PerformanceReport:
    """What happened in the last days: figures, health, movers, failures, anomalies, insights, cost, suggestions.

    Args:
        session: a session on the metadata database.
        now: the present.
        days: how far back.
        dag_ids: only these DAGs; None: all.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    figures = overview(session, now=now, days=days, dag_ids=dag_ids)
    health = deployment_health(session, dag_ids=dag_ids, limit=_ROWS)
    found = anomalies(session, now=now, dag_ids=dag_ids, days=days)
    known = insights(session, dag_ids=dag_ids, limit=_ROWS)
    before = runs_before(session, figures, days, dag_ids)
    resolved, causes = failures_looked_into(session, since=figures.since, dag_ids=dag_ids)
    return PerformanceReport(
        title="Performance of the workflows",
        period=f"{figures.since:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M} UTC",
        summary=(*_summary(figures, health, len(found)), resolved),
        tables=(
            _worst(health),
            movers(figures.dags, before, days),
            _failures(figures),
            causes,
            _anomalies(found),
            _insights(known),
            _top(figures, "DAGs that held slots longest", "slot_seconds"),
            _top(figures, "DAGs that waited longest", "wait_seconds"),
            waiting_plans(session, dag_ids=dag_ids),
        ),
        charts=over_time(figures),
    )


def _summary(figures: Overview, health: DeploymentHealth, found: int) -> tuple[str, ...]:
    total = figures.total
    good = f"{1 - total.failed_runs / total.runs:.1%} of them succeeded" if total.runs else "none of them is over"
    lines = [
        f"{_count(total.runs, 'run')} of {_count(len(figures.dags), 'DAG')}; {good}",
        f"{_count(total.tries, 'try', 'tries')}, {total.retries} after the first of a task",
        f"{total.slot_seconds / 3600:.1f} slot-hours",
        _count(found, "anomaly", "anomalies"),
    ]
    if total.cost:
        lines[2] += f", {total.cost:.2f} money"
    lines += [f"health of the deployment: {item.score:.1f}" for item in health.groups if item.name == "deployment"]
    return tuple(lines)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _worst(health: DeploymentHealth) -> ReportTable:
    rows = []
    for item in health.dags[:_ROWS]:
        reasons = item.health.get("reasons", [])
        rows.append((item.dag_id, f"{item.score or 0.0:.1f}", reasons[0]["text"] if reasons else ""))
    return ReportTable("Lowest health", ("DAG", "health", "first reason"), tuple(rows), "no DAG has a score yet")


def _failures(figures: Overview) -> ReportTable:
    failed = sorted(figures.dags.items(), key=lambda item: (-item[1].failed_runs, item[0]))
    rows = tuple(
        (dag_id, str(one.failed_runs), str(one.runs), str(one.retries))
        for dag_id, one in failed[:_ROWS]
        if one.failed_runs
    )
    return ReportTable("Failed runs", ("DAG", "failed", "runs", "retries"), rows, "no run failed")


def _anomalies(found: Sequence[KnownAnomaly]) -> ReportTable:
    rows = tuple((item.dag_id, item.kind, item.severity, item.message) for item in found[:_ROWS])
    return ReportTable("Anomalies", ("DAG", "kind", "severity", "what was seen"), rows)


def _insights(found: Sequence[StoredInsight]) -> ReportTable:
    rows = tuple((item.dag_id, item.kind, item.message) for item in found)
    return ReportTable("Insights", ("DAG", "kind", "what was found"), rows)


def _top(figures: Overview, title: str, name: str) -> ReportTable:
    ordered = sorted(figures.dags.items(), key=lambda item: (-getattr(item[1], name), item[0]))
    rows = tuple(
        (dag_id, f"{getattr(one, name) / 3600:.2f}", f"{one.cost:.2f}" if one.cost else "")
        for dag_id, one in ordered[:_ROWS]
        if getattr(one, name) > 0
    )
    return ReportTable(title, ("DAG", "hours", "cost"), rows)
