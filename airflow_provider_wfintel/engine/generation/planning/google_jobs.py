"""Jobs of Google's services that need more than one value at a place: tables made by a query, Hive on Dataproc."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_catalog import from_choice
from airflow_provider_wfintel.engine.generation.planning.choice import best_action
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.values import slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue

__all__ = ["hive_on_dataproc", "on_dataproc", "table_of_query"]

_QUERY = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)
_MAKES = re.compile(
    r"\b(?:creat\w*|build\w*|rebuild\w*|fill\w*|refresh\w*|replac\w*|writ\w*|sav\w*|stor\w*|materiali[sz]\w*|load\w*)\b",
    re.IGNORECASE,
)
_APPENDS = re.compile(r"\bappend\w*\b|\badd\w*\s+(?:them|it|the\s+rows?)\b", re.IGNORECASE)


def table_of_query(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A query whose result is a table of BigQuery: the job names the table, whatever the query reads."""
    if set(step.services) != {"google_bigquery"} or step.action not in (
        "load",
        "trigger",
        "transform",
        "query",
        "copy",
    ):
        return None
    queries = [value for value in step.values("sql") if _QUERY.match(value)]
    tables = (
        [value for value in step.values("table") if is_identifier(value) and value not in queries[0]] if queries else []
    )
    if len(queries) != 1 or len(tables) != 1 or "." not in tables[0] or not _MAKES.search(step.words):
        return None
    plain = replace(step, action="query", slots=tuple(item for item in step.slots if item.slot.name != "table"))
    values = slot_values(plain)
    choice = best_action(desk.catalog.actions("google_bigquery"), plain, values, action="query")
    if choice is None or not choice.record.operator.endswith(":BigQueryInsertJobOperator"):
        return None
    draft = from_choice(desk, replace(plain, action=step.action), choice, values, task)
    configuration = draft.task.argument("configuration")
    if configuration is None or not isinstance(configuration.value, LiteralValue):
        return None
    data = configuration.value.value
    disposition = "WRITE_APPEND" if _APPENDS.search(step.words) else "WRITE_TRUNCATE"
    made = {"destinationTable": _place(desk, step, tables[0]), "writeDisposition": disposition}
    data = {**data, "query": {**data["query"], **made}}
    does = "stay, the new ones are added" if disposition == "WRITE_APPEND" else "are replaced by the new ones"
    text = f"The rows that {tables[0]!r} holds already {does} ({disposition})."
    desk.notes.assume("write_disposition", text, desk.span(step))
    told = Argument("configuration", LiteralValue.of(data), configuration.origin, configuration.evidence)
    arguments = tuple(told if item is configuration else item for item in draft.task.arguments)
    return (replace(draft, task=replace(draft.task, arguments=arguments), gives=""),)


def _place(desk: Desk, step: Step, table: str) -> dict[str, object]:
    """A table as the API of BigQuery wants it; the project is that of the words or of the connection."""
    *project, dataset, name = table.split(".")
    stated = project or list(step.values("project"))
    if stated:
        return {"projectId": stated[0], "datasetId": dataset, "tableId": name}
    connection, _ = desk.connection(step, "google_bigquery")
    text = f"The project of {table!r} is that of the connection {connection!r}."
    desk.notes.assume("project", text, desk.span(step))
    template = f"{{{{ conn.{connection}.extra_dejson.project }}}}" if connection.isidentifier() else ""
    return {"projectId": {"__template__": template}, "datasetId": dataset, "tableId": name}


def on_dataproc(step: Step) -> Step:
    """A Spark job for a cluster of Dataproc that the words name beside Spark."""
    if step.target != "spark" or step.source or step.tool or not re.search(r"\bdataproc\b", step.words, re.IGNORECASE):
        return step
    slots = tuple(replace(item, service="google_dataproc") if item.service == "spark" else item for item in step.slots)
    return replace(step, target="google_dataproc", slots=slots)


def hive_on_dataproc(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """A Hive query for a cluster of Dataproc that the words name beside Hive."""
    named = {"hive", "google_dataproc"}
    beside = "hive" in step.services and re.search(r"\bdataproc\b", step.words, re.IGNORECASE)
    if not beside or set(step.services) - named or not step.values("sql"):
        return None
    slots = tuple(replace(item, service="google_dataproc") for item in step.slots)
    own = replace(step, action="query", source="", tool="", target="google_dataproc", slots=slots)
    values = slot_values(own)
    records = (
        item
        for item in desk.catalog.actions("google_dataproc")
        if item.action == "query" and item.operator.endswith(":DataprocSubmitJobOperator")
    )
    choice = best_action(records, own, values, action="query")
    draft = from_choice(desk, own, choice, values, task) if choice is not None else None
    job = draft.task.argument("job") if draft is not None else None
    if (
        draft is None
        or job is None
        or not isinstance(job.value, LiteralValue)
        or "spark_sql_job" not in job.value.value
    ):
        return None
    # Both kinds of a job hold their queries in the same form.
    data = {("hive_job" if key == "spark_sql_job" else key): item for key, item in job.value.value.items()}
    told = replace(job, value=LiteralValue.of(data))
    arguments = tuple(told if item is job else item for item in draft.task.arguments)
    return (replace(draft, task=replace(draft.task, arguments=arguments), gives=""),)
