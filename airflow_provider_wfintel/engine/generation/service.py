"""Front door of the generator. Nothing above this floor imports past it."""

from __future__ import annotations

from pathlib import Path

from airflow_provider_wfintel.engine.generation.mentions import find_mentions, named_services, require_text
from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, Mention

__all__ = ["detect", "generate", "named_services"]


def detect(text: str, *, services_folder: Path | None = None) -> tuple[Mention, ...]:
    """The service names in a text, in its order; those with the role `passing` are no part of the workflow.

    Args:
        text: any text.
        services_folder: service records of one's own, see `load_catalog`.

    Raises:
        UserInputError: the text is empty, too long or not text, or a record of the folder is wrong.
    """
    return find_mentions(require_text(text), extra_folder=services_folder)


def generate(text: str, *, context: DeploymentContext | None = None, services_folder: Path | None = None) -> Generation:
    """Read a description and write the DAG file for it. The same text and context give the same answer.

    Args:
        text: the description.
        context: what the deployment has, if it is to be used.
        services_folder: service records of one's own, see `load_catalog`.

    Raises:
        UserInputError: the text is empty, too long, not text or in a script that is not read, or a record of
            the folder is wrong.
    """
    # Detecting names needs neither the planner nor the writer.
    from airflow_provider_wfintel.engine.generation.compose import compose

    return compose(text, context or DeploymentContext(), services_folder)
