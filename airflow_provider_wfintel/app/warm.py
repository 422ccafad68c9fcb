"""Use case: load what the first preview needs before somebody waits for it."""

from __future__ import annotations

import logging

from airflow_provider_wfintel.app.generate import GenerateRequest, generation_to_dict, remembered_workflow
from airflow_provider_wfintel.config import read_settings
from airflow_provider_wfintel.host.context import installed_providers

__all__ = ["warm_up"]

log = logging.getLogger(__name__)

_SENTENCE = "Every weekday at 06:00 Europe/Berlin, copy the table orders from PostgreSQL to S3. Retry 3 times."


def warm_up() -> None:
    """Load the catalogue, the grammar and the list of providers by answering a sentence. Never raises."""
    try:
        folder = read_settings().services_folder
        answer = remembered_workflow(GenerateRequest(_SENTENCE, services_folder=folder))
        generation_to_dict(answer, services_folder=folder)
        installed_providers()
    except Exception:  # whoever asks next gets the error, with its hint
        log.warning("what the first preview needs cannot be loaded", exc_info=True)
