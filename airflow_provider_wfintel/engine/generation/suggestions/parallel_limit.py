"""A mapped task has no limit."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look, is_remote
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_parallel_limit"]


def suggest_parallel_limit(look: Look) -> Suggestion | None:
    """Limit how many copies of a mapped task run at once, where they all go to the same place."""
    limits = look.spec.limits
    mapped = [task for task in look.spec.tasks if task.mapping is not None and is_remote(task)]
    if not mapped or limits.active_tasks is not None or limits.pool or any(t.max_active or t.pool for t in mapped):
        return None
    task = mapped[0]
    return Suggestion(
        "parallel_limit",
        f"Limit how many copies of {task.task_id} run at once.",
        f"All copies go to {task.services[-1]} together, as many as there are items.",
        "At most 4 tasks at a time.",
        task.task_id,
    )
