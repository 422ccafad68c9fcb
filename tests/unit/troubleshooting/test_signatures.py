"""Signatures are data: each follows the schema, matches its examples, and leaves its counter-examples alone."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from airflow_provider_wfintel.engine.catalog import failures
from airflow_provider_wfintel.engine.catalog.catalog import DATA_FOLDER
from airflow_provider_wfintel.engine.troubleshooting.matching import (
    SignatureIndex,
    build_contexts,
    build_table,
    default_index,
    found_around,
)
from airflow_provider_wfintel.engine.troubleshooting.needs import needs_of
from airflow_provider_wfintel.exceptions import CatalogError

FILES = sorted((DATA_FOLDER / "signatures").glob("*.json"))
SCHEMA = json.loads((DATA_FOLDER.parent / "schema" / "failure_signature.schema.json").read_text(encoding="utf-8"))
ACTIONS = {item.action for item in failures.failure_classes().values()} | {
    remedy for item in failures.failure_classes().values() for remedy in item.remedies
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_follows_the_schema_and_is_named_after_its_class(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data["label"] == path.stem
    assert {item["id"].split("/")[0] for item in data["signatures"]} == {path.stem.replace("_", "-")}


def test_every_class_has_signatures():
    assert {path.stem for path in FILES} == set(failures.failure_classes())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_signature_matches_its_examples_and_not_its_counter_examples(path):
    index = default_index()
    for signature in failures.load_signatures():
        if signature.label != path.stem:
            continue
        pattern = failures.compile_pattern(signature.pattern, case=signature.case)
        for example in signature.examples:
            found = index.matches(example, name=signature.names_only)
            assert any(match.signature.id == signature.id for match in found), (signature.id, example)
        for text in signature.negatives:
            assert not pattern.search(text), (signature.id, text)


def test_actions_of_signatures_are_known():
    assert {item.action for item in failures.load_signatures() if item.action} <= ACTIONS


def test_the_index_finds_all_that_the_patterns_find():
    """The index only saves time: over all examples it gives what trying every pattern gives."""
    signatures = failures.load_signatures()
    patterns = [(item, failures.compile_pattern(item.pattern, case=item.case)) for item in signatures]
    index = SignatureIndex(signatures)
    for text in [item.examples[0] for item in signatures][::9]:
        tried = {item.id for item, pattern in patterns if pattern.search(text)}
        assert {match.signature.id for match in index.matches(text, name=True)} == tried, text


def test_the_made_index_is_up_to_date():
    """If this fails: python scripts/build_signature_index.py."""
    signatures = failures.load_signatures()
    rows = [failures.index_row(signature) for signature in signatures]
    made = json.loads(failures.INDEX_FILE.read_text(encoding="utf-8"))
    contexts = build_contexts({rule.id: rule.pattern for rule in failures.load_contexts()})
    table = build_table(signatures)
    assert made == json.loads(json.dumps({"signatures": rows, "table": table, "contexts": contexts}))


def test_a_context_rule_is_found_by_its_alternatives_as_by_the_whole_pattern():
    """What an alternative needs only saves time: where it is not met, the pattern is not found."""
    texts = [text for rule in failures.load_contexts() for text in rule.examples]
    texts += [item.examples[0] for item in failures.load_signatures()][::20]
    for rule in failures.load_contexts():
        whole = failures.compile_pattern(rule.pattern)
        for text in texts:
            assert found_around(rule.id, rule.pattern, text) == bool(whole.search(text)), (rule.id, text)


def test_a_context_rule_that_the_made_index_does_not_know_is_compiled_as_a_whole():
    assert found_around("of-somebody-else", "disk (?:is )?full|no space", "there was no space")
    assert not found_around("of-somebody-else", "disk (?:is )?full|no space", "connection reset by peer")


def test_the_made_index_gives_signatures_as_they_were_read_but_for_their_examples():
    made = failures.load_made_index()
    assert made is not None
    for read, again in zip(failures.load_signatures(), made.signatures, strict=True):
        assert again == read._replace(examples=(), negatives=())


def test_without_the_made_index_the_records_are_read(monkeypatch):
    with_file = [match.signature.id for match in default_index().matches("No space left on device")]
    monkeypatch.setattr(failures, "INDEX_FILE", Path("nowhere.json"))
    assert failures.load_made_index() is None
    again = SignatureIndex(failures.load_signatures()).matches("No space left on device")
    assert [match.signature.id for match in again] == with_file


def test_few_branches_have_to_be_tried_on_every_text():
    assert len(default_index().unindexed) <= 10


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("connection refused", {"connection", "refused"}),
        ("no such (?:table|view)", {"no", "such", "table", "view"}),
        ("disk (?:is )?full", {"disk", "full"}),
        ("time[- ]?out", set()),
        (r"\[?errno 28\]?", {"errno", "28"}),
        (r"a(?:\[?errno|other)", set()),
    ],
)
def test_what_a_text_must_hold(pattern, words):
    assert {word for need in needs_of(pattern) for word in need.words} == words


def test_patterns_begin_and_end_at_borders_of_words():
    pattern = failures.compile_pattern("disk full")
    assert pattern.search("the disk\n full.")
    assert not pattern.search("adisk full")
    assert not pattern.search("disk fully used")


def test_context_rules_match_their_examples_and_lead_to_known_classes():
    for rule in failures.load_contexts():
        assert {*rule.labels, rule.becomes} <= set(failures.failure_classes()), rule.id
        for example in rule.examples:
            assert failures.compile_pattern(rule.pattern).search(example), rule.id


@pytest.mark.parametrize(
    "record",
    [
        {"id": "disk-full/x", "pattern": "x", "strength": 9, "examples": ["x"]},
        {"id": "disk-full/x", "pattern": "x", "strength": 2, "examples": []},
        {"id": "disk-full/x", "pattern": "x", "examples": ["x"]},
        {"id": "disk-full/x", "pattern": "x", "strength": 2, "examples": ["x"], "colour": "red"},
    ],
)
def test_a_record_that_does_not_fit_is_named(tmp_path: Path, record):
    (tmp_path / "disk_full.json").write_text(json.dumps({"label": "disk_full", "signatures": [record]}))
    with pytest.raises(CatalogError, match="disk-full/x"):
        failures.load_signatures(tmp_path)


def test_an_id_that_comes_twice_is_refused(tmp_path: Path):
    record = {"id": "disk-full/x", "pattern": "abc", "strength": 2, "examples": ["abc"]}
    (tmp_path / "disk_full.json").write_text(json.dumps({"label": "disk_full", "signatures": [record, record]}))
    with pytest.raises(CatalogError, match="twice"):
        failures.load_signatures(tmp_path)


def test_a_broken_pattern_is_refused():
    with pytest.raises(CatalogError, match="regular expression"):
        failures.compile_pattern("(")
