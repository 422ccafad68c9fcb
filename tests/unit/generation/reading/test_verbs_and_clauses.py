"""Verbs that ask for work, and clauses that say one thing each."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.reading.entities import find_entities
from airflow_provider_wfintel.engine.generation.reading.lexicon import find_verbs, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Load the file into the table and then tell the team.", "en"),
        ("Lade die Datei in die Tabelle und schicke dann eine Nachricht.", "de"),
        ("Charger le fichier dans la table puis prévenir les équipes.", "fr"),
        ("Cargar el archivo en la tabla y luego avisar a los equipos.", "es"),
        ("Carregar o arquivo na tabela e depois avisar os times.", "pt"),
        ("把文件加载到表中，然后通知团队。", "zh"),
        ("s3://a/b -> c.d", "en"),
    ],
)
def test_the_language_is_told_by_the_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Fetch the rows.", "extract"),
        ("It loads the rows.", "load"),
        ("The rows are copied to the lake.", "copy"),
        ("Delete old rows.", "delete"),
        ("Then train the model.", "train"),
        ("Wait for the file.", "wait_for"),
        ("Notify the team.", "notify"),
        ("Validate the schema.", "check"),
        ("Start the job.", "trigger"),
        ("Convert the file.", "transform"),
    ],
)
def test_a_verb_asks_for_an_action_in_every_form(text: str, action: str) -> None:
    assert action in [verb.action for verb in find_verbs(text, "en")]


@pytest.mark.parametrize("text", ["The load of the query.", "Our daily export.", "A copy of the report table."])
def test_a_verb_used_as_a_noun_is_no_strong_verb(text: str) -> None:
    assert all(verb.strength < 3 for verb in find_verbs(text, "en"))


def test_words_inside_literals_are_no_verbs() -> None:
    text = "Run `delete from a where load = 1`."
    literals = tuple(item.span for item in find_entities(text))
    assert [verb.span.of(text) for verb in find_verbs(text, "en", literals)] == ["Run"]


def test_verbs_have_the_place_of_their_words() -> None:
    text = "First download the file, then clean it and load it."
    for verb in find_verbs(text, "en"):
        assert verb.span.of(text).lower().startswith(verb.lemma[:4])


def test_every_sentence_and_every_verb_of_a_list_is_a_clause(read: Any) -> None:
    reading = read("Fetch the orders from Stripe, load them into Postgres and tell #sales. Run dbt build.")
    assert reading.clauses("main") == [
        "Fetch the orders from Stripe",
        "load them into Postgres",
        "tell #sales",
        "Run dbt build",
    ]


def test_bullets_and_numbers_are_cut_off(read: Any) -> None:
    reading = read("1. Copy the MySQL table a.b to S3.\n2. Load it into Redshift.\n- Tell Slack.")
    assert [words.split()[0] for words in reading.clauses("main")] == ["Copy", "Load", "Tell"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("If the table is empty, stop. Load it.", "condition", "the table is empty"),
        ("Once the file has arrived, load it into Postgres.", "temporal", "the file has arrived"),
        ("For each file in /in, load it into Postgres.", "foreach", "file in /in"),
        ("Before loading the table, copy it to S3.", "before", "loading the table"),
    ],
)
def test_a_qualifying_clause_has_its_kind(read: Any, text: str, kind: str, words: str) -> None:
    assert read(text).clauses(kind) == [words]


def test_nothing_is_cut_inside_a_literal(read: Any) -> None:
    text = "Run `select 1; delete from a, b then load if c` in Postgres, then read s3://x/if.then/load.csv."
    spans = [item.span for item in read(text).prepared.clauses]
    for literal in find_entities(text):
        assert not any(span.start > literal.span.start and span.start < literal.span.end for span in spans)
        assert not any(span.end > literal.span.start and span.end < literal.span.end for span in spans)


def test_clauses_keep_the_order_of_the_text_and_do_not_overlap(read: Any) -> None:
    text = (
        "Every day: if s3://a/b exists, copy it to gs://c/d, then load d.e in BigQuery; otherwise mail x@example.com."
    )
    spans = sorted(item.span for item in read(text).prepared.clauses)
    assert all(left.end <= right.start for left, right in pairwise(spans))
