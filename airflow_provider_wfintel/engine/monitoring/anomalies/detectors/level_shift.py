"""From one run to the next the duration has another level, and stays there."""

from __future__ import annotations

import math
from dataclasses import dataclass

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Evidence, Reading, clip, log_ratio
from airflow_provider_wfintel.engine.monitoring.anomalies.moment import Lens, Moment
from airflow_provider_wfintel.engine.monitoring.anomalies.move import Move, levels_now
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import median, quantile, spread_of
from airflow_provider_wfintel.engine.monitoring.anomalies.wording import seconds, times

__all__ = ["DETECTOR"]

_LEAST = 0.15
_NEW_RUNS = (4, 5, 6, 7)
_OLD_RUNS, _FEWEST_OLD = 20, 9

NAMES = (
    "over_old_spread", "over_spread", "size", "gap", "full_gap", "began_before", "last_old", "new_spread", "downward",
    "runs", "new_runs", "over_noise", "been_there", "been_there_lately", "longest_stay", "least_new", "over_error",
    "new_range", "weakest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step(Move):
    """A step before the last `runs` runs, with the medians of both sides.

    `lows` and `highs` are the sorted distances of the new and the old runs from the old level, up in the direction of
    the step; `early` and `last` say what share of the step the last old runs, and the very last one, had made.
    """

    lows: tuple[float, ...]
    highs: tuple[float, ...]
    early: float
    last: float

    @property
    def gap(self) -> float:
        """The room between most of the new runs and most of the old ones."""
        return self.lows[1] - quantile(self.highs, 0.85)

    @property
    def separation(self) -> float:
        """The gap, less what had moved before."""
        return self.gap - 0.3 * self.size * (max(0.0, self.early) + max(0.0, self.last))


def best_step(seen: Lens) -> Step | None:
    """The cleanest step among those 4 to 7 runs ago, or None if there is none worth weighing."""
    series = (*seen.past, seen.now)
    found = [step for count in _NEW_RUNS if (step := _step(series, count)) is not None]
    return max(found, key=lambda step: step.separation, default=None)


def _step(series: tuple[float, ...], count: int) -> Step | None:
    if len(series) < count + _FEWEST_OLD:
        return None
    new, old = series[-count:], series[-count - _OLD_RUNS : -count]
    before, after = median(old), median(new)
    if abs(after - before) < _LEAST:
        return None
    sign, size = (1.0 if after > before else -1.0), abs(after - before)
    return Step(
        count,
        before,
        after,
        lows=tuple(sorted(sign * (value - before) for value in new)),
        highs=tuple(sorted(sign * (value - before) for value in old)),
        early=median([sign * (value - before) for value in old[-4:]]) / size,
        last=sign * (old[-1] - before) / size,
    )


def _weigh(step: Step, seen: Lens, runs: int) -> Evidence:
    size, count, lows, series = step.size, step.runs, step.lows, (*seen.past, seen.now)
    rest = spread_of(series[-count - _OLD_RUNS : -count], step.old, 0.02)
    spread = spread_of(series[-count:], step.new, 0.0)
    beyond = [step.sign * (value - step.old) > 0.5 * size for value in series[:-count]]
    return (
        log_ratio(size, rest),
        log_ratio(size, seen.spread),
        math.log(size),
        clip(step.gap / size, -2, 2),
        clip((lows[0] - step.highs[-1]) / size, -2, 2),
        clip(step.early, -0.5, 1),
        clip(step.last, -1, 1),
        clip(spread / size, 0, 2),
        float(step.sign < 0),
        math.log(runs),
        float(count),
        log_ratio(size, rest + seen.spread + 0.5 * seen.wide),
        sum(beyond) / len(beyond),
        sum(beyond[-_OLD_RUNS:]) / len(beyond[-_OLD_RUNS:]),
        _longest(beyond) / count,
        clip(lows[0] / size, -1, 1),
        log_ratio(size, max(spread, rest) / math.sqrt(count) + 0.02),
        clip((lows[-1] - lows[0]) / size, 0, 3),
        min(
            log_ratio(size, 3 * max(rest, seen.spread)),
            log_ratio(size, 0.26),
            log_ratio(step.gap, 0.5 * size),
            log_ratio(1 - max(step.early, step.last), 0.7),
        ),
    )


def _longest(flags: list[bool]) -> int:
    best = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        best = max(best, run)
    return best


def evidence(moment: Moment) -> Evidence | None:
    """How clearly the last runs stand apart from those before, and whether that level is a new one."""
    if moment.duration is None:
        return None
    step = best_step(moment.duration)
    return _weigh(step, moment.duration, moment.runs) if step else None


def read(moment: Moment) -> Reading:
    """Both levels, at the conditions of the present run."""
    step = best_step(moment.duration) if moment.duration else None
    assert step is not None  # noqa: S101 - asked only where there is evidence
    expected, level = levels_now(moment, step)
    # Not of the levels: those of unlikely durations are rounded to nothing.
    ratio = math.exp(min(700.0, step.new - step.old))
    way = "longer" if step.rising else "shorter"
    return Reading(
        "duration",
        level,
        expected,
        f"since {step.runs} runs it takes {seconds(level)}, {times(ratio)} the {seconds(expected)} "
        f"of the runs before: {way}, at once, and lasting",
        runs=step.runs,
        rising=step.rising,
    )


DETECTOR = Detector(
    kind="level_shift",
    names=NAMES,
    evidence=evidence,
    read=read,
    quiet_runs=10,
    family="level",
    rises={"over_old_spread": 1, "size": 1, "gap": 1, "full_gap": 1, "been_there": -1, "been_there_lately": -1,
           "least_new": 1, "weakest": 1, "longest_stay": -1},
)  # fmt: skip
