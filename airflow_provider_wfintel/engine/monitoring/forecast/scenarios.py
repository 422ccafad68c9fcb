"""Possible futures of a run: each past run, carried over to today, played out from where the run is now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.forecast.capacity import slots_ahead
from airflow_provider_wfintel.engine.monitoring.forecast.list_schedule import play_out
from airflow_provider_wfintel.engine.monitoring.forecast.memory import Memory
from airflow_provider_wfintel.engine.monitoring.forecast.residuals import ResidualLaw
from airflow_provider_wfintel.engine.monitoring.forecast.retries import RetryLaw
from airflow_provider_wfintel.engine.monitoring.forecast.values import RunProgress

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Futures", "futures"]

SOFTNESS, SHARPEST, SOFTEST = 0.5, 0.02, 0.1
"""How sharply a scenario is ruled out in which a running task would be over already: on a scale (in logarithms) of
half the task's spread, within bounds."""
NOT_RULED_OUT = 1e-5
LONGER_BY, LONGER_PLUS = 1.1, 1.0
"""Where every scenario is ruled out, a task goes on for a tenth of what it has taken, and a second."""
OVERDUE = 0.3
"""Below this share of scenarios in which a running task is still running, a retry is considered."""
OVERDUE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Futures:
    """Scenarios of one run: weights (sum 1), finish, slots, and end and duration per task (scenarios x tasks)."""

    weight: NDArray[Any]
    finish: NDArray[Any]
    end: NDArray[Any]
    duration: NDArray[Any]
    slots: NDArray[Any]


def futures(memory: Memory, law: ResidualLaw, retries: RetryLaw, progress: RunProgress) -> Futures:
    """Play out a run from its progress. The same input gives the same scenarios."""
    import numpy as np

    states = [task.state for task in progress.tasks]
    closed = [i for i, state in enumerate(states) if state in ("done", "skipped")]
    running = [i for i, state in enumerate(states) if state == "running"]
    still_open = [i for i, state in enumerate(states) if state in ("pending", "running")]
    scenario = np.tile(np.arange(len(law.values)), 2)
    second = np.arange(len(scenario)) >= len(law.values)
    base = np.ones((len(scenario), len(states)))
    base[:, still_open] = _durations(memory, law, progress, still_open)[scenario]
    overdue = [i for i in running if _overdue(base[:, i], progress.elapsed - progress.tasks[i].start)]
    duration, odds = retries.apply(base, second, overdue)
    weight = law.weight[scenario] * odds
    end = np.full(base.shape, np.nan)
    for i in closed:
        end[:, i] = progress.tasks[i].end or progress.elapsed
    for i in running:
        taken = max(progress.elapsed - progress.tasks[i].start, 0.1)
        softness = min(SOFTEST, max(SHARPEST, SOFTNESS * float(law.spread[i])))
        apart = np.clip((np.log(duration[:, i]) - math.log(taken)) / softness, -30, 30)
        weight = weight * (1.0 / (1.0 + np.exp(-apart)) + NOT_RULED_OUT)
        longer = np.where(duration[:, i] > taken, duration[:, i], taken * LONGER_BY + LONGER_PLUS)
        end[:, i] = progress.tasks[i].start + longer
    slots = slots_ahead(memory, progress, len(law.values))[scenario]
    holds = np.array([state == "running" for state in states])
    gaps = _gaps(memory, len(law.values))[scenario]
    ends = play_out(memory.shape.parents, end, holds, duration, gaps, slots, progress.elapsed, memory.shape.priority)
    finish = np.maximum(ends.max(1), progress.elapsed + 0.1)
    return Futures(weight / weight.sum(), finish, ends, duration, slots)


def _durations(memory: Memory, law: ResidualLaw, progress: RunProgress, still_open: list[int]) -> NDArray[Any]:
    import numpy as np

    level = np.array(memory.level) + memory.weekday_factor(progress.weekday)
    done = [i for i, task in enumerate(progress.tasks) if task.state == "done"]
    seen = np.array([math.log(max(progress.tasks[i].end - progress.tasks[i].start, 1.0)) for i in done]) - level[done]
    if not still_open:
        return np.zeros((len(law.values), 0))
    durations: NDArray[Any] = np.exp(level[still_open] + law.given(done, seen, still_open))
    return durations


def _overdue(durations: NDArray[Any], taken: float) -> bool:
    return taken > OVERDUE_SECONDS and float((durations > taken).mean()) < OVERDUE


def _gaps(memory: Memory, scenarios: int) -> NDArray[Any]:
    """Gaps of the past runs, one row per scenario; those of made-up runs are taken from the newest runs."""
    import numpy as np

    gaps = np.array([run.gap for run in memory.runs])
    rows = np.arange(scenarios) - (scenarios - len(gaps))
    picked: NDArray[Any] = gaps[np.where(rows >= 0, rows, rows % len(gaps))]
    return picked
