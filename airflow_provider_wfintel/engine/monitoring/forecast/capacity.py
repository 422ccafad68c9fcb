"""How many tasks of the DAG can run at once: what past runs show, and what the run shows so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.forecast.list_schedule import most_at_once
from airflow_provider_wfintel.engine.monitoring.forecast.memory import GAP_WITH_FREE_SLOT, Memory
from airflow_provider_wfintel.engine.monitoring.forecast.values import RunProgress

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["slots_ahead"]

CLEARLY_MORE = 0.6


def slots_ahead(memory: Memory, progress: RunProgress, scenarios: int) -> NDArray[Any]:
    """Slots in each scenario.

    A run in which ready tasks waited shows its slots. Before that, scenarios have as many as the past run that they
    come from, which holds the odds of a run with fewer slots.
    """
    import numpy as np

    usual = memory.usual_slots()
    begun = [task for task in progress.tasks if task.state in ("running", "done")]
    seen = most_at_once(
        [task.start for task in begun], [task.end if task.state == "done" else progress.elapsed for task in begun]
    )
    if _longest_wait(memory, progress) > GAP_WITH_FREE_SLOT:
        return np.full(scenarios, max(seen, 1))
    if seen > CLEARLY_MORE * usual:
        return np.full(scenarios, max(usual, seen))
    past = [min(run.lowered, usual) if run.lowered else usual for run in memory.runs]
    padded = [usual] * (scenarios - len(past)) + past
    slots: NDArray[Any] = np.maximum(np.array(padded), max(seen, 1))
    return slots


def _longest_wait(memory: Memory, progress: RunProgress) -> float:
    """The longest time for which a task of this run was ready and did not start.

    A task that waits now while nothing runs does not wait for a slot of this run: the deployment is busy or stuck.
    """
    longest = 0.0
    idle = all(task.state != "running" for task in progress.tasks)
    for task, row in zip(progress.tasks, memory.shape.parents, strict=True):
        if task.state == "skipped" or (idle and task.state == "pending"):
            continue
        if any(progress.tasks[p].state not in ("done", "skipped") for p in row):
            continue
        until = progress.elapsed if task.state == "pending" else task.start
        longest = max(longest, until - max((progress.tasks[p].end for p in row), default=0.0))
    return longest
