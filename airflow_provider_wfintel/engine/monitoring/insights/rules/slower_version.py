"""Slower since a version: the runs after it take clearly longer than those before."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from airflow_provider_wfintel.engine.monitoring.insights.values import DagPicture, InsightFinding, Rule

__all__ = ["SLOWER_SINCE_VERSION"]

_FEWEST = 5
_FACTOR = 1.25


def _find(dag: DagPicture) -> Iterator[InsightFinding]:
    """Compare medians; the usual run after the version must also be longer than nine in ten before it."""
    for place, (number, at) in enumerate(dag.versions):
        until = dag.versions[place + 1][1] if place + 1 < len(dag.versions) else float("inf")
        before = sorted(run.makespan for run in dag.timed if run.began < at)[-60:]
        after = [run.makespan for run in dag.timed if at <= run.began < until]
        if len(before) < _FEWEST or len(after) < _FEWEST:
            continue
        usual, now = statistics.median(before), statistics.median(after)
        if now < _FACTOR * usual or now <= before[int(0.9 * (len(before) - 1))]:
            continue
        yield InsightFinding(
            SLOWER_SINCE_VERSION.kind,
            f"runs take {now:.0f} s since version {number}, {usual:.0f} s before it",
            "warning",
            dag.dag_id,
            subject=str(number),
            value=round(now, 1),
            expected=round(usual, 1),
            samples=len(after),
            evidence=[{"version": number, "at": at, "runs_before": len(before), "runs_after": len(after)}],
        )


SLOWER_SINCE_VERSION = Rule("slower_since_version", of_dag=_find)
