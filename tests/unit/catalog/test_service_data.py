"""The service data: what every record must be."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, load_catalog

FILES = sorted((DATA_FOLDER / "services").glob("*.json"))
SCHEMA = json.loads((DATA_FOLDER.parent / "schema" / "service.schema.json").read_text(encoding="utf-8"))
# Not spoken to over HTTP, or not over an HTTP API that can be named.
WITHOUT_CONNECTION = {
    "ansible", "bytewax", "couchbase", "great_expectations", "lancedb", "ldap", "midjourney", "mqtt", "nats",
    "obsidian", "puppeteer", "rabbitmq", "selenium", "terraform", "tesseract",
}  # fmt: skip


def records(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*FILES, DATA_FOLDER / "builtins.json"], ids=lambda path: path.stem)
def test_a_file_follows_the_schema(path: Path) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(records(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_one_category_sorted_by_id_in_the_one_form(path: Path) -> None:
    data = records(path)
    assert {item["category"] for item in data} == {path.stem}
    assert [item["id"] for item in data] == sorted(item["id"] for item in data)
    assert path.read_text(encoding="utf-8") == json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def test_all_services_are_there_once() -> None:
    ids = [item["id"] for path in FILES for item in records(path)]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 752


def test_an_alias_means_one_service() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for service in load_catalog().services:
        for alias in service.aliases:
            owners[alias].add(service.id)
    assert {alias: ids for alias, ids in owners.items() if len(ids) > 1} == {}


def test_ambiguous_aliases_are_aliases() -> None:
    for service in load_catalog().services:
        assert set(service.ambiguous_aliases) <= set(service.aliases), service.id


def test_the_hook_of_a_service_is_a_hook_of_its_provider() -> None:
    catalog = load_catalog()
    for service in (*catalog.services, *catalog.builtins):
        if service.hook:
            signature = catalog.signature(service.hook)
            assert signature.kind == "hook", service.id
            assert signature.distribution == service.provider, service.id


def test_every_provider_is_a_known_distribution() -> None:
    catalog = load_catalog()
    unknown = {item.provider for item in catalog.services if item.provider} - set(catalog.distributions)
    assert unknown == set()


def test_services_without_a_provider_are_reached_over_http_and_say_so() -> None:
    for service in load_catalog().services:
        if service.provider:
            continue
        if service.id in WITHOUT_CONNECTION:
            assert service.connection_type == "", service.id
        else:
            assert service.connection_type == "http", service.id
            assert service.default_connection_id == f"{service.id}_default"
            assert "http" in service.note.lower(), service.id


def test_a_service_without_an_address_says_why() -> None:
    for service in load_catalog().services:
        if not service.provider and not service.http_base_url:
            assert service.note[-34:] != "with a connection of type http.", service.id
