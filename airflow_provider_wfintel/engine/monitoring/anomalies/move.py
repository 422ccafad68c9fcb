"""A move of the level of a task's durations: what drifts and shifts have in common."""

from __future__ import annotations

import math
from dataclasses import dataclass

from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Moment

__all__ = ["Move", "levels_now"]


@dataclass(frozen=True, slots=True)
class Move:
    """The level `old` became the level `new` within the last `runs` runs; levels are logarithms of seconds."""

    runs: int
    old: float
    new: float

    @property
    def size(self) -> float:
        """How far the level moved."""
        return abs(self.new - self.old)

    @property
    def sign(self) -> float:
        """1 for up, -1 for down."""
        return 1.0 if self.rising else -1.0

    @property
    def rising(self) -> bool:
        """Whether runs became longer."""
        return self.new > self.old


def levels_now(moment: Moment, move: Move) -> tuple[float, float]:
    """The old and the new level in seconds, at the conditions of the present run."""
    seen, observed = moment.duration, moment.point.duration
    assert seen is not None  # noqa: S101 - asked only where there is evidence
    assert observed is not None  # noqa: S101
    return observed * math.exp(move.old - seen.now), observed * math.exp(move.new - seen.now)
