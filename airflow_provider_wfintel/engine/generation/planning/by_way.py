"""Copies by way of an object store: "from Postgres into BigQuery via the bucket …" is an export and a load."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.exports import file_format, with_file_key, with_file_name
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step

__all__ = ["legs"]

_FILES = ("uri", "key", "prefix", "folder", "path", "file_name", "pattern")


def legs(desk: Desk, step: Step) -> tuple[Step, Step] | None:
    """The two copies of a step that goes by way of an object store; None for any other step.

    Both name the same file, which has a name of its own for each day if the words give none.
    """
    way = step.tool
    if not (step.source and step.target) or way in ("", step.source, step.target) or not is_kind(way, "objects"):
        return None
    between = [item for item in step.slots if item.service == way]
    first = replace(step, action="copy", lemma="export", target=way, tool="", slots=_without(step, step.target))
    if is_kind(step.source, "sql") and not any(item.slot.name in _FILES for item in between):
        first = replace(first, slots=(*first.slots, OwnedSlot(_file(desk, step), way)))
    first = with_file_key(with_file_name(desk, first))
    left = [item for item in first.slots if item.service == way]
    own = [item for item in step.slots if item.service == step.target or (not item.service and not _is_table(item))]
    second = replace(step, action="load", lemma="load", source=way, tool="", slots=(*left, *own))
    return first, _same_table(step, second)


def _is_table(item: OwnedSlot) -> bool:
    return item.slot.name in ("table", "sql", "procedure")


def _without(step: Step, service: str) -> tuple[OwnedSlot, ...]:
    return tuple(item for item in step.slots if item.service != service)


def _same_table(step: Step, second: Step) -> Step:
    """Between two databases a table keeps its name unless the words give another one."""
    tables = [item for item in step.slots if item.slot.name == "table" and item.service != step.target]
    if len(tables) != 1 or not is_kind(step.target, "sql") or any(_is_table(item) for item in second.slots):
        return second
    return replace(second, slots=(*second.slots, replace(tables[0], service=step.target)))


def _file(desk: Desk, step: Step) -> Slot:
    tables = [item.slot for item in step.slots if item.slot.name == "table" and item.service != step.target]
    stem = tables[0].value.rsplit(".", 1)[-1] if tables and is_identifier(tables[0].value) else "export"
    name = f"{stem}/{desk.run_stamp}.{file_format(step) or 'csv'}"
    words = " ".join(step.words.split())[:80]
    desk.notes.assume("key", f"The file between the two halves of {words!r} is named {name!r}.", desk.span(step))
    return Slot("key", name, step.spans[0], True)
