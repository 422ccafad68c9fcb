"""Calls of an HTTP interface in its own terms: method, path with its query, connection."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, TaskSpec, TemplateValue


def _first(plan: Any, text: str) -> TaskSpec:
    return plan(f"Every day at 4 UTC {text}").spec.tasks[0]


def _said(task: TaskSpec, name: str) -> object:
    argument = task.argument(name)
    assert argument is not None
    return argument.value.value if isinstance(argument.value, LiteralValue) else argument.value


@pytest.mark.parametrize(
    ("words", "method", "endpoint", "connection"),
    [
        ("call GET /v1/ping?full=1 (connection pulse_api).", "GET", "/v1/ping?full=1", "pulse_api"),
        ('POST /v1/builds with the body {"all": true} (connection ci_api).', "POST", "/v1/builds", "ci_api"),
        ("send PATCH /v1/state to our API, connection ci_api.", "PATCH", "/v1/state", "ci_api"),
        ("make a GET request to /v1/ping on the HTTP connection pulse_api.", "GET", "/v1/ping", "pulse_api"),
        ("call `GET /v1/ping?full=1` with connection pulse_api.", "GET", "/v1/ping?full=1", "pulse_api"),
    ],
)
def test_method_path_and_connection(plan: Any, words: str, method: str, endpoint: str, connection: str) -> None:
    task = _first(plan, words)
    assert task.operator.path.endswith(":HttpOperator")
    assert (_said(task, "method"), _said(task, "endpoint")) == (method, endpoint)
    assert _said(task, "http_conn_id") == connection
    assert not task.note, "nothing of the call is left over"


def test_a_template_in_the_query_stays_live(plan: Any) -> None:
    task = _first(plan, "fetch /v1/rates?day={{ ds }}&base=EUR from the API (connection fx_api) into s3://fx/r.json.")
    assert _said(task, "endpoint") == TemplateValue("/v1/rates?day={{ ds }}&base=EUR")


@pytest.mark.parametrize(
    "words",
    [
        "call GET /v1/rates?base=EUR (connection fx_api) and store the result in s3://fx/{{ ds }}.json.",
        "call GET /v1/rates?base=EUR (connection fx_api) and write the rows to Postgres table fx.rates.",
    ],
)
def test_an_answer_that_is_stored_is_read(plan: Any, words: str) -> None:
    task = _first(plan, words)
    assert task.operator.recipe == "http_get_json"
    assert (_said(task, "endpoint"), _said(task, "conn_id")) == ("/v1/rates?base=EUR", "fx_api")


def test_verbs_in_small_letters_are_no_methods(plan: Any) -> None:
    task = _first(plan, "delete /srv/tmp/a.csv.")
    assert task.argument("method") is None
    assert "http" not in task.services
