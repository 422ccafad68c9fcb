"""A table is loaded and nobody looks whether rows arrived."""

from __future__ import annotations

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.suggestions.rule import Look, last_task, written_table
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_row_count"]


def suggest_row_count(look: Look) -> Suggestion | None:
    """Check the table that the last step loads."""
    task = last_task(look.spec)
    if task is None or task.action not in ("load", "copy") or task.mapping is not None or not task.services:
        return None
    service, table = task.services[-1], written_table(task)
    if not table or not is_kind(service, "sql"):
        return None
    name = load_catalog().service(service).name
    return Suggestion(
        "row_count",
        f"Add a check of {table} after the load.",
        f"{task.task_id} succeeds even if it loads nothing.",
        f"Then check that the {name} table `{table}` is not empty.",
        task.task_id,
    )
