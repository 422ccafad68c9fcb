"""Pieces that were said together become cron expressions, an interval, or a gate over dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_wfintel.engine.generation.schedule.clock import Clock
from airflow_provider_wfintel.engine.generation.schedule.moments import UNIT_SECONDS
from airflow_provider_wfintel.engine.model import CalendarGate

__all__ = ["Composed", "compose", "numbers"]

_PART_HOURS = {"morning": 7, "afternoon": 14, "evening": 19, "night": 2, "midnight": 0, "before_midnight": 23}
_WEEK_SPREAD = {
    1: (1,),
    2: (1, 4),
    3: (1, 3, 5),
    4: (1, 2, 4, 5),
    5: (1, 2, 3, 4, 5),
    6: (1, 2, 3, 4, 5, 6),
    7: (0, 1, 2, 3, 4, 5, 6),
}
_MONTH_SPREAD = {1: (1,), 2: (1, 15), 3: (1, 11, 21), 4: (1, 8, 15, 22)}
_EDGES = {
    "month_end": ("L", "*"),
    "month_start": ("1", "*"),
    "quarter_end": ("L", "3,6,9,12"),
    "quarter_start": ("1", "1,4,7,10"),
    "year_end": ("31", "12"),
    "year_start": ("1", "1"),
}
_WORKDAYS = frozenset({1, 2, 3, 4, 5})
_QUARTER_FIRST, _QUARTER_LAST = "1,4,7,10", "3,6,9,12"


@dataclass(slots=True)
class Composed:
    """What the pieces come to. `assumed` and `problems` are sentences for a person."""

    crons: list[str] = field(default_factory=list)
    interval_seconds: float = 0.0
    anchor_time: str = ""
    gate: CalendarGate | None = None
    assumed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)


def numbers(values: Iterable[int]) -> str:
    """Numbers as a cron field: runs of three and more become ranges."""
    ordered = sorted(set(values))
    pieces: list[str] = []
    index = 0
    while index < len(ordered):
        end = index
        while end + 1 < len(ordered) and ordered[end + 1] == ordered[end] + 1:
            end += 1
        if end - index >= 2:
            pieces.append(f"{ordered[index]}-{ordered[end]}")
        else:
            pieces.extend(str(value) for value in ordered[index : end + 1])
        index = end + 1
    return ",".join(pieces)


def compose(slots: Mapping[str, Any]) -> Composed:
    """Turn the pieces of one phrase into a schedule. Slots are those of `parts.Slot`."""
    slots = dict(slots)
    out = Composed()
    if not _supported(slots, out):
        return out
    _spread_counts(slots, out)
    step = slots.get("step")
    if step is not None and step[1] in ("second", "minute", "hour"):
        _within_day(slots, step, out)
    elif "minute" in slots and "times" not in slots and step is None:
        slots["step"] = (1, "hour")
        _within_day(slots, (1, "hour"), out)
    elif step is not None and step[1] == "day" and step[0] > 1 and not _names_days(slots):
        _every_n_days(slots, step[0], out)
    else:
        _on_days(slots, out)
    dated = any(name in slots for name in ("dom", "dates", "edge"))
    if dated and out.gate is None and slots.get("except_days"):
        out.gate = CalendarGate("not_on_days", days=tuple(sorted(slots["except_days"])))
    if "except_holidays" in slots and out.gate is None:
        out.gate = CalendarGate("not_holiday", country=slots["except_holidays"])
        if not slots["except_holidays"]:
            out.problems.append("which country's public holidays are meant by the schedule?")
    return out


def _supported(slots: Mapping[str, Any], out: Composed) -> bool:
    if "unsupported" in slots:
        what = slots["unsupported"]
        out.problems.append(f"the schedule speaks of {what}, which it cannot hold; when should the DAG run?")
        return False
    weekdays = slots.get("days", _WORKDAYS) != _WORKDAYS
    if weekdays and any(name in slots for name in ("dom", "dates", "edge", "nth", "business")):
        out.problems.append("the schedule names weekdays and days of the month: must both hold, or is either enough?")
        return False
    return True


def _names_days(slots: Mapping[str, Any]) -> bool:
    return any(name in slots for name in ("days", "nth", "dom", "edge", "business", "dates"))


def _spread_counts(slots: dict[str, Any], out: Composed) -> None:
    count = slots.pop("count", None)
    if count is None:
        return
    number, unit = count
    if number == 1:
        slots.setdefault("step", (1, unit))
    elif unit == "day":
        if "times" not in slots:
            if 24 % number:
                out.problems.append(f"at which times of day should the {number} daily runs of the schedule start?")
                return
            slots["times"] = tuple(Clock(hour) for hour in range(0, 24, 24 // number))
            out.assumed.append(f"{number} times a day is spread evenly, starting at midnight")
        slots.setdefault("step", (1, "day"))
    elif unit == "week":
        if "days" not in slots and number in _WEEK_SPREAD:
            slots["days"] = frozenset(_WEEK_SPREAD[number])
            out.assumed.append(f"{number} times a week is spread over the week")
    elif unit == "month":
        if not _names_days(slots) and number in _MONTH_SPREAD:
            slots["dom"] = _MONTH_SPREAD[number]
            out.assumed.append(f"{number} times a month is spread over the month")
    elif unit == "hour" and 60 % number == 0:
        slots["step"] = (60 // number, "minute")
    elif unit == "year" and 12 % number == 0:
        slots["step"] = (12 // number, "month")
    else:
        out.problems.append(f"how often is '{number} times per {unit}' in the schedule?")


def _times(slots: Mapping[str, Any], out: Composed) -> list[Clock]:
    part = slots.get("part", "")
    clocks: tuple[Clock, ...] = slots.get("times", ())
    if not clocks and "window" in slots:
        opening = slots["window"][0]
        out.assumed.append(f"the run starts when the window opens, at {opening.hour:02d}:{opening.minute:02d}")
        return [opening]
    if not clocks:
        hour = _PART_HOURS.get(part, 0)
        out.assumed.append(f"no time of day was said: {hour:02d}:00 is assumed for the schedule")
        return [Clock(hour)]
    return [_in_part(clock, part) for clock in clocks]


def _in_part(clock: Clock, part: str) -> Clock:
    hour = clock.hour
    if clock.open_half and (
        (part == "evening" and hour >= 4) or (part == "night" and hour >= 8) or (part == "afternoon" and hour <= 7)
    ):
        hour += 12
    elif part == "night" and hour == 12:
        hour = 0
    return Clock(hour, clock.minute)


def _weekday_field(slots: Mapping[str, Any]) -> str:
    days = slots.get("days")
    excluded = slots.get("except_days", frozenset())
    if days is None and not excluded:
        return "*"
    kept = (days if days is not None else frozenset(range(7))) - excluded
    return "*" if not kept or len(kept) == 7 else numbers(kept)


def _within_day(slots: Mapping[str, Any], step: tuple[int, str], out: Composed) -> None:
    amount, unit = step
    seconds = amount * UNIT_SECONDS[unit]
    weekday, month = _weekday_field(slots), _month_field(slots)
    window = slots.get("window") or _outside(slots)
    if window is not None and window[2] and "days" not in slots:
        weekday = "1-5"
        out.assumed.append("business hours are taken as 09:00 to 17:00 from Monday to Friday")
    if seconds < 60 or seconds % 60:
        out.interval_seconds = float(seconds)
        out.cautions.append("a DAG run every few seconds is more than the Airflow scheduler is made for")
        return
    minutes = seconds // 60
    offset = _offset_minutes(slots, minutes)
    if window is not None:
        out.crons = _window_crons(window, minutes, offset, weekday, month, out)
        return
    if (
        weekday == "*"
        and month == "*"
        and ((minutes > 60 and (minutes % 60 or 24 % (minutes // 60))) or (minutes < 60 and 60 % minutes))
    ):
        out.interval_seconds = float(seconds)
        return
    out.crons = _step_crons(minutes, offset, weekday, month, out)
    if "minutes" in slots:
        marks = ",".join(str(mark) for mark in sorted(set(slots["minutes"])))
        out.crons = [" ".join((marks, *cron.split()[1:])) for cron in out.crons]


def _outside(slots: Mapping[str, Any]) -> tuple[Clock, Clock, bool] | None:
    """The hours of the day that "not between 22:00 and 6:00" leaves, from the end of the gap to just before it."""
    if "except_window" not in slots:
        return None
    opening, closing = slots["except_window"]
    last = (opening.hour * 60 + opening.minute - 1) % 1440
    return (closing, Clock(last // 60, last % 60), False)


def _offset_minutes(slots: Mapping[str, Any], minutes: int) -> int:
    if "minute" in slots:
        minute: int = slots["minute"]
        return minute
    clocks: tuple[Clock, ...] = slots.get("times", ())
    if len(clocks) == 1:
        return (clocks[0].hour * 60 + clocks[0].minute) % minutes
    return 0


def _step_crons(minutes: int, offset: int, weekday: str, month: str, out: Composed) -> list[str]:
    if minutes < 60 and 60 % minutes == 0:
        start = offset % minutes
        field_ = "*" if minutes == 1 else f"*/{minutes}" if start == 0 else f"{start}-59/{minutes}"
        return [f"{field_} * * {month} {weekday}"]
    if minutes % 60 == 0 and 24 % (minutes // 60) == 0:
        hours = minutes // 60
        minute, hour = offset % 60, offset // 60 % hours
        field_ = "*" if hours == 1 else f"*/{hours}" if hour == 0 else f"{hour}-23/{hours}"
        return [f"{minute} {'0' if hours == 24 else field_} * {month} {weekday}"]
    return _window_crons((Clock(0), Clock(23, 59), False), minutes, 0, weekday, month, out)


def _window_crons(
    window: tuple[Clock, Clock, bool], minutes: int, offset: int, weekday: str, month: str, out: Composed
) -> list[str]:
    opening, closing, _ = window
    first, last = opening.hour * 60 + opening.minute, closing.hour * 60 + closing.minute
    if last <= first:
        last += 1440
    start = first if offset == 0 or opening.minute else first + offset
    by_minutes: dict[tuple[int, ...], list[int]] = {}
    at_hour: dict[int, list[int]] = {}
    for moment in range(start, last + 1, minutes):
        at_hour.setdefault(moment // 60 % 24, []).append(moment % 60)
    for hour, marks in at_hour.items():
        by_minutes.setdefault(tuple(sorted(set(marks))), []).append(hour)
    if len(by_minutes) > 8:
        out.problems.append("the schedule has too many different times of day; which of them are needed?")
        return []
    return [
        f"{_minute_field(marks, minutes)} {numbers(hours)} * {month} {weekday}" for marks, hours in by_minutes.items()
    ]


def _minute_field(marks: tuple[int, ...], minutes: int) -> str:
    if len(marks) > 1 and marks == tuple(range(marks[0], 60, minutes)):
        return f"*/{minutes}" if marks[0] == 0 and 60 % minutes == 0 else ",".join(str(mark) for mark in marks)
    return ",".join(str(mark) for mark in marks)


def _every_n_days(slots: Mapping[str, Any], amount: int, out: Composed) -> None:
    if amount % 7 == 0:
        _on_days({**slots, "step": (amount // 7, "week")}, out)
        return
    out.interval_seconds = float(amount * 86400)
    if "times" in slots or "part" in slots:
        clock = _times(slots, out)[0]
        out.anchor_time = f"{clock.hour:02d}:{clock.minute:02d}"
        out.assumed.append(
            f"every {amount} days is counted from the start date, whose first run is at {out.anchor_time}"
        )
    else:
        out.assumed.append(f"every {amount} days is counted from the start date of the schedule")


def _month_field(slots: Mapping[str, Any]) -> str:
    if "except_months" in slots:
        return numbers(set(range(1, 13)) - set(slots["except_months"]))
    if "months" in slots:
        return (
            numbers(slots["months"])
            if len(slots["months"]) > 2
            else ",".join(str(value) for value in sorted(set(slots["months"])))
        )
    return "*"


def _on_days(slots: Mapping[str, Any], out: Composed) -> None:
    clocks = _times(slots, out)
    dates = _date_fields(slots, out)
    if not dates:
        return
    by_minute: dict[int, list[int]] = {}
    for clock in clocks:
        by_minute.setdefault(clock.minute, []).append(clock.hour)
    out.crons = [
        f"{minute} {','.join(str(hour) for hour in sorted(set(hours)))} {day} {month} {weekday}"
        for minute, hours in by_minute.items()
        for day, month, weekday in dates
    ]


def _date_fields(slots: Mapping[str, Any], out: Composed) -> list[tuple[str, str, str]]:
    """Day, month and weekday fields; several if the dates need several expressions."""
    step = slots.get("step") or (1, "")
    month = _month_field(slots)
    period = slots.get("scope") or (step[1] if step[1] in ("quarter", "year", "month") else "")
    if month == "*" and period == "month" and step[0] > 1:
        month = _every_n_months(step[0], out)
    if "dates" in slots:
        # The same day of several months is one expression.
        months: dict[int, list[int]] = {}
        for number, day in slots["dates"]:
            months.setdefault(day, []).append(number)
        return [(str(day), ",".join(map(str, sorted(set(found)))), "*") for day, found in months.items()]
    if "edge" in slots:
        day, edge_month = _EDGES[slots["edge"]]
        return [(day, edge_month if month == "*" else month, "*")]
    if "business" in slots:
        return [("*", _period_month(period, month, slots["business"]), _business(slots["business"], out))]
    if "nth" in slots:
        return _nth_fields(slots["nth"], period, month)
    if "dom" in slots:
        return _dom_fields(slots["dom"], period, month, out)
    return _plain_fields(slots, step, period, month, out)


def _period_month(period: str, month: str, ordinal: int) -> str:
    if month != "*" or period not in ("quarter", "year"):
        return month
    if period == "quarter":
        return _QUARTER_LAST if ordinal < 0 else _QUARTER_FIRST
    return "12" if ordinal < 0 else "1"


def _business(ordinal: int, out: Composed) -> str:
    if ordinal == 1:
        out.gate = CalendarGate("first_business_day")
    elif ordinal == -1:
        out.gate = CalendarGate("last_business_day")
    else:
        out.gate = CalendarGate("nth_business_day", n=ordinal)
    return "1-5"


def _nth_fields(nth: tuple[tuple[int, int], ...], period: str, month: str) -> list[tuple[str, str, str]]:
    names = [f"{weekday}#{ordinal}" if ordinal > 0 else f"L{weekday}" for ordinal, weekday in nth if ordinal >= -1]
    return [("*", _period_month(period, month, nth[0][0]), ",".join(names))] if names else []


def _dom_fields(days: tuple[int, ...], period: str, month: str, out: Composed) -> list[tuple[str, str, str]]:
    month = _period_month(period, month, days[0])
    if min(days) < -1:
        out.problems.append(
            "on which day of the month should the schedule run? Days counted from the end are not supported"
        )
        return []
    plain = [day for day in days if day > 0]
    if plain and max(plain) > 28:
        out.cautions.append(f"months without a day {max(plain)} are skipped by the schedule")
    fields = (
        [(numbers(plain) if len(plain) > 2 else ",".join(str(day) for day in sorted(set(plain))), month, "*")]
        if plain
        else []
    )
    if -1 in days:
        fields.append(("L", month, "*"))
    return fields


def _every_n_months(amount: int, out: Composed) -> str:
    if 12 % amount == 0:
        return f"*/{amount}" if amount < 12 else "1"
    out.gate = CalendarGate("every_n_months", n=amount)
    return "*"


def _plain_fields(
    slots: Mapping[str, Any], step: tuple[int, str], period: str, month: str, out: Composed
) -> list[tuple[str, str, str]]:
    weekday = _weekday_field(slots)
    if step[1] == "week":
        if weekday == "*":
            weekday = "1"
            out.assumed.append("no weekday was said: Monday is assumed for the weekly schedule")
        if step[0] > 1:
            out.gate = CalendarGate("every_n_weeks", n=step[0])
    elif period in ("month", "quarter", "year") and weekday == "*":
        if period == "year" and step[0] > 1:
            out.problems.append(f"every {step[0]} years is no cron schedule; on which date should it run?")
            return []
        if period == "quarter" and step[0] == 2:
            month = "1,7"
        out.assumed.append("no day was said: the first day of the period is assumed for the schedule")
        return [("1", _period_month(period, month, 1), "*")]
    elif period in ("month", "quarter", "year"):
        out.problems.append("on which of those weekdays of the period should the schedule run?")
        return []
    elif "months" in slots and weekday == "*" and step[1] == "":
        out.assumed.append("no day was said: the first day of the month is assumed for the schedule")
        return [("1", month, "*")]
    return [("*", month, weekday)]
