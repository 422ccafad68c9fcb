"""Retries hide failures: a task fails often, its retries succeed, and the runs look fine."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_wfintel.engine.monitoring.insights.values import DagPicture, InsightFinding, Rule

__all__ = ["RETRIES_HIDE_FAILURES"]

_FEWEST_RUNS = 10
_FEWEST_RETRIES = 5
_LEAST_SHARE = 0.1
_MOST_FAILED_RUNS = 0.05


def _find(dag: DagPicture) -> Iterator[InsightFinding]:
    if dag.runs < _FEWEST_RUNS or dag.failed_runs > _MOST_FAILED_RUNS * dag.runs:
        return
    for task, one in dag.tasks.items():
        share = one.failed / max(1, one.tries)
        if one.retries < _FEWEST_RETRIES or share < _LEAST_SHARE:
            continue
        yield InsightFinding(
            RETRIES_HIDE_FAILURES.kind,
            f"{share:.0%} of the tries of {task} fail; retries hide it: {dag.failed_runs} of {dag.runs} runs failed",
            "warning",
            dag.dag_id,
            task,
            value=round(share, 3),
            expected=_LEAST_SHARE,
            samples=one.tries,
            evidence=[{"failed_tries": one.failed, "retries": one.retries, "failed_runs": dag.failed_runs}],
        )


RETRIES_HIDE_FAILURES = Rule("retries_hide_failures", of_dag=_find)
