"""A giant task that goes over partitions one after the other, though no turn touches what another one writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.rewrites.loop_shape import independent_turns

__all__ = ["DETECTOR"]

_LEAST_SECONDS = 2.0


def _find(case: Case) -> Iterable[Candidate]:
    if case.dag is None:
        return
    for task in case.workload.tasks:
        if task.kind != "task" or task.instances > 1 or task.seconds < _LEAST_SECONDS:
            continue
        count = independent_turns(case.dag.task(task.task_id))
        if count < 2:
            continue
        split = (
            replace(item, instances=count, seconds=item.seconds / count) if item is task else item
            for item in case.workload.tasks
        )
        yield Candidate(
            f"{task.task_id} takes {task.seconds:.1f} s for {count} partitions, one after the other",
            (task.task_id,),
            ((replace(case.workload, tasks=tuple(split)), case.deployment),),
        )


DETECTOR = Detector("giant task over partitions", _find, "split-loop")
