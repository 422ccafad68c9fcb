"""The pieces of a group become schedules: one dict of slots each."""

from __future__ import annotations

from typing import Any

from airflow_provider_wfintel.engine.generation.schedule.groups import DAYISH, Group
from airflow_provider_wfintel.engine.generation.schedule.parts import Part

__all__ = ["phrases_of"]


def phrases_of(group: Group, problems: list[str], added: frozenset[int] = frozenset()) -> list[dict[str, Any]]:
    """The schedules of a group: one dict of slots each ("weekdays at 6 and Saturdays at 10" are two).

    Contradictions are told in `problems` as pairs of slot values. Days with a time of their own have it instead of
    the daily one ("daily at 5, Mondays at 7"), unless their first item is in `added`.
    """
    done: list[dict[str, Any]] = []
    current: dict[str, Any] = {}
    cue = False
    parts = _without_translations(group.parts)
    for index, part in enumerate(parts):
        if part.slot == "cue":
            cue = True
            continue
        if cue:
            _take_back(current, part)
        elif _other_days(current, part, parts[index + 1 : index + 3]):
            apart = frozenset() if part.first in added else part.value
            excluded = apart | current.get("except_days", frozenset())
            done.append({**current, "except_days": excluded} if excluded else current)
            current = {name: value for name, value in current.items() if name == "zone"}
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
    """Leave out a time that is the first one again in another zone ("01:30 PST (09:30 UTC)")."""
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
    if part.slot in DAYISH:
        for name in DAYISH:
            current.pop(name, None)
    elif part.slot in ("step", "count"):
        current.pop("step", None)
        current.pop("count", None)


def _starts_another(current: dict[str, Any], part: Part) -> bool:
    dated = any(name in current for name in DAYISH)
    if part.slot == "times":
        return "times" in current and dated and current["times"] != part.value
    hours = "window" in current or current.get("step", (1, "day"))[1] in ("minute", "hour")
    if part.slot in DAYISH and ("times" in current or hours) and dated:
        return bool(current.get(part.slot) != part.value)
    return False


def _other_days(current: dict[str, Any], part: Part, following: list[Part]) -> bool:
    """Whether some days get a time of their own beside a daily one ("daily at 5, Mondays at 7")."""
    daily = current.get("step") == (1, "day") and "times" in current and not any(name in current for name in DAYISH)
    timed = bool(following) and following[0].slot == "times" and following[0].value != current.get("times")
    if len(following) > 1 and following[1].slot == "days":
        return False  # "18:00 on weekdays and 12:00 on weekends": each time stands before its days
    return part.slot == "days" and daily and timed


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
