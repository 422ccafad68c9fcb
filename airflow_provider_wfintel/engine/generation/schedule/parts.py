"""The pieces a schedule phrase is made of, and small steps that all readers of pieces share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from airflow_provider_wfintel.engine.generation.schedule.lexicon import Item

__all__ = [
    "Found",
    "Items",
    "Part",
    "Reader",
    "Slot",
    "Strength",
    "has",
    "number_at",
    "ordinal_at",
    "possessive",
    "skip",
]

Items: TypeAlias = Sequence[Item]
Slot: TypeAlias = Literal[
    "step", "count", "times", "minute", "minutes", "window", "days", "nth", "dom", "edge", "business", "months",
    "dates", "scope", "except_days", "except_holidays", "except_months", "except_window", "unsupported", "part",
    "zone", "cue", "unknown_zone",
]  # fmt: skip
Strength: TypeAlias = Literal[0, 1, 2, 3]
"""How surely the words are about the schedule: 0 only beside others, 1 perhaps, 2 likely, 3 beyond doubt."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece: the slot it fills, its value, and the items `[first, after)` it was read from."""

    slot: Slot
    value: Any
    first: int
    after: int
    strength: Strength = 0


Found: TypeAlias = "tuple[tuple[Part, ...], int] | None"
Reader: TypeAlias = Callable[[Items, int], Found]


def has(items: Items, index: int, *concepts: str) -> bool:
    """Whether there is an item at `index` that can stand for one of the concepts."""
    if not 0 <= index < len(items):
        return False
    known = items[index].concepts
    if known:
        for name in concepts:
            if name in known:
                return True
    return False


def skip(items: Items, index: int, *concepts: str, norms: tuple[str, ...] = (), limit: int = 3) -> int:
    """The next index after at most `limit` items of the given concepts or norms."""
    for _ in range(limit):
        if has(items, index, *concepts) or (index < len(items) and items[index].norm in norms):
            index += 1
        else:
            break
    return index


def number_at(items: Items, index: int) -> int | None:
    """The whole number that the item at `index` stands for."""
    if 0 <= index < len(items):
        item = items[index]
        if item.kind == "number" and item.value:
            return item.value[0]
        if "num" in item.concepts:
            return int(item.concepts["num"])
    return None


_AFTER_ORDINAL = ("of_month", "of_quarter", "of_year", "weekday", "weekdays_of", "business_day", "unit", "month", "and")
"""What may follow an ordinal that is written with a full stop; else the stop ends a sentence."""


def ordinal_at(items: Items, index: int) -> tuple[int, int] | None:
    """An ordinal ("1st", "last", "3.") at `index`: its value (-1 is the last) and the next index."""
    if not 0 <= index < len(items):
        return None
    item = items[index]
    if "ord" in item.concepts:
        return int(item.concepts["ord"]), index + 1
    if item.kind == "ordinal":
        return item.value[0], index + 1
    dot = items[index + 1] if index + 1 < len(items) else None
    dotted = item.kind == "number" and dot is not None and dot.norm == "." and dot.start == item.end
    if dotted and (
        has(items, index + 2, *_AFTER_ORDINAL) or (has(items, index - 1, "on") and has(items, index + 2, "at"))
    ):
        return item.value[0], index + 2
    return None


def possessive(items: Items, after: int) -> bool:
    """Whether a genitive follows ("Monday's")."""
    return after + 1 < len(items) and items[after].norm == "'" and items[after + 1].norm == "s"
