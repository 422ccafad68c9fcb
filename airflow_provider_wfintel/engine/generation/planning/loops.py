"""Loops that a verb says: "loops over the tables a, b and c and runs `OPTIMIZE` for each one"."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["with_loops"]

_NAME = r"[`'\"]?[A-Za-z][\w.-]*[`'\"]?"
_LOOP = re.compile(
    rf"\b(?:loops?|iterates?|goes|go|walks?)\s+(?:over|through)\s+(?:(?:all|of|the|our|these)\s+)*(?P<noun>[a-z]+)\s+"
    rf"(?P<items>{_NAME}(?:\s*,\s*{_NAME})*(?:\s*,)?\s+and\s+{_NAME})",
    re.IGNORECASE,
)
# Statements that lack nothing but their table.
_OF_A_TABLE = re.compile(
    r"(?:optimize|vacuum|vacuum\s+analyze|analyze|truncate\s+table|analyze\s+table)", re.IGNORECASE
)


def with_loops(flow: Flow) -> Flow:
    """The flow with the items of such loops, and with each item in a statement that lacks its table."""
    return replace(flow, steps=tuple(map(_looped, flow.steps)))


def _looped(step: Step) -> Step:
    found = _LOOP.search(step.words) if step.foreach is not None and not step.foreach.items else None
    if found is None or step.foreach is None:
        return step
    items = tuple(item.strip("`'\" ") for item in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", found.group("items")))
    noun = found.group("noun").lower().removesuffix("s")
    slots = []
    for item in step.slots:
        if item.slot.value in items:
            continue
        bare = item.slot.name == "sql" and noun == "table" and _OF_A_TABLE.fullmatch(item.slot.value.strip())
        value = f"{item.slot.value.strip()} <table>" if bare else item.slot.value
        slots.append(replace(item, slot=replace(item.slot, value=value)))
    return replace(step, foreach=replace(step.foreach, noun=noun, items=items), slots=tuple(slots))
