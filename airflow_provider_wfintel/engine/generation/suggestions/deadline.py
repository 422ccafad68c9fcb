"""Nobody is told when a run takes too long."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look, fixed_hour
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_deadline"]

_HOURS = 2
_FEWEST_TASKS = 3


def suggest_deadline(look: Look) -> Suggestion | None:
    """Set a deadline two hours after the start for a DAG of several tasks with one time of day."""
    hour = fixed_hour(look.spec)
    if hour is None or look.spec.deadline is not None or len(look.spec.tasks) < _FEWEST_TASKS or hour + _HOURS > 23:
        return None
    return Suggestion(
        "deadline",
        "Say when a run must be done.",
        "A run that hangs or is slow is no failure, so that nobody would be told.",
        f"The run must be done by {hour + _HOURS:02d}:00.",
    )
