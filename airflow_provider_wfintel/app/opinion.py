"""Use case: a second opinion on a generated DAG. Where it differs, a person is asked; the file stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.model import Assumption, Caution, Generation
from airflow_provider_wfintel.exceptions import WfIntelError

__all__ = ["SecondReader", "configured_reader", "with_second_opinion"]

SecondReader: TypeAlias = Callable[[str, tuple[str, ...]], Mapping[str, Any]]
"""Gets the description without secrets and the ids of all services; gives a draft."""


def with_second_opinion(
    generation: Generation, reader: SecondReader | None, services_folder: Path | None = None
) -> Generation:
    """The answer with a question for every difference. Without a reader, or if it fails, the answer says so.

    Args:
        generation: the answer of the deterministic reader.
        reader: who gives the second opinion.
        services_folder: service records of the deployment's own.
    """
    if reader is None:
        return _told(generation, "No language model is set up: the deterministic reader alone gave this answer.")
    catalog = load_catalog(services_folder)
    try:
        draft = reader(generation.text, tuple(item.id for item in (*catalog.builtins, *catalog.services)))
        questions = service.differences(generation.spec, draft, catalog)
    except WfIntelError as error:
        return _told(generation, f"There is no second opinion: {error.message}.")
    if not questions:
        agreed = Assumption("enhanced_intelligence", "A second reading by a language model found the same workflow.")
        return replace(generation, assumptions=(*generation.assumptions, agreed))
    return replace(generation, clarifications=(*generation.clarifications, *questions))


def _told(generation: Generation, text: str) -> Generation:
    return replace(generation, warnings=(*generation.warnings, Caution("enhanced_intelligence", text)))


def configured_reader() -> SecondReader | None:
    """The model behind `[wfintel] llm_conn_id`, or None if no connection is configured.

    Raises:
        UserInputError: a value of the section is not of the kind that it must be.
    """
    from airflow_provider_wfintel.config import read_settings
    from airflow_provider_wfintel.host.second_opinion import ModelSettings, ask_model

    settings = read_settings()
    if not settings.llm_conn_id:
        return None
    model = ModelSettings(settings.llm_conn_id, settings.llm_timeout_seconds, settings.llm_total_tokens)
    return lambda text, services: ask_model(text, services, model)
