"""Conditions that let work through, and who is told when."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.reading.conditions import (
    alert_event,
    is_consequence_nothing,
    read_guard,
)
from airflow_provider_wfintel.engine.model import Span


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("if the job fails", "failure"),
        ("on error", "failure"),
        ("wenn etwas fehlschlägt", "failure"),
        ("en cas d'échec", "failure"),
        ("si algo falla", "failure"),
        ("em caso de falha", "failure"),
        ("失败时", "failure"),
        ("if it is late", "deadline"),
        ("if it takes longer than an hour", "deadline"),
        ("on every retry", "retry"),
        ("on success", "success"),
        ("when the file arrives", ""),
    ],
)
def test_the_event_of_an_alert(words: str, event: str) -> None:
    assert alert_event(words) == event


@pytest.mark.parametrize("words", ["stop", "skip the rest", "do nothing", "nichts tun", "ne rien faire", "跳过"])
def test_words_that_leave_work_out(words: str) -> None:
    assert is_consequence_nothing(words)


@pytest.mark.parametrize(
    ("words", "leaves_out", "kind", "positive"),
    [
        ("there are no rows", True, "not_empty", True),
        ("there are new rows", False, "not_empty", True),
        ("the counts differ", False, "differs", True),
        ("the counts are equal", True, "differs", True),
        ("it is a public holiday", True, "holiday", False),
        ("more than 500 rows are there", False, "threshold", True),
        ("the moon is full", False, "custom", True),
    ],
)
def test_a_condition_has_its_kind(words: str, leaves_out: bool, kind: str, positive: bool) -> None:
    guard = read_guard(words, Span(0, len(words)), leaves_out=leaves_out)
    assert (guard.kind, guard.positive) == (kind, positive)


def test_the_number_of_a_threshold_is_kept() -> None:
    assert read_guard("more than 12,500 rows", Span(0, 21), leaves_out=False).threshold == "12,500"


@pytest.mark.parametrize(
    ("text", "on", "service", "target"),
    [
        ("Run dbt build. If it fails, post to #data-ops on Slack.", "failure", "slack", "#data-ops"),
        ("Run dbt build. On failure mail ops@example.com.", "failure", "smtp", "ops@example.com"),
        ("Run dbt build. Alert PagerDuty when it fails.", "failure", "pagerduty", ""),
        ("Run dbt build and send a Teams message if anything fails.", "failure", "microsoft_teams", ""),
        ("Führe dbt build aus. Bei Fehlern eine Mail an ops@example.com senden.", "failure", "smtp", "ops@example.com"),
        ("Lancer dbt build. En cas d'échec, envoyer un message à #data sur Slack.", "failure", "slack", "#data"),
        ("Run dbt build. On every retry tell #noise on Slack.", "retry", "slack", "#noise"),
    ],
)
def test_an_alert_is_no_step(read: Any, text: str, on: str, service: str, target: str) -> None:
    flow = read(text).flow
    assert [(item.on, item.service, item.target) for item in flow.alerts] == [(on, service, target)]
    assert [step.target for step in flow.steps] == ["dbt"]


def test_a_message_without_a_failure_is_a_step_and_no_alert(read: Any) -> None:
    reading = read("Run dbt build, then tell #data on Slack.")
    assert reading.flow.alerts == ()
    assert reading.said[-1] == "notify slack"


def test_nobody_named_leaves_the_service_of_the_alert_open(read: Any) -> None:
    (alert,) = read("Run dbt build. Alert the team if it fails.").flow.alerts
    assert alert.service == ""


def test_an_empty_result_guards_what_follows(read: Any) -> None:
    reading = read(
        "Query Snowflake `select id from a.b`. If there are no rows, skip the rest. Then post to #x on Slack."
    )
    guards = [step.guard.kind if step.guard else "" for step in reading.flow.steps]
    assert guards == ["", "not_empty"]


def test_a_holiday_guards_the_first_step(read: Any) -> None:
    reading = read("Copy the Oracle table a.b to BigQuery. Skip it on public holidays.")
    assert reading.flow.steps[0].guard is not None
    assert reading.flow.steps[0].guard.kind == "holiday"
