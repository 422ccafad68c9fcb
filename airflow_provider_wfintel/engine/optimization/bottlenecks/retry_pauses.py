"""A long fixed pause before the next try, where the history shows failed tries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector

__all__ = ["DETECTOR"]

_LONG, _SHORT = 15.0, 2.0


def _find(case: Case) -> Iterable[Candidate]:
    for task in case.workload.tasks:
        waits = task.retries > 0 and task.failure_rate > 0 and task.retry_delay >= _LONG and not task.exponential
        if not waits or task.task_id not in case.failing:
            continue
        soon = (replace(item, retry_delay=_SHORT) if item is task else item for item in case.workload.tasks)
        yield Candidate(
            f"{task.failure_rate:.0%} of the tries of {task.task_id} fail, and each waits {task.retry_delay:.0f} s for "
            "the next one",
            (task.task_id,),
            ((replace(case.workload, tasks=tuple(soon)), case.deployment),),
        )


DETECTOR = Detector("long fixed retry delay", _find, "grow-retry-pauses")
