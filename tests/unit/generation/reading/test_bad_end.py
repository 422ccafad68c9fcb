"""The bad end of one step stands beside the work that goes on when it is good."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import LiteralValue, WorkflowSpec


def _spec(text: str) -> WorkflowSpec:
    return generate(text).spec


def _of(spec: WorkflowSpec, service: str) -> str:
    return next(task.task_id for task in spec.tasks if service in task.services)


@pytest.mark.parametrize(
    "ending",
    [
        "If the check fails, create a Jira issue in project STOCK. If it passes, refresh the Tableau workbook Stock.",
        "if the check fails create a Jira issue in project STOCK, if it passes refresh the Tableau workbook Stock.",
        "If it passes, refresh the Tableau workbook Stock; if it fails, create a Jira issue in project STOCK.",
    ],
)
def test_both_ends_of_a_check_start_at_the_check(ending: str) -> None:
    spec = _spec(f"Daily at 4 check that the Redshift table wh.stock has at least 10 rows. {ending}")
    ticket = spec.task(_of(spec, "jira"))
    assert ticket.trigger_rule == "one_failed"
    assert list(spec.upstream_of(ticket.task_id)) == [_of(spec, "amazon_redshift")]
    assert list(spec.upstream_of(_of(spec, "tableau"))) == [_of(spec, "amazon_redshift")]
    assert not spec.alerts


def test_what_is_done_when_a_person_refuses_follows_the_question() -> None:
    spec = _spec(
        "Daily at 4 run `CALL fin.close()` in Snowflake, then have the controller sign off. "
        "If she approves, export the Snowflake table fin.tb to s3://audit/tb.csv. If she declines, mail cfo@example.com."
    )
    question = next(task for task in spec.tasks if task.action == "approve")
    mail = spec.task(_of(spec, "smtp"))
    assert mail.trigger_rule == "one_failed"
    assert list(spec.upstream_of(mail.task_id)) == [question.task_id]
    refused = question.argument("fail_on_reject")
    assert refused is not None
    assert refused.value == LiteralValue.of(True)


def test_a_failure_that_nothing_follows_stays_an_alert() -> None:
    spec = _spec("Daily at 4 load s3://a/b.csv into Postgres x.y. If the load fails, tell #ops on Slack.")
    assert [(alert.on, alert.service, alert.target) for alert in spec.alerts] == [("failure", "slack", "#ops")]
    assert len([task for task in spec.tasks if task.action == "notify"]) == 0
