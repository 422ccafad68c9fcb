"""Choosing among the actions that fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from airflow_provider_wfintel.engine.catalog.records import ServiceAction

__all__ = ["choose"]


def choose(actions: Iterable[ServiceAction], known: Collection[str]) -> ServiceAction | None:
    """The action that lacks the fewest slots beside those in `known`; among those, the one that uses most of them.

    Ties go to the first. Rare records (`ServiceAction.rare`) are taken only if there are no others; notifiers are no
    tasks and never taken.

    Args:
        actions: candidates, best first, as the catalogue gives them.
        known: names of the slots that the words fill.
    """
    words = set(known)

    def rank(item: ServiceAction) -> tuple[bool, int, int]:
        return item.rare, len(item.missing(words)), -len(words.intersection(item.slots))

    return min((item for item in actions if item.kind != "notifier"), key=rank, default=None)
