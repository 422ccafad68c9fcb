"""Cost movers: a DAG holds far more slot time than the week before (or far less)."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_wfintel.engine.monitoring.insights.values import DagPicture, InsightFinding, Rule

__all__ = ["COST_MOVER"]

_LEAST_SECONDS = 3600.0
_FACTOR = 1.5


def _find(dag: DagPicture) -> Iterator[InsightFinding]:
    (now, cost), (before, cost_before) = dag.week, dag.week_before
    if before <= 0 or abs(now - before) < _LEAST_SECONDS or 1 / _FACTOR < now / before < _FACTOR:
        return
    money = f", {cost_before:.2f} to {cost:.2f} in money" if cost or cost_before else ""
    yield InsightFinding(
        COST_MOVER.kind,
        f"{now / 3600:.1f} slot-hours this week, {before / 3600:.1f} the week before ({now / before - 1:+.0%}){money}",
        "warning" if now > before else "info",
        dag.dag_id,
        value=round(now),
        expected=round(before),
        samples=dag.runs,
        evidence=[{"cost": round(cost, 4), "cost_before": round(cost_before, 4)}],
    )


COST_MOVER = Rule("cost_mover", of_dag=_find)
