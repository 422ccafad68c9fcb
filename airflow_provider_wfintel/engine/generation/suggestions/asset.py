"""A table is written and no other DAG can start on it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look, last_task, text_argument, written_table
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_asset"]


def suggest_asset(look: Look) -> Suggestion | None:
    """Publish the table that the last step writes, if the DAG publishes nothing yet."""
    task = last_task(look.spec)
    if task is None or task.mapping is not None or any(item.outlets for item in look.spec.tasks):
        return None
    table, connection = written_table(task), text_argument(task, "conn_id")
    if not table or not connection.replace("_", "a").isalnum() or not connection.isascii():
        return None
    return Suggestion(
        "asset",
        f"Publish {table} as an asset.",
        "Other DAGs could start when the table is written, in place of at a guessed time.",
        f"Then publish the asset `{connection}/{table}`.",
        task.task_id,
    )
