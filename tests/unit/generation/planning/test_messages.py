"""Messages of queues: text, unless what follows takes records."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "follows",
    ["index them into the Elasticsearch index clicks", "load them into the Postgres table clicks"],
)
def test_messages_are_decoded_where_records_are_wanted_and_that_is_said(plan: Any, values: Any, follows: str) -> None:
    answer = plan(f"Every hour read the messages of the Kafka topic clicks and {follows}.")
    assert values(answer.spec.tasks[0])["as_json"] is True
    assert any(item.about == "json" for item in answer.assumptions)


def test_messages_stay_text_where_nothing_takes_records(plan: Any, values: Any) -> None:
    answer = plan("Every hour read the messages of the Kafka topic clicks.")
    assert "as_json" not in values(answer.spec.tasks[0])


def test_messages_of_a_queue_are_read_and_not_only_waited_for(plan: Any) -> None:
    answer = plan(
        "Every hour read the SQS queue https://sqs.eu-west-1.amazonaws.com/1/clicks "
        "and write the messages to the DynamoDB table clicks."
    )
    assert answer.spec.tasks[0].operator.recipe == "read_sqs_messages"


def test_waiting_for_what_was_started_is_no_task(plan: Any) -> None:
    answer = plan("Start the Glue job clean, wait for it, then run `done.sh`.")
    assert len(answer.spec.tasks) == 2
