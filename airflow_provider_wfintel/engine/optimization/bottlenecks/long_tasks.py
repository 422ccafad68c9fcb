"""Long tasks on the critical path: the run cannot end earlier than they let it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.paths import critical_path

__all__ = ["DETECTOR"]

_MOST = 3
_LEAST_SECONDS = 1.0


def _find(case: Case) -> Iterable[Candidate]:
    """The longest tasks on the path, each as if it took half as long: no layout makes them shorter."""
    path = set(critical_path(case.workload, case.before))
    tasks = [task for task in case.workload.tasks if task.task_id in path and task.kind == "task"]
    tasks = sorted(tasks, key=lambda task: -task.seconds)[:_MOST]
    for long in tasks:
        if long.seconds < _LEAST_SECONDS:
            continue
        shorter = (
            replace(task, seconds=task.seconds / 2) if task.task_id == long.task_id else task
            for task in case.workload.tasks
        )
        yield Candidate(
            f"{long.task_id} takes {long.seconds:.1f} s on the critical path of {len(path)} tasks; the figure is what "
            "half its run time would save",
            (long.task_id,),
            ((replace(case.workload, tasks=tuple(shorter)), case.deployment),),
        )


DETECTOR = Detector("long task on the critical path", _find)
