"""Names that are called for and not given, and vague words, lead to questions; what is named does not."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


def _questions(text: str) -> list[str]:
    return [f"{item.about}: {item.text}" for item in generate(text).clarifications]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Daily at 5:00 invoke a Lambda function.", "function"),
        ("Daily at 5:00 start the Glue job.", "job"),
        ("Daily at 5:00 run the Databricks job.", "job"),
        ("Daily at 5:00 post a message to the channel on Slack.", "channel"),
        ("Daily at 5:00 run `q.sh` and mail the result.", "recipients"),
        ("Daily at 5:00 move the new files from the SFTP server to the bucket.", "bucket"),
        ("Daily at 5:00 load orders into Snowflake.", "table"),
        ("Daily at 5:00 copy the usual tables from MySQL to S3.", "usual tables"),
        ("Daily at 5:00 run `q.sh` and let someone know.", "let someone"),
        ("Daily at 5:00 copy the large files from /in to s3://a-b/c/.", "large files"),
        ("Täglich um 5 Uhr die übliche Tabelle aus MySQL nach s3://a-b/c/ kopieren.", "übliche"),
    ],
)
def test_what_is_left_open_is_asked_for(text: str, about: str) -> None:
    assert any(about in question for question in _questions(text)), _questions(text)


@pytest.mark.parametrize(
    "text",
    [
        "Daily at 5:00 invoke the Lambda function resize-all.",
        "Daily at 5:00 start the Glue job tidy-orders.",
        "Daily at 5:00 run the Databricks job 4242.",
        "Daily at 5:00 post 'Done' to the channel #sales on Slack.",
        "Daily at 5:00 run `q.sh` and mail the result to a@example.org.",
        "Daily at 5:00 delete files older than 30 days from the S3 bucket a-b.",
    ],
)
def test_what_is_named_is_not_asked_for(text: str) -> None:
    assert _questions(text) == []


class TestApproval:
    def test_an_approval_that_is_no_step_of_its_own_is_asked_for(self, plan) -> None:
        answer = plan(
            "Every day at 6 copy the Postgres table public.stock to the BigQuery table mart.stock, "
            "ask Ms Weber to approve, and only then run `CALL mart.publish()` in BigQuery."
        )
        waits = any(task.action == "approve" for task in answer.spec.tasks)
        assert waits or any(item.about == "approval" for item in answer.clarifications)

    def test_somebody_who_is_asked_to_approve_is_waited_for(self, plan) -> None:
        answer = plan(
            "Every day at 6 run `select 1` in Snowflake. Ask the finance team to sign off. Then mail a@example.com."
        )
        assert [task.action for task in answer.spec.tasks] == ["trigger", "approve", "notify"]

    def test_without_such_words_nobody_is_asked(self, plan) -> None:
        answer = plan("Every day at 6 run `select approved_by from orders` in Snowflake, then mail a@example.com.")
        assert not any(item.about == "approval" for item in answer.clarifications)
