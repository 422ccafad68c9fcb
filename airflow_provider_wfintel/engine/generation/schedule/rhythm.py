"""Readers of how often: "every 15 minutes", "hourly", "twice a day", "every other week"."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.schedule.calendar_words import (
    EVERY_WORDS,
    read_dates,
    read_days,
    read_dom,
    read_months,
    read_nth,
)
from airflow_provider_wfintel.engine.generation.schedule.parts import (
    Found,
    Items,
    Part,
    Strength,
    has,
    number_at,
    ordinal_at,
    possessive,
    skip,
)

__all__ = ["read_step"]

_DAY_BEFORE_NUMBER = {"todo dia", "cada dia"}
"""Behind these a number is a day of the month ("todo dia 15")."""


def read_step(items: Items, index: int) -> Found:
    """How often: "every 15 minutes", "hourly", "twice a day", "every other week"."""
    return _frequency(items, index) or _counted(items, index) or _every(items, index) or _hyphened(items, index)


def _frequency(items: Items, index: int) -> Found:
    item = items[index]
    after = index + 1
    if possessive(items, after):
        return None
    strength: Strength = 3 if item.norm.split()[0] in EVERY_WORDS or item.norm.startswith(("每", "按", "隔")) else 1
    if "freq_part" in item.concepts:
        part = Part("part", item.concepts["freq_part"], index, after)
        return (Part("step", (1, "day"), index, after, strength), part), after
    if "freq" not in item.concepts and "freq_week" not in item.concepts:
        return None
    amount, unit = item.concepts.get("freq", (1, "week"))
    number = number_at(items, after)
    if (
        number is not None
        and 1 <= number <= 31
        and item.norm in _DAY_BEFORE_NUMBER
        and not has(items, after + 1, "oclock")
    ):
        return (Part("dom", (number,), index, after + 1, 3),), after + 1
    if number is not None and has(items, after + 1, "times_word"):
        return (Part("count", (number, unit), index, after + 2, 3),), after + 2
    return (Part("step", (amount, unit), index, after, 3 if "freq_week" in item.concepts else strength),), after


def _counted(items: Items, index: int) -> Found:
    """Read "twice a day", "3 times per week", "once daily"."""
    if has(items, index, "count"):
        number, after = int(items[index].concepts["count"]), index + 1
    else:
        amount = number_at(items, index)
        if amount is None or not has(items, index + 1, "times_word"):
            return None
        number, after = amount, index + 2
    after = skip(
        items,
        after,
        "the",
        "every",
        "for",
        "on",
        "of",
        "at",
        norms=("per", "a", "par", "por", "pro", "am", "al", "im"),
        limit=2,
    )
    if has(items, after, "freq"):
        step, unit = items[after].concepts["freq"]
        return ((Part("count", (number, unit), index, after + 1, 3),), after + 1) if step == 1 else None
    if has(items, after, "unit"):
        return (Part("count", (number, items[after].concepts["unit"]), index, after + 1, 3),), after + 1
    if has(items, after, "scope_of") or has(items, after, "of_month"):
        return (Part("count", (number, "month"), index, after + 1, 3),), after + 1
    return None


def _hyphened(items: Items, index: int) -> Found:
    """Read "6-hourly", "10-minute" (the latter only before a noun of work)."""
    number = number_at(items, index)
    if number is None:
        return None
    after = skip(items, index + 1, norms=("-",), limit=1)
    if has(items, after, "freq") and items[after].concepts["freq"][0] == 1:
        return (Part("step", (number, items[after].concepts["freq"][1]), index, after + 1, 3),), after + 1
    return None


def _every(items: Items, index: int) -> Found:
    if has(items, index, "second_every"):
        return _every_second(items, index)
    if not has(items, index, "every") or (has(items, index - 1, "for") and not has(items, index - 1, "run_verb")):
        return None
    position = index + 1
    amount = 1
    if has(items, position, "other"):
        after = position + 1
        if has(items, after, "unit"):
            return (Part("step", (2, items[after].concepts["unit"]), index, after + 1, 3),), after + 1
        days = read_days(items, after)
        if days is not None and not has(items, days[1], "of_month"):
            return (Part("step", (2, "week"), index, after, 3), *days[0]), days[1]
    number = number_at(items, position)
    if number is not None:
        amount, position = number, skip(items, position + 1, norms=("-",), limit=1)
    if has(items, position, "unit") and not possessive(items, position + 1):
        if amount == 0:
            return None
        return (Part("step", (amount, items[position].concepts["unit"]), index, position + 1, 3),), position + 1
    if number is not None:
        return None
    return _every_named(items, index, position)


def _every_named(items: Items, index: int, position: int) -> Found:
    """Read "every Monday", "every first Sunday", "every morning", "every January", "every business day"."""
    position = skip(items, position, "the", limit=1)
    ordinal = ordinal_at(items, position)
    if (
        ordinal is not None
        and has(items, ordinal[1], "unit")
        and items[ordinal[1]].concepts["unit"] != "day"
        and ordinal[0] > 1
    ):
        return (Part("step", (ordinal[0], items[ordinal[1]].concepts["unit"]), index, ordinal[1] + 1, 3),), ordinal[
            1
        ] + 1
    for reader in (read_nth, read_dates, read_dom, read_days, read_months):
        found = reader(items, position)
        if found is not None:
            parts = tuple(Part(part.slot, part.value, index, part.after, 3) for part in found[0])
            return parts, found[1]
    if has(items, position, "part"):
        part = Part("part", items[position].concepts["part"], position, position + 1)
        return (Part("step", (1, "day"), index, position + 1, 3), part), position + 1
    return None


def _every_second(items: Items, index: int) -> Found:
    after = index + 1
    if has(items, after, "unit"):
        return (Part("step", (2, items[after].concepts["unit"]), index, after + 1, 3),), after + 1
    days = read_days(items, after)
    if days is None:
        return (Part("step", (1, "second"), index, after, 3),), after
    parts, end = days
    if has(items, end, "of_month", "of_quarter"):
        nth = tuple((2, day) for day in sorted(parts[0].value))
        return (Part("nth", nth, index, end, 3),), end
    return (Part("step", (2, "week"), index, after, 3), *parts), end
