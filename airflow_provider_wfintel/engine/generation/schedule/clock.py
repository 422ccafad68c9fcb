"""Readers of clock times: single times, lists, windows, the minute of an hour, parts of the day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.generation.schedule.parts import Found, Items, Part, Strength, has, number_at, skip

__all__ = ["Clock", "read_minute", "read_part", "read_times", "read_window"]

_VAGUE_HOURS = {"h", "hs", "hours", "hrs", "heures", "heure", "horas"}
"""Words after a number that make a clock time only behind "at": elsewhere they are a duration."""
_NIGHT = ("night", "noche", "noite", "nacht", "晚", "夜", "madrugada")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day.

    `open_half` says that the words left open whether it is before or after noon, `told_half` that they told it.
    """

    hour: int
    minute: int = 0
    open_half: bool = field(default=False, compare=False)
    told_half: bool = field(default=False, compare=False)
    next: int = field(default=0, compare=False)


def _half_of_day(items: Items, index: int) -> tuple[str, int]:
    """`am`, `pm` or `night` written at `index`, and the next index."""
    if has(items, index, "am", "pm", "pm_night"):
        norm = items[index].norm
        if has(items, index, "pm_night") or (has(items, index, "pm") and any(word in norm for word in _NIGHT)):
            return "night", index + 1
        return ("am" if has(items, index, "am") else "pm"), index + 1
    return "", index


def _apply_half(clock: Clock, half: str) -> Clock:
    hour = clock.hour
    if half == "am" and hour == 12:
        hour = 0
    elif half == "pm" and hour < 12:
        hour += 12
    elif half == "night":
        hour = hour % 12 if hour == 12 else hour + 12 if 5 < hour < 12 else hour
    return replace(clock, hour=hour, open_half=clock.open_half and not half, told_half=bool(half))


def read_clock(items: Items, index: int, *, bare: bool = False) -> Clock | None:
    """One clock time at `index`; a lone number counts only if `bare` or behind "at"."""
    start = index
    index = skip(items, index, "at", limit=2)
    bare = bare or index > start
    half, index = _half_of_day(items, index) if not has(items, index, "clock") else ("", index)
    clock = _spoken(items, index) or _digits(items, index, bare or bool(half))
    if clock is None or not (0 <= clock.hour <= 24 and 0 <= clock.minute < 60):
        return None
    if clock.hour == 24:
        clock = replace(clock, hour=0)
    if not half:
        half, after = _half_of_day(items, clock.next)
        if not has(items, clock.next, "on") or half != "am" or clock.open_half:
            clock = replace(clock, next=after)
        else:
            half = ""
    return _apply_half(clock, half)


def _spoken(items: Items, index: int) -> Clock | None:
    if has(items, index, "clock"):
        hour, minute = items[index].concepts["clock"]
        return Clock(hour, minute, next=index + 1)
    past = _minutes_past(items, index)
    if past is not None:
        return past
    if has(items, index, "quarter_past", "half_past") and has(items, index + 1, "clock"):
        hour = items[index + 1].concepts["clock"][0]
        return Clock(hour, 15 if has(items, index, "quarter_past") else 30, next=index + 2)
    if has(items, index, "quarter_to") and has(items, index + 1, "clock"):
        return Clock((items[index + 1].concepts["clock"][0] - 1) % 24, 45, next=index + 2)
    for concept, minute, back in (
        ("half_past", 30, 0),
        ("quarter_past", 15, 0),
        ("quarter_to", 45, 1),
        ("halb", 30, 1),
    ):
        number = number_at(items, index + 1) if has(items, index, concept) else None
        if number is not None and 0 < number <= 24:
            after = index + 2
            if has(items, after, "oclock"):
                after += 1
            return Clock((number - back) % 24, minute, number <= 12, next=after)
    return None


