"""XCom couriers: tasks that only hand on the value that they are given."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named, without_tasks
from airflow_provider_wfintel.engine.optimization.rewrites.repeats import carries

__all__ = ["DETECTOR"]


def _find(case: Case) -> Iterable[Candidate]:
    if case.dag is None:
        return
    names = [task.task_id for task in case.dag.tasks if carries(task)]
    if names:
        yield Candidate(
            f"{len(names)} task{'s' if len(names) > 1 else ''} only return what they are given ({named(names)})",
            tuple(names),
            ((without_tasks(case.workload, dict.fromkeys(names)), case.deployment),),
        )


DETECTOR = Detector("task that only carries a value", _find, "drop-couriers")
