"""A run that succeeded far too fast: it probably did nothing."""

from __future__ import annotations

import math

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence, Reading, clip, log_ratio
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Lens, Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import amount, percent, seconds

__all__ = ["DETECTOR"]

_LEAST = 0.35

NAMES = (
    "over_spread", "over_recent_spread", "over_second_low", "over_wide", "size", "size_without_rows", "over_shortest",
    "half_as_far", "as_far", "runs", "began_before", "over_lowest", "rows_fell", "rows_gone", "rows_fell_at_once",
    "shorter_than_rows_say", "rows_been_there", "counting_noise",
)  # fmt: skip


def _sizes(moment: Moment, seen: Lens) -> tuple[float, float]:
    return min(seen.level5, seen.level15) - seen.now, moment.plain_level - moment.plain


def evidence(moment: Moment) -> Evidence | None:
    """How far the run is below the lower of two recent levels, given its rows and regardless of them."""
    seen = moment.duration
    if seen is None:
        return None
    size, plain = _sizes(moment, seen)
    if max(size, plain) < _LEAST:
        return None
    below = [seen.level15 - value for value in seen.past]
    reach = max(seen.level15 - seen.now, 0.05)
    usual = min(seen.level5, seen.level15)
    rows = moment.rows.lens if moment.rows else None
    fell = rows.level15 - rows.now if rows else 0.0
    at_once = sorted(rows.past[-3:])[1] - rows.now if rows else 0.0
    positive = max(size, 0.02)
    return (
        log_ratio(positive, seen.spread),
        log_ratio(positive, seen.spread20),
        log_ratio(positive, max(seen.lows[1], 0.02)),
        log_ratio(positive, max(seen.wide, 0.02)),
        clip(size, -1, 4),
        clip(plain, -1, 4),
        clip(size / max(max(below), 0.05), 0, 4),
        sum(value > 0.5 * reach for value in below) / len(below),
        sum(value > 0.75 * reach for value in below) / len(below),
        math.log(moment.runs),
        clip((usual - min(seen.past[-2:])) / max(size, 0.1), 0, 1),
        log_ratio(positive, max(seen.lows[0], 0.02)),
        clip(fell, -1, 4),
        float(fell > 2.5),
        clip(at_once, -1, 4),
        # The line is followed all the way here: a DAG without input may well take no time.
        clip(plain - moment.rows_power * max(0.0, fell), -1, 4),
        sum(value < rows.now + 0.7 for value in rows.past) / len(rows.past) if rows else 0.0,
        1 / math.sqrt(max(1.0, math.exp(rows.level15))) if rows else 0.0,
    )


def read(moment: Moment) -> Reading:
    """The duration and the usual one, with the rows if they fell as well."""
    seen, observed = moment.duration, moment.point.duration
    assert seen is not None  # noqa: S101 - asked only where there is evidence
    assert observed is not None  # noqa: S101
    size = max(_sizes(moment, seen))
    expected = observed * math.exp(size)
    reason = f"succeeded after {seconds(observed)}, {percent(math.exp(-size))} of the usual {seconds(expected)}"
    if moment.rows and moment.point.rows is not None and moment.rows.level - moment.rows.now > 1:
        reason += f", with {amount(moment.point.rows)} rows instead of about {amount(math.expm1(moment.rows.level))}"
    return Reading("duration", observed, expected, reason + ": it may have done nothing", rising=False)


DETECTOR = Detector(
    kind="too_short",
    names=NAMES,
    evidence=evidence,
    read=read,
    quiet_runs=3,
    family="too_short",
    rises={"over_spread": 1, "size": 1, "over_shortest": 1, "half_as_far": -1, "as_far": -1, "over_lowest": 1,
           "shorter_than_rows_say": 1, "rows_been_there": -1},
)  # fmt: skip
