"""A time of day without a time zone."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look, fixed_hour
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_zone"]


def suggest_zone(look: Look) -> Suggestion | None:
    """Name the time zone of a time of day, if neither the words nor the deployment do."""
    schedule = look.spec.schedule
    if schedule.timezone_stated or look.context.timezone or fixed_hour(look.spec) is None:
        return None
    return Suggestion(
        "zone",
        "Name the time zone.",
        f"The time of day is taken as {schedule.timezone}; another zone moves the run, and summer time matters.",
        "The time zone is UTC.",
    )
