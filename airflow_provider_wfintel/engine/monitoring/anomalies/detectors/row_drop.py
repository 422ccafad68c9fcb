"""A run that wrote far fewer rows than such runs do, although it worked as long as ever."""

from __future__ import annotations

import math

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence, Reading, clip, log_ratio
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import median
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import amount, percent

__all__ = ["DETECTOR"]

_LEAST = 0.4

NAMES = (
    "over_spread", "size", "over_least", "over_second_least", "size_in_season", "below_same_slot",
    "below_least_of_slot", "no_same_slot", "counting_noise", "duration_should_fall", "longer_than_rows_say",
    "longer_than_usual", "fell_at_once", "fell_at_once_over_steps", "under_recent_least",
    "under_recent_least_over_steps", "spread", "steps",
    "rows_left_no_trace", "weakest",
)  # fmt: skip


def evidence(moment: Moment) -> Evidence | None:
    """How far the rows are under the lower of two levels, and whether the duration knows of it."""
    rows, duration = moment.rows, moment.duration
    if rows is None or duration is None:
        return None
    seen = rows.lens
    usual = min(seen.level15, seen.level30)
    size = usual - seen.now
    if size < _LEAST:
        return None
    ordered = sorted(seen.past)
    recent = seen.past[-3:]
    at_once, under = median(recent) - seen.now, min(recent) - seen.now
    raw = rows.level - rows.now
    longer = duration.now - duration.level15
    return (
        log_ratio(size, seen.spread),
        math.log(size),
        clip(size / max(usual - ordered[0], 0.1), 0, 4),
        clip(size / max(usual - ordered[1], 0.1), 0, 4),
        clip(raw, -1, 4),
        clip(rows.same_slot - rows.now if rows.same_slot is not None else raw, -1, 4),
        clip(rows.same_slot_least - rows.now if rows.same_slot_least is not None else 0.0, -1, 3),
        float(rows.same_slot is None),
        1 / math.sqrt(max(1.0, math.exp(seen.level15))),
        clip(moment.rows_power * size / duration.spread, -2, 20),
        clip(longer / duration.spread, -3, 20),
        clip((moment.plain - moment.plain_level) / duration.spread, -6, 3),
        log_ratio(at_once),
        log_ratio(at_once, rows.steps),
        clip(under, -1, 4),
        clip(under / rows.steps, -2, 10),
        seen.spread,
        rows.steps,
        clip(min(moment.rows_power * size, longer) / duration.spread, -3, 20),
        min(log_ratio(size, 4 * seen.spread), log_ratio(size, 0.7), log_ratio(under, 0.5), log_ratio(raw, 0.7)),
    )


def read(moment: Moment) -> Reading:
    """The rows and how many such runs write."""
    rows, observed = moment.rows, moment.point.rows
    assert rows is not None  # noqa: S101 - asked only where there is evidence
    assert observed is not None  # noqa: S101
    expected = math.exp(rows.now + min(rows.lens.level15, rows.lens.level30) - rows.lens.now) - 1
    share = (observed + 1) / (expected + 1)
    return Reading(
        "rows",
        observed,
        expected,
        f"wrote {amount(observed)} rows, {percent(share)} of the usual {amount(expected)}, in the time of a usual run",
        rising=False,
    )


DETECTOR = Detector(
    kind="row_drop",
    names=NAMES,
    evidence=evidence,
    read=read,
    quiet_runs=3,
    family="row_drop",
    rises={"over_spread": 1, "size": 1, "over_least": 1, "over_second_least": 1, "below_same_slot": 1,
           "below_least_of_slot": 1, "longer_than_rows_say": 1, "fell_at_once": 1, "under_recent_least": 1,
           "rows_left_no_trace": 1, "weakest": 1},
)  # fmt: skip
