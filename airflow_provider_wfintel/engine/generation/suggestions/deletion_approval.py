"""Something is deleted and nobody is asked."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_deletion_approval"]


def suggest_deletion_approval(look: Look) -> Suggestion | None:
    """Ask a person before the first step, if that step deletes and is not a table that is filled again."""
    spec = look.spec
    if any(task.action == "approve" for task in spec.tasks) or len(spec.tasks) != 1:
        return None
    (task,) = spec.tasks
    if task.action != "delete":
        return None
    return Suggestion(
        "deletion_approval",
        "Ask a person before anything is deleted.",
        f"{task.task_id} deletes for good.",
        "Before that, ask a person to approve.",
        task.task_id,
    )
