"""A distribution that can be added to, merged and stored as JSON, with quantiles of known relative accuracy.

Values are counted in buckets whose bounds grow by a constant factor, so that any quantile is right within
`ACCURACY`, and two sketches are merged by adding counts (DDSketch: Masson, Rim and Lee 2019). That is what hourly and
daily rollups need: no query has to go back to the single values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ACCURACY", "Sketch"]

ACCURACY = 0.01
"""A quantile is at most this share away from a value of that rank."""
_GROWTH = (1.0 + ACCURACY) / (1.0 - ACCURACY)
_LOG_GROWTH = math.log(_GROWTH)
_SMALLEST = 1e-9


@dataclass
class Sketch:
    """Count, sum, smallest, largest and buckets of values that are not negative."""

    count: int = 0
    total: float = 0.0
    smallest: float = math.inf
    largest: float = 0.0
    zeros: int = 0
    buckets: dict[int, int] = field(default_factory=dict)

    def add(self, value: float) -> None:
        """Take in a value. A negative one counts as 0 (clocks of machines differ), infinity and NaN do not count."""
        if not math.isfinite(value):
            return
        value = max(value, 0.0)
        self.count += 1
        self.total += value
        self.smallest = min(self.smallest, value)
        self.largest = max(self.largest, value)
        if value < _SMALLEST:
            self.zeros += 1
        else:
            index = math.ceil(math.log(value) / _LOG_GROWTH)
            self.buckets[index] = self.buckets.get(index, 0) + 1

    def merge(self, other: Sketch) -> None:
        """Take in all values of another sketch."""
        self.count += other.count
        self.total += other.total
        self.smallest = min(self.smallest, other.smallest)
        self.largest = max(self.largest, other.largest)
        self.zeros += other.zeros
        for index, number in other.buckets.items():
            self.buckets[index] = self.buckets.get(index, 0) + number

    def quantile(self, level: float) -> float | None:
        """The value of the rank `level * (count - 1)`, within `ACCURACY`; None without values."""
        if not self.count:
            return None
        rank = level * (self.count - 1)
        seen = self.zeros
        if seen > rank:
            return 0.0
        for index in sorted(self.buckets):
            seen += self.buckets[index]
            if seen > rank:
                middle = 2.0 * math.exp(index * _LOG_GROWTH) / (1.0 + _GROWTH)
                return min(self.largest, max(self.smallest, middle))
        return self.largest

    @property
    def mean(self) -> float | None:
        """The mean; None without values."""
        return self.total / self.count if self.count else None

    def as_json(self) -> dict[str, Any]:
        """The sketch as JSON values."""
        bounds = [self.smallest, self.largest] if self.count else None
        pairs = [[index, self.buckets[index]] for index in sorted(self.buckets)]
        return {"count": self.count, "total": self.total, "bounds": bounds, "zeros": self.zeros, "buckets": pairs}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Sketch:
        """The sketch that `as_json` wrote."""
        low, high = data["bounds"] or (math.inf, 0.0)
        buckets = {int(index): int(number) for index, number in data["buckets"]}
        return cls(int(data["count"]), float(data["total"]), low, high, int(data["zeros"]), buckets)
