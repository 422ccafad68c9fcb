"""What is kept of a DAG's past runs, as plain JSON: levels, residuals, gaps, slots and retries of its tasks.

The logarithm of a task's duration is taken apart into a level that follows slow changes, a factor of the weekday that
all tasks share, and a residual. The level moves by a share of the residual, which is clipped so that one odd run
cannot carry it away (an exponentially weighted mean in Huber's sense).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_wfintel.engine.monitoring.forecast.list_schedule import most_at_once
from airflow_provider_wfintel.engine.monitoring.forecast.values import DagShape, PastRun

__all__ = ["GAP_USUAL", "GAP_WITH_FREE_SLOT", "Memory", "Remembered"]

STEP = 0.2
"""Share of a residual by which the level follows; of 0.1, 0.15, 0.2 and 0.3 the best on the development set."""
LARGEST_STEP = 0.5
"""A residual counts as at most this (in logarithms) when the level follows."""
GAP_WITH_FREE_SLOT = 30.0
"""A ready task that waits longer than this waits for a slot, not for the scheduler's loop. Seconds."""
GAP_USUAL = 3.0
CLEARLY_FEWER = 0.6
MOST_RUNS = 120
MOST_CELLS = 20_000
"""Runs times tasks that are kept: bounds memory and time for DAGs with hundreds of tasks."""
MOST_RETRIES = 40
WEEKDAY_RUNS = 100


@dataclass(frozen=True, slots=True)
class Remembered:
    """One past run, reduced to what later forecasts need.

    `residual` and `gap` are per task. `waited` says whether a ready task had to wait for a slot; `lowered` is the
    number of slots if fewer than usual were there, else 0. `usual_before` is the residual common to the tasks of the
    run before; `with_weekday` the common residual before the weekday's factor was taken out.
    """

    weekday: int
    finish: float
    residual: tuple[float, ...]
    gap: tuple[float, ...]
    most_at_once: int
    waited: bool
    lowered: int
    usual_before: float
    common: float
    with_weekday: float


