"""Data that are validated by Great Expectations: a checkpoint of the project, or a suite against a table."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.mentions import find_mentions, named_services
from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["validated"]

_GX = "great_expectations"
_CHECKPOINT = re.compile(r"\bcheck-?points?\b", re.IGNORECASE)
_PROJECT = re.compile(r"(?:~|\.{1,2})?/[\w./-]+")


def validated(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """The run of the checkpoint that the words name, or of their suite over all rows of their table."""
    named = step.values("suite")
    if _GX not in (*step.services, step.tool) or not named or step.foreach:
        return None
    project = next((path for path in _places(step) if _PROJECT.fullmatch(path)), "")
    extra = (literal("project_folder", project),) if project else ()
    own = replace(step, action="check", source="", target=_GX, tool="")
    tables = [table for table in step.values("table") if is_identifier(table)]
    if _CHECKPOINT.search(step.words) or not tables:
        given = (literal("checkpoint", named[0]), *extra)
        return (from_recipe(desk, own, "gx_checkpoint", SlotValues({}, {}), task, service=_GX, extra=given),)
    # What else is said of the rows ("no null in email") is what the suite is for.
    sql = f"SELECT * FROM {tables[0]}"  # noqa: S608 - a plain name
    connection, _ = desk.connection(step, _database(step))
    given = (literal("suite", named[0]), literal("sql", sql), literal("conn_id", connection), *extra)
    return (from_recipe(desk, own, "gx_suite", SlotValues({}, {}), task, service=_GX, extra=given),)


def _database(step: Step) -> str:
    """The database whose rows are looked at, by the services of the step or by its words."""
    said = (*step.services, *named_services(find_mentions(step.words)))
    return next((service for service in said if is_kind(service, "sql")), "sql")


def _places(step: Step) -> tuple[str, ...]:
    return (*step.values("path"), *step.values("folder"), *step.values("project"))
