"""What the settings of a DAG in words are read as."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.settings import SettingsReading, read_settings

CASES = [json.loads(line) for line in Path(__file__).with_name("cases.jsonl").read_text(encoding="utf-8").splitlines()]


def _facts(reading: SettingsReading) -> dict[str, Any]:
    retry = reading.retry or (reading.retries[0].retry if reading.retries else None)
    return {
        "retries": None if retry is None else retry.retries,
        "delay": None if retry is None else retry.delay_seconds,
        "exponential": False if retry is None else retry.exponential,
        "runs": reading.limits.active_runs,
        "tasks": reading.limits.active_tasks,
        "mapped": reading.mapped_limit,
        "pool": reading.limits.pool,
        "slots": reading.limits.pool_slots,
        "owner": reading.owner,
        "tags": list(reading.tags),
        "dag_id": reading.dag_id,
        "warnings": len(reading.warnings),
        "timeout": reading.timeouts[0].seconds if reading.timeouts else None,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_text_is_read_as_its_settings_and_nothing_else(case: dict[str, Any]) -> None:
    reading = read_settings(case["text"])
    wanted = {
        **_facts(SettingsReading()),
        **{name: value for name, value in case.items() if name not in ("text", "scope")},
    }
    assert _facts(reading) == wanted
    if "scope" in case:
        assert ("dag" if reading.retry_scope == "dag" else "step") == case["scope"]
    for span in reading.consumed:
        assert 0 <= span.start < span.end <= len(case["text"])


def test_retries_of_a_step_point_at_its_clause() -> None:
    text = "Call the API (retry 5 times), then load the table."
    scope = read_settings(text).retry_scope
    assert not isinstance(scope, str)
    assert "Call the API" in scope.of(text)
    assert "load" not in scope.of(text)


def test_longest_delay_of_a_back_off() -> None:
    retry = read_settings("retry 4 times with exponential backoff starting at 30 seconds, at most 10 minutes").retry
    assert retry is not None
    assert (retry.retries, retry.delay_seconds, retry.exponential, retry.max_delay_seconds) == (4, 30.0, True, 600.0)


def test_unnumbered_retries_are_an_assumption() -> None:
    reading = read_settings("Copy the table. On failure retry.")
    assert reading.retry is not None
    assert reading.retry.retries == 3
    assert reading.assumptions[0].about == "retries"


@pytest.mark.parametrize("name", ["a b", "x'); import os", "{{ ds }}", "../../x", "名前"])
def test_hostile_names_are_left_out_with_a_warning(name: str) -> None:
    reading = read_settings(f"a DAG named `{name}` that copies a to b")
    assert reading.dag_id == ""
    assert reading.warnings


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(text: str) -> None:
    reading = read_settings(text)
    assert all(span.end <= len(text) for span in reading.consumed)
