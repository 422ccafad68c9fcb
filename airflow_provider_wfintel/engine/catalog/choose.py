"""Choosing among the actions that fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from airflow_provider_wfintel.engine.catalog.records import ServiceAction

__all__ = ["choose"]


def choose(actions: Iterable[ServiceAction], known: Collection[str]) -> ServiceAction | None:
    """The first action that lacks no slot beside those in `known`, else the one that lacks the fewest.

    Records with a priority below zero are taken only if there are no others.

    Args:
        actions: candidates, best first, as the catalogue gives them.
        known: names of the slots that the words fill.
    """
    return min(actions, key=lambda item: (item.priority < 0, len(item.missing(known))), default=None)
