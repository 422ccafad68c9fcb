"""Runs may overlap."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_one_run"]

_SHORT_SECONDS = 3600


def suggest_one_run(look: Look) -> Suggestion | None:
    """Allow one run at a time where runs follow each other within an hour."""
    schedule = look.spec.schedule
    frequent = any(cron.split()[1] == "*" for cron in schedule.crons) or (
        schedule.kind == "interval" and schedule.interval_seconds <= _SHORT_SECONDS
    )
    if not frequent or look.spec.limits.active_runs is not None:
        return None
    return Suggestion(
        "one_run",
        "Allow only one run at a time.",
        "It runs at least once an hour: a slow run would overlap with the next and both would do the same work.",
        "At most one run at a time.",
    )