def _minutes_past(items: Items, index: int) -> Clock | None:
    """Read "30 minutes after midnight", "at 10 past 6", "at 20 to 7"."""
    minutes = number_at(items, index)
    if minutes is None or not 0 < minutes < 60:
        return None
    after = index + 1
    if has(items, after, "unit") and items[after].concepts["unit"] == "minute":
        after += 1
    back = has(items, after, "to") and items[after].norm == "to" and has(items, index - 1, "at") and minutes % 5 == 0
    if not (has(items, after, "past") or back):
        return None
    if has(items, after + 1, "clock"):
        hour = items[after + 1].concepts["clock"][0]
    else:
        number = number_at(items, after + 1)
        told = has(items, index - 1, "at") or has(items, after + 2, "am", "pm", "oclock")
        if number is None or number > 24 or not told or has(items, after + 2, "unit"):
            return None
        hour = number
    if back and not has(items, after + 1, "clock") and hour > 12:
        return None
    moment = hour * 60 + (-minutes if back else minutes)
    return Clock(moment // 60 % 24, moment % 60, 0 < hour < 12, next=after + 2)


def _digits(items: Items, index: int, bare: bool) -> Clock | None:
    if index >= len(items):
        return None
    item = items[index]
    after = index + 1
    if item.kind == "time":
        after = after + 1 if has(items, after, "oclock") else after
        open_half = 0 < item.value[0] < 12 and not item.norm.startswith("0")
        return Clock(item.value[0], item.value[1], open_half, next=after)
    if item.kind == "dotted" and (bare or has(items, after, "oclock", "am", "pm", "time_word")):
        after = after + 1 if has(items, after, "oclock") else after
        return Clock(item.value[0], item.value[1], False, next=after)
    number = number_at(items, index)
    if number is None:
        return None
    if len(item.norm) == 4 and item.norm.isdigit() and (bare or has(items, after, "zone", "oclock")):
        after = after + 1 if has(items, after, "oclock") else after
        return Clock(number // 100, number % 100, False, next=after)
    if number > 24:
        return None
    return _hour_words(items, index, number, bare)


def _hour_words(items: Items, index: int, number: int, bare: bool) -> Clock | None:
    after = index + 1
    open_half = 0 < number < 12
    if has(items, after, "oclock") and (bare or items[after].norm not in _VAGUE_HOURS):
        if has(items, after, "half"):
            return Clock(number, 30, open_half, next=after + 1)
        after += 1
        minute = number_at(items, after)
        if minute is not None and minute < 60 and (items[after].start - items[after - 1].end <= 1):
            if has(items, after + 1, "minute_word", "unit"):
                return Clock(number, minute, open_half, next=after + 2)
            if not has(items, after + 1, "unit", "times_word", "oclock"):
                return Clock(number, minute, open_half, next=after + 1)
        if has(items, after, "half"):
            return Clock(number, 30, open_half, next=after + 1)
        return _and_a_half(items, Clock(number, 0, open_half, next=after))
    if has(items, after, "half") and items[after].norm == "点 半":
        return Clock(number, 30, open_half, next=after + 1)
    if has(items, after, "am", "pm") and not (has(items, after, "on") and not bare):
        return Clock(number, 0, open_half, next=after)
    if has(items, after, "plus_half", "plus_quarter") and bare:
        return _and_a_half(items, Clock(number, 0, open_half, next=after))
    if bare and not has(items, after, "unit", "times_word") and items[index].kind in ("number", "word"):
        return Clock(number, 0, open_half, next=after)
    return None


def _and_a_half(items: Items, clock: Clock) -> Clock:
    if has(items, clock.next, "plus_half"):
        return replace(clock, minute=30, next=clock.next + 1)
    if has(items, clock.next, "plus_quarter"):
        return replace(clock, minute=15, next=clock.next + 1)
    return clock


def _follows_list(items: Items, index: int) -> bool:
    """Whether a lone number that ends before `index` may be the next time of a list."""
    if index >= len(items):
        return True
    item = items[index]
    return item.kind in ("punct", "break") or item.has(
        "and", "am", "pm", "zone", "oclock", "every", "on", "weekday", "freq"
    )


def read_times(items: Items, index: int) -> Found:
    """A clock time or a list of them ("at 6, 12 and 18", "05:00 & 17:00")."""
    first = read_clock(items, index) or _beside_rhythm(items, index)
    if first is None:
        return _hours_before_zone(items, index)
    strength: Strength = 0
    if _plural_noun(items, first.next) and items[first.next - 1].kind == "number":
        return None
    clocks = [first]
    while True:
        position = skip(items, clocks[-1].next, "and", norms=(",", "/"), limit=2)
        if position == clocks[-1].next:
            break
        following = read_clock(items, position, bare=True)
        if following is None or (
            items[following.next - 1].kind in ("number", "word")
            and not _follows_list(items, following.next)
            and has(items, position, "num") | (items[position].kind == "number")
            and following.next == position + 1
        ):
            break
        clocks.append(following)
    return (Part("times", tuple(clocks), index, clocks[-1].next, strength),), clocks[-1].next


def _hours_before_zone(items: Items, index: int) -> Found:
    """Read bare hours that a zone makes clock times ("6/14/22 UTC", "daily, 6 UTC")."""
    clocks: list[Clock] = []
    position = index
    while True:
        number = number_at(items, position)
        if number is None or number > 24 or items[position].kind != "number":
            return None
        clocks.append(Clock(number % 24, next=position + 1))
        if has(items, position + 1, "zone") and (len(clocks) > 1 or _stands_free(items, index)):
            return (Part("times", tuple(clocks), index, position + 1),), position + 1
        following = skip(items, position + 1, "and", norms=("/", ","), limit=2)
        if following == position + 1:
            return None
        position = following


def _beside_rhythm(items: Items, index: int) -> Clock | None:
    """Read "daily (7 h)" and "daily 7: load ...": a bare hour that a rhythm makes a clock time."""
    if items[index].kind != "number":
        return None
    bracket = (
        index > 1 and items[index - 1].norm == "(" and has(items, index - 2, "freq", "every", "weekdays_of", "unit")
    )
    days = ("freq", "weekdays_of", "weekday", "business_day")
    colon = has(items, index - 1, *days) and index + 1 < len(items) and items[index + 1].norm == ":"
    comma = (
        index > 1 and items[index - 1].norm == "," and has(items, index - 2, *days) and has(items, index + 1, "oclock")
    )
    if not (bracket or colon or comma):
        return None
    clock = read_clock(items, index, bare=True)
    if clock is None:
        return None
    closed = clock.next < len(items) and items[clock.next].norm in (")", ":", ",")
    return clock if closed or (comma and (clock.next >= len(items) or items[clock.next].kind == "break")) else None


def _stands_free(items: Items, index: int) -> bool:
    """Whether nothing that the number could count or name stands before it ("daily 6 UTC", not "release 6 UTC")."""
    before = items[index - 1] if index else None
    return before is None or before.kind in ("punct", "break") or before.has("freq", "every", "weekday", "weekdays_of")


def _plural_noun(items: Items, index: int) -> bool:
    if index >= len(items):
        return False
    item = items[index]
    return item.kind == "word" and not item.concepts and item.norm.endswith("s") and len(item.norm) > 3


def read_window(items: Items, index: int, *, bare: bool = False) -> Found:
    """A range of the day ("between 9 and 5", "9:00-17:45", "business hours"); lone numbers count if `bare`."""
    if has(items, index, "business_hours"):
        return _business_hours(items, index)
    start = index
    introduced = has(items, index, "between")
    if introduced:
        index += 1
    introduced = introduced or bare
    if has(items, index, "the"):
        index += 1
    first = read_clock(items, index, bare=introduced)
    if first is None:
        number = number_at(items, index)
        if number is None or number > 24 or not _dash(items, index + 1):
            return None
        first = Clock(number, 0, number < 12, next=index + 1)
    position = first.next
    if not (has(items, position, "to") or _dash(items, position) or (introduced and has(items, position, "and"))):
        return None
    position += 1
    second = read_clock(items, position, bare=introduced or items[index].kind == "time" or first.next > index + 1)
    if second is None:
        second = read_clock(items, position)
    if second is None:
        return None
    opening, closing = _order(first, second)
    return (Part("window", (opening, closing, False), start, second.next),), second.next


def _business_hours(items: Items, index: int) -> Found:
    """Read "business hours" and, if the words say which they are, "business hours (8-17)"."""
    opened = skip(items, index + 1, norms=("(", ",", ":"), limit=1)
    said = read_window(items, opened, bare=True) if opened > index + 1 else None
    if said is None or said[0][0].value[2]:
        return (Part("window", (Clock(9), Clock(17), True), index, index + 1),), index + 1
    opening, closing, _ = said[0][0].value
    after = skip(items, said[1], norms=(")",), limit=1)
    return (Part("window", (opening, closing, True), index, after),), after


def _dash(items: Items, index: int) -> bool:
    return index < len(items) and items[index].norm == "-"


def _order(first: Clock, second: Clock) -> tuple[Clock, Clock]:
    """Read "9 to 5" as 9:00 to 17:00, and "1 to 5 pm" as 13:00 to 17:00."""
    if second.open_half and second.hour <= first.hour and second.hour < 12:
        second = replace(second, hour=second.hour + 12)
    early = first.open_half and first.hour < 6
    if early and second.told_half and second.hour > 12 and first.hour + 12 < second.hour:
        first = replace(first, hour=first.hour + 12)
    return first, second


def read_minute(items: Items, index: int) -> Found:
    """A minute of the hour ("at minute 15", "10 minutes past the hour", "on the hour", "at :15")."""
    if has(items, index, "on_the_hour"):
        return (Part("minute", 0, index, index + 1),), index + 1
    if has(items, index, "on_the_half"):
        return (Part("minute", 30, index, index + 1),), index + 1
    start = index
    index = skip(items, index, "at", limit=1)
    if has(items, index, "at_minute"):
        return _minutes(items, start, index + 1)
    if index > start and index < len(items) and items[index].norm == ":":
        number = number_at(items, index + 1)
        if number is not None and number < 60:
            return (Part("minute", number, start, index + 2),), index + 2
    return _past_the_hour(items, start, index)


def _minutes(items: Items, start: int, index: int) -> Found:
    """Read "at minute 15", "at minutes 7, 27 and 47"; several minutes are a rhythm of hours."""
    found: list[int] = []
    position = index
    while True:
        number = number_at(items, position)
        if number is None or number > 59 or has(items, position + 1, "unit"):
            break
        found.append(number)
        after = position + 1
        position = skip(items, after, "and", norms=(",", "/", "&"), limit=2)
        if position == after:
            break
    if not found:
        return None
    if len(found) == 1:
        return (Part("minute", found[0], start, index + 1),), index + 1
    step = Part("step", (1, "hour"), start, after, 3)
    return (step, Part("minutes", tuple(found), start, after)), after


def _hourly_before(items: Items, index: int) -> bool:
    """Whether a rhythm of hours stands right before ("hourly at quarter past")."""
    item = items[index - 1] if 0 < index <= len(items) else None
    if item is None:
        return False
    return item.concepts.get("unit") == "hour" or item.concepts.get("freq") == [1, "hour"]


def _past_the_hour(items: Items, start: int, index: int) -> Found:
    minute: int | None
    if has(items, index, "half_past", "quarter_past", "quarter_to"):
        minute = 30 if has(items, index, "half_past") else 15 if has(items, index, "quarter_past") else 45
        after = index + 1
    else:
        minute = number_at(items, index)
        after = skip(items, index + 1, "unit", limit=1)
        if minute is None or minute > 59 or not has(items, after, "past"):
            return None
        after += 1
    whole = has(items, after, "the_hour") or (has(items, after, "on_the_hour") and items[after].norm.endswith("hour"))
    if has(items, after, "freq") and items[after].concepts["freq"][1] == "hour":
        step = Part("step", tuple(items[after].concepts["freq"]), start, after + 1, 3)
        return (step, Part("minute", minute, start, after + 1)), after + 1
    every_hour = whole or (has(items, after, "every") and has(items, after + 1, "unit"))
    if not every_hour and _hourly_before(items, start) and number_at(items, after) is None:
        return (Part("minute", minute, start, after),), after
    if not every_hour:
        alone = after >= len(items) or items[after].kind in ("punct", "break")
        if alone and has(items, index + 1, "unit", "past") and not has(items, index, "half_past", "quarter_past"):
            return (Part("minute", minute, start, after),), after
        return None
    after += 1 if whole else 2
    return (Part("step", (1, "hour"), start, after, 3), Part("minute", minute, start, after)), after


def read_part(items: Items, index: int) -> Found:
    """A part of the day without a clock time ("in the morning")."""
    if has(items, index, "part"):
        return (Part("part", items[index].concepts["part"], index, index + 1),), index + 1
    if has(items, index, "am", "pm", "pm_night"):
        norm = items[index].norm
        if norm.startswith(("in the", "at night")):
            value = (
                "morning"
                if "morning" in norm
                else "night"
                if "night" in norm
                else "evening"
                if "evening" in norm
                else "afternoon"
            )
            return (Part("part", value, index, index + 1),), index + 1
    return None
