"""Durations scatter far more than they used to, around the same level."""

from __future__ import annotations

import itertools
import math

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence, Reading, clip, log_ratio
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Lens, Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import MAD_TO_SIGMA, local_medians, median, quantile
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import percent, times

__all__ = ["DETECTOR"]

_NEW_RUNS = 8
_HALF_WINDOW = 4
_FEWEST_OLD = 12
_LEAST_RATIO = 1.5

NAMES = (
    "ratio", "ratio_of_quartiles", "spread", "far", "very_far", "far_before", "balance", "shift", "runs",
    "largest_over_before", "far_without_largest", "over_worst_stretch", "turns",
)  # fmt: skip


def _rests(seen: Lens) -> tuple[list[float], list[float]]:
    """Distances from the old level: of the last runs, and of those before from their own running level."""
    import numpy as np

    past = (*seen.past, seen.now)
    old = list(past[:-_NEW_RUNS])
    level = median(old[-20:])
    running = local_medians(np.asarray(old), _HALF_WINDOW).tolist()
    for index in (*range(_HALF_WINDOW), *range(len(old) - _HALF_WINDOW, len(old))):
        running[index] = median(old[max(0, index - _HALF_WINDOW) : index + _HALF_WINDOW + 1])
    before = [value - middle for value, middle in zip(old, running, strict=True)]
    return [value - level for value in past[-_NEW_RUNS:]], before


def evidence(moment: Moment) -> Evidence | None:
    """The scatter of the last eight runs against all scatter before, its worst stretch included."""
    seen = moment.duration
    if seen is None or len(seen.past) < _NEW_RUNS + _FEWEST_OLD:
        return None
    new, old = _rests(seen)
    sizes, before = [abs(value) for value in new], [abs(value) for value in old]
    usual = max(0.02, MAD_TO_SIGMA * median(before))
    spread = max(0.001, MAD_TO_SIGMA * median(sizes))
    if spread < _LEAST_RATIO * usual:
        return None
    ordered = sorted(sizes)
    stretches = [median(before[index : index + _NEW_RUNS]) for index in range(len(before) - _NEW_RUNS + 1)]
    turns = sum(a * b < 0 for a, b in itertools.pairwise(new))
    return (
        math.log(spread / usual),
        log_ratio(quantile(ordered, 0.75), max(0.02, quantile(sorted(before), 0.75))),
        math.log(spread),
        float(sum(value > 2.5 * usual for value in sizes)),
        float(sum(value > 4 * usual for value in sizes)),
        sum(value > 2.5 * usual for value in before) / len(before),
        abs(sum(value > 0 for value in new) / _NEW_RUNS - 0.5),
        clip(abs(median(new)) / spread, 0, 2),
        math.log(moment.runs),
        log_ratio(ordered[-1], max(max(before), 0.02)),
        log_ratio(ordered[-2], usual),
        log_ratio(spread, MAD_TO_SIGMA * max(stretches) + 0.01),
        float(turns),
    )


def read(moment: Moment) -> Reading:
    """The usual distance from the level, then and now, as shares of the duration."""
    seen = moment.duration
    assert seen is not None  # noqa: S101 - asked only where there is evidence
    new, old = _rests(seen)
    now = math.expm1(median([abs(value) for value in new]))
    usual = math.expm1(max(0.0135, median([abs(value) for value in old])))
    return Reading(
        "duration",
        moment.point.duration,
        None,
        f"the last {_NEW_RUNS} runs are {percent(now)} off their level, {times(now / usual)} the {percent(usual)} "
        "of the runs before",
        runs=_NEW_RUNS,
    )


DETECTOR = Detector(
    kind="variance",
    names=NAMES,
    evidence=evidence,
    read=read,
    quiet_runs=14,
    family="variance",
    rises={"ratio": 1, "ratio_of_quartiles": 1, "far": 1, "very_far": 1, "far_before": -1, "shift": -1,
           "over_worst_stretch": 1, "turns": 1},
)  # fmt: skip
