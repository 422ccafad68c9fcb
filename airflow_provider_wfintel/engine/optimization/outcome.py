"""Whether a plan paid: makespans of real runs before and after it was applied, with the interval of the difference."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model import RunHistory
from airflow_provider_wfintel.engine.optimization.simulation.history_file import seconds_of
from airflow_provider_wfintel.engine.optimization.simulation.model import quantile

__all__ = ["LEAST_RUNS", "Outcome", "Verdict", "makespans_of", "outcome_of"]

Verdict: TypeAlias = Literal["paid", "did not pay", "not clear", "too few runs"]
LEAST_RUNS = 5
"""Successful runs that are needed on each side before anything is said."""
_RESAMPLES = 2000
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan did to the makespan.

    Attributes:
        verdict: whether it paid: the interval of the reduction lies above 0, below, or on both sides of it.
        runs_before, runs_after: successful runs on each side.
        median_before, median_after: their median makespans, seconds; None without runs.
        reduction: `1 - after / before` of the medians; None without runs on both sides.
        low, high: its 95 % interval, by bootstrap of the medians (Efron and Tibshirani 1993).
    """

    verdict: Verdict
    runs_before: int
    runs_after: int
    median_before: float | None = None
    median_after: float | None = None
    reduction: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def revert(self) -> bool:
        """Whether to offer going back."""
        return self.verdict == "did not pay"


def makespans_of(history: RunHistory, *, since: float | None = None, before: float | None = None) -> list[float]:
    """Seconds from start to end of the successful runs that started in a span of time (POSIX seconds)."""
    found = []
    for run in history.runs:
        start, end = seconds_of(run.started_at), seconds_of(run.ended_at)
        if run.state != "success" or start is None or end is None:
            continue
        if (since is None or start >= since) and (before is None or start < before):
            found.append(end - start)
    return found


def outcome_of(before: Sequence[float], after: Sequence[float], *, least: int = LEAST_RUNS) -> Outcome:
    """Compare makespans before and after; the same input gives the same answer."""
    middle = [median(values) if values else None for values in (before, after)]
    if len(before) < least or len(after) < least or not middle[0] or middle[1] is None:
        return Outcome("too few runs", len(before), len(after), *middle)
    chance = random.Random(7)  # noqa: S311 - a fixed seed, nothing secret
    found = sorted(
        1 - median(chance.choices(after, k=len(after))) / max(1e-9, median(chance.choices(before, k=len(before))))
        for _ in range(_RESAMPLES)
    )
    low, high = quantile(found, _LOW), quantile(found, _HIGH)
    verdict: Verdict = "paid" if low > 0 else ("did not pay" if high < 0 else "not clear")
    return Outcome(verdict, len(before), len(after), middle[0], middle[1], 1 - middle[1] / middle[0], low, high)
