"""Waits on a pool: tries of a DAG wait long for a slot of it, measured by how long they run."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_wfintel.engine.monitoring.insights.values import DagPicture, InsightFinding, Rule

__all__ = ["POOL_WAIT"]

_FEWEST_TRIES = 20
_LEAST_WAIT = 60.0
_LEAST_SHARE = 0.3


def _find(dag: DagPicture) -> Iterator[InsightFinding]:
    for pool, one in dag.pools.items():
        wait, run = one.wait_seconds / max(1, one.tries), one.run_seconds / max(1, one.tries)
        share = wait / (wait + run) if wait + run > 0 else 0.0
        if one.tries < _FEWEST_TRIES or wait < _LEAST_WAIT or share < _LEAST_SHARE:
            continue
        yield InsightFinding(
            POOL_WAIT.kind,
            f"tries wait {wait:.0f} s on average before they start in the pool {pool!r} and then run {run:.0f} s",
            "warning",
            dag.dag_id,
            subject=pool,
            value=round(wait, 1),
            expected=_LEAST_WAIT,
            samples=one.tries,
            evidence=[{"pool": pool, "wait_seconds": round(one.wait_seconds), "run_seconds": round(one.run_seconds)}],
        )


POOL_WAIT = Rule("waits_on_pool", of_dag=_find)
