"""Choosing among the actions that fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from airflow_provider_wfintel.engine.catalog.records import ServiceAction

__all__ = ["choose"]


def choose(actions: Iterable[ServiceAction], known: Collection[str]) -> ServiceAction | None:
    """The first action that lacks no slot beside those in `known`, else the one that lacks the fewest.

    Args:
        actions: candidates, best first, as the catalogue gives them.
        known: names of the slots that the words fill.
    """
    best: tuple[int, ServiceAction] | None = None
    for item in actions:
        lacking = len(item.missing(known))
        if best is None or lacking < best[0]:
            best = (lacking, item)
    return None if best is None else best[1]
