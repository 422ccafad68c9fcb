"""Pieces that stand together become groups, and each group gets a strength: is it about the schedule at all?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_wfintel.engine.generation.schedule import calendar_words, clock, places
from airflow_provider_wfintel.engine.generation.schedule.parts import Items, Part, Reader, has

__all__ = ["Group", "find_groups", "phrases_of"]

_READERS: tuple[Reader, ...] = (
    calendar_words.read_except,
    clock.read_minute,
    calendar_words.read_step,
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
_GLUE = ("at", "on", "the", "and", "of", "time_word", "run_verb", "zone_intro", "start", "both", "between", "every")
_BESIDE = {
    *("zone", "unknown_zone", "cue", "months", "unsupported", "except_days", "except_holidays", "except_months"),
}
"""Slots that say nothing about the schedule by themselves."""
_DAYISH = ("days", "nth", "dom", "edge", "business", "dates")


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
    dated = bool(slots & set(_DAYISH))
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
        if _before(items, first, 4, "blocker") or _after(items, group.after, 2, "blocker"):
            return True
        checking = any(items[index].norm in _CHECKING for index in range(max(0, first - 2), first))
        if (checking or _before(items, first, 2, "step_word")) and _before(items, first, 14, "blocker"):
            return True
    return not slots & {"step", "count"} and "times" in slots and _before(items, first, 2, "blocker")


def phrases_of(group: Group, problems: list[str]) -> list[dict[str, Any]]:
    """The schedules of a group: one dict of slots each ("weekdays at 6 and Saturdays at 10" are two).

    Contradictions are told in `problems` as pairs of slot values.
    """
    done: list[dict[str, Any]] = []
    current: dict[str, Any] = {}
    cue = False
    for part in _without_translations(group.parts):
        if part.slot == "cue":
            cue = True
            continue
        if cue:
            _take_back(current, part)
        elif _starts_another(current, part):
            done.append(current)
            current = {name: value for name, value in current.items() if name in ("zone", "step")}
            if part.slot == "times" and "times" in current:
                current.pop("times")
        _fill(current, part, problems, cue)
        cue = False
    done.append(current)
    return _complete(done)


def _without_translations(parts: tuple[Part, ...]) -> list[Part]:
    """Leave out a time that is the first one again in another zone ("02:00 EST (07:00 UTC)")."""
    kept: list[Part] = []
    zone = ""
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        again = bool(zone) and part.slot == "times" and any(known.slot == "times" for known in kept)
        if again and following is not None and following.slot == "zone" and following.value[0] != zone:
            continue
        if part.slot == "zone":
            if zone and part.value[0] != zone:
                continue
            zone = part.value[0]
        kept.append(part)
    return kept


def _take_back(current: dict[str, Any], part: Part) -> None:
    if part.slot in _DAYISH:
        for name in _DAYISH:
            current.pop(name, None)
    elif part.slot in ("step", "count"):
        current.pop("step", None)
        current.pop("count", None)


def _starts_another(current: dict[str, Any], part: Part) -> bool:
    dated = any(name in current for name in _DAYISH)
    if part.slot == "times":
        return "times" in current and dated and current["times"] != part.value
    if part.slot in _DAYISH and "times" in current and dated:
        return bool(current.get(part.slot) != part.value)
    return False


def _fill(current: dict[str, Any], part: Part, problems: list[str], cue: bool) -> None:
    slot, value = part.slot, part.value
    if slot == "times" and "times" in current and not cue:
        known = current["times"]
        value = known if value == known else (*known, *value)
    if slot == "zone" and "zone" in current and not cue:
        return
    if slot == "step" and "step" in current and not cue:
        value = _narrower(current["step"], value, problems)
    if slot == "count" and "step" in current and not cue and value != (1, current["step"][1]):
        if value[0] == 1:
            problems.append("step")
            return
        current.pop("step")
    if slot in ("days", "dom", "nth") and slot in current and not cue:
        known = current[slot]
        value = known | value if slot == "days" else tuple(dict.fromkeys((*known, *value)))
        if slot == "days" and (known <= part.value or part.value <= known):
            value = min(known, part.value, key=len)
    current[slot] = value


_LENGTH = {"second": 0, "minute": 1, "hour": 2, "day": 3, "week": 4, "month": 5, "quarter": 6, "year": 7}


def _narrower(known: tuple[int, str], new: tuple[int, str], problems: list[str]) -> tuple[int, str]:
    """Two steps of one phrase: "weekly every week" is one; "hourly ... daily" contradict each other."""
    if known == new or (new == (1, "day") and _LENGTH[known[1]] <= 2):
        return known
    if known[1] == new[1]:
        if 1 in (known[0], new[0]):
            return known if known[0] != 1 else new
        problems.append("step")
        return known
    if known == (1, "day") and _LENGTH[new[1]] <= 2:
        return new
    longer, shorter = (known, new) if _LENGTH[known[1]] > _LENGTH[new[1]] else (new, known)
    if shorter == (1, "day"):
        return longer
    problems.append("step")
    return known


def _complete(phrases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Share what was said once for all of them: zone, step, and a time that stands only at the last."""
    merged = [phrase for phrase in phrases if phrase]
    zone = next((phrase["zone"] for phrase in merged if "zone" in phrase), None)
    for phrase in merged:
        if zone is not None:
            phrase["zone"] = zone
    times = merged[-1].get("times") if merged else None
    if times and len(merged) > 1:
        for phrase in merged:
            phrase.setdefault("times", times)
    return merged
