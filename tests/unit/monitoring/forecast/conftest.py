"""Made histories: a small DAG whose tasks take what the test says."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from airflow_provider_wfintel.engine.monitoring.forecast import (
    DagShape,
    FinishPredictor,
    PastRun,
    RunProgress,
    TaskProgress,
)

USUAL = (100.0, 200.0, 400.0, 50.0)
GAP = 2.0
FORK = DagShape("shop", ("extract", "left", "right", "join"), ((), (0,), (0,), (1, 2)))


def played(seconds: Sequence[float], slots: int = 9, weekday: int = 0, retried: tuple[int, ...] = ()) -> PastRun:
    """A run of the fork whose tasks take so many seconds."""
    start: list[float] = []
    end: list[float] = []
    busy = [0.0] * slots
    for index, row in enumerate(FORK.parents):
        busy.sort()
        start.append(max(max((end[parent] for parent in row), default=0.0) + GAP, busy[0]))
        end.append(start[-1] + seconds[index])
        busy[0] = end[-1]
    return PastRun(weekday, tuple(start), tuple(end), retried)


def made_runs(number, *, seed=1, common=0.2, own=0.05, weekday_factor: Callable[[int], float] = lambda _: 1.0):
    """Runs of the fork: all tasks of a run share a factor, each has one of its own."""
    chance = random.Random(seed)  # noqa: S311 - a fixed seed, nothing secret
    runs = []
    for index in range(number):
        day = index % 7
        factor = weekday_factor(day) * chance.lognormvariate(0.0, common)
        runs.append(played([s * factor * chance.lognormvariate(0.0, own) for s in USUAL], weekday=day))
    return runs


def at(run: PastRun, elapsed: float, deadline: float | None = None) -> RunProgress:
    """A run as it was after some seconds."""
    tasks = []
    for start, end in zip(run.start, run.end, strict=True):
        if start is None or end is None or start > elapsed:
            tasks.append(TaskProgress("pending"))
        elif end <= elapsed:
            tasks.append(TaskProgress("done", start, end))
        else:
            tasks.append(TaskProgress("running", start))
    return RunProgress(run.weekday, elapsed, tuple(tasks), deadline)


def learned(runs) -> FinishPredictor:
    """A predictor that has seen some runs."""
    predictor = FinishPredictor(FORK)
    for run in runs:
        predictor.observe(run)
    return predictor


class Made:
    """What tests of this folder need, in one place."""

    fork = FORK
    usual = USUAL
    played = staticmethod(played)
    runs = staticmethod(made_runs)
    at = staticmethod(at)
    learned = staticmethod(learned)


@pytest.fixture
def made() -> type[Made]:
    return Made
