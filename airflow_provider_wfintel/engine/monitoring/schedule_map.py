"""When runs are at work in the week, and which DAGs usually start at the same time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

__all__ = ["SLOT_MINUTES", "Collision", "HourCell", "RunSpan", "ScheduleMap", "schedule_map"]

SLOT_MINUTES = 5
"""Starts within the same five minutes count as one moment."""
_USUAL = 0.5
"""Share of a DAG's days with runs on which it starts in a slot for that to be its usual time."""
_LEAST_DAYS = 3
_MOST_COLLISIONS = 50


@dataclass(frozen=True, slots=True)
class RunSpan:
    """When a run was due, and when it was at work. `end` is None while it runs."""

    dag_id: str
    due: datetime
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of the week.

    Attributes:
        weekday: 0 is Monday.
        hour: of the wall clock.
        runs: runs that became due in it, over all weeks.
        at_work: runs that were at work at once, mean over the hour and the weeks.
    """

    weekday: int
    hour: int
    runs: int
    at_work: float


@dataclass(frozen=True, slots=True)
class Collision:
    """DAGs that usually become due at the same time of day, given as `HH:MM`, and the runs that did."""

    at: str
    dag_ids: tuple[str, ...]
    runs: int


@dataclass(frozen=True, slots=True)
class ScheduleMap:
    """All 168 hours of the week from Monday 00:00, and the collisions, those of most DAGs first."""

    cells: tuple[HourCell, ...]
    collisions: tuple[Collision, ...]


def schedule_map(runs: Iterable[RunSpan], *, since: datetime, until: datetime, zone: str = "UTC") -> ScheduleMap:
    """Sum runs by the hours of the week.

    Args:
        runs: runs that became due in the time looked at; moments with offset.
        since: where the time looked at begins.
        until: where it ends; what still runs ends then.
        zone: IANA name of the zone whose hours and days count.
    """
    clock = ZoneInfo(zone)
    found = list(runs)
    due: Counter[tuple[int, int]] = Counter()
    worked: dict[tuple[int, int], float] = defaultdict(float)
    for run in found:
        at = run.due.astimezone(clock)
        due[at.weekday(), at.hour] += 1
        for cell, seconds in _hours_of(run, until, clock):
            worked[cell] += seconds
    hours = _seconds_looked_at(since, until, clock)
    cells = tuple(
        HourCell(day, hour, due[day, hour], worked[day, hour] / hours[day, hour] if hours[day, hour] else 0.0)
        for day in range(7)
        for hour in range(24)
    )
    return ScheduleMap(cells, _collisions(found, clock))


def _hours_of(run: RunSpan, until: datetime, clock: ZoneInfo) -> Iterable[tuple[tuple[int, int], float]]:
    """The hours of the week that a run worked in, with its seconds there."""
    return _pieces(run.start, min(run.end or until, until), clock)


def _pieces(begin: datetime, end: datetime, clock: ZoneInfo) -> Iterable[tuple[tuple[int, int], float]]:
    # In UTC, so that an hour is 3600 seconds also where the clock changes; offsets are whole quarters of an hour.
    now, end = begin.astimezone(timezone.utc), end.astimezone(timezone.utc)
    while now < end:
        here = now.astimezone(clock)
        left = 3600.0 - (here.minute * 60 + here.second + here.microsecond / 1e6)
        after = min(end, now + timedelta(seconds=max(left, 1e-3)))
        yield (here.weekday(), here.hour), (after - now).total_seconds()
        now = after


def _seconds_looked_at(since: datetime, until: datetime, clock: ZoneInfo) -> dict[tuple[int, int], float]:
    """How many seconds of each hour of the week lie in the time looked at."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    for cell, seconds in _pieces(since, until, clock):
        found[cell] += seconds
    return found


def _collisions(runs: list[RunSpan], clock: ZoneInfo) -> tuple[Collision, ...]:
    days: dict[str, set[object]] = defaultdict(set)
    starts: dict[str, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    counts: Counter[tuple[str, str]] = Counter()
    for run in runs:
        at = run.due.astimezone(clock)
        slot = f"{at.hour:02d}:{at.minute - at.minute % SLOT_MINUTES:02d}"
        days[run.dag_id].add(at.date())
        starts[slot][run.dag_id].add(at.date())
        counts[slot, run.dag_id] += 1
    found = []
    for slot, dags in starts.items():
        usual = sorted(
            dag_id
            for dag_id, seen in dags.items()
            if len(seen) >= _LEAST_DAYS and len(seen) >= _USUAL * len(days[dag_id])
        )
        if len(usual) > 1:
            found.append(Collision(slot, tuple(usual), sum(counts[slot, dag_id] for dag_id in usual)))
    return tuple(sorted(found, key=lambda item: (-len(item.dag_ids), item.at)))[:_MOST_COLLISIONS]
