"""The next runs of a schedule: cron in wall-clock time of its zone, with the gate over dates applied."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from airflow_provider_wfintel.engine.model import CalendarGate, Schedule
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["gate_lets_through", "is_cron", "next_runs"]

_MONDAY = datetime.date(1970, 1, 5)
_MOST_STEPS = 4000


def is_cron(expression: str) -> bool:
    """Whether Airflow's scheduler understands the five-field expression."""
    from croniter import croniter

    return len(expression.split()) == 5 and bool(croniter.is_valid(expression))


def next_runs(schedule: Schedule, after: str, count: int = 5) -> tuple[str, ...]:
    """The first `count` runs at or after a moment, in the schedule's zone.

    Args:
        schedule: only `cron`, `asset_or_cron` and `interval` schedules have runs that the clock decides.
        after: ISO date and time; without an offset it is wall-clock time of the schedule's zone.
        count: how many runs to return; fewer come back if the gate lets none through for years.

    Returns:
        ISO texts with UTC offset. Intervals are counted from `after`.

    Raises:
        SpecError: the zone, the moment or a cron expression is not valid.
    """
    zone = _zone(schedule.timezone)
    try:
        moment = datetime.datetime.fromisoformat(after.replace("Z", "+00:00"))
    except ValueError as error:
        raise SpecError(f"{after!r} is no ISO date and time") from error
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    if schedule.kind == "interval" and schedule.interval_seconds > 0:
        return tuple(_steps(moment, schedule.interval_seconds, count))
    if schedule.kind not in ("cron", "asset_or_cron"):
        return ()
    found: list[str] = []
    for run in _merged(schedule, moment):
        if schedule.gate is None or gate_lets_through(schedule.gate, run.date()):
            found.append(run.isoformat())
        if len(found) >= count:
            break
    return tuple(found)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SpecError(f"{name!r} is no IANA time zone", hint="write it like Europe/Berlin") from error


def _shifted(moment: datetime.datetime, step: datetime.timedelta) -> datetime.datetime:
    """Move by real time, also across a change of clocks."""
    return (moment.astimezone(datetime.timezone.utc) + step).astimezone(moment.tzinfo)


def _steps(moment: datetime.datetime, seconds: float, count: int) -> Iterator[str]:
    """The next moments at that distance; those after the year 9999 are not among them."""
    for number in range(1, count + 1):
        try:
            yield _shifted(moment, datetime.timedelta(seconds=seconds * number)).isoformat()
        except OverflowError:
            return


def _merged(schedule: Schedule, moment: datetime.datetime) -> Iterator[datetime.datetime]:
    from croniter import croniter

    just_before = _shifted(moment, datetime.timedelta(seconds=-1))
    clocks = []
    for expression in schedule.crons:
        if not is_cron(expression):
            raise SpecError(f"{expression!r} is no cron expression of five fields")
        clocks.append(croniter(expression, just_before, ret_type=datetime.datetime))
    upcoming = [_following(clock) for clock in clocks]
    for _ in range(_MOST_STEPS):
        known = [item for item in upcoming if item is not None]
        if not known:
            return
        first = min(known)
        yield first
        upcoming = [_following(clock) if item == first else item for clock, item in zip(clocks, upcoming, strict=True)]


def _following(clock: Any) -> datetime.datetime | None:
    from croniter import CroniterBadDateError

    try:
        run: datetime.datetime = clock.get_next(datetime.datetime)
    except CroniterBadDateError:
        return None
    return run


def gate_lets_through(gate: CalendarGate, day: datetime.date) -> bool:
    """Whether the gate allows a run on that date of the schedule's zone.

    `every_n_weeks` counts ISO weeks from the Monday 1970-01-05, `every_n_months` months from January 1970, so
    that the answer never depends on when the DAG was first switched on.
    """
    if gate.kind == "every_n_weeks":
        return ((day - _MONDAY).days // 7) % max(gate.n, 1) == 0
    if gate.kind == "every_n_months":
        return (day.year * 12 + day.month - 1) % max(gate.n, 1) == 0
    if gate.kind == "not_on_days":
        return day.isoweekday() % 7 not in gate.days
    if gate.kind == "not_holiday":
        return not _is_holiday(gate.country, day)
    if gate.kind == "first_business_day":
        return _business_index(day, gate.country, 1)
    if gate.kind == "last_business_day":
        return _business_index(day, gate.country, -1)
    return _business_index(day, gate.country, gate.n)


def _business_index(day: datetime.date, country: str, position: int) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    days = [day.replace(day=number) for number in range(1, length + 1)]
    working = [item for item in days if item.weekday() < 5 and not _is_holiday(country, item)]
    index = position - 1 if position > 0 else position
    try:
        return working[index] == day
    except IndexError:
        return False


def _is_holiday(country: str, day: datetime.date) -> bool:
    return bool(country) and day in _holidays(country, day.year)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[datetime.date]:
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError as error:
        raise SpecError(f"there is no calendar of public holidays for {country!r}") from error
