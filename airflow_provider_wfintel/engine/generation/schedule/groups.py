"""Pieces that stand together become groups, and each group gets a strength: is it about the schedule at all?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.schedule import calendar_words, clock, places, rhythm
from airflow_provider_wfintel.engine.generation.schedule.parts import Items, Part, Reader, has

__all__ = ["DAYISH", "Group", "find_groups"]

_READERS: tuple[Reader, ...] = (
    calendar_words.read_except,
    clock.read_minute,
    rhythm.read_step,
    calendar_words.read_nth,
    calendar_words.read_dates,
    calendar_words.read_scope,
    calendar_words.read_days,
    places.read_zone,
    clock.read_window,
    calendar_words.read_dom,
    clock.read_times,
    clock.read_part,
    calendar_words.read_months,
    places.read_cue,
)
_GLUE_WORDS = {
    *(",", "(", ")", ":", "/", "-", "*", "|", "=", "@", "~", "'"),
    *(
        "it",
        "should",
        "will",
        "be",
        "is",
        "are",
        "only",
        "always",
        "usually",
        "exactly",
        "sharp",
        "local",
        "automatically",
    ),
    *("but", "then", "for", "also", "soll", "wird", "immer", "sera", "se", "each", "which", "every"),
}
_GLUE = (
    "glue",
    "at",
    "on",
    "the",
    "and",
    "of",
    "time_word",
    "run_verb",
    "zone_intro",
    "start",
    "both",
    "between",
    "every",
)
_BESIDE = {
    *(
        "zone",
        "unknown_zone",
        "cue",
        "months",
        "unsupported",
        "except_days",
        "except_holidays",
        "except_months",
        "except_window",
    ),
}
"""Slots that say nothing about the schedule by themselves."""
DAYISH = ("days", "nth", "dom", "edge", "business", "dates")


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces said in one breath. `strength` is that of `parts.Strength`."""

    parts: tuple[Part, ...]
    strength: int = 0

    @property
    def first(self) -> int:
        """Index of the first item."""
        return min(part.first for part in self.parts)

    @property
    def after(self) -> int:
        """Index behind the last item."""
        return max(part.after for part in self.parts)

    def slots(self) -> set[str]:
        """The slots that are filled."""
        return {part.slot for part in self.parts}


def find_groups(items: Items) -> tuple[Group, ...]:
    """All groups of a text in its order, with their strengths."""
    parts: list[Part] = []
    index = 0
    while index < len(items):
        found = _read(items, index, parts)
        if found is None:
            index += 1
            continue
        parts.extend(found[0])
        index = max(found[1], index + 1)
    return tuple(replace(group, strength=_strength(items, group)) for group in _gather(items, parts))


def _read(items: Items, index: int, parts: list[Part]) -> tuple[tuple[Part, ...], int] | None:
    item = items[index]
    if item.kind in ("literal", "break") or (not item.concepts and item.kind == "punct"):
        return None
    for reader in _READERS:
        found = reader(items, index)
        if found is not None:
            return found
    unsupported = _unsupported(items, index, parts)
    if unsupported is not None:
        return unsupported
    if parts and parts[-1].slot == "times" and parts[-1].after == index:
        return places.unknown_zone(items, index)
    if parts and parts[-1].slot == "cue" and parts[-1].after + 1 >= index:
        late = clock.read_clock(items, index, bare=True)
        if late is not None:
            return (Part("times", (late,), index, late.next),), late.next
    return None


_EXCEPT_WORDS = {
    *(
        "except",
        "except for",
        "except on",
        "excluding",
        "other than",
        "apart from",
        "ausser",
        "sauf",
        "excepte",
        "excepto",
    ),
    *("exceto", "salvo"),
}


def _unsupported(items: Items, index: int, parts: list[Part]) -> tuple[tuple[Part, ...], int] | None:
    """Words beside a schedule that it cannot hold ("except at night", "at sunrise"): they must not be lost."""
    if has(items, index, "unsupported") and has(items, index - 1, "every"):
        return (Part("unsupported", items[index].norm, index, index + 1, 3),), index + 1
    if not parts or index - parts[-1].after > 1:
        return None
    if items[index].norm in _EXCEPT_WORDS:
        return (Part("unsupported", "an exception that is not understood", index, index + 1, 3),), index + 1
    if has(items, index, "unsupported"):
        return (Part("unsupported", items[index].norm, index, index + 1, 3),), index + 1
    return None


def _gather(items: Items, parts: Sequence[Part]) -> list[Group]:
    groups: list[list[Part]] = []
    for part in parts:
        if groups and _joined(items, groups[-1][-1], part):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [Group(tuple(_trimmed(group))) for group in groups if any(part.slot != "cue" for part in group)]


def _trimmed(group: list[Part]) -> list[Part]:
    while group and group[-1].slot == "cue":
        group = group[:-1]
    while group and group[0].slot == "cue":
        group = group[1:]
    return group


def _joined(items: Items, left: Part, right: Part) -> bool:
    gap = items[left.after : right.first]
    if len(gap) > 4:
        return False
    if right.slot == "cue" and len(gap) == 1 and gap[0].kind == "break":
        return True
    return all(item.kind != "break" and (item.has(*_GLUE) or item.norm in _GLUE_WORDS) for item in gap)


