"""Use case: look things up in the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, Service, load_catalog
from airflow_provider_wfintel.engine.catalog.patterns import Pattern, PatternParameter, find_pattern, load_patterns
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = [
    "Example",
    "ServiceQuery",
    "find_services",
    "list_examples",
    "list_patterns",
    "pattern_to_dict",
    "pattern_values",
]


@dataclass(frozen=True, slots=True)
class ServiceQuery:
    """Which services to find. `text` is a part of id, name or alias in any case; empty fields do not narrow."""

    text: str = ""
    category: str = ""
    with_provider: bool | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A description to start from."""

    id: str
    title: str
    text: str


def find_services(query: ServiceQuery, *, extra_folder: Path | None = None) -> tuple[Service, ...]:
    """The services that fit, sorted by id.

    Raises:
        UserInputError: there is no such category.
        CatalogError: a record in `extra_folder` is wrong.
    """
    found = load_catalog(extra_folder).services
    categories = sorted({item.category for item in found})
    if query.category and query.category not in categories:
        raise UserInputError(f"no category {query.category!r}", hint=f"categories: {', '.join(categories)}")
    word = query.text.strip().casefold()
    return tuple(
        item
        for item in found
        if (not query.category or item.category == query.category)
        and (query.with_provider is None or bool(item.provider) == query.with_provider)
        and (not word or any(word in name.casefold() for name in (item.id, item.name, *item.aliases)))
    )


@cache
def list_examples() -> tuple[Example, ...]:
    """The example descriptions of the catalogue: the three that the README prints."""
    records = json.loads((DATA_FOLDER / "examples.json").read_text(encoding="utf-8"))
    return tuple(Example(id=item["id"], title=item["title"], text=item["text"]) for item in records)


def list_patterns(text: str = "") -> tuple[Pattern, ...]:
    """The patterns of the catalogue, sorted by id; with `text`, those whose id, title or description holds it."""
    word = text.strip().casefold()
    return tuple(
        item
        for item in load_patterns()
        if any(word in part.casefold() for part in (item.id, item.title, item.category, item.description))
    )


def pattern_values(pattern_id: str, settings: Iterable[str]) -> tuple[tuple[str, object], ...]:
    """The values that settings of the form `name=value` give a pattern, for `GenerateRequest`.

    Raises:
        UserInputError: there is no such pattern, a setting has another form, or a name comes twice.
    """
    from airflow_provider_wfintel.engine.generation.patterns.values import value_of_text

    pattern, values = find_pattern(pattern_id), dict[str, object]()
    for setting in settings:
        name, sign, text = setting.partition("=")
        name = name.strip()
        if not sign or not name:
            raise UserInputError(f"{setting!r} sets nothing", hint="expected name=value")
        if name in values:
            raise UserInputError(f"{name!r} is set twice", hint="set it once")
        value = value_of_text(pattern, name, text)
        values[name] = tuple(value) if isinstance(value, list) else value
    return tuple(values.items())


def pattern_to_dict(pattern: Pattern) -> dict[str, Any]:
    """A pattern as JSON data, in the form that the command line and REST share."""
    return {
        "id": pattern.id,
        "title": pattern.title,
        "category": pattern.category,
        "description": pattern.description,
        "use_when": list(pattern.use_when),
        "avoid_when": list(pattern.avoid_when),
        "services": [
            {"role": item.role, "description": item.description, "options": list(item.options), "default": item.default}
            for item in pattern.services
        ],
        "parameters": [_parameter_to_dict(item) for item in pattern.all_parameters],
        "tasks": [
            {"id": task.id, "action": task.action, "services": list(task.services), "after": list(task.after)}
            for task in pattern.tasks
        ],
        "text": " ".join(pattern.text),
    }


def _parameter_to_dict(item: PatternParameter) -> dict[str, Any]:
    return {
        "name": item.name,
        "type": item.type,
        "description": item.description,
        "required": item.required,
        "default": None if item.default is None else item.default.value,
        "minimum": item.minimum,
    }
