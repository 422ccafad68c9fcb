"""Front door of the generator. Nothing above this floor imports past it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, Mention

__all__ = ["detect", "generate"]


def detect(text: str) -> tuple[Mention, ...]:
    """The services that a text names and needs, in the order of the text.

    Raises:
        UserInputError: the text is empty, too long or not text.
    """
    raise NotImplementedError


def generate(text: str, *, context: DeploymentContext | None = None) -> Generation:
    """Read a description and write the DAG file for it. The same text and context give the same answer.

    Raises:
        UserInputError: the text is empty, too long or not text.
    """
    raise NotImplementedError
