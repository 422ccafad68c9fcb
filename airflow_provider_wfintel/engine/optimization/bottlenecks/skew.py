"""Skew: one mapped instance takes much longer than the others, run after run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean, median

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import taken_apart

__all__ = ["DETECTOR"]

_LEAST_INSTANCES, _MOST_INSTANCES = 3, 400
_SKEWED = 2.0
_LEAST_RUNS = 2


def _find(case: Case) -> Iterable[Candidate]:
    """Mapped tasks whose longest instance takes twice the mean; without: the same work, evenly shared."""
    for task in case.workload.tasks:
        if task.kind != "task" or not _LEAST_INSTANCES <= task.instances <= _MOST_INSTANCES:
            continue
        seconds = _by_index(case, task.task_id)
        if len(seconds) != task.instances:
            continue
        mean, longest = fmean(seconds), max(seconds)
        if mean <= 0 or longest < _SKEWED * mean:
            continue
        yield Candidate(
            f"instance {seconds.index(longest)} of {task.task_id} takes {longest:.1f} s, the mean of all "
            f"{len(seconds)} is {mean:.1f} s",
            (task.task_id,),
            ((taken_apart(case.workload, task.task_id, [mean] * len(seconds)), case.deployment),),
            (taken_apart(case.workload, task.task_id, seconds), case.deployment),
        )


def _by_index(case: Case, task_id: str) -> list[float]:
    """Median duration of each mapped instance over the runs; nothing if the runs do not have the same instances."""
    found: dict[int, list[float]] = defaultdict(list)
    for item in case.history.tries:
        if item.task_id == task_id and item.state == "success" and item.duration is not None and item.map_index >= 0:
            found[item.map_index].append(item.duration)
    if sorted(found) != list(range(len(found))) or any(len(values) < _LEAST_RUNS for values in found.values()):
        return []
    return [median(found[number]) for number in sorted(found)]


DETECTOR = Detector("skew between mapped instances", _find)
