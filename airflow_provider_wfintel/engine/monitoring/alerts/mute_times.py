"""Times of the week in which nobody wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["WEEKDAYS", "MuteTime"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class MuteTime:
    """A window that comes back. A window that ends before it starts goes on past midnight and counts to the day on
    which it started. Every list that is given must hold; without lists it is every day.

    Attributes:
        start: local time `HH:MM`, included.
        end: local time `HH:MM`, excluded; `24:00` is the end of the day.
        zone: name of the IANA time zone.
        weekdays: `mon` to `sun`.
        days: days of the month; -1 is the last.
        months: 1 to 12.
    """  # noqa: D205

    name: str
    start: str = "00:00"
    end: str = "24:00"
    zone: str = "UTC"
    weekdays: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    def holds(self, now: float) -> bool:
        """Whether it is that time (seconds since the epoch)."""
        local = datetime.fromtimestamp(now, ZoneInfo(self.zone))
        minute, start, end = local.hour * 60 + local.minute, _minutes(self.start), _minutes(self.end)
        if start < end:
            return start <= minute < end and self._day(local)
        return (minute >= start and self._day(local)) or (minute < end and self._day(local - timedelta(days=1)))

    def _day(self, local: datetime) -> bool:
        last = (local + timedelta(days=1)).day == 1
        return (
            (not self.weekdays or WEEKDAYS[local.weekday()] in self.weekdays)
            and (not self.days or local.day in self.days or (last and -1 in self.days))
            and (not self.months or local.month in self.months)
        )


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
