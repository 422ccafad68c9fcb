"""Nobody is named as the owner."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.suggestions.rule import Look
from airflow_provider_wfintel.engine.model import Suggestion

__all__ = ["suggest_owner"]


def suggest_owner(look: Look) -> Suggestion | None:
    """Name an owner, if neither the words nor the deployment do."""
    if look.spec.owner:
        return None
    return Suggestion(
        "owner",
        "Name the owner.",
        "Without one, people who see a failure do not know whom to ask.",
        "The owner is data-team.",
    )
