"""No schedule is stated."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_schedule"]


def suggest_schedule(look: Look) -> Suggestion | None:
    """Say when it runs, if the words do not."""
    if look.spec.schedule.stated or look.spec.schedule.kind != "manual":
        return None
    return Suggestion(
        "schedule",
        "Say when it runs.",
        "No schedule is stated, so the DAG runs only when somebody starts it.",
        "Run it every day at 06:00.",
    )
