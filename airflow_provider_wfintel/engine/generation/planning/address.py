"""Addresses as sources: "load https://… into the table x" reads the address, though no service is named for it."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["from_address"]

_TAKEN = re.compile(r"\b(?:https?://\S+)", re.IGNORECASE)
_INTO = re.compile(r"\b(?:into|onto|to|in|nach|dans|vers|en|para|no|na)\b", re.IGNORECASE)
_STORES = ("amazon_dynamodb", "mongodb", "elasticsearch", "opensearch", "redis", "kafka", "google_sheets")


def from_address(step: Step) -> Step:
    """The step with HTTP as its source, if the one address that it names is read and something else is written to."""
    urls = [item for item in step.slots if item.slot.name == "url" and item.slot.value.startswith("http")]
    if step.action not in ("load", "copy") or step.source or step.tool or step.foreach is not None or len(urls) != 1:
        return step
    stores = is_kind(step.target, "sql") or is_kind(step.target, "objects") or step.target in _STORES
    address = _TAKEN.search(step.words)
    if not stores or urls[0].service not in ("", step.target) or address is None:
        return step
    if _INTO.search(step.words, address.end()) is None:
        return step  # The address is where it goes, or a remark.
    slots = tuple(replace(item, service="http" if item is urls[0] else step.target) for item in step.slots)
    return replace(step, source="http", slots=slots)
