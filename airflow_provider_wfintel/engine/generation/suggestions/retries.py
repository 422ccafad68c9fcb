"""A call over the network is not tried again."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look, is_remote
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_retries"]


def suggest_retries(look: Look) -> Suggestion | None:
    """Retry what goes over the network, if the words say nothing of retries."""
    if look.spec.retry is not None and look.spec.retry.retries is not None:
        return None
    remote = [task for task in look.spec.tasks if is_remote(task) and task.retry is None]
    if not remote:
        return None
    first = remote[0]
    return Suggestion(
        "retries",
        "Try failed tasks again.",
        f"No retries are set, and {first.task_id} goes over the network, where most failures pass.",
        "Retry 3 times, 5 minutes apart.",
        first.task_id,
    )
