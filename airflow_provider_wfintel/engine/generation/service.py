"""Front door of the generator. Nothing above this floor imports past it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.mentions import find_mentions, named_services, require_text
from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, Mention

__all__ = ["detect", "generate", "named_services"]


def detect(text: str) -> tuple[Mention, ...]:
    """The service names in a text, in its order; those with the role `passing` are no part of the workflow.

    Raises:
        UserInputError: the text is empty, too long or not text.
    """
    return find_mentions(require_text(text))


def generate(text: str, *, context: DeploymentContext | None = None) -> Generation:
    """Read a description and write the DAG file for it. The same text and context give the same answer.

    Raises:
        UserInputError: the text is empty, too long or not text.
    """
    # Detecting names needs neither the planner nor the writer.
    from airflow_provider_wfintel.engine.generation.compose import compose

    return compose(text, context or DeploymentContext())
