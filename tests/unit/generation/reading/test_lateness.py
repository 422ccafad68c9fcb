"""A deadline and who is told of it: the telling is the deadline's callback and never a step after a good run."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate

WORK = "Every night at 3 run the Databricks job 417. "


@pytest.mark.parametrize(
    ("words", "service", "target"),
    [
        ("It has to be over within 40 minutes or alert the team via PagerDuty.", "pagerduty", ""),
        ("The deadline is 5am; message #close-desk on Slack if it is missed.", "slack", "#close-desk"),
        ("It must be complete by 5; if not, mail close@example.org.", "smtp", "close@example.org"),
        ("If it isn't finished within 40 minutes, ping #close-desk on Slack.", "slack", "#close-desk"),
        ("If it is not done by 5am, ping #close-desk on Slack.", "slack", "#close-desk"),
        ("If the run takes longer than 2 hours, mail close@example.org.", "smtp", "close@example.org"),
        ("Unless it finishes within 2 hours, mail close@example.org.", "smtp", "close@example.org"),
        ("The run must complete by 5:30; mail close@example.org when it misses that.", "smtp", "close@example.org"),
        ("SLA 05:30, else a message to #close-desk in Slack.", "slack", "#close-desk"),
    ],
)
def test_who_is_told_of_a_late_run_is_told_by_the_deadline(words: str, service: str, target: str) -> None:
    answer = generate(WORK + words)
    assert [(alert.on, alert.service, alert.target) for alert in answer.spec.alerts] == [("deadline", service, target)]
    assert [task.services for task in answer.spec.tasks] == [("databricks",)]
    assert answer.spec.deadline is not None
    assert "deadline=DeadlineAlert(" in answer.source


def test_everybody_who_is_named_is_told() -> None:
    answer = generate(f"{WORK}Must finish within an hour, or tell #late on Slack and mail late@example.org.")
    assert [alert.target for alert in answer.spec.alerts] == ["#late", "late@example.org"]
    assert answer.source.count("DeadlineAlert(") == 2
    assert "#late" in answer.source
    assert "late@example.org" in answer.source


def test_a_notifier_without_an_asynchronous_form_is_called_by_the_executor() -> None:
    source = generate(f"{WORK}Must be done within 40 minutes or page the on-call via Opsgenie.").source
    assert "SyncCallback(\n" in source or "SyncCallback(OpsgenieNotifier" in source
    assert "OpsgenieNotifier" in source
    assert "HttpHook" not in source


def test_a_message_beside_a_deadline_is_work() -> None:
    answer = generate("Every night at 3 run the Databricks job 417 and mail close@example.org. It must be over by 5am.")
    assert len(answer.spec.tasks) == 2
    assert not answer.spec.alerts


def test_a_file_that_is_late_is_no_late_run() -> None:
    answer = generate(f"{WORK}If the file s3://drop/day.csv is not there by 5am, mail close@example.org.")
    assert answer.spec.deadline is None
    assert not answer.spec.alerts


def test_a_failure_beside_a_limit_is_a_failure() -> None:
    answer = generate(f"{WORK}If it runs longer than 4 hours it should be stopped. On failure mail close@example.org.")
    assert [(alert.on, alert.target) for alert in answer.spec.alerts] == [("failure", "close@example.org")]
