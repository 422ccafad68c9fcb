"""Readers of dates: weekdays, days of the month, ordinals, business days, months, exceptions."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from airflow_provider_wfintel.engine.generation.schedule.clock import read_window
from airflow_provider_wfintel.engine.generation.schedule.parts import (
    Found,
    Items,
    Part,
    has,
    number_at,
    ordinal_at,
    possessive,
    skip,
)

__all__ = ["EVERY_WORDS", "read_dates", "read_days", "read_dom", "read_except", "read_months", "read_nth", "read_scope"]

_RANGE = ("-",)
_BETWEEN = ("between", "zwischen", "entre")
"""Words that are part of an exception ("but not between") and open a range of hours."""
_SINGULAR = {
    "weekday",
    "workday",
    "work day",
    "week day",
    "business day",
    "working day",
    "trading day",
    "bank day",
    "market day",
}
WORKDAYS = frozenset({1, 2, 3, 4, 5})


EVERY_WORDS = {
    *("every", "each", "once", "everyday", "on", "twice", "jede", "jeden", "jedes", "alle", "einmal", "tous", "toutes"),
    *("chaque", "une", "un", "cada", "todos", "todas", "a", "toda", "todo", "uma", "de", "dia"),
}


def _weekday(items: Items, index: int) -> frozenset[int] | None:
    if not 0 <= index < len(items) or possessive(items, index + 1):
        return None
    concepts = items[index].concepts
    if "weekdays_of" in concepts:
        return frozenset(concepts["weekdays_of"])
    if "weekday" in concepts:
        return frozenset({int(concepts["weekday"])})
    return None


def read_days(items: Items, index: int) -> Found:
    """Weekdays, lists and ranges of them, working days, weekends."""
    if has(items, index, "business_day") and not has(items, index, "weekdays_of"):
        return (Part("days", WORKDAYS, index, index + 1, 0 if items[index].norm in _SINGULAR else 2),), index + 1
    days = _weekday(items, index)
    if days is None:
        return None
    plural = "weekdays_of" in items[index].concepts and items[index].norm not in _SINGULAR
    position = index + 1
    spread = _range_end(items, position)
    if spread is not None and len(days) == 1:
        days, position, plural = _between_days(min(days), spread[0]), spread[1], True
    while True:
        after = skip(items, position, "and", norms=(",", "/", "+"), limit=2)
        following = _weekday(items, skip(items, after, "on", "the", "every", limit=2)) if after > position else None
        if following is None:
            number = (
                number_at(items, after) if after > position and items[index].norm.startswith(("周", "每 周")) else None
            )
            if number is None or not 1 <= number <= 6 or has(items, after + 1, "oclock", "unit"):
                break
            days, position, plural = days | {number}, after + 1, True
            continue
        after = skip(items, after, "on", "the", "every", limit=2)
        plural = True
        spread = _range_end(items, after + 1)
        if spread is not None and len(following) == 1:
            days, position = days | _between_days(min(following), spread[0]), spread[1]
        else:
            days, position = days | following, after + 1
    if has(items, position, "except_after"):
        return (Part("except_days", days, index, position + 1),), position + 1
    found = Part("days", days, index, position, 2 if plural else 0)
    if has(items, position, "alternate_after"):
        # "un vendredi sur deux", "un viernes sí y otro no"
        return (Part("step", (2, "week"), index, position + 1, 3), found), position + 1
    return (found,), position


def _range_end(items: Items, index: int) -> tuple[int, int] | None:
    if has(items, index, "to") or (index < len(items) and items[index].norm in _RANGE):
        end = _weekday(items, skip(items, index + 1, "the", limit=1))
        if end is not None and len(end) == 1:
            return min(end), skip(items, index + 1, "the", limit=1) + 1
    return None


def _between_days(first: int, last: int) -> frozenset[int]:
    days = {first}
    while first != last:
        first = (first + 1) % 7
        days.add(first)
    return frozenset(days)


def read_nth(items: Items, index: int) -> Found:
    """Read "first Monday", "2nd and 4th Tuesday", "last business day", also with "of the month"."""
    start = index
    index = skip(items, index, "on", "the", limit=2)
    ordinal = ordinal_at(items, index)
    if ordinal is None:
        return _of_a_period(items, index)
    numbers, position = [ordinal[0]], ordinal[1]
    while True:
        after = skip(items, position, "and", norms=(",", "/"), limit=2)
        following = ordinal_at(items, skip(items, after, "the", limit=1)) if after > position else None
        if following is None:
            break
        numbers.append(following[0])
        position = following[1]
    position = skip(items, position, "of", norms=("-",), limit=1)
    if has(items, position, "business_day"):
        return _with_scope(items, Part("business", numbers[0], start, position + 1, 1))
    if has(items, position, "weekdays_of") and len(items[position].concepts["weekdays_of"]) == 5:
        return _with_scope(items, Part("business", numbers[0], start, position + 1, 1))
    day = _weekday(items, position)
    if day is not None and len(day) == 1:
        weekday = min(day)
        after = position + 1
        nth = [(number, weekday) for number in numbers]
        while has(items, after, "and") or (after < len(items) and items[after].norm in (",", "/")):
            other = _weekday(items, after + 1)
            if other is None or len(other) != 1:
                break
            nth += [(number, min(other)) for number in numbers]
            after += 2
        return _with_scope(items, Part("nth", tuple(nth), start, after, 1))
    unit = items[position].concepts.get("unit") if position < len(items) else None
    if unit == "week" and has(items, position + 1, "of_month"):
        return (Part("unsupported", "weeks of a month", start, position + 2, 3),), position + 2
    if unit == "day":
        if has(items, position + 1, "of_week"):
            weekday = 1 if numbers[0] == 1 else 0 if numbers[0] == -1 else numbers[0] % 7
            return (Part("days", frozenset({weekday}), start, position + 2, 3),), position + 2
        return _with_scope(items, Part("dom", tuple(numbers), start, position + 1, 1))
    return None


def _of_a_period(items: Items, index: int) -> Found:
    """Read "each quarter's second business day", "the month's last Friday"."""
    position = skip(items, index, "every", "the", limit=2)
    if not possessive(items, position + 1):
        return None
    concepts = items[position].concepts
    unit = next((unit for unit in ("month", "quarter", "year") if f"of_{unit}" in concepts), concepts.get("unit"))
    found = read_nth(items, position + 3) if unit in ("month", "quarter", "year") else None
    if found is None or any(part.slot == "scope" for part in found[0]):
        return found
    parts = (Part(part.slot, part.value, part.first, part.after, 3) for part in found[0])
    return (Part("scope", unit, index, position + 3), *parts), found[1]


def _with_scope(items: Items, part: Part) -> Found:
    """Take "of the month", "of each quarter", "in January" along."""
    position = part.after
    for concept, unit in (("of_month", "month"), ("of_quarter", "quarter"), ("of_year", "year")):
        if has(items, position, concept):
            scope = Part("scope", unit, position, position + 1)
            return (Part(part.slot, part.value, part.first, position, 3), scope), position + 1
    after = skip(items, position, "of", "on", "every", "the", limit=3)
    months = read_months(items, after) if after > position else None
    if months is not None:
        return (Part(part.slot, part.value, part.first, position, 3), *months[0]), months[1]
    return (part,), position


def read_dom(items: Items, index: int) -> Found:
    """Days of the month: "1st and 15th", "the 15th of each month", "day 5", "1号"."""
    start = index
    index = skip(items, index, "on", "the", limit=2)
    named = (
        has(items, index, "unit") and items[index].concepts["unit"] == "day" and number_at(items, index + 1) is not None
    )
    if named:
        index += 1
    days: list[int] = []
    position, sure = index, named
    while True:
        day, after, ordinal = _day_number(items, position)
        if day is None or not -1 <= day <= 31:
            break
        days.append(day)
        sure = sure or ordinal or (len(days) > 1 and items[position].has("ord"))
        position = after
        following = skip(items, position, "and", "the", "on", norms=(",", "/"), limit=3)
        if following == position or _day_number(items, following)[0] is None:
            break
        if _day_number(items, following)[0] is not None and has(
            items, _day_number(items, following)[1], "unit", "oclock", "am", "pm"
        ):
            break
        position = following
    if not days:
        return None
    strong = has(items, position, "of_month", "of_quarter")
    if not (sure or strong):
        return None
    if has(items, position, "month", "weekday", "business_day") or (has(items, position, "unit") and not strong):
        return None
    if min(days) < 1 and not strong:
        return None
    return _with_scope(items, Part("dom", tuple(days), start, position, 1))


def _day_number(items: Items, index: int) -> tuple[int | None, int, bool]:
    ordinal = ordinal_at(items, index)
    if ordinal is not None and not has(items, index, "ord"):
        return ordinal[0], ordinal[1], True
    if ordinal is not None and items[index].kind == "ordinal":
        return ordinal[0], ordinal[1], True
    if ordinal is not None and items[index].norm not in ("second", "last"):
        return ordinal[0], ordinal[1], False
    if ordinal is not None and has(items, ordinal[1], "of_month"):
        return ordinal[0], ordinal[1], True
    number = number_at(items, index)
    if number is not None and number >= 1 and not has(items, index + 1, "oclock") and items[index].kind == "number":
        if has(items, index + 1, "dom_word") and not has(items, index + 1, "clock"):
            return number, index + 2, True
        return number, index + 1, False
    return None, index, False


def read_dates(items: Items, index: int) -> Found:
    """Days of months of every year: "January 15th", "15 March", "1. Juli", "Jan 1, Apr 1 and Jul 1"."""
    found = _first_date(items, index)
    if found is None or found[0][0].slot != "dates":
        return found
    dates, position = list(found[0][0].value), found[1]
    while True:
        following = skip(items, position, "and", "on", "the", norms=(",", "/"), limit=3)
        other = _first_date(items, following) if following != position else None
        if other is None or other[0][0].slot != "dates":
            break
        dates += other[0][0].value
        position = other[1]
    return (Part("dates", tuple(dict.fromkeys(dates)), index, position, 1),), position


def _first_date(items: Items, index: int) -> Found:
    position = skip(items, index, "on", "the", limit=2)
    if has(items, position, "month"):
        day, after, _ = _day_number(items, skip(items, position + 1, "the", limit=1))
        if day is None or not 1 <= day <= 31 or has(items, after, "unit", "oclock", "am", "pm") or _year(items, after):
            return None
        return (Part("dates", ((items[position].concepts["month"], day),), index, after, 1),), after
    day, after, _ = _day_number(items, position)
    if day is None or not 1 <= day <= 31:
        return None
    after = skip(items, after, "of", "on", limit=1) if not has(items, after, "month") else after
    if not has(items, after, "month") or _year(items, after + 1):
        return None
    months = read_months(items, after)
    if months is not None and len(months[0][0].value) > 1:
        return (Part("dom", (day,), index, after, 1), *months[0]), months[1]
    return (Part("dates", ((items[after].concepts["month"], day),), index, after + 1, 1),), after + 1


def _year(items: Items, index: int) -> bool:
    number = number_at(items, skip(items, index, norms=(",",), limit=1))
    return number is not None and 1900 < number < 2200


def read_months(items: Items, index: int) -> Found:
    """Month names and lists of them."""
    if not has(items, index, "month") or _year(items, index + 1):
        return None
    months, position = [items[index].concepts["month"]], index + 1
    while True:
        after = skip(items, position, "and", norms=(",", "/"), limit=2)
        if after == position or not has(items, after, "month"):
            break
        months.append(items[after].concepts["month"])
        position = after + 1
    if (
        len(months) == 1
        and (has(items, position, "to") or (position < len(items) and items[position].norm == "-"))
        and has(items, position + 1, "month")
    ):
        last = items[position + 1].concepts["month"]
        months = [(months[0] - 1 + step) % 12 + 1 for step in range((last - months[0]) % 12 + 1)]
        position += 2
    return (Part("months", tuple(months), index, position, 1 if len(months) > 1 else 0),), position


def read_scope(items: Items, index: int) -> Found:
    """Read "of the month" or "every quarter" by itself, and month, quarter and year ends."""
    item = items[index]
    if "edge" in item.concepts:
        return (Part("edge", item.concepts["edge"], index, index + 1, 2),), index + 1
    if "mid_month" in item.concepts:
        return (Part("dom", (15,), index, index + 1, 2),), index + 1
    for concept, unit in (("of_month", "month"), ("of_quarter", "quarter"), ("of_year", "year")):
        if concept in item.concepts:
            if any(word in item.norm.split() for word in EVERY_WORDS) and not item.norm.startswith(
                ("of", "de ", "du", "des", "d ", "in ")
            ):
                if has(items, index - 1, "for") or possessive(items, index + 1):
                    return None
                return (Part("step", (1, unit), index, index + 1, 3),), index + 1
            return (Part("scope", unit, index, index + 1),), index + 1
    return None


def read_except(items: Items, index: int) -> Found:
    """Read "except Sunday", "but not on weekends", "except US holidays", "除周日外"."""
    but = (
        items[index].norm == "but"
        and has(items, index - 1, "freq", "unit", "weekdays_of")
        and _weekday(items, index + 1)
    )
    if not (has(items, index, "except") or but):
        return None
    position = skip(items, index + 1, "on", "the", "every", limit=3)
    days = read_days(items, position)
    if days is not None:
        after = days[1]
        parts: tuple[Part, ...] = (Part("except_days", days[0][0].value, index, after),)
        following = skip(items, after, "and", norms=(",",), limit=1)
        country, position = _holiday(items, following)
        if position > following:
            parts, after = (*parts, Part("except_holidays", country, following, position)), position
        return parts, after
    country, after = _holiday(items, position)
    if after > position:
        return (Part("except_holidays", country, index, after),), after
    months = read_months(items, position)
    if months is not None:
        return (Part("except_months", months[0][0].value, index, months[1]),), months[1]
    hours = read_window(items, position, bare=any(word in items[index].norm.split() for word in _BETWEEN))
    if hours is not None:
        return (Part("except_window", hours[0][0].value[:2], index, hours[1]),), hours[1]
    return None


@cache
def _countries() -> dict[str, str]:
    source = resources.files(__package__).joinpath("words").joinpath("countries.json").read_text(encoding="utf-8")
    return {word: country for country, words in json.loads(source).items() for word in words}


def _holiday(items: Items, index: int) -> tuple[str, int]:
    country = ""
    for position in range(index, min(index + 4, len(items))):
        if has(items, position, "holiday"):
            return country or _countries().get(items[position].norm.split()[0], ""), position + 1
        if items[position].kind != "word":
            break
        country = country or _countries().get(items[position].norm, "")
    return "", index
