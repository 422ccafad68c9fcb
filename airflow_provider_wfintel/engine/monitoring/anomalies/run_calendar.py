"""What kind of slot a time is: its season (weekday or hour), the end of a month, a public holiday."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["Cadence", "RunCalendar", "Slot", "cadence_of"]

Cadence: TypeAlias = Literal["hourly", "daily", "weekday", "irregular"]

_SEASONS: dict[str, int] = {"hourly": 24, "daily": 7, "weekday": 7, "irregular": 1}
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """The calendar facts of a time: `season` counts from 0, the flags tell what makes its work heavier or lighter."""

    season: int
    month_end: bool = False
    holiday: bool = False


@dataclass(frozen=True, slots=True)
class RunCalendar:
    """The rhythm of a DAG.

    Args:
        cadence: how often it runs. An irregular one has neither seasons nor slots that can be missed.
        country: ISO 3166 code whose public holidays count; empty for none.
        zone: the time zone in which days begin.

    Raises:
        UserInputError: the cadence, the country or the zone is unknown.
    """

    cadence: Cadence = "irregular"
    country: str = ""
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.cadence not in _SEASONS:
            raise UserInputError(f"the cadence {self.cadence!r} is unknown", hint=f"use one of {', '.join(_SEASONS)}")
        if self.country:
            _holidays(self.country)
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise UserInputError(f"the time zone {self.zone!r} is unknown", hint="use an IANA name") from None

    @property
    def seasons(self) -> int:
        """How many seasons there are: 24 hours, 7 weekdays, or one."""
        return _SEASONS[self.cadence]

    def slot(self, t: float) -> Slot:
        """The calendar facts of the time `t` (seconds since the epoch)."""
        moment = dt.datetime.fromtimestamp(t, ZoneInfo(self.zone))
        if self.cadence == "irregular":
            return Slot(0)
        day = moment.date()
        holiday = bool(self.country) and day in _holidays(self.country)
        if self.cadence == "hourly":
            return Slot(moment.hour, holiday=holiday)
        return Slot(day.weekday(), month_end=day == self._last_day(day), holiday=holiday)

    def _last_day(self, day: dt.date) -> dt.date:
        """The last day of the month on which such a DAG runs."""
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if self.cadence == "weekday":
            last -= dt.timedelta(days=max(0, last.weekday() - _FRIDAY))
        return last


@lru_cache(maxsize=32)
def _holidays(country: str) -> set[dt.date] | dict[dt.date, str]:
    import holidays

    try:
        found: dict[dt.date, str] = holidays.country_holidays(country.upper())
    except NotImplementedError:
        raise UserInputError(
            f"there are no holidays for the country {country!r}", hint="use an ISO 3166 code of two letters, as DE"
        ) from None
    return found


def cadence_of(times: Sequence[float]) -> Cadence:
    """The rhythm that these due times follow (seconds since the epoch, oldest first); `irregular` if none.

    A rhythm holds if nine in ten gaps are whole numbers of its step, within a tenth of the step.
    """
    gaps = [b - a for a, b in itertools.pairwise(times) if b > a]
    if len(gaps) < 4:
        return "irregular"
    for cadence, step in (("daily", 86_400.0), ("hourly", 3_600.0)):
        fits = [gap for gap in gaps if gap > 0.9 * step and abs(gap / step - round(gap / step)) < 0.1]
        # A daily DAG has gaps of whole hours as well, so the longer step is asked first.
        if len(fits) >= 0.9 * len(gaps) and len([g for g in fits if g < 1.5 * step]) >= 0.5 * len(gaps):
            if cadence == "hourly":
                return "hourly"
            days = {dt.datetime.fromtimestamp(t, dt.timezone.utc).weekday() for t in times}
            return "weekday" if days <= set(range(5)) and len(times) > 5 else "daily"
    return "irregular"
