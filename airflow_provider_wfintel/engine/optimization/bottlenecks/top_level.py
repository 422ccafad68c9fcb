"""Work at the top level of the DAG file: every task process does it again when it imports the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector

__all__ = ["DETECTOR"]


def _find(case: Case) -> Iterable[Candidate]:
    seconds = case.workload.parse_seconds
    if seconds > 0:
        starts = sum(max(1, task.instances) for task in case.workload.tasks if task.kind != "empty")
        yield Candidate(
            f"importing the DAG file takes {seconds:.1f} s, which each of {starts} task processes spends",
            (),
            ((replace(case.workload, parse_seconds=0.0), case.deployment),),
        )


DETECTOR = Detector("work in top-level code", _find, "defer-top-level-code")
