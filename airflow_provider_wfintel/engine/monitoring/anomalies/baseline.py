"""What calendar and data explain of a quantity: season, month end, holiday and, for durations, the rows.

One small regression on logarithms, refitted at every run: robust (weights of a Student law with four degrees of
freedom, iterated; Lange, Little and Taylor 1989), with a normal prior on every effect, so that an effect nobody has
seen yet has its usual size and a season seen once is believed a little. Level shifts and drifts do not enter: the
regression sees differences from the local median.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.anomalies.robust import MAD_TO_SIGMA, local_medians, median
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import Slot

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Adjusted", "Calendar", "adjust"]

FLOOR = 0.02
"""A spread under two in a hundred is rounding, not rest."""

_HALF_WINDOW = 7
_ROUNDS = 3
_FREEDOM = 4.0
_MOST_COVARIATE = 1.5
"""Rows explain a duration within a factor of e^1.5 of the usual; beyond that the line is extrapolation."""

# Priors in log units (mean, standard deviation): an effect of rows with power 0.3, a month end half heavier.
_ROWS_PRIOR = (0.3, 0.3)
_MONTH_END_PRIOR = (0.45, 0.3)
_HOLIDAY_PRIOR = (0.0, 0.3)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar facts of the runs of a history, oldest first, and of the run that is looked at."""

    seasons: Sequence[int]
    month_ends: Sequence[bool]
    holidays: Sequence[bool]
    now: Slot
    season_count: int


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A quantity without what calendar and covariate explain, in log units.

    `past` and `now` are fully adjusted; `plain_past` and `plain_now` keep the covariate's effect in. `slope` is the
    power with which the quantity follows the covariate.
    """

    past: NDArray[Any]
    now: float
    plain_past: NDArray[Any]
    plain_now: float
    slope: float = 0.0


def adjust(
    values: NDArray[Any],
    now: float,
    calendar: Calendar,
    *,
    season_sd: float,
    covariate: tuple[NDArray[Any], float] | None,
) -> Adjusted:
    """Take out of `values` and `now` what calendar and covariate explain.

    Args:
        values: logarithms of the past runs, oldest first.
        now: the logarithm of the run that is looked at; it takes no part in the fit.
        calendar: the calendar facts of all of them.
        season_sd: how far seasons usually lie from the mean, in log units.
        covariate: past and present value of what else explains the quantity (log rows), if known.
    """
    import numpy as np

    differences = values - local_medians(values, _HALF_WINDOW)
    count = calendar.season_count
    first = 1 if covariate is not None else 0
    width = first + (count if count > 1 else 0) + 2
    design = np.zeros((len(values), width))
    row = np.zeros(width)
    usual = 0.0
    if covariate is not None:
        past, present = covariate
        design[:, 0] = np.clip(past - local_medians(past, _HALF_WINDOW), -_MOST_COVARIATE, _MOST_COVARIATE)
        usual = median(past[-30:].tolist())
        row[0] = min(_MOST_COVARIATE, max(-_MOST_COVARIATE, present - usual))
    if count > 1:
        design[np.arange(len(values)), first + np.asarray(calendar.seasons)] = 1
        row[first + calendar.now.season] = 1
    design[:, -2], row[-2] = calendar.month_ends, calendar.now.month_end
    design[:, -1], row[-1] = calendar.holidays, calendar.now.holiday
    means, deviations = _priors(width, first, season_sd)
    effects = _fit(design, differences, means, deviations)
    plain_past = values - design[:, first:] @ effects[first:]
    plain_now = now - float(row[first:] @ effects[first:])
    if covariate is None:
        return Adjusted(plain_past, plain_now, plain_past, plain_now)
    moved = np.clip(covariate[0] - usual, -_MOST_COVARIATE, _MOST_COVARIATE)
    slope = float(effects[0])
    return Adjusted(plain_past - slope * moved, plain_now - slope * float(row[0]), plain_past, plain_now, slope)


def _priors(width: int, first: int, season_sd: float) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    means, deviations = np.zeros(width), np.full(width, season_sd)
    if first:
        means[0], deviations[0] = _ROWS_PRIOR
    means[-2], deviations[-2] = _MONTH_END_PRIOR
    means[-1], deviations[-1] = _HOLIDAY_PRIOR
    return means, deviations


def _fit(design: NDArray[Any], target: NDArray[Any], means: NDArray[Any], deviations: NDArray[Any]) -> NDArray[Any]:
    """The most probable effects under the priors and a Student law of the rest."""
    import numpy as np

    precision = 1.0 / deviations**2
    prior = np.diag(precision)
    rest, weights = target, np.ones(len(target))
    effects = means
    for step in range(_ROUNDS):
        variance = max(FLOOR, MAD_TO_SIGMA * median(np.abs(rest).tolist())) ** 2
        if step:
            weights = (_FREEDOM + 1.0) / (_FREEDOM + rest**2 / variance)
        weighted = design * (weights / variance)[:, None]
        effects = np.linalg.solve(weighted.T @ design + prior, weighted.T @ target + precision * means)
        rest = target - design @ effects
    return effects
