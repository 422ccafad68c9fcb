"""The pattern data: what every file must be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, load_catalog
from airflow_provider_wfintel.engine.catalog.patterns import find_pattern, load_patterns, placeholders, read_pattern
from airflow_provider_wfintel.exceptions import CatalogError, UserInputError

FILES = sorted((DATA_FOLDER / "patterns").glob("*.json"))
SCHEMA = json.loads((DATA_FOLDER.parent / "schema" / "pattern.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_follows_the_schema_in_the_one_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("pattern", load_patterns(), ids=lambda item: item.id)
def test_a_pattern_uses_what_it_declares(pattern) -> None:
    texts = [*pattern.text, *(item.default.json for item in pattern.parameters if item.default is not None)]
    used = set(placeholders(" ".join(texts)))
    assert used == {item.name for item in pattern.parameters} | {item.role for item in pattern.services}
    for role in pattern.services:
        assert all(option in load_catalog() for option in role.options)
    for expression in (*pattern.signals.steps, *pattern.signals.words):
        re.compile(expression)


def test_there_are_at_least_thirty_and_each_has_a_title_of_its_own() -> None:
    patterns = load_patterns()
    assert len(patterns) >= 30
    assert len({item.title for item in patterns}) == len({item.id for item in patterns}) == len(patterns)


def test_an_unknown_pattern_names_those_that_are_near() -> None:
    with pytest.raises(UserInputError, match="no pattern 'incremental'") as caught:
        find_pattern("incremental")
    assert "incremental_load" in caught.value.hint


GOOD = {
    "id": "nightly",
    "title": "Nightly",
    "category": "load",
    "description": "Runs a statement.",
    "use_when": ["x"],
    "avoid_when": ["y"],
    "services": [{"role": "db", "description": "d", "options": ["postgres", "mysql"], "default": "postgres"}],
    "parameters": [{"name": "sql", "type": "sql", "description": "s", "default": "SELECT 1"}],
    "text": ["Run the SQL `${sql}` in ${db}."],
    "tasks": [{"id": "run", "action": "trigger", "services": ["${db}"]}],
    "signals": {"steps": ["trigger"], "words": ["nightly"]},
}


def test_a_good_record_is_read() -> None:
    assert read_pattern(GOOD, "here").parameters[0].default.value == "SELECT 1"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": ["Run ${other}."]}, "unknown name 'other'"),
        ({"parameters": [{"name": "db", "type": "sql", "description": "s"}]}, "'db' is declared twice"),
        ({"tasks": [{"id": "run", "action": "trigger", "after": ["later"]}]}, "names 'later'"),
        ({"tasks": [{"id": "run", "action": "trigger", "services": ["${house}"]}]}, "names 'house'"),
        ({"tasks": [{"id": "run", "action": "fly"}]}, "here: "),
        ({"colour": "red"}, "here: "),
        (
            {"services": [{"role": "db", "description": "d", "options": ["mysql"], "default": "postgres"}]},
            "default of 'db'",
        ),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(change, message) -> None:
    with pytest.raises(CatalogError, match=re.escape(message)):
        read_pattern({**GOOD, **change}, "here")
