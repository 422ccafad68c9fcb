"""Settings of a DAG in words: retries, limits, pool, owner, tags, name."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.settings.reader import read_settings
from airflow_provider_wfintel.engine.generation.settings.reading import RetryMention, SettingsReading, StepTimeout

__all__ = ["RetryMention", "SettingsReading", "StepTimeout", "read_settings"]
