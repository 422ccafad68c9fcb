"""Waits between DAGs: a task only waits until another DAG has got so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector

__all__ = ["DETECTOR", "WAITING"]

WAITING = ("ExternalTaskSensor", "ExternalTaskMarker", "DagStateSensor")
_LEAST_WAIT = 2.0


def _find(case: Case) -> Iterable[Candidate]:
    """Each such task as if what it waits for were there at once, as it is when an asset starts the run."""
    for task in case.workload.tasks:
        if case.operator_of(task.task_id) not in WAITING or task.awaited_after < _LEAST_WAIT:
            continue
        there = (replace(item, awaited_after=0.0) if item is task else item for item in case.workload.tasks)
        yield Candidate(
            f"{task.task_id} waits {task.awaited_after:.0f} s of the run for another DAG; a run that an asset starts "
            "begins when that is done",
            (task.task_id,),
            ((replace(case.workload, tasks=tuple(there)), case.deployment),),
        )


DETECTOR = Detector("wait for another DAG", _find, "schedule-on-assets")
