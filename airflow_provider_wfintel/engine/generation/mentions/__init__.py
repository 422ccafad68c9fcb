"""Service detection: which services a text names, where, in which role and how surely."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.mentions.find import THRESHOLD, find_mentions, named_services
from airflow_provider_wfintel.engine.generation.mentions.text import MAX_CHARACTERS, require_text

__all__ = ["MAX_CHARACTERS", "THRESHOLD", "find_mentions", "named_services", "require_text"]
