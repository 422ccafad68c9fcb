"""Readers of dates with a year and of durations."""

from __future__ import annotations

import datetime
import re

from airflow_provider_wfintel.engine.generation.schedule.parts import Items, has, number_at, ordinal_at, skip

__all__ = ["UNIT_SECONDS", "read_date", "read_duration"]

UNIT_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 2592000,
    "quarter": 7776000,
    "year": 31536000,
}
_CLOCKLIKE = re.compile(r"(\d+)h(\d+)", re.IGNORECASE)


def read_date(items: Items, index: int) -> tuple[str, int, bool] | None:
    """A date at `index`: ISO text, next index, and whether the year was said ("--03-01" if not)."""
    index = skip(items, index, "on", "the", limit=2)
    if index >= len(items):
        return None
    item = items[index]
    if item.kind == "date":
        year, month, day = item.value
        return _iso(year, month, day, index + 1)
    if has(items, index, "month"):
        return _month_first(items, index)
    number, after = _day(items, index)
    after = skip(items, after, "of", "on", "between", limit=1) if not has(items, after, "month") else after
    if number is None or not has(items, after, "month"):
        return None
    return _with_year(items, int(items[after].concepts["month"]), number, after + 1)


def _month_first(items: Items, index: int) -> tuple[str, int, bool] | None:
    """Dates like "March 1st 2026" or "March 2026"."""
    month = int(items[index].concepts["month"])
    number, after = _day(items, skip(items, index + 1, "the", limit=1))
    if number is not None and number <= 31:
        return _with_year(items, month, number, after)
    position = skip(items, index + 1, "of", "on", limit=1)
    found = number_at(items, position)
    return _iso(found, month, 1, position + 1) if found is not None and 1970 < found < 2200 else None


def _day(items: Items, index: int) -> tuple[int | None, int]:
    ordinal = ordinal_at(items, index)
    if ordinal is not None and ordinal[0] > 0:
        return ordinal
    return number_at(items, index), index + 1


def _with_year(items: Items, month: int, day: int, after: int) -> tuple[str, int, bool] | None:
    position = skip(items, after, "of", "on", "between", norms=(",",), limit=1)
    year = number_at(items, position)
    if year is not None and 1970 < year < 2200:
        return _iso(year, month, day, position + 1)
    return (f"--{month:02d}-{day:02d}", after, False) if 1 <= day <= 31 else None


def _iso(year: int, month: int, day: int, after: int) -> tuple[str, int, bool] | None:
    try:
        return datetime.date(year, month, day).isoformat(), after, True
    except ValueError:
        return None


def read_duration(items: Items, index: int) -> tuple[float, int] | None:
    """A duration in seconds at `index` ("40 minutes", "2h", "1 hour and 30 min", "half an hour") and the next index."""
    index = skip(items, index, "the", norms=(":", "=", "of"), limit=2) if not _half_hour(items, index) else index
    if _half_hour(items, index):
        return 1800.0, _half_hour(items, index)
    if index < len(items) and items[index].kind == "time" and _CLOCKLIKE.fullmatch(items[index].norm):
        hours, minutes = items[index].value
        return float(hours * 3600 + minutes * 60), index + 1
    if has(items, index, "unit") and has(items, index - 1, "the"):
        return float(UNIT_SECONDS[items[index].concepts["unit"]]), index + 1
    first = _amount(items, index)
    if first is None:
        return None
    seconds, after = first
    following = _amount(items, skip(items, after, "and", limit=1))
    if following is not None and following[0] < seconds:
        return seconds + following[0], following[1]
    return seconds, after


def _half_hour(items: Items, index: int) -> int:
    """The index behind "half an hour", or 0."""
    if index < len(items) and items[index].norm in ("half", "halbe", "halben", "demi", "media", "meia"):
        position = skip(items, index + 1, "the", norms=("-",), limit=2)
        if has(items, position, "unit") and items[position].concepts["unit"] == "hour":
            return position + 1
    return 0


def _amount(items: Items, index: int) -> tuple[float, int] | None:
    if index >= len(items):
        return None
    number = number_at(items, index)
    item = items[index]
    if item.kind == "dotted":
        value = float(item.norm)
    elif number is None:
        return None
    else:
        decimal = item.norm.replace(",", ".") if item.kind == "number" else ""
        value = float(decimal) if re.fullmatch(r"\d{1,9}\.\d{1,6}", decimal) else float(number)
    after = skip(items, index + 1, norms=("-",), limit=1)
    if has(items, after, "unit"):
        return value * UNIT_SECONDS[items[after].concepts["unit"]], after + 1
    return None
