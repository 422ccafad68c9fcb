"""The duration has been creeping for a dozen runs or more and is now clearly elsewhere."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence, Reading, clip, log_ratio
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Lens, Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.move import Move, levels_now
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import median, spread_of
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import seconds, times

__all__ = ["DETECTOR"]

_LEAST = 0.2
_RAMPS = (10, 14, 18, 24, 30)
_END, _BEFORE, _OLD_RUNS = 6, 10, 25
_FEWEST = 25

NAMES = (
    "over_old_spread", "over_spread", "size", "ramp_against_step", "ramp_against_flat", "steady", "downward", "runs",
    "ramp_runs", "end_spread", "ramp_misfit", "step_misfit", "wide", "been_there", "been_near", "largest_jump",
    "over_recent_spread", "weakest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ramp(Move):
    """A ramp over the last `runs` runs from the level `old` to the level `new`, with `part` before it and on it.

    `on_ramp`, `on_step` and `flat` are mean rests, see `_misfits`.
    """

    rest: float
    part: tuple[float, ...]
    on_ramp: float
    on_step: float
    flat: float

    @property
    def misfit(self) -> float:
        """How much worse than a step the ramp fits; under 1 it fits better."""
        return self.on_ramp / (self.on_step + 0.005)


def best_ramp(seen: Lens) -> Ramp | None:
    """The ramp that fits best in comparison with a step, or None if nothing moved."""
    if len(seen.past) < _FEWEST:
        return None
    series = (*seen.past, seen.now)
    found = [ramp for length in _RAMPS if (ramp := _ramp(series, length)) is not None]
    return min(found, key=lambda ramp: ramp.misfit, default=None)


def _ramp(series: tuple[float, ...], length: int) -> Ramp | None:
    if len(series) < length + _BEFORE:
        return None
    old = series[-length - _OLD_RUNS : -length + 1]
    before, after = median(old), median(series[-_END:])
    size = abs(after - before)
    if size < _LEAST:
        return None
    sign = 1.0 if after > before else -1.0
    part = tuple(sign * (value - before) for value in series[-length - _BEFORE :])
    return Ramp(length, before, after, spread_of(old, before, 0.02), part, *_misfits(part, length, size))


def _weigh(ramp: Ramp, seen: Lens, runs: int) -> Evidence:
    size, third, series = ramp.size, ramp.runs // 3, (*seen.past, seen.now)
    on = ramp.part[-ramp.runs :]
    first, second, last = median(on[:third]), median(on[third : 2 * third]), median(on[2 * third :])
    earlier = [ramp.sign * (value - ramp.old) for value in series[: -ramp.runs]]
    return (
        log_ratio(size, ramp.rest),
        log_ratio(size, seen.spread),
        math.log(size),
        log_ratio(ramp.misfit),
        log_ratio(ramp.on_ramp, ramp.flat + 0.005),
        clip(min(first, second - first, last - second) / size, -1, 1),
        float(ramp.sign < 0),
        math.log(runs),
        ramp.runs / 30,
        clip(spread_of(series[-_END:], ramp.new, 0.0) / size, 0, 2),
        log_ratio(ramp.on_ramp + 0.005, size),
        log_ratio(ramp.on_step + 0.005, size),
        clip(seen.wide / size, 0, 2),
        sum(value > 0.5 * size for value in earlier) / len(earlier),
        sum(value > 0.75 * size for value in earlier) / len(earlier),
        clip(_largest_jump(ramp.part) / size, 0, 1.5),
        log_ratio(size, seen.spread20),
        min(
            log_ratio(size, 4 * max(ramp.rest, seen.spread)),
            log_ratio(size, 0.33),
            log_ratio(0.8 * ramp.on_step, max(ramp.on_ramp, 1e-9)),
        ),
    )


def _misfits(part: tuple[float, ...], length: int, size: float) -> tuple[float, float, float]:
    """Mean absolute rests, each at most 0.6 of the size, of a ramp, of the best single step, of one level."""
    import numpy as np

    values = np.asarray(part)
    count, most = len(part), 0.6 * size
    places = np.arange(count)
    ramp = size * np.clip((places - _BEFORE + 1) / length, 0, 1)
    on_ramp = float(np.minimum(np.abs(values - ramp), most).mean())
    low, high = np.minimum(np.abs(values), most), np.minimum(np.abs(values - size), most)
    # The rest of a step before place c: the low rests up to c and the high ones from c.
    sums = np.concatenate([[0.0], np.cumsum(low)])[: count + 1] + np.concatenate([np.cumsum(high[::-1])[::-1], [0.0]])
    on_step = float(sums[_BEFORE - 1 : count - 4].min()) / count
    flat = float(np.minimum(np.abs(values - median(part)), most).mean())
    return on_ramp, on_step, flat


def _largest_jump(part: tuple[float, ...]) -> float:
    smooth = [median(part[index - 2 : index + 1]) for index in range(_BEFORE - 3, len(part))]
    return max(b - a for a, b in itertools.pairwise(smooth))


def evidence(moment: Moment) -> Evidence | None:
    """How far the level crept, how steadily, and whether a ramp says it better than a step or nothing."""
    if moment.duration is None:
        return None
    ramp = best_ramp(moment.duration)
    return _weigh(ramp, moment.duration, moment.runs) if ramp else None


def read(moment: Moment) -> Reading:
    """Both levels, at the conditions of the present run."""
    ramp = best_ramp(moment.duration) if moment.duration else None
    assert ramp is not None  # noqa: S101 - asked only where there is evidence
    expected, level = levels_now(moment, ramp)
    way = "up" if ramp.rising else "down"
    return Reading(
        "duration",
        level,
        expected,
        f"crept {way} over the last {ramp.runs} runs from {seconds(expected)} to {seconds(level)}, "
        f"{times(level / expected)} as long",
        runs=ramp.runs,
        rising=ramp.rising,
    )


DETECTOR = Detector(
    kind="drift",
    names=NAMES,
    evidence=evidence,
    read=read,
    quiet_runs=14,
    family="level",
    rises={"over_old_spread": 1, "size": 1, "ramp_against_step": -1, "ramp_against_flat": -1, "steady": 1,
           "been_there": -1, "been_near": -1, "largest_jump": -1, "weakest": 1},
)  # fmt: skip
