"""A run that succeeded far too fast: it probably did nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence, Reading, clip, log_ratio
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Lens, Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import median
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import amount, percent, seconds

__all__ = ["DETECTOR"]

_LEAST = 0.35
_GONE = 2.0

NAMES = (
    "over_spread", "over_recent_spread", "over_second_low", "over_wide", "size", "size_without_rows", "over_shortest",
    "half_as_far", "as_far", "runs", "began_before", "over_lowest", "rows_fell", "rows_fell_at_once",
    "shorter_than_rows_say", "rows_been_there", "counting_noise", "weakest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fall:
    """How far the rows fell in log units, and the share of runs that had as few before. Without rows, both are 0."""

    size: float = 0.0
    at_once: float = 0.0
    been_there: float = 0.0
    under_least: float = 0.0
    noise: float = 0.0

    @property
    def unheard_of(self) -> bool:
        """Whether the rows fell to where they never were, so that no line through the past says what to expect."""
        return self.size > _GONE and self.under_least > 0.7


def _fall(moment: Moment) -> _Fall:
    if moment.rows is None:
        return _Fall()
    rows = moment.rows.lens
    return _Fall(
        size=rows.level15 - rows.now,
        at_once=median(rows.past[-3:]) - rows.now,
        been_there=sum(value < rows.now + 0.7 for value in rows.past) / len(rows.past),
        under_least=moment.rows.least - moment.rows.now,
        noise=1 / math.sqrt(max(1.0, math.exp(rows.level15))),
    )


def _sizes(moment: Moment, seen: Lens, fall: _Fall) -> tuple[float, float]:
    """How far under the usual, given the rows where these explain anything, and regardless of them."""
    plain = moment.plain_level - moment.plain
    size = min(seen.level5, seen.level15) - seen.now
    return (max(size, plain) if fall.unheard_of else size), plain


def evidence(moment: Moment) -> Evidence | None:
    """How far the run is below the lower of two recent levels, given its rows and regardless of them."""
    seen = moment.duration
    if seen is None:
        return None
    fall = _fall(moment)
    size, plain = _sizes(moment, seen, fall)
    if max(size, plain) < _LEAST:
        return None
    below = [seen.level15 - value for value in seen.past]
    reach = max(plain if fall.unheard_of else seen.level15 - seen.now, 0.05)
    usual = min(seen.level5, seen.level15)
    positive = max(size, 0.02)
    explained = 0.0 if fall.unheard_of else moment.rows_power * max(0.0, fall.size)
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
        clip(fall.size, -1, 4),
        clip(fall.at_once, -1, 4),
        clip(plain - explained, -1, 4),
        fall.been_there,
        fall.noise,
        min(
            log_ratio(positive, 3 * seen.spread), log_ratio(positive, 1.2), log_ratio(positive, max(seen.lows[1], 0.02))
        ),
    )


def read(moment: Moment) -> Reading:
    """The duration and the usual one, with the rows if they fell as well."""
    seen, observed = moment.duration, moment.point.duration
    assert seen is not None  # noqa: S101 - asked only where there is evidence
    assert observed is not None  # noqa: S101
    size = max(_sizes(moment, seen, _fall(moment)))
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
           "shorter_than_rows_say": 1, "rows_been_there": -1, "weakest": 1},
)  # fmt: skip
