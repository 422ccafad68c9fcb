"""One run that took far longer than usual, also for its weekday, its rows and a month's end."""

from __future__ import annotations

import math

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence, Reading, clip, log_ratio
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import seconds, times

__all__ = ["DETECTOR"]

_LEAST = 0.25
"""Under a factor of e^0.25 (28 % longer) nobody calls it a spike."""

NAMES = (
    "over_spread", "over_recent_spread", "over_second_high", "over_wide", "size", "over_longest", "half_as_far",
    "as_far", "month_end", "month_ends_seen", "runs", "began_before", "over_highest", "retried", "lows", "calendar",
    "rising", "weakest", "outliers_before",
)  # fmt: skip


def evidence(moment: Moment) -> Evidence | None:
    """How far the run is above the highest of three recent levels, by several measures of what is usual."""
    seen = moment.duration
    if seen is None:
        return None
    usual = max(seen.level5, seen.level15, seen.level30)
    size = seen.now - usual
    if size < _LEAST:
        return None
    above = [value - seen.level15 for value in seen.past]
    reach = seen.now - seen.level15
    return (
        log_ratio(size, seen.spread),
        log_ratio(size, seen.spread20),
        log_ratio(size, max(seen.highs[1], 0.02)),
        log_ratio(size, max(seen.wide, 0.02)),
        math.log(size),
        clip(size / max(max(above), 0.05), 0, 3),
        sum(value > 0.5 * reach for value in above) / len(above),
        sum(value > 0.75 * reach for value in above) / len(above),
        float(moment.slot.month_end),
        float(moment.slot.month_end * min(3, moment.month_ends_seen)),
        math.log(moment.runs),
        clip((max(seen.past[-2:]) - usual) / size, 0, 1),
        log_ratio(size, max(seen.highs[0], 0.02)),
        float(moment.point.try_number > 1),
        clip(-min(above) / size, 0, 2),
        clip((moment.plain - seen.now) / size, -1, 1),
        clip((seen.level5 - seen.level30) / size, -1, 1),
        # What is large by one measure only is none: the least of three has a say of its own.
        min(log_ratio(size, 4 * seen.spread), log_ratio(size, 0.4), log_ratio(size, max(1.1 * seen.highs[1], 0.02))),
        sum(abs(value) > 4 * seen.spread for value in above) / len(above),
    )


def read(moment: Moment) -> Reading:
    """The duration and what it would have been at the usual level."""
    seen, observed = moment.duration, moment.point.duration
    assert seen is not None  # noqa: S101 - asked only where there is evidence
    assert observed is not None  # noqa: S101
    usual = max(seen.level5, seen.level15, seen.level30)
    expected = observed * math.exp(usual - seen.now)
    longest = seconds(expected * math.exp(max(seen.past) - usual))
    return Reading(
        "duration",
        observed,
        expected,
        f"took {seconds(observed)}, {times(observed / expected)} the usual {seconds(expected)}; "
        f"the longest of the {len(seen.past)} runs before would have taken {longest}",
    )


DETECTOR = Detector(
    kind="spike",
    names=NAMES,
    evidence=evidence,
    read=read,
    quiet_runs=3,
    family="spike",
    rises={"over_spread": 1, "over_recent_spread": 1, "over_wide": 1, "size": 1, "over_longest": 1, "half_as_far": -1,
           "as_far": -1, "month_end": -1, "weakest": 1},
)  # fmt: skip
