"""One run seen against everything before it. Detectors get a `Moment` and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.monitoring.anomalies.baseline import FLOOR, Calendar, adjust
from airflow_provider_wfintel.engine.monitoring.anomalies.history import History, log_duration, log_rows, season_key
from airflow_provider_wfintel.engine.monitoring.anomalies.points import RunPoint
from airflow_provider_wfintel.engine.monitoring.anomalies.robust import (
    local_medians,
    median,
    quantile,
    spread_of,
)
from airflow_provider_wfintel.engine.monitoring.anomalies.run_calendar import Slot

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FEWEST_RUNS", "Delays", "Expectancy", "Lens", "Moment", "Rows", "look"]

FEWEST_RUNS = 8
"""Runs before the first judgement: with fewer, a median and a spread say nothing."""

_SEEN = 60
_ROW_SEASON_SD = 0.5
_SEASON_SD = 0.15


@dataclass(frozen=True, slots=True)
class Lens:
    """A quantity against its adjusted history, in log units (0.1 is about a tenth).

    `past` holds at most 60 runs, oldest first, without the one that is looked at. `level5`, `level15` and `level30`
    are medians of its end; `spread` and `spread20` robust standard deviations around the local median, `wide` the
    size that one rest in ten exceeds; `highs` and `lows` the two largest rests up and down.
    """

    now: float
    past: tuple[float, ...]
    level5: float
    level15: float
    level30: float
    spread: float
    spread20: float
    wide: float
    highs: tuple[float, float]
    lows: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, without the calendar (`lens`) and as they are; `steps` is the spread from one run to the next.

    `least` is the least of all runs before; `same_slot` and `same_slot_least` are median and least of the runs of the
    same season, if there were any.
    """

    lens: Lens
    now: float
    level: float
    steps: float
    least: float
    same_slot: float | None
    same_slot_least: float | None


@dataclass(frozen=True, slots=True)
class Delays:
    """The start delay in seconds against those before: longest, exceeded by one in ten, middle."""

    now: float
    longest: float
    wide: float
    middle: float


@dataclass(frozen=True, slots=True)
class Expectancy:
    """How often slots like this one had a run before: share of the season, of all slots, and how many were seen."""

    season_share: float
    season_slots: int
    share: float
    slots: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A slot with all that is known at that time. `duration` is None while there are too few runs, or without one.

    `plain` and `plain_level` are the duration and its usual level before rows explain any of it; `rows_power` is the
    power with which the duration follows the rows.
    """

    point: RunPoint
    slot: Slot
    cadence: str
    runs: int
    expectancy: Expectancy
    month_ends_seen: int = 0
    duration: Lens | None = None
    plain: float = 0.0
    plain_level: float = 0.0
    rows_power: float = 0.0
    rows: Rows | None = None
    delays: Delays | None = None


def look(history: History, point: RunPoint, slot: Slot, *, cadence: str, seasons: int) -> Moment:
    """See the point against the history, which does not contain it."""
    season = season_key(slot)
    seen = history.season_slots.get(season, 0)
    expectancy = Expectancy(
        season_share=history.season_runs.get(season, 0) / seen if seen else 0.0,
        season_slots=seen,
        share=history.slots_run / history.slots if history.slots else 0.0,
        slots=history.slots,
    )
    if not point.ran or len(history) < FEWEST_RUNS:
        return Moment(point, slot, cadence, len(history), expectancy)
    delays = _delays(history, point)
    if point.duration is None:
        return Moment(point, slot, cadence, len(history), expectancy, delays=delays)
    return _look_at_run(
        history, point, slot, Moment(point, slot, cadence, len(history), expectancy, delays=delays), seasons
    )


def _look_at_run(history: History, point: RunPoint, slot: Slot, bare: Moment, seasons: int) -> Moment:
    import numpy as np

    calendar = Calendar(history.seasons, history.month_ends, history.holidays, slot, seasons)
    durations = np.asarray(history.durations)
    known = point.rows is not None and all(value is not None for value in history.rows)
    rows = np.asarray(history.rows, dtype=float) if known else None
    now_rows = log_rows(point.rows) if point.rows is not None else 0.0
    assert point.duration is not None  # noqa: S101 - the caller has looked
    seen = adjust(
        durations,
        log_duration(point.duration),
        calendar,
        season_sd=_SEASON_SD,
        covariate=None if rows is None else (rows, now_rows),
    )
    return Moment(
        point,
        slot,
        bare.cadence,
        bare.runs,
        bare.expectancy,
        month_ends_seen=sum(history.month_ends),
        duration=_lens(seen.past, seen.now),
        plain=seen.plain_now,
        plain_level=median(seen.plain_past[-15:].tolist()),
        rows_power=seen.slope,
        rows=_rows(rows, now_rows, calendar) if rows is not None else _late_rows(history, point, calendar),
        delays=bare.delays,
    )


def _late_rows(history: History, point: RunPoint, calendar: Calendar) -> Rows | None:
    """The rows against those of the last runs, where the first ones reported none; None if they are too few."""
    import numpy as np

    first = next((place for place, value in enumerate(reversed(history.rows)) if value is None), len(history.rows))
    if point.rows is None or first < FEWEST_RUNS:
        return None
    begin = len(history.rows) - first
    parts = (calendar.seasons[begin:], calendar.month_ends[begin:], calendar.holidays[begin:])
    last = Calendar(*parts, calendar.now, calendar.season_count)
    return _rows(np.asarray(history.rows[begin:], dtype=float), log_rows(point.rows), last)


def _lens(past: NDArray[Any], now: float) -> Lens:
    import numpy as np

    rests = (past - local_medians(past, 7))[-_SEEN:]
    ordered = np.sort(rests).tolist()
    sizes = np.abs(rests).tolist()
    kept = past[-_SEEN:].tolist()
    return Lens(
        now=now,
        past=tuple(kept),
        level5=median(kept[-5:]),
        level15=median(kept[-15:]),
        level30=median(kept[-30:]),
        spread=spread_of(sizes, 0.0, FLOOR),
        spread20=spread_of(sizes[-20:], 0.0, FLOOR),
        wide=quantile(sorted(sizes), 0.9),
        highs=(ordered[-1], ordered[-2]),
        lows=(-ordered[0], -ordered[1]),
    )


def _rows(rows: NDArray[Any], now: float, calendar: Calendar) -> Rows:
    import numpy as np

    seen = adjust(rows, now, calendar, season_sd=_ROW_SEASON_SD, covariate=None)
    same = rows[np.asarray(calendar.seasons) == calendar.now.season].tolist()
    steps = np.abs(np.diff(seen.past[-_SEEN - 1 :])).tolist()
    return Rows(
        lens=_lens(seen.past, seen.now),
        now=now,
        level=median(rows[-30:].tolist()),
        steps=spread_of(steps, 0.0, 0.03),
        least=float(rows.min()),
        same_slot=median(same) if len(same) > 1 else None,
        same_slot_least=min(same) if same else None,
    )


def _delays(history: History, point: RunPoint) -> Delays | None:
    past = sorted(value for value in history.delays[-80:] if value is not None)
    if point.delay is None or len(past) < FEWEST_RUNS:
        return None
    return Delays(point.delay, past[-1], quantile(past, 0.9), median(past))
