"""Are the probabilities right on this deployment? Its own outcomes correct them, and a table shows it.

Platt scaling (Platt 1999): the log odds are stretched and shifted by two numbers, fitted to what was said before each
run and how the run ended, with a normal prior around "nothing to correct", so that few runs change little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from airflow_provider_wfintel.engine.monitoring.health.durations import logistic
from airflow_provider_wfintel.engine.monitoring.health.features import log_odds

__all__ = ["Recalibration", "ReliabilityRow", "reliability"]

PRIOR_SHIFT, PRIOR_STRETCH = 0.5, 0.25
"""Standard deviations of the prior of both numbers."""
ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Recalibration:
    """Correction of a probability's log odds: `shift + stretch * log odds`; `runs` is what it was fitted to."""

    shift: float = 0.0
    stretch: float = 1.0
    runs: int = 0

    def apply(self, probability: float) -> float:
        """The corrected probability; the same one, if nothing was fitted."""
        if not self.runs:
            return probability
        return logistic(self.shift + self.stretch * log_odds(probability))

    @classmethod
    def fitted(cls, told: Iterable[tuple[float, bool]]) -> Recalibration:
        """Fit to pairs of the probability that was said before a run, and whether the run was bad (Newton's method)."""
        pairs = [(log_odds(said), float(came)) for said, came in told]
        shift, stretch = 0.0, 1.0
        for _ in range(ROUNDS):
            # Gradient and Hessian of the log posterior, the prior first.
            slope_a, slope_b = -shift / PRIOR_SHIFT**2, -(stretch - 1.0) / PRIOR_STRETCH**2
            aa, ab, bb = 1.0 / PRIOR_SHIFT**2, 0.0, 1.0 / PRIOR_STRETCH**2
            for odds, came in pairs:
                said = logistic(shift + stretch * odds)
                weight = said * (1.0 - said)
                slope_a += came - said
                slope_b += (came - said) * odds
                aa, ab, bb = aa + weight, ab + weight * odds, bb + weight * odds * odds
            solid = aa * bb - ab * ab
            step_a, step_b = (bb * slope_a - ab * slope_b) / solid, (aa * slope_b - ab * slope_a) / solid
            # A step of more than one leaves the region where the parabola fits.
            size = max(1.0, math.hypot(step_a, step_b))
            shift, stretch = shift + step_a / size, stretch + step_b / size
            if abs(step_a) + abs(step_b) < 1e-9:
                break
        return cls(shift, max(0.0, stretch), len(pairs))


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """Runs with similar probabilities: how many, what was said on average, and what share was bad."""

    runs: int
    said: float
    came: float
    low: float
    high: float


def reliability(told: Sequence[tuple[float, bool]], groups: int = 10) -> tuple[ReliabilityRow, ...]:
    """The reliability table of what was said, in groups of equal size by rising probability.

    `low` and `high` bound the 95 % interval of the share (Wilson 1927): where `said` lies outside, the probabilities
    are off by more than chance.
    """
    ordered = sorted(told)
    size = len(ordered)
    rows = []
    for index in range(groups):
        group = ordered[index * size // groups : (index + 1) * size // groups]
        if group:
            bad = sum(came for _, came in group)
            low, high = _wilson(bad, len(group))
            rows.append(ReliabilityRow(len(group), sum(p for p, _ in group) / len(group), bad / len(group), low, high))
    return tuple(rows)


def _wilson(count: int, total: int) -> tuple[float, float]:
    z, share = 1.96, count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)
