"""Forecasts of one DAG's runs, learned run by run; its whole state is plain JSON."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.forecast.blame import find_blame
from airflow_provider_wfintel.engine.monitoring.forecast.calibration import (
    GRID,
    MOST_PLACES,
    calibrated_levels,
    place,
    stage,
    weighted_quantiles,
)
from airflow_provider_wfintel.engine.monitoring.forecast.memory import Memory
from airflow_provider_wfintel.engine.monitoring.forecast.residuals import ResidualLaw
from airflow_provider_wfintel.engine.monitoring.forecast.retries import RetryLaw
from airflow_provider_wfintel.engine.monitoring.forecast.scenarios import Futures, futures
from airflow_provider_wfintel.engine.monitoring.forecast.values import (
    DagShape,
    Forecast,
    PastRun,
    RunProgress,
    TaskProgress,
)
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ENOUGH_RUNS", "FinishPredictor"]

ENOUGH_RUNS = 20
"""The published accuracy is measured from this many past runs on; earlier forecasts rest on a general prior."""
VERSION = 1
SMALLEST_REST = 0.005
"""A remaining time below this share of the usual makespan is not told from it."""
MOST_OPEN = 200
"""Forecasts that wait for the end of their run; the oldest are dropped, their run was never reported."""


class FinishPredictor:
    """Forecasts for one DAG. `observe` every run that is over, `predict` runs that go on or come.

    Args:
        shape: tasks and dependencies of the DAG.
    """

    def __init__(self, shape: DagShape) -> None:
        self._memory = Memory(shape)
        self._places: list[list[float]] = [[] for _ in range(4)]
        self._open: dict[str, tuple[float, list[float]]] = {}
        self._laws: tuple[ResidualLaw, RetryLaw] | None = None

    @property
    def shape(self) -> DagShape:
        """The DAG that is forecast."""
        return self._memory.shape

    @property
    def runs(self) -> int:
        """How many runs were observed."""
        return self._memory.total

    def reshape(self, shape: DagShape) -> None:
        """Go on with a changed DAG: what is known of tasks that are still there is kept."""
        self._memory = self._memory.reshaped(shape)
        self._laws = None

    def predict(self, progress: RunProgress, *, run_id: str = "", explain: bool = False) -> Forecast | None:
        """The finish of a run, or None before the first observed run.

        Args:
            progress: how far the run is.
            run_id: tells runs apart that go on at the same time.
            explain: also find the tasks that make the run late.

        Raises:
            UserInputError: the progress has another number of tasks than the DAG.
        """
        self._require_tasks(len(progress.tasks))
        if not self._memory.runs:
            return None
        ahead = self._futures(progress)
        rest = self._log_rest(ahead, progress.elapsed)
        finished = sum(task.state in ("done", "skipped") for task in progress.tasks)
        at = stage(finished, len(progress.tasks))
        low, high = calibrated_levels(self._places[at], ahead.weight)
        q10, q50, q90 = weighted_quantiles(rest, ahead.weight, (low, 0.5, high))
        self._remember_open(f"{run_id}\n{at}", progress.elapsed, rest, ahead.weight)
        miss = None if progress.deadline is None else _miss_probability(rest, ahead.weight, progress)
        q10, q50, q90 = (progress.elapsed + math.exp(value) for value in (q10, q50, q90))
        return Forecast(
            q10=min(q10, q50),
            q50=q50,
            q90=max(q50, q90),
            miss_probability=miss,
            runs=self.runs,
            enough_runs=self.runs >= ENOUGH_RUNS,
            blame=find_blame(self._memory, progress, ahead) if explain else (),
            slots=int(statistics.median(ahead.slots.tolist())),
        )

    def next_run(self, weekday: int, *, deadline: float | None = None) -> Forecast | None:
        """The finish of a run that has not begun, or None before the first observed run."""
        pending = tuple(TaskProgress("pending") for _ in self.shape.task_ids)
        return self.predict(RunProgress(weekday, 0.0, pending, deadline), run_id="next")

    def deadline_for(self, miss_probability: float = 0.05) -> float | None:
        """The deadline that runs miss with this probability, in seconds after they are due, on the worst weekday seen.

        Rounded up to whole minutes; None with fewer than 20 runs, since such a tail cannot be told from less.

        Raises:
            UserInputError: the probability is not between 0.01 and 0.5.
        """
        if not 0.01 <= miss_probability <= 0.5:
            raise UserInputError(
                f"{miss_probability} is no share of missed deadlines", hint="give one between 0.01 and 0.5"
            )
        if self.runs < ENOUGH_RUNS:
            return None
        pending = tuple(TaskProgress("pending") for _ in self.shape.task_ids)
        latest = 0.0
        for weekday in sorted({run.weekday for run in self._memory.runs}):
            ahead = self._futures(RunProgress(weekday, 0.0, pending))
            latest = max(latest, *weighted_quantiles(ahead.finish, ahead.weight, (1.0 - miss_probability,)))
        return math.ceil(latest / 60.0) * 60.0

    def observe(self, run: PastRun, *, run_id: str = "") -> None:
        """Learn from a run that is over. A run in which no task ran is ignored.

        Raises:
            UserInputError: the run has another number of tasks than the DAG, or times that are negative or no numbers.
        """
        self._require_tasks(len(run.start))
        self._require_tasks(len(run.end))
        if any(time is not None and not 0.0 <= time < math.inf for time in (*run.start, *run.end)):
            raise UserInputError(f"a run of {self.shape.dag_id!r} has impossible times", hint="give seconds from 0 on")
        ends = [e for s, e in zip(run.start, run.end, strict=True) if s is not None and e is not None]
        if not ends:
            return
        self._settle(run_id, max(ends))
        self._memory.observe(run)
        self._laws = None

    def as_json(self) -> dict[str, Any]:
        """The whole state as JSON values."""
        return {
            "version": VERSION,
            "memory": self._memory.as_json(),
            "places": [[round(value, 4) for value in row] for row in self._places],
            "open": {key: [elapsed, grid] for key, (elapsed, grid) in self._open.items()},
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FinishPredictor:
        """Go on from a state that `as_json` wrote.

        Raises:
            UserInputError: it was written by another version or is damaged.
        """
        try:
            if data["version"] != VERSION:
                raise UserInputError(
                    f"a forecast state of version {data['version']}", hint="learn it anew from the history"
                )
            memory = Memory.from_json(data["memory"])
            predictor = cls(memory.shape)
            predictor._memory = memory
            predictor._places = [[float(value) for value in row] for row in data["places"]]
            predictor._open = {key: (float(item[0]), list(item[1])) for key, item in data["open"].items()}
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise UserInputError("a forecast state is damaged", hint="learn it anew from the history") from error
        return predictor

    def _require_tasks(self, given: int) -> None:
        if given != len(self.shape.task_ids):
            raise UserInputError(
                f"{self.shape.dag_id!r} has {len(self.shape.task_ids)} tasks, the run has {given}",
                hint="give one entry per task, in the order of the shape",
            )

    def _futures(self, progress: RunProgress) -> Futures:
        if self._laws is None:
            law = ResidualLaw.of(self._memory)
            self._laws = (law, RetryLaw.of(self._memory, 2 * len(law.values)))
        return futures(self._memory, *self._laws, progress)

    def _log_rest(self, ahead: Futures, elapsed: float) -> NDArray[Any]:
        import numpy as np

        logs: NDArray[Any] = np.log(np.maximum(ahead.finish - elapsed, self._smallest_rest()))
        return logs

    def _smallest_rest(self) -> float:
        usual = statistics.median(run.finish for run in self._memory.runs[-10:])
        return max(SMALLEST_REST * usual, 0.01)

    def _remember_open(self, key: str, elapsed: float, rest: NDArray[Any], weight: NDArray[Any]) -> None:
        if key in self._open or key.startswith("next\n"):
            return
        grid = [round(value, 5) for value in weighted_quantiles(rest, weight, GRID)]
        self._open[key] = (elapsed, grid)
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]

    def _settle(self, run_id: str, finish: float) -> None:
        """Note where the finish fell in the forecasts that were made for the run."""
        for at, places in enumerate(self._places):
            made = self._open.pop(f"{run_id}\n{at}", None)
            if made is None:
                continue
            elapsed, grid = made
            places.append(place(grid, math.log(max(finish - elapsed, self._smallest_rest()))))
            del places[:-MOST_PLACES]


def _miss_probability(rest: NDArray[Any], weight: NDArray[Any], progress: RunProgress) -> float:
    """Share of scenarios after the deadline, smoothed so that few scenarios do not make steps."""
    import numpy as np

    if progress.deadline is None or progress.deadline <= progress.elapsed:
        return 1.0
    q10, q90 = weighted_quantiles(rest, weight, (0.1, 0.9))
    width = 0.2 * (q90 - q10) / 2.56 + 0.01
    apart = np.clip((rest - math.log(progress.deadline - progress.elapsed)) / width * 1.7, -40.0, 40.0)
    share = float((weight / (1.0 + np.exp(-apart))).sum())
    # Never quite sure: an operator, a machine or a network can always come in between.
    return 0.98 * share + 0.005
