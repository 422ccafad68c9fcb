"""What is to be done only if something failed never runs after a good run."""

from __future__ import annotations

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
