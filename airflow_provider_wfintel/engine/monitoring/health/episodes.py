"""Failures come in episodes: a filter over three hidden states of a DAG, fine, wearing down, and broken.

A hidden Markov model (Rabiner 1989) with fixed rates, except for the rate of onsets and of retries, which are the
DAG's own, shrunk towards what is usual. Wearing down shows in retries and longer runs; broken shows in failures.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["EpisodeFilter"]

START = (0.95, 0.03, 0.02)
ONSETS, ONSET_RUNS = 0.012, 60.0
MOST_ONSETS, FEWEST_ONSETS = 0.06, 0.002
WEARING_ENDS, BROKEN_ENDS = 1.0 / 6.0, 0.25
FAILS = (0.012, 0.024, 0.5)
RETRIES, RETRY_TASKS = 0.012, 40.0
RETRY_FACTOR = (1.0, 5.0, 2.0)
RETRIES_OF_A_FAILURE = 1.5
LONGER = (0.07, 0.18, 0.30)
"""Logarithms by which runs are longer while a DAG wears down: what fits best counts."""
OUTLIERS, OUTLIER_DENSITY = 0.1, 0.3


@dataclass
class EpisodeFilter:
    """The state of the filter for a DAG with so many tasks."""

    tasks: int
    odds: tuple[float, float, float] = START
    onsets: float = 0.0
    runs: int = 0
    retries: float = 0.0

    def ahead(self) -> tuple[float, float, float]:
        """Probabilities of the three states at the next run."""
        fine, wearing, broken = self.odds
        onset = (ONSETS * ONSET_RUNS + self.onsets) / (ONSET_RUNS + self.runs)
        onset = max(FEWEST_ONSETS, min(MOST_ONSETS, onset))
        return (
            fine * (1.0 - onset) + broken * BROKEN_ENDS,
            wearing * (1.0 - WEARING_ENDS) + fine * onset / 2.0,
            broken * (1.0 - BROKEN_ENDS) + fine * onset / 2.0 + wearing * WEARING_ENDS,
        )

    def failure(self) -> float:
        """Probability that the next run fails."""
        return sum(state * fails for state, fails in zip(self.ahead(), FAILS, strict=True))

    def observe(self, ok: bool, retries: int, excess: float | None, spread: float) -> None:
        """Take in a run; `excess` and `spread` are of its log duration, None if it says nothing."""
        usual = (self.retries + RETRIES * RETRY_TASKS) / (self.runs * self.tasks + RETRY_TASKS)
        expected = max(usual * self.tasks, 0.02)
        joint = []
        for state, (prior, fails) in enumerate(zip(self.ahead(), FAILS, strict=True)):
            rate = expected * RETRY_FACTOR[state] + (0.0 if ok else RETRIES_OF_A_FAILURE)
            likely = (1.0 - fails if ok else fails) * _poisson(rate, min(retries, 12))
            if ok and excess is not None:
                shifts = LONGER if state == 1 else (0.0,)
                likely *= max(_density(excess - shift, spread) for shift in shifts)
            joint.append(prior * likely)
        total = sum(joint)
        before = self.odds[2]
        self.odds = (joint[0] / total, joint[1] / total, joint[2] / total)
        self.onsets += 0.5 * max(0.0, self.odds[2] - before)
        self.runs += 1
        # Retries of an episode say nothing about the usual rate.
        self.retries += retries * self.odds[0]

    def as_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> EpisodeFilter:
        """The state that `as_json` wrote."""
        return cls(**{**data, "odds": tuple(data["odds"])})


def _poisson(rate: float, count: int) -> float:
    return math.exp(-rate + count * math.log(rate) - math.lgamma(count + 1))


def _density(excess: float, spread: float) -> float:
    """Normal with outliers, relative to its top."""
    z = excess / spread
    return (1.0 - OUTLIERS) * math.exp(-0.5 * z * z) + OUTLIERS * OUTLIER_DENSITY
