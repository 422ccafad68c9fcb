"""Times of Airflow's rows: with a zone, as text, and apart."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import overload

__all__ = ["seconds_between", "text_of", "utc"]


@overload
def utc(moment: datetime) -> datetime: ...
@overload
def utc(moment: None) -> None: ...
def utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC. SQLite gives some columns without a zone; Airflow writes UTC."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)


def text_of(moment: datetime | None) -> str:
    """ISO 8601 in UTC; empty for None."""
    return "" if moment is None else utc(moment).isoformat()


def seconds_between(first: datetime | None, last: datetime | None) -> float | None:
    """Seconds from the first to the last moment, not below 0; None if one is unknown."""
    if first is None or last is None:
        return None
    return round(max(0.0, (utc(last) - utc(first)).total_seconds()), 3)
