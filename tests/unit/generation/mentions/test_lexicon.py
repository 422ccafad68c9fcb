"""The lexicon's data files follow their schema and agree with the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.catalog.lexicon import LEXICON_FOLDER, load_lexicon
from airflow_provider_wfintel.engine.generation.mentions import find_mentions

_SCHEMA = json.loads((LEXICON_FOLDER.parent.parent / "schema" / "lexicon.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(LEXICON_FOLDER.glob("*.json")), ids=lambda path: path.name)
def test_data_file_follows_the_schema(path: Path) -> None:
    Draft202012Validator(_SCHEMA).validate(json.loads(path.read_text(encoding="utf-8")))


def test_every_alias_names_a_service_of_the_catalogue() -> None:
    catalog = load_catalog()
    assert all(service in catalog for service in load_lexicon().aliases.values())


def test_every_category_has_nouns_of_its_own() -> None:
    categories = set(load_lexicon().categories.values())
    without = categories - set(load_lexicon().context.objects)
    assert without <= {"data_governance", "real_estate", "logistics"}


def test_every_ambiguous_alias_has_a_sense() -> None:
    senses = load_lexicon().senses
    for service in load_catalog().services:
        assert set(service.ambiguous_aliases) <= set(senses), service.id


def test_every_service_is_found_by_its_name() -> None:
    missed = []
    for service in load_catalog().services:
        name = service.name.split(" (")[0].split(" / ")[0]
        text = f"Call the {name} API with the usual credentials."
        if service.id not in {item.service for item in find_mentions(text) if item.role != "passing"}:
            missed.append(service.id)
    assert len(missed) <= 8, missed
