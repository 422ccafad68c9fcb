"""Are the quantiles right? They are moved to where past finishes of this DAG fell.

For each stage of a run the place of the finish in the forecast distribution is remembered (its probability integral
transform). If the forecasts are right those places are uniform; if not, the quantiles that were right in the past
are taken instead, shrunk towards the nominal ones by the number of past runs (Kuleshov, Fenner and Ermon 2018 call it
calibrated regression). Beyond that the outer levels are widened for the finite number of scenarios, as split
conformal prediction does (Vovk et al. 2005).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GRID", "calibrated_levels", "place", "stage", "weighted_quantiles"]

GRID = tuple(round(0.02 + 0.04 * i, 2) for i in range(25))
"""Levels at which a forecast is remembered until the run is over."""
PRIOR_RUNS = 30.0
MOST_PLACES = 80
STAGES = 4


def stage(finished: int, tasks: int) -> int:
    """0 before any task is over, then 1, 2, 3 for the thirds of the run."""
    return 0 if finished == 0 else 1 + min(STAGES - 2, 3 * finished // tasks)


def weighted_quantiles(values: NDArray[Any], weight: NDArray[Any], levels: Sequence[float]) -> list[float]:
    """Quantiles of weighted values, interpolated between the middles of the weights."""
    import numpy as np

    order = np.argsort(values)
    share = weight[order]
    middle = (np.cumsum(share) - 0.5 * share) / share.sum()
    return [float(value) for value in np.interp(levels, middle, values[order])]


def calibrated_levels(places: Sequence[float], weight: NDArray[Any]) -> tuple[float, float]:
    """The levels of the forecast distribution to be given out as 10 % and 90 %."""
    low, high = 0.1, 0.9
    if places:
        import numpy as np

        trust = len(places) / (len(places) + PRIOR_RUNS)
        seen_low, seen_high = np.quantile(places, [0.1, 0.9])
        low = trust * float(seen_low) + (1.0 - trust) * low
        high = trust * float(seen_high) + (1.0 - trust) * high
    effective = float(weight.sum()) ** 2 / float((weight**2).sum())
    # Between values at the middles of their weights, the conformal rank p (n + 1) lies (p - 1/2) / n further out.
    return max(0.0, low - (0.5 - low) / effective), min(1.0, high + (high - 0.5) / effective)


def place(grid: Sequence[float], value: float) -> float:
    """Where a value falls among quantiles at the levels of `GRID`, as a level."""
    index = bisect_left(grid, value)
    if index == 0:
        return 0.0
    if index == len(grid):
        return 1.0
    below, above = grid[index - 1], grid[index]
    inside = 0.5 if above <= below else (value - below) / (above - below)
    return GRID[index - 1] + inside * (GRID[index] - GRID[index - 1])
