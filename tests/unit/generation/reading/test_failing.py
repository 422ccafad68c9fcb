"""What is to be done only if something failed never runs after a good run."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


def _rules(text: str) -> dict[str, str]:
    """The trigger rule of each task, by its service."""
    return {task.services[0]: task.trigger_rule for task in generate(text).spec.tasks}


@pytest.mark.parametrize(
    "ending",
    [
        "If it fails, restart the EC2 instance i-0abc123.",
        "If it fails, mail ops@example.com and restart the EC2 instance i-0abc123.",
        "On failure tell #ops on Slack and restart the EC2 instance i-0abc123.",
    ],
)
def test_work_for_the_case_of_a_failure_runs_only_then(ending: str) -> None:
    rules = _rules(f"Every day at 6 run `select 1` in Snowflake. {ending}")
    assert rules["amazon_ec2"] == "one_failed"
    assert rules["snowflake"] == "all_success"


def test_a_german_failure_and_what_goes_on_from_it() -> None:
    rules = _rules(
        "T\u00e4glich um 6 `select 1` in Snowflake ausf\u00fchren. "
        "Bei Fehler eine Nachricht an #ops in Slack senden und den Glue-Job aufraeumen starten."
    )
    assert rules["aws_glue"] == "one_failed"


def test_the_next_sentence_is_for_the_normal_case() -> None:
    text = "Every day at 6 run `select 1` in Snowflake. If it fails, run the Glue job repair. Then mail a@example.com."
    answer = generate(text)
    mail = next(task for task in answer.spec.tasks if task.action == "notify")
    assert mail.trigger_rule == "all_success"
    assert [answer.spec.task(name).services[0] for name in answer.spec.upstream_of(mail.task_id)] == ["snowflake"]


def test_what_is_done_even_then_is_done_always() -> None:
    text = "Every day at 6 run `select 1` in Snowflake. Even if it fails, run the Glue job tidy."
    assert _rules(text)["aws_glue"] == "all_done"


def test_an_alert_stays_a_callback() -> None:
    answer = generate("Every day at 6 run `select 1` in Snowflake. If it fails, tell #ops on Slack.")
    assert [(alert.on, alert.service) for alert in answer.spec.alerts] == [("failure", "slack")]
    assert len(answer.spec.tasks) == 1


@pytest.mark.parametrize(
    "words",
    [
        "if it fails, don't fail the DAG, just post a warning to #low on Slack",
        "if that fails, only send a message to Slack channel #low instead of failing the run",
        "on failure do not fail the pipeline but write a note to the Slack channel #low",
        "don't fail the DAG if it fails, just post a warning to #low on Slack",
        "a failure of it must not fail the DAG: post a warning to #low on Slack instead",
    ],
)
def test_a_failure_that_must_not_fail_the_run_is_told_by_a_task(read: Any, words: str) -> None:
    reading = read(f"Load s3://a/b.csv into Postgres table x.y; {words}.")
    assert not reading.flow.alerts
    assert [step.trigger_rule for step in reading.flow.steps] == ["all_success", "one_failed"]
    assert reading.flow.steps[1].values("channel") == ("#low",)


def test_what_comes_after_a_step_that_may_fail_runs_all_the_same(read: Any) -> None:
    reading = read(
        "Run `make a`, then run `make b`. If that fails, don't fail the DAG, just post a warning to #low on Slack. "
        "Then run `make c`."
    )
    last = len(reading.flow.steps) - 1
    assert reading.flow.steps[last].trigger_rule == "all_done_min_one_success"
    assert {(0, last), (1, last)} <= {(edge.upstream, edge.downstream) for edge in reading.flow.edges}
    assert (2, last) not in reading.order


def test_a_plain_failure_stays_an_alert(read: Any) -> None:
    reading = read("Load s3://a/b.csv into Postgres table x.y; if it fails, post a warning to #low on Slack.")
    assert [alert.on for alert in reading.flow.alerts] == ["failure"]
    assert len(reading.flow.steps) == 1
