"""The groups of a text become one: what is missing in the surest is filled from the others, conflicts are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_wfintel.engine.generation.schedule.groups import DAYISH, Group
from airflow_provider_wfintel.engine.generation.schedule.parts import Items, has
from airflow_provider_wfintel.engine.generation.schedule.phrases import phrases_of
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Combined", "combine", "span_of"]

_QUICK = ("second", "minute", "hour")
_WORKDAYS = frozenset({1, 2, 3, 4, 5})


@dataclass(slots=True)
class Combined:
    """The phrases to compose, the words behind them, and pairs of words that contradict each other."""

    phrases: list[dict[str, Any]] = field(default_factory=list)
    strength: int = 0
    spans: list[Span] = field(default_factory=list)
    conflicts: list[tuple[Span, Span]] = field(default_factory=list)
    data_words: list[Span] = field(default_factory=list)


def span_of(items: Items, first: int, after: int) -> Span:
    """The characters of the items `[first, after)`."""
    return Span(items[first].start, items[after - 1].end)


def combine(items: Items, groups: Sequence[Group]) -> Combined:
    """Merge all groups that are about the schedule."""
    out = Combined()
    useful = sorted(
        (group for group in groups if group.strength >= 2), key=lambda group: (-group.strength, group.first)
    )
    if not useful:
        return _only_weak(items, groups, out)
    primary = useful[0]
    out.strength = primary.strength
    out.phrases = _phrases(items, primary, out)
    out.spans.append(span_of(items, primary.first, primary.after))
    for other in useful[1:]:
        _merge(items, primary, other, out)
    weak = [group for group in groups if group.strength == 1]
    if len(out.phrases) == 1 and not _rhythm(out.phrases[0]):
        weak = [group for group in weak if not _fill_rhythm(items, group, out)]
    out.data_words = [span_of(items, group.first, group.after) for group in weak]
    return out


def _only_weak(items: Items, groups: Sequence[Group], out: Combined) -> Combined:
    times = [group for group in groups if group.strength == 1 and "times" in group.slots()]
    if times:
        out.strength = 1
        out.phrases = _phrases(items, times[0], out)
        out.spans.append(span_of(items, times[0].first, times[0].after))
    out.data_words = [
        span_of(items, group.first, group.after) for group in groups if group.strength == 1 and group not in times
    ]
    return out


def _rhythm(phrase: dict[str, Any]) -> bool:
    return any(name in phrase for name in ("step", "count", *DAYISH))


def _fill_rhythm(items: Items, group: Group, out: Combined) -> bool:
    phrase = phrases_of(group, [])[0]
    step = phrase.get("step")
    if step is None or step[1] in _QUICK:
        return False
    out.phrases[0]["step"] = step
    out.spans.append(span_of(items, group.first, group.after))
    return True


def _phrases(items: Items, group: Group, out: Combined) -> list[dict[str, Any]]:
    problems: list[str] = []
    phrases = phrases_of(group, problems, _added(items, group))
    if problems:
        rhythms = [part for part in group.parts if part.slot in ("step", "count")]
        if len(rhythms) > 1:
            first, last = rhythms[0], rhythms[-1]
            out.conflicts.append((span_of(items, first.first, first.after), span_of(items, last.first, last.after)))
    return phrases


def _added(items: Items, group: Group) -> frozenset[int]:
    """Where days stand that come on top of what was said before: "daily at 6 and on Mondays also at 12"."""
    return frozenset(
        part.first
        for part in group.parts
        if part.slot == "days"
        and any(has(items, index, "and", "also") for index in (part.first - 2, part.first - 1, part.after))
    )


def _merge(items: Items, primary: Group, other: Group, out: Combined) -> None:
    span = span_of(items, other.first, other.after)
    phrases = _phrases(items, other, out)
    if len(out.phrases) == 1 and len(phrases) == 1:
        known, new = out.phrases[0], phrases[0]
        verdict = _fits(known, new, other.strength)
    else:
        verdict = (
            "same"
            if phrases == out.phrases or (len(phrases) == 1 and any(_within(phrases[0], item) for item in out.phrases))
            else "conflict"
        )
    if verdict == "fill":
        for name, value in phrases[0].items():
            if name == "step" and _narrow_step(out.phrases[0], value):
                continue
            out.phrases[0].setdefault(name, value)
            if name == "days":
                out.phrases[0][name] = value
            if name == "step":
                out.phrases[0][name] = value
        out.spans.append(span)
    elif verdict == "same":
        out.spans.append(span)
        for phrase in out.phrases:
            if "zone" in phrases[0]:
                phrase.setdefault("zone", phrases[0]["zone"])
    elif primary.strength >= 3 and other.strength >= 3:
        out.conflicts.append((span_of(items, primary.first, primary.after), span))


def _narrow_step(known: dict[str, Any], step: tuple[int, str]) -> bool:
    """Whether the known phrase already says more than the step does."""
    return "step" in known and (step == known["step"] or step == (1, "day"))


def _within(new: dict[str, Any], known: dict[str, Any]) -> bool:
    return all(known.get(name) == value for name, value in new.items() if name != "step")


def _fits(known: dict[str, Any], new: dict[str, Any], strength: int) -> str:
    """`same`, `fill`, `conflict` or `ignore` for a further phrase beside the known one."""
    if _within(new, known) and _step_fits(known, new):
        return "same"
    if "times" in known and "times" in new and not _same_times(known["times"], new["times"]):
        return "conflict"
    if not _step_fits(known, new):
        return "conflict"
    known_days = [name for name in DAYISH if name in known]
    new_days = [name for name in DAYISH if name in new]
    if known_days and new_days and (known_days != new_days or known[known_days[0]] != new[new_days[0]]):
        return "conflict"
    quick = known.get("step", (1, "day"))[1] in _QUICK and "step" in known
    if quick and ("times" in new or (new_days and new_days != ["days"])):
        return "conflict" if "step" in new or new_days else "ignore"
    if known.get("step") == (1, "day") and new_days and not known_days and new.get("days") != _WORKDAYS:
        return "fill" if "times" not in known and ("times" in new or strength >= 3) else "ignore"
    return "fill"


def _same_times(known: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    return [(clock.hour, clock.minute) for clock in known] == [(clock.hour, clock.minute) for clock in new]


def _step_fits(known: dict[str, Any], new: dict[str, Any]) -> bool:
    first, second = known.get("step"), new.get("step")
    if "count" in new and first is not None:
        return bool(new["count"] == (1, first[1])) or (new["count"][0] > 1 and new["count"][1] == first[1])
    if first is None or second is None:
        if second is not None and any(name in known for name in DAYISH):
            return second[1] not in _QUICK and not (second == (1, "day") and "days" not in known)
        return True
    if first == second:
        return True
    if second == (1, "day") and ("days" in known or first[1] in _QUICK):
        return first[1] not in _QUICK
    return first == (1, "day") and second[1] in ("week", "month") and "times" in known and "times" not in new
