"""How long a DAG's next run will take, from the durations of its successful runs alone, as plain JSON state.

The logarithm of a duration is a level that follows, a factor of the weekday, a share of the last residual, and a
residual whose past values are the distribution of the next one (with a kernel, and a few made-up values as a prior).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["DurationTrack", "logistic", "robust_spread"]

MOST = 120
WEEKDAY_RUNS = 100
LARGEST_STEP = 0.5
HALF_LIFE = 40.0
SMALLEST_SPREAD = 0.03
PRIOR_SPREAD, PRIOR_RUNS = 0.1, 6.0
NORMAL_GRID = (-1.64, -1.0, -0.61, -0.29, 0.0, 0.29, 0.61, 1.0, 1.64)
BANDWIDTH = 0.3
FORGET = 0.97


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)), without overflow."""
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, value))))


def robust_spread(values: Sequence[float]) -> float:
    """1.4826 times the median distance from zero: the standard deviation, if the values are normal around zero."""
    return 1.4826 * statistics.median(abs(value) for value in values)


@dataclass
class DurationTrack:
    """Durations of one DAG. `step` is the share of a residual by which the level follows."""

    step: float
    level: float | None = None
    runs: int = 0
    last: float = 0.0
    product: float = 0.0
    square: float = 0.05
    residuals: list[float] = field(default_factory=list)
    by_day: list[tuple[int, float]] = field(default_factory=list)

    @property
    def spread(self) -> float:
        """Robust spread of the residuals."""
        return max(SMALLEST_SPREAD, robust_spread(self.residuals[-60:])) if len(self.residuals) > 5 else 0.2

    def day_factor(self, day: int) -> float:
        """Logarithm of the factor of this day of the week, shrunk as far as days differ no more than runs do."""
        recent = self.by_day[-WEEKDAY_RUNS:]
        if len(recent) < 14:
            return 0.0
        values = [value for _, value in recent]
        middle = statistics.median(values)
        groups: dict[int, list[float]] = {}
        for known, value in recent:
            groups.setdefault(known, []).append(value)
        apart = {known: statistics.median(group) - middle for known, group in groups.items() if len(group) >= 3}
        if len(apart) < 2 or day not in apart:
            return 0.0
        noise = robust_spread([value - middle for value in values]) ** 2 * math.pi / 2
        size = statistics.fmean(len(groups[known]) for known in apart)
        between = max(0.0, statistics.pvariance(apart.values()) - noise / size)
        return apart[day] * between / (between + noise / len(groups[day]) + 1e-9)

    def excess(self, seconds: float, day: int) -> float:
        """By how much (in logarithms) a duration is above level and day factor; 0 before the first run."""
        return 0.0 if self.level is None else math.log(max(seconds, 1.0)) - self.level - self.day_factor(day)

    def longer_than(self, seconds: float, day: int) -> float:
        """Probability that the next run takes longer; an eighth before the first run."""
        if self.level is None:
            return 0.12
        carried = max(-0.5, min(0.9, self.product / self.square)) * self.last if self.runs > 10 else 0.0
        limit = self.excess(seconds, day) - carried
        recent = self.residuals[-MOST:]
        weights: list[float] = [0.5 ** ((len(recent) - 1 - i) / HALF_LIFE) for i in range(len(recent))]
        prior = max(self.spread, PRIOR_SPREAD)
        values = recent + [prior * step for step in NORMAL_GRID]
        weights += [PRIOR_RUNS / len(NORMAL_GRID)] * len(NORMAL_GRID)
        width = (BANDWIDTH * self.spread + 0.01) / 1.7
        over = sum(w * logistic((value - limit) / width) for value, w in zip(values, weights, strict=True))
        return over / sum(weights)

    def observe(self, seconds: float, day: int) -> None:
        """Take in the duration of a successful run."""
        log = math.log(max(seconds, 1.0))
        if self.level is None:
            self.level = log
        factor = self.day_factor(day)
        carried = max(-0.5, min(0.9, self.product / self.square)) * self.last if self.runs > 10 else 0.0
        beyond = log - self.level - factor
        self.by_day.append((day, round(max(-1.0, min(1.0, beyond + factor)), 4)))
        self.residuals.append(round(beyond - carried, 4))
        del self.by_day[:-MOST], self.residuals[:-MOST]
        clipped = max(-LARGEST_STEP, min(LARGEST_STEP, beyond))
        self.product = FORGET * self.product + self.last * clipped
        self.square = FORGET * self.square + self.last * self.last
        step = max(self.step, 1.0 / (self.runs + 1))
        self.last = clipped * (1.0 - step)
        self.level += step * clipped
        self.runs += 1

    def as_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> DurationTrack:
        """The state that `as_json` wrote."""
        return cls(**{**data, "by_day": [(int(day), float(value)) for day, value in data["by_day"]]})
