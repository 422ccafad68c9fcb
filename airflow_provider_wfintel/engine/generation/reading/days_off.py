"""Days off in a table: "except the holidays in the table …" names a table, so no country's calendar is meant."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.conditions import Guard
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.schedule import ScheduleReading
from airflow_provider_wfintel.engine.model import Span

__all__ = ["DaysOff", "find_days_off", "with_days_off"]

DaysOff = tuple[Span, Span]
"""The words that name the table, and the table's name in them."""

_TABLE = re.compile(
    r"[\s,(]*(?:that are\s+|which are\s+)?(?:(?:listed|stored|kept|named|given)\s+)?(?:in|from|of|by|per)\s+(?:the\s+|our\s+)?"
    r"(?:table\s+[`\"']?(?P<after>[A-Za-z_][\w.]*\w)[`\"']?|[`\"']?(?P<before>[A-Za-z_][\w.]*\w)[`\"']?\s+table)"
    r"(?:\s+(?:in|on|of)\s+(?:the\s+|our\s+)?\w+)?\)?",
    re.IGNORECASE,
)


def find_days_off(text: str, schedule: ScheduleReading) -> DaysOff | None:
    """The table of days off right after the words of the schedule that leave out holidays."""
    gate = schedule.schedule.gate
    if gate is None or gate.kind != "not_holiday":
        return None
    for span in schedule.consumed:
        found = _TABLE.match(text, span.end)
        if found is not None and re.search(
            r"holiday|days? off|feiertag|férié|festivo|feriado", span.of(text), re.IGNORECASE
        ):
            name = "after" if found.group("after") else "before"
            return Span(span.end, found.end()), Span(found.start(name), found.end(name))
    return None


def with_days_off(
    words: Words, flow: Flow, schedule: ScheduleReading, days_off: DaysOff | None
) -> tuple[Flow, ScheduleReading]:
    """The flow with the table's check before its first step, and the schedule without a country's calendar."""
    if days_off is not None and flow.steps:
        where, name = days_off
        services = [mention.service for mention in words.mentions if where.start <= mention.span.start < where.end]
        table = Slot("table", name.of(words.text), name, True)
        guard = Guard("holiday", where.of(words.text), where, slots=(table,), service=services[0] if services else "")
        first = replace(flow.steps[0], guard=flow.steps[0].guard or guard)
        flow = replace(flow, steps=(first, *flow.steps[1:]))
    tables = any(
        step.guard is not None
        and step.guard.kind == "holiday"
        and any(slot.name == "table" for slot in step.guard.slots)
        for step in flow.steps
    )
    gate = schedule.schedule.gate
    if not tables or gate is None or gate.kind != "not_holiday":
        return flow, schedule
    questions = tuple(item for item in schedule.questions if "public holidays" not in item.text)
    return flow, replace(schedule, schedule=replace(schedule.schedule, gate=None), questions=questions)
