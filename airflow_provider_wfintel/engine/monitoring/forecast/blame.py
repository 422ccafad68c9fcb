"""Which task makes a run late: the run is played out again with that task as it usually is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.forecast.calibration import weighted_quantiles
from airflow_provider_wfintel.engine.monitoring.forecast.list_schedule import play_out
from airflow_provider_wfintel.engine.monitoring.forecast.memory import Memory
from airflow_provider_wfintel.engine.monitoring.forecast.scenarios import Futures
from airflow_provider_wfintel.engine.monitoring.forecast.values import Blame, RunProgress

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["find_blame"]

MOST_CANDIDATES = 30
MOST_NAMED = 3
WORTH_NAMING = 0.01
"""A task is named if without its excess the run would finish at least this share of its duration earlier."""


def find_blame(memory: Memory, progress: RunProgress, ahead: Futures) -> tuple[Blame, ...]:
    """The tasks that cost the run most, worst first; at most three.

    Durations of tasks that go on or come are their medians over the scenarios, so a task is also named for what it
    is about to cost.
    """
    import numpy as np

    now = _durations(progress, ahead)
    usual = np.exp(np.array(memory.level) + memory.weekday_factor(progress.weekday))
    excess = np.where([task.state == "skipped" for task in progress.tasks], 0.0, now - usual)
    candidates = [int(i) for i in np.argsort(-excess)[:MOST_CANDIDATES] if excess[i] > 0.0]
    if not candidates:
        return ()
    duration = np.tile(now, (len(candidates) + 1, 1))
    for row, task in enumerate(candidates, start=1):
        duration[row, task] = usual[task]
    shape = duration.shape
    ends = play_out(
        memory.shape.parents,
        np.full(shape, math.nan),
        np.zeros(shape[1], dtype=bool),
        duration,
        np.tile(np.median([run.gap for run in memory.runs], axis=0), (shape[0], 1)),
        np.full(shape[0], int(np.median(ahead.slots))),
        0.0,
        memory.shape.priority,
    )
    finish = ends.max(1)
    gained = [(float(finish[0] - finish[row]), task) for row, task in enumerate(candidates, start=1)]
    worst = sorted((item for item in gained if item[0] >= max(1.0, WORTH_NAMING * float(finish[0]))), reverse=True)
    return tuple(Blame(memory.shape.task_ids[task], round(seconds, 1)) for seconds, task in worst[:MOST_NAMED])


def _durations(progress: RunProgress, ahead: Futures) -> NDArray[Any]:
    """Duration of each task: as it was, or the median of the scenarios."""
    import numpy as np

    found = []
    for index, task in enumerate(progress.tasks):
        if task.state == "done":
            found.append(task.end - task.start)
        elif task.state == "skipped":
            found.append(0.0)
        elif task.state == "running":
            found.append(weighted_quantiles(ahead.end[:, index] - task.start, ahead.weight, (0.5,))[0])
        else:
            found.append(weighted_quantiles(ahead.duration[:, index], ahead.weight, (0.5,))[0])
    durations: NDArray[Any] = np.maximum(np.array(found), 0.0)
    return durations
