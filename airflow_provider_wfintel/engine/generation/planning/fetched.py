"""Records from what a task fetched: a file on the worker is read, an address is called for its records."""

from __future__ import annotations

from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.naming import slug
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["fetched_file", "reader_of", "records_of_call"]


def fetched_file(draft: Draft) -> str:
    """The CSV file on the worker that a task fetches, empty if it does something else."""
    path, operation = draft.task.argument("local_filepath"), draft.task.argument("operation")
    fetches = operation is not None and operation.value == LiteralValue.of("get")
    if path is None or not fetches or not isinstance(path.value, LiteralValue):
        return ""
    text = str(path.value.value)
    return text if text.lower().endswith(".csv") else ""


def reader_of(desk: Desk, draft: Draft, path: str) -> Draft:
    """The task that reads the CSV file at `path` for `draft`, which stores its records."""
    step = replace(draft.step, action="extract", lemma="read", source="filesystem", target="", slots=())
    values = SlotValues({"path": LiteralValue.of(path)}, {})
    name = f"read_{slug(path.rsplit('/', 1)[-1])}"
    return from_recipe(desk, step, "read_csv_rows", values, name, service="filesystem")


def records_of_call(desk: Desk, draft: Draft) -> Draft | None:
    """A task that only reads an address, as one that returns the records behind it; None for any other task."""
    method, endpoint = draft.task.argument("method"), draft.task.argument("endpoint")
    connection = draft.task.argument("http_conn_id")
    plain = {"method", "endpoint", "http_conn_id"} >= {item.name for item in draft.task.arguments}
    reads = method is not None and method.value == LiteralValue.of("GET")
    if not draft.task.operator.path.endswith(":HttpOperator") or not (plain and reads) or endpoint is None:
        return None
    extra = (endpoint,) if connection is None else (endpoint, replace(connection, name="conn_id"))
    step = replace(draft.step, action="extract")
    made = from_recipe(
        desk,
        step,
        "http_get_json",
        SlotValues({}, {}),
        draft.task.task_id,
        service=step.target or step.source,
        extra=extra,
    )
    task = replace(made.task, trigger_rule=draft.task.trigger_rule, note=draft.task.note)
    return replace(made, task=task)