@dataclass
class Memory:
    """The state of one DAG's forecasts; changes with `observe` only."""

    shape: DagShape
    level: list[float] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    runs: list[Remembered] = field(default_factory=list)
    retries: list[tuple[float, float]] = field(default_factory=list)
    retried: int = 0
    tries: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        if not self.level:
            self.level = [0.0] * len(self.shape.task_ids)
            self.seen = [0] * len(self.shape.task_ids)

    @property
    def most_runs(self) -> int:
        """How many runs are kept."""
        return max(30, min(MOST_RUNS, MOST_CELLS // len(self.shape.task_ids)))

    def usual_slots(self) -> int:
        """How many tasks can run at once: as many as did in most recent runs, if others had to wait meanwhile.

        If none did, nothing is known to hold the tasks back, and there are as many slots as tasks.
        """
        recent = self.runs[-30:]
        counts = sorted(run.most_at_once for run in recent)
        if counts:
            usual = counts[min(len(counts) - 1, int(0.6 * len(counts)))]
            if any(run.waited and run.most_at_once >= usual for run in recent):
                return usual
        return len(self.shape.task_ids)

    def common(self, residual: Iterable[float]) -> float:
        """The mean residual of a run, weighted by how long its tasks usually take."""
        weights = [math.exp(level) for level in self.level]
        clipped = (max(-1.0, min(1.0, value)) for value in residual)
        return sum(w * value for w, value in zip(weights, clipped, strict=True)) / sum(weights)

    def weekday_factor(self, weekday: int) -> float:
        """The logarithm of the weekday's factor, shrunk to nothing where weekdays differ no more than runs do.

        The shrinkage is that of James and Stein: variance between weekdays over total variance, with robust
        estimates (medians, MAD) of both.
        """
        recent = self.runs[-WEEKDAY_RUNS:]
        if len(recent) < 14:
            return 0.0
        values = [run.with_weekday for run in recent]
        middle = statistics.median(values)
        groups: dict[int, list[float]] = {}
        for run, value in zip(recent, values, strict=True):
            groups.setdefault(run.weekday, []).append(value)
        apart = {day: statistics.median(group) - middle for day, group in groups.items() if len(group) >= 3}
        if len(apart) < 2 or weekday not in apart:
            return 0.0
        spread = 1.4826 * statistics.median(abs(value - middle) for value in values)
        # The variance of a median is about pi/2 times that of a mean.
        noise = spread * spread * math.pi / 2
        size = statistics.fmean(len(groups[day]) for day in apart)
        between = max(0.0, statistics.pvariance(apart.values()) - noise / size)
        return apart[weekday] * between / (between + noise / len(groups[weekday]) + 1e-9)

    def observe(self, run: PastRun) -> None:
        """Take in a run that is over."""
        logs = [
            None if start is None or end is None else math.log(max(end - start, 1.0))
            for start, end in zip(run.start, run.end, strict=True)
        ]
        if all(value is None for value in logs):
            return
        factor = self.weekday_factor(run.weekday)
        for index, value in enumerate(logs):
            if value is not None and not self.seen[index]:
                self.level[index] = value - factor
        residual = [0.0 if v is None else v - own - factor for v, own in zip(logs, self.level, strict=True)]
        self._take_retries(run, logs, residual)
        common = self.common(residual)
        self._remember(run, residual, common, factor)
        for index, value in enumerate(logs):
            if value is None:
                continue
            self.seen[index] += 1
            step = max(STEP, 1.0 / self.seen[index])
            self.level[index] += step * max(-LARGEST_STEP, min(LARGEST_STEP, residual[index]))
        self.total += 1

    def _take_retries(self, run: PastRun, logs: list[float | None], residual: list[float]) -> None:
        """Learn how much longer a retried task takes; its residual becomes the usual one of the other tasks."""
        self.tries += sum(value is not None for value in logs)
        usual = [r for i, r in enumerate(residual) if i not in run.retried and logs[i] is not None]
        for index in run.retried:
            value = logs[index]
            if value is None:
                continue
            self.retried += 1
            once = math.exp(value - residual[index])
            extra = max(math.exp(value) - once, 0.0)
            wait = next((delay for delay in (300.0, 60.0) if extra > delay), 0.0)
            self.retries.append((min((extra - wait) / once, 2.0), wait))
            residual[index] = statistics.median(usual) if usual else 0.0
        del self.retries[:-MOST_RETRIES]

    def _remember(self, run: PastRun, residual: list[float], common: float, factor: float) -> None:
        times = [(s, e) for s, e in zip(run.start, run.end, strict=True) if s is not None and e is not None]
        ends = [e if s is not None else None for s, e in zip(run.start, run.end, strict=True)]
        waits = []
        for start, row in zip(run.start, self.shape.parents, strict=True):
            before = [ends[parent] for parent in row]
            known = [end for end in before if end is not None]
            # Without the end of any parent it is not known since when the task was ready.
            waits.append(0.0 if start is None or (row and not known) else start - max(known, default=0.0))
        most = most_at_once([s for s, _ in times], [e for _, e in times])
        waited = max(waits) > GAP_WITH_FREE_SLOT
        short = waited and bool(self.runs) and most <= CLEARLY_FEWER * self.usual_slots()
        self.runs.append(
            Remembered(
                weekday=run.weekday,
                finish=max(e for _, e in times),
                residual=tuple(round(value, 4) for value in residual),
                gap=tuple(round(w, 2) if 0.0 <= w < GAP_WITH_FREE_SLOT else GAP_USUAL for w in waits),
                most_at_once=most,
                waited=waited,
                lowered=most if short else 0,
                usual_before=self.runs[-1].common if self.runs else 0.0,
                common=round(common, 4),
                with_weekday=round(self.common(value + factor for value in residual), 4),
            )
        )
        del self.runs[: -self.most_runs]

    def as_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        return {
            "dag_id": self.shape.dag_id,
            "task_ids": list(self.shape.task_ids),
            "parents": [list(row) for row in self.shape.parents],
            "priority": list(self.shape.priority),
            "level": [round(value, 6) for value in self.level],
            "seen": self.seen,
            "runs": [_as_row(run) for run in self.runs],
            "retries": [list(item) for item in self.retries],
            "counts": [self.retried, self.tries, self.total],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Memory:
        """The state that `as_json` wrote."""
        parents = tuple(tuple(row) for row in data["parents"])
        shape = DagShape(data["dag_id"], tuple(data["task_ids"]), parents, tuple(data["priority"]))
        runs = [Remembered(r[0], r[1], tuple(r[2]), tuple(r[3]), *r[4:]) for r in data["runs"]]
        retries = [(share, wait) for share, wait in data["retries"]]
        retried, tries, total = data["counts"]
        return cls(shape, list(data["level"]), list(data["seen"]), runs, retries, retried, tries, total)

    def reshaped(self, shape: DagShape) -> Memory:
        """The memory for a changed DAG: tasks are matched by id, a new task is as slow or fast as the run."""
        if shape == self.shape:
            return self
        old = {task: index for index, task in enumerate(self.shape.task_ids)}
        places = [old.get(task) for task in shape.task_ids]
        runs = [
            Remembered(
                run.weekday,
                run.finish,
                tuple(run.common if p is None else run.residual[p] for p in places),
                tuple(GAP_USUAL if p is None else run.gap[p] for p in places),
                run.most_at_once,
                run.waited,
                run.lowered,
                run.usual_before,
                run.common,
                run.with_weekday,
            )
            for run in self.runs
        ]
        level = [0.0 if p is None else self.level[p] for p in places]
        seen = [0 if p is None else self.seen[p] for p in places]
        usual = [self.level[p] for p in range(len(self.level)) if self.seen[p]]
        guess = statistics.median(usual) if usual else 0.0
        level = [guess if not count else value for count, value in zip(seen, level, strict=True)]
        return Memory(shape, level, seen, runs, list(self.retries), self.retried, self.tries, self.total)


def _as_row(run: Remembered) -> list[Any]:
    per_task = [list(run.residual), list(run.gap)]
    counts = [run.most_at_once, run.waited, run.lowered, run.usual_before, run.common, run.with_weekday]
    return [run.weekday, run.finish, *per_task, *counts]
