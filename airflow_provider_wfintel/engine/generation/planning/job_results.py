"""What a query job returned, where a condition is about it: the operator gives the job's id only, so a task reads the rest."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.conditions import Guard
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, OutputRef

__all__ = ["reader_of_query"]

# One number comes back: the condition is about it and not about how many rows there are.
_ONE_VALUE = re.compile(
    r"\s*select\s+(?:count|sum|max|min|avg)\s*\((?:[^()]|\([^()]*\))*\)(?:\s+as\s+\w+)?\s+from\b", re.I
)
_KINDS = ("not_empty", "threshold", "equals")


def reader_of_query(desk: Desk, guard: Guard, upstream: tuple[Draft, ...]) -> Draft | None:
    """The task that reads what the Athena query before a condition returned; None if the condition is about something else."""
    query = upstream[-1] if upstream else None
    if query is None or guard.kind not in _KINDS or not query.task.operator.path.endswith(":AthenaOperator"):
        return None
    told = query.task.argument("query")
    text = str(told.value.value) if told is not None and isinstance(told.value, LiteralValue) else ""
    name = "athena_value" if guard.kind == "equals" or _ONE_VALUE.match(text) else "athena_rows"
    connection = query.task.argument("aws_conn_id")
    extra = (
        Argument("query_execution_id", OutputRef(query.task.task_id), "implied"),
        *((Argument("conn_id", connection.value, connection.origin),) if connection is not None else ()),
    )
    service = "amazon_athena"
    step = Step(action="query", lemma="read", target=service, words=guard.words, spans=(guard.span,))
    task = f"{query.task.task_id}_result"
    return from_recipe(desk, step, name, SlotValues({}, {}), task, service=service, extra=extra)
