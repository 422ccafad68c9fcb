"""The small language of argument sources."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.catalog import parse_source
from airflow_provider_wfintel.engine.model import (
    ArgumentValue,
    LiteralValue,
    OutputRef,
    ParamRef,
    SecondsValue,
    SymbolRef,
    TemplateValue,
)
from airflow_provider_wfintel.exceptions import CatalogError


def resolve(data: object, **values: Any) -> ArgumentValue | None:
    known = {
        key.replace("__", "."): value if hasattr(value, "kind_tag") else LiteralValue.of(value)
        for key, value in values.items()
    }
    return parse_source(data, "test").resolve(known)


def test_a_slot_gives_its_value() -> None:
    assert resolve({"slot": "bucket"}, bucket="lake") == LiteralValue.of("lake")
    assert resolve({"slot": "bucket"}, bucket=ParamRef("bucket")) == ParamRef("bucket")


def test_a_slot_without_value_is_open_has_a_default_or_is_left_out() -> None:
    open_slot, with_default, optional = (
        parse_source(data, "test")
        for data in ({"slot": "a"}, {"slot": "a", "default": 3}, {"slot": "a", "optional": True})
    )
    assert (open_slot.resolve({}), open_slot.missing(()), open_slot.optional) == (None, ("a",), False)
    assert (with_default.resolve({}), with_default.missing(())) == (LiteralValue.of(3), ())
    assert (optional.resolve({}), optional.missing(()), optional.optional) == (None, (), True)


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        ("list", "a", LiteralValue.of(["a"])),
        ("list", ["a", "b"], LiteralValue.of(["a", "b"])),
        ("seconds", 90, SecondsValue(90.0)),
        ("text", 5, LiteralValue.of("5")),
        ("integer", "12", LiteralValue.of(12)),
        ("integer", "many", LiteralValue.of("many")),
        ("number", "42", LiteralValue.of(42)),
        ("number", "totals", None),
        ("name", "totals", LiteralValue.of("totals")),
        ("name", "42", None),
        ("argv", "cat a.csv | wc -l", LiteralValue.of(["/bin/sh", "-c", "cat a.csv | wc -l"])),
        ("argv", ["already", "words"], LiteralValue.of(["already", "words"])),
    ],
)
def test_a_slot_is_shaped_for_its_argument(shape: str, value: object, expected: ArgumentValue | None) -> None:
    assert resolve({"slot": "a", "as": shape}, a=value) == expected


def test_constants_templates_and_symbols_need_nothing() -> None:
    assert resolve({"literal": {"a": [1]}}) == LiteralValue.of({"a": [1]})
    assert resolve({"template": "{{ ds }}"}) == TemplateValue("{{ ds }}")
    assert resolve({"symbol": "pkg.mod:Thing"}) == SymbolRef("pkg.mod:Thing")


def test_a_connection_is_the_given_one_else_the_default() -> None:
    assert resolve({"connection": "source", "default": "pg"}) == LiteralValue.of("pg")
    assert resolve({"connection": "source", "default": "pg"}, connection__source="shop") == LiteralValue.of("shop")
    assert resolve({"connection": "target"}) is None


def test_text_is_put_together() -> None:
    assert resolve({"text": "s3://{bucket}/{key}"}, bucket="lake", key="a/b") == LiteralValue.of("s3://lake/a/b")
    assert resolve({"text": "s3://{bucket}/{key}"}, bucket="lake") is None


def test_text_with_a_live_part_is_a_template() -> None:
    found = resolve({"text": "s3://{bucket}/{key}"}, bucket=ParamRef("bucket"), key=TemplateValue("{{ ds }}.csv"))
    assert found == TemplateValue("s3://{{ params.bucket }}/{{ ds }}.csv")


def test_words_beside_a_live_part_never_open_a_template() -> None:
    assert resolve({"text": "{a}/{b}"}, a=ParamRef("a"), b="{{ conn.x }}") is None
    assert resolve({"text": "{a}{b}{c}"}, a=ParamRef("a"), b="{", c="{ x }}") is None


def test_sql_takes_identifiers_only() -> None:
    assert resolve({"sql": "SELECT * FROM {table}"}, table="shop.orders") == LiteralValue.of(
        "SELECT * FROM shop.orders"
    )
    assert resolve({"sql": "SELECT * FROM {table}"}, table="orders; DROP TABLE x") is None
    assert resolve({"sql": "SELECT * FROM {table}"}, table=ParamRef("table")) is None


def test_first_takes_what_is_there() -> None:
    data = {"first": [{"slot": "sql"}, {"sql": "SELECT * FROM {table}"}]}
    assert resolve(data, table="orders") == LiteralValue.of("SELECT * FROM orders")
    assert resolve(data, sql="SELECT 1", table="orders") == LiteralValue.of("SELECT 1")
    assert parse_source(data, "test").missing(()) == ("sql",)
    assert parse_source(data, "test").missing({"table"}) == ()


def test_objects_and_lists_hold_sources() -> None:
    data = {"object": {"query": {"object": {"query": {"slot": "sql"}, "legacy": {"literal": False}}}}}
    assert resolve(data, sql="SELECT 1") == LiteralValue.of({"query": {"query": "SELECT 1", "legacy": False}})
    assert resolve(data) is None
    assert resolve({"list": [{"slot": "a"}, {"slot": "b", "optional": True}]}, a="x") == LiteralValue.of(["x"])


def test_live_parts_of_an_object_are_marked() -> None:
    found = resolve({"object": {"a": {"slot": "a"}}}, a=ParamRef("a"))
    assert found == LiteralValue.of({"a": {"__template__": "{{ params.a }}"}})


def test_json_is_the_text_of_a_value() -> None:
    data = {"json": {"object": {"text": {"slot": "message"}}}}
    assert resolve(data, message='say "hi"') == LiteralValue.of('{"text": "say \\"hi\\""}')
    assert resolve(data, message=OutputRef("count")) == TemplateValue(
        "{\"text\": {{ (ti.xcom_pull(task_ids='count')) | tojson }}}"
    )


@given(word=st.text(), other=st.text())
def test_literal_words_stay_literal(word: str, other: str) -> None:
    found = resolve({"text": "{a}-{b}"}, a=word, b=other)
    assert found == LiteralValue.of(f"{word}-{other}")


@pytest.mark.parametrize(
    "data",
    [
        "bucket",
        {},
        {"slot": 3},
        {"slot": "a", "else": 1},
        {"slot": "a", "as": "bytes"},
        {"slot": "a", "optional": "yes"},
        {"connection": "middle"},
        {"literal": 1, "template": "x"},
        {"guess": "x"},
        {"first": []},
        {"object": []},
    ],
)
def test_anything_else_is_a_typed_error_that_names_the_place(data: object) -> None:
    with pytest.raises(CatalogError, match="test"):
        parse_source(data, "test")
