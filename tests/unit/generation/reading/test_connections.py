"""Connections that are said once, and clouds whose store is named by its noun."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_connection_is_used_by_the_later_steps_of_its_service(read: Any) -> None:
    reading = read(
        "Run `select 1` in Postgres (connection pg_core), then load s3://b/a.csv into Postgres table x.y "
        "and run `call x.close()` in Postgres."
    )
    assert [reading.values(index, "connection") for index in range(3)] == [("pg_core",)] * 3


def test_a_connection_is_no_ones_but_its_own_services(read: Any) -> None:
    reading = read("Run `select 1` in Postgres (connection pg_core), then run `select 2` in Snowflake.")
    assert reading.values(1, "connection") == ()


def test_two_connections_of_one_service_are_not_guessed_between(read: Any) -> None:
    reading = read(
        "Run `select 1` in Postgres with connection pg_a; run `select 2` in Postgres with connection pg_b; "
        "then run `select 3` in Postgres."
    )
    assert reading.values(2, "connection") == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "All Snowflake tasks use the connection sf_core.",
        "Use the connection sf_core for Snowflake.",
        "The Snowflake connection is sf_core.",
    ],
)
def test_a_sentence_about_a_connection_is_no_step(read: Any, sentence: str) -> None:
    reading = read(f"{sentence} Every day run `call a.b()` in Snowflake.")
    assert reading.said == ["trigger snowflake"]
    assert reading.values(0, "connection") == ("sf_core",)


@pytest.mark.parametrize(
    ("words", "store"),
    [("the Azure container drop", "azure_blob_storage"), ("the AWS bucket drop", "amazon_s3")],
)
def test_the_store_of_a_cloud_is_known_by_its_noun(read: Any, words: str, store: str) -> None:
    reading = read(f"Load the object in/a.csv of {words} (connection store_x) into Postgres table x.y.")
    assert reading.said == [f"load {store} > postgres"]
    owners = {item.slot.name: item.service for item in reading.flow.steps[0].slots}
    assert owners["connection"] == owners["key"] == store


def test_a_key_may_have_a_template_in_its_middle(read: Any) -> None:
    reading = read("Load the object in/{{ ds }}/a.json from the GCS bucket lake into BigQuery table a.b.")
    assert reading.values(0, "key") == ("in/{{ ds }}/a.json",)
