"""Contradictions between steps that a person must settle."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.flow import Flow

__all__ = ["find_contradictions"]

_AGE = re.compile(
    r"\b(?:older than|more than|after|älter als|plus de|más de|mais de)\s+(?P<n>\d+)\s*(?P<unit>day|week|month|year|tag|jour|día|dia)\w*",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "tag": 1, "jour": 1, "día": 1, "dia": 1, "week": 7, "month": 30, "year": 365}


def _days(words: str) -> int | None:
    match = _AGE.search(words)
    return int(match.group("n")) * _DAYS[match.group("unit").lower()] if match else None


def find_contradictions(desk: Desk, flow: Flow) -> None:
    """Warn and ask where a deletion would remove what another step is still to keep or copy."""
    kept = [
        (step, days)
        for step in flow.steps
        if step.action in ("copy", "load") and (days := _days(step.words)) is not None
    ]
    gone = [(step, days) for step in flow.steps if step.action == "delete" and (days := _days(step.words)) is not None]
    for keep, keep_days in kept:
        for drop, drop_days in gone:
            if drop_days < keep_days and (set(keep.services) & set(drop.services) or not keep.services):
                words = (
                    f"Contradiction: data is deleted after {drop_days} days but only archived after {keep_days} days, "
                    f"so it would be lost before it is archived. Which of the two ages is right?"
                )
                desk.notes.warn("retention", words, desk.span(drop))
                desk.notes.ask("retention", words, span=desk.span(drop))
