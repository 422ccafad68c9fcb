"""The choice of an operator: the catalogue's action that uses most of what the words state and lacks least."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from airflow_provider_wfintel.engine.catalog import Catalog, ServiceAction
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.model import Action

__all__ = ["Choice", "best_action", "is_kind", "nearby_actions"]

_FROM_UPSTREAM = frozenset({"rows", "items", "vectors"})

# What else can carry out an action, nearest first.
_NEARBY: dict[Action, tuple[Action, ...]] = {
    "extract": ("extract", "query", "wait_for", "copy", "trigger"),
    "load": ("load", "copy", "trigger", "notify", "query"),
    "transform": ("transform", "trigger", "query", "train"),
    "query": ("query", "extract", "transform", "trigger"),
    "copy": ("copy", "load", "extract", "trigger"),
    "wait_for": ("wait_for", "check", "extract"),
    "notify": ("notify", "load", "trigger"),
    "train": ("train", "trigger", "transform"),
    "branch": ("branch", "check"),
    "check": ("check", "query", "trigger", "wait_for", "extract"),
    "trigger": ("trigger", "transform", "query", "train", "load"),
    "delete": ("delete", "query", "trigger"),
    "approve": ("approve",),
    "none": ("trigger", "transform", "query"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An action of the catalogue with what the words give it and what they leave open."""

    record: ServiceAction
    filled: tuple[str, ...]
    missing: tuple[str, ...]
    score: float


@cache
def _kinds() -> dict[str, frozenset[str]]:
    data = cast("dict[str, list[str]]", json.loads((Path(__file__).parent / "kinds.json").read_text("utf-8")))
    return {name: frozenset(services) for name, services in data.items()}


def is_kind(service: str, kind: str) -> bool:
    """Whether a service belongs to a kind: `sql`, `objects`, `files`, `people` or `queues`."""
    return service in _kinds()[kind]


def nearby_actions(action: Action) -> tuple[Action, ...]:
    """The action itself and what can stand in for it, nearest first."""
    return _NEARBY[action]


def best_action(
    records: Iterable[ServiceAction], action: Action, values: SlotValues, *, has_upstream: bool = False
) -> Choice | None:
    """The record that fits an action best, or None if none of them can carry it out.

    A required slot that an upstream task's output can fill does not count as missing.
    """
    nearby = _NEARBY[action]
    best: Choice | None = None
    for record in records:
        if record.action not in nearby or record.kind in ("notifier", "hook"):
            continue
        known = values.filled(record.slots)
        missing = tuple(
            source.required_slots[0]
            for _, source in record.arguments
            if source.required_slots
            and source.resolve(known) is None
            and not (has_upstream and set(source.required_slots) & _FROM_UPSTREAM)
        )
        filled = tuple(known)
        exact = tuple(name for name in filled if name in values.values)
        score = 3.0 * len(exact) + 2.0 * (len(filled) - len(exact)) - 6.0 * len(missing)
        score -= 4.0 * nearby.index(record.action)
        score += min(record.priority, 100) / 25.0
        if best is None or score > best.score:
            best = Choice(record, filled, missing, score)
    return best


def actions_of(catalog: Catalog, service: str) -> tuple[ServiceAction, ...]:
    """The actions of a service that stay on its own side."""
    if service not in catalog:
        return ()
    return tuple(item for item in catalog.actions(service) if not item.target_service)
