"""Literal things in a text: found whole, with the right place, and never overlapping."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.reading.entities import find_entities


def _found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, item.value) for item in find_entities(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Read s3://raw-eu/in/a.csv, then stop.", "uri", "s3://raw-eu/in/a.csv"),
        ("Write to gs://lake/silver/.", "uri", "gs://lake/silver/"),
        ("Call https://api.example.com/v2/items?page=1.", "url", "https://api.example.com/v2/items?page=1"),
        ("Tell #data-ops about it.", "channel", "#data-ops"),
        ("Mail ops.team@example.com!", "email", "ops.team@example.com"),
        ("Copy dwh.fact_sales over.", "table", "dwh.fact_sales"),
        ("Load orders_raw again.", "identifier", "orders_raw"),
        ("Take /data/in/orders.csv and go.", "path", "/data/in/orders.csv"),
        ("Take report.xlsx and go.", "file", "report.xlsx"),
        ("Read every *.parquet there.", "glob", "*.parquet"),
        ("Cities [Oslo, Bergen, Hamar] only.", "list", "[Oslo, Bergen, Hamar]"),
        (
            "Topic arn:aws:sns:eu-west-1:123456789012:alarms gets it.",
            "arn",
            "arn:aws:sns:eu-west-1:123456789012:alarms",
        ),
        ("Refresh “Net Sales” now.", "quoted", "Net Sales"),
        ("Actualiser «Ventes nettes» ensuite.", "quoted", "Ventes nettes"),
        ("Sync 0f8fad5b-d9cb-469f-a165-70867728950e today.", "uuid", "0f8fad5b-d9cb-469f-a165-70867728950e"),
    ],
)
def test_a_literal_has_its_kind_and_its_value(text: str, kind: str, value: str) -> None:
    assert (kind, value) in _found(text)


def test_code_in_backticks_is_one_thing_whatever_is_in_it() -> None:
    assert _found("Run `select a.b, 'x' from c.d where e > 1`.") == [
        ("code", "select a.b, 'x' from c.d where e > 1"),
    ]


def test_the_full_stop_of_the_sentence_is_no_part_of_an_address() -> None:
    assert _found("Put it under s3://a/b.") == [("uri", "s3://a/b")]


@pytest.mark.parametrize("text", ["We do this, e.g. weekly, i.e. often.", "At 5 a.m. it runs.", "Plain words only."])
def test_ordinary_words_are_no_literals(text: str) -> None:
    assert _found(text) == []


def test_the_value_lies_in_its_span() -> None:
    text = "From `raw.orders` to s3://lake/x, mail a@example.com, file data.csv in /in."
    for item in find_entities(text):
        assert item.value in item.span.of(text)


@given(st.text(max_size=200))
def test_entities_of_any_text_are_ordered_apart_and_inside_of_it(text: str) -> None:
    end = 0
    for item in find_entities(text):
        assert end <= item.span.start < item.span.end <= len(text)
        assert item.value.strip()
        end = item.span.end
