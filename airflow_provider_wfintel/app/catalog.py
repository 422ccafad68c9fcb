"""Use case: look things up in the catalogue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, Service, load_catalog
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["Example", "ServiceQuery", "find_services", "list_examples"]


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
