"""When runs are at work in the week, and which DAGs usually start at the same time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

__all__ = ["SLOT_MINUTES", "Collision", "HourCell", "RunSpan", "ScheduleMap", "schedule_map"]

SLOT_MINUTES = 5
"""Starts within the same five minutes count as one moment."""
_USUAL = 0.5
"""Share of a DAG's days with runs on which it starts in a slot for that to be its usual time."""
_LEAST_DAYS = 3
_MOST_COLLISIONS = 50
_QUARTER, _HOURS = 900, 168
"""Seconds of a quarter of an hour; hours of a week."""


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
    clock = _Clock(ZoneInfo(zone))
    found = [(run.dag_id, run.due.timestamp(), run.start.timestamp(), run.end) for run in runs]
    last = until.timestamp()
    due: Counter[int] = Counter()
    worked = [0.0] * _HOURS
    for _, at, start, end in found:
        due[clock.at(at).hour_of_week] += 1
        clock.add(worked, start, last if end is None else min(end.timestamp(), last))
    hours = [0.0] * _HOURS
    clock.add(hours, since.timestamp(), last)
    cells = tuple(
        HourCell(*divmod(hour, 24), due[hour], worked[hour] / hours[hour] if hours[hour] else 0.0)
        for hour in range(_HOURS)
    )
    return ScheduleMap(cells, _collisions([(dag_id, at) for dag_id, at, _, _ in found], clock))


class _Quarter(NamedTuple):
    """What a clock on the wall shows as a quarter of an hour begins: offsets are whole quarters of an hour."""

    hour_of_week: int
    day: int
    minute: int
    """Of the day."""


class _Clock:
    """The clock of a zone. Each quarter of an hour is looked up once: a hundred thousand runs have few of them."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[int, _Quarter] = {}

    def at(self, moment: float) -> _Quarter:
        """The quarter of an hour that a moment (seconds since the epoch) lies in."""
        number = int(moment // _QUARTER)
        found = self._known.get(number)
        if found is None:
            here = datetime.fromtimestamp(_QUARTER * number, tz=timezone.utc).astimezone(self._zone)
            week = 24 * here.weekday() + here.hour
            found = self._known[number] = _Quarter(week, here.toordinal(), 60 * here.hour + here.minute)
        return found

    def add(self, hours: list[float], begin: float, end: float) -> None:
        """Add the seconds of a time to the hours of the week that they lie in."""
        while begin < end:
            here = self.at(begin)
            # Up to where the hour ends on the wall, by its quarters: it may have more or fewer where the clock changes.
            left = 60.0 * (60 - here.minute % 60) - begin % _QUARTER
            after = min(end, begin + max(left, 1e-3))
            hours[here.hour_of_week] += after - begin
            begin = after


def _collisions(runs: list[tuple[str, float]], clock: _Clock) -> tuple[Collision, ...]:
    days: dict[str, set[int]] = defaultdict(set)
    starts: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for dag_id, at in runs:
        here = clock.at(at)
        days[dag_id].add(here.day)
        minute = here.minute + int(at % _QUARTER) // 60
        starts[minute - minute % SLOT_MINUTES][dag_id].append(here.day)
    found = []
    for slot, dags in starts.items():
        usual = sorted(dag_id for dag_id, seen in dags.items() if _is_usual(len(set(seen)), len(days[dag_id])))
        if len(usual) > 1:
            shown = f"{slot // 60:02d}:{slot % 60:02d}"
            found.append(Collision(shown, tuple(usual), sum(len(dags[dag_id]) for dag_id in usual)))
    return tuple(sorted(found, key=lambda item: (-len(item.dag_ids), item.at)))[:_MOST_COLLISIONS]


def _is_usual(seen: int, days: int) -> bool:
    return seen >= _LEAST_DAYS and seen >= _USUAL * days
