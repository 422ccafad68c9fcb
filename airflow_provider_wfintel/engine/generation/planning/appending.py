"""Whether a load into BigQuery replaces the table or adds to it, where the words do not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, TemplateValue, to_json

__all__ = ["with_appending"]


def with_appending(desk: Desk, drafts: list[Draft], below: Callable[[str], set[str]]) -> list[Draft]:
    """Add to the table where one day of files is loaded, or where a step before removes a part of its rows.

    Replacing the whole table would lose the other days.
    """
    result = []
    for draft in drafts:
        told = draft.task.argument("write_disposition")
        adds = told is not None and told.origin == "default" and told.value == LiteralValue.of("WRITE_TRUNCATE")
        if told is not None and adds and (_of_a_day(draft) or _partly_emptied(draft, drafts, below)):
            own = Argument(told.name, LiteralValue.of("WRITE_APPEND"), "implied")
            arguments = tuple(own if item is told else item for item in draft.task.arguments)
            draft = replace(draft, task=replace(draft.task, arguments=arguments))
        result.append(draft)
    for draft in result:
        told = draft.task.argument("write_disposition")
        if told is not None and told.origin in ("default", "implied") and isinstance(told.value, LiteralValue):
            kept = told.value.value == "WRITE_APPEND"
            does = "stay, the new ones are added" if kept else "are replaced by the new ones"
            text = f"The rows that the table of {draft.task.task_id!r} holds already {does} ({told.value.value})."
            desk.notes.assume("write_disposition", text, desk.span(draft.step))
    return result


def _of_a_day(draft: Draft) -> bool:
    """Whether the files are those of one run: their path holds its date."""
    for item in draft.task.arguments:
        if item.name not in ("source_objects", "source_object", "source_uris"):
            continue
        if isinstance(item.value, TemplateValue) or "{{" in str(to_json(item.value)):
            return True
    return False


def _partly_emptied(draft: Draft, drafts: list[Draft], below: Callable[[str], set[str]]) -> bool:
    """Whether a step before deletes some rows of the same table."""
    tables = {item.slot.value for item in draft.step.slots if item.slot.name == "table"}
    for other in drafts:
        if other.task.action != "delete" or draft.task.task_id not in below(other.task.task_id):
            continue
        words = str([to_json(item) for item in other.task.arguments])
        if "DELETE FROM" in words and "WHERE" in words and any(table in words for table in tables):
            return True
    return False