def _boundary(items: Items, index: int, opening: bool) -> bool:
    """Whether the item at `index` ends a piece of a sentence."""
    if index < 0 or index >= len(items):
        return True
    item = items[index]
    marks = (
        (",", ":", ";", "(", "-", "*", "|", "=", "→", ">", "[")
        if opening
        else (",", ":", ";", ")", "|", "]", "(", "-", "*")
    )
    return item.kind == "break" or item.norm in marks


def _before(items: Items, index: int, reach: int, *concepts: str) -> bool:
    """Whether one of the concepts stands at most `reach` items before `index` in the same sentence."""
    for position in range(index - 1, max(-1, index - 1 - reach), -1):
        if items[position].kind == "break":
            return False
        if has(items, position, *concepts):
            return True
    return False


def _after(items: Items, index: int, reach: int, *concepts: str) -> bool:
    for position in range(index, min(len(items), index + reach)):
        if items[position].kind == "break":
            return False
        if has(items, position, *concepts):
            return True
    return False


def _strength(items: Items, group: Group) -> int:
    slots = group.slots()
    if not slots - _BESIDE:
        return 0
    if _blocked(items, group, slots):
        return 0
    base = max(part.strength for part in group.parts)
    ran = _ran(items, group.first) or any(has(items, index, "run_verb") for index in _gap_items(group))
    timed = "times" in slots or ("window" in slots and "step" in slots)
    dated = bool(slots & set(DAYISH))
    stepped = bool(slots & {"step", "count"})
    opened, closed = _boundary(items, group.first - 1, True), _boundary(items, group.after, False)
    if stepped and (base >= 3 or timed or ran or dated or (opened and closed)):
        return 3
    if stepped:
        return _adjective(items, group, opened, closed)
    if dated:
        return _date_strength(slots, base, timed, ran, opened and closed)
    if "times" in slots:
        return _time_strength(items, group, slots, ran, opened, closed)
    if "minute" in slots:
        return 2
    if "part" in slots and (ran or (opened and closed)):
        return 2
    return 0


_EVENT_WORDS = ("after", "when", "once", "whenever", "following")


def _ran(items: Items, index: int) -> bool:
    """Whether a verb of running stands before `index`, without an event between them ("runs after daily exports")."""
    for position in range(index - 1, max(-1, index - 4), -1):
        if items[position].kind == "break" or items[position].norm in _EVENT_WORDS:
            return False
        if has(items, position, "run_verb"):
            return True
    return False


def _gap_items(group: Group) -> list[int]:
    covered = {index for part in group.parts for index in range(part.first, part.after)}
    return [index for index in range(group.first, group.after) if index not in covered]


def _adjective(items: Items, group: Group, opened: bool, closed: bool) -> int:
    """Judge a rhythm that stands alone: "daily export" and "... daily." set one, "daily users" are data."""
    if (closed or _adverb(items, group.after)) and not _before(items, group.first, 1, "the"):
        return 3
    if _after(items, group.after, 3, "job_noun", "run_verb"):
        return 2
    return 1 if not opened else 2


_AFTER_ADVERB = {
    *("and", "to", "into", "from", "in", "via", "then", "when", "if", "after", "so", "but", "using", "with", "by"),
    *("through", "as", "without", "und", "nach", "mit", "von", "aus", "et", "vers", "dans", "avec", "en", "y", "con"),
    *("para", "desde", "e", "com", "em", "de", "der", "die", "das", "les", "los", "las", "os"),
}
"""Words behind a rhythm that is an adverb ("sync it daily into ...")."""


def _adverb(items: Items, index: int) -> bool:
    return index < len(items) and items[index].norm in _AFTER_ADVERB


def _date_strength(slots: set[str], base: int, timed: bool, ran: bool, alone: bool) -> int:
    if timed or ran or base >= 3:
        return 3
    if alone or (base >= 2 and "days" in slots) or "edge" in slots:
        return 2
    return 0


def _time_strength(items: Items, group: Group, slots: set[str], ran: bool, opened: bool, closed: bool) -> int:
    if ran:
        return 3
    exact = any(items[index].kind in ("time", "dotted") for index in range(group.first, group.after))
    stated = (
        exact
        or "zone" in slots
        or any(has(items, index, "am", "pm", "clock", "oclock") for index in range(group.first, group.after))
    )
    before = items[group.first - 1] if group.first else None
    if before is not None and (before.kind == "date" or (before.kind == "number" and before.value[:1] > (1900,))):
        return 0
    if opened and closed:
        return 2
    if stated and has(items, group.first, "at", "clock"):
        return 2
    return 1 if stated or closed else 0


_CHECKING = {"check", "checking", "checks", "look", "looking", "polling", "poll", "polls", "prüfe", "prufe"}


def _blocked(items: Items, group: Group, slots: set[str]) -> bool:
    first = group.first
    bounded = has(items, first - 1, "not_time") or (
        has(items, first - 1, "the", "at") and has(items, first - 2, "not_time")
    )
    if bounded and not slots & {"step", "count"}:
        return True
    quick = any(part.slot == "step" and part.value[1] in ("second", "minute", "hour") for part in group.parts)
    if quick and not slots & {"window", "days", "minute"}:
        opens = first == 0 or items[first - 1].kind == "break"
        if _before(items, first, 4, "blocker") or (not opens and _after(items, group.after, 2, "blocker")):
            return True
        checking = any(items[index].norm in _CHECKING for index in range(max(0, first - 2), first))
        if (checking or _before(items, first, 2, "step_word")) and _before(items, first, 14, "blocker"):
            return True
    return not slots & {"step", "count"} and "times" in slots and _before(items, first, 2, "blocker")
