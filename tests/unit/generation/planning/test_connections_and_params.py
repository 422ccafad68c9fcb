"""Where connections come from, and what happens to values that the words do not give."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import ContextUse, DeploymentContext, LiteralValue, ParamRef

TEXT = "Run `select 1` in Postgres every day at 6."


def _connection(answer: Any, name: str = "conn_id") -> str:
    return answer.spec.tasks[0].argument(name).value.value


def test_the_words_come_first(plan: Any) -> None:
    context = DeploymentContext(connections=(("warehouse", "postgres"),))
    answer = plan("Run `select 1` in Postgres with the connection finance_db every day at 6.", context)
    assert _connection(answer) == "finance_db"


def test_then_the_only_fitting_connection_of_the_deployment(plan: Any) -> None:
    context = DeploymentContext(connections=(("warehouse", "postgres"), ("lake", "aws")))
    answer = plan(TEXT, context)
    assert _connection(answer) == "warehouse"
    assert ContextUse("connection", "warehouse", "connections") in answer.taken


def test_of_several_fitting_connections_none_is_guessed(plan: Any) -> None:
    context = DeploymentContext(connections=(("one", "postgres"), ("two", "postgres")))
    assert _connection(plan(TEXT, context)) == "postgres_default"


def test_else_the_default(plan: Any) -> None:
    assert _connection(plan(TEXT)) == "postgres_default"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Every day at 6 read messages from Kafka.", "topic"),
        ("Every day at 6 upload /tmp/a.csv to S3.", "bucket"),
        ("Every day at 6 read the Postgres table and post it to #ops on Slack.", "sql"),
    ],
)
def test_a_value_that_is_missing_is_asked_for_and_is_a_parameter_until_then(plan: Any, text: str, about: str) -> None:
    answer = plan(text)
    question = next(item for item in answer.clarifications if item.about == about)
    assert question.span is not None
    assert question.task_id in answer.spec.task_ids
    arguments = [item for task in answer.spec.tasks for item in task.arguments]
    missing = {name: item for item in arguments for name in _parameters(item.value)}
    assert missing
    assert all(item.origin == "missing" for item in missing.values())
    assert set(missing) <= {param.name for param in answer.spec.params}


def _parameters(value: object) -> list[str]:
    """The parameters in a value: itself, or the one item of a list."""
    if isinstance(value, ParamRef):
        return [value.name]
    items = value.value if isinstance(value, LiteralValue) and isinstance(value.value, list) else []
    return [item["__param__"] for item in items if isinstance(item, dict) and "__param__" in item]


def test_an_open_list_is_a_list_in_the_file(plan: Any) -> None:
    answer = plan("Every day at 6 read messages from Kafka.")
    topic = '{{ params.read_kafka_topic | required("read_kafka_topic") }}'
    assert f"topics=['{topic}']" in answer.source


def test_a_mere_detail_that_is_missing_is_a_parameter_and_an_assumption(plan: Any) -> None:
    answer = plan("Every day at 6 upload the text 'hello' to the S3 bucket a-b.")
    details = [param.name for param in answer.spec.params]
    said = [item.text for item in (*answer.assumptions, *answer.clarifications)]
    assert all(any(name in text for text in said) for name in details)


def test_a_text_that_states_everything_asks_nothing(plan: Any) -> None:
    answer = plan("Every day at 6 run `select 1` in Postgres, then post 'ready' to #ops on Slack. Retry twice.")
    assert answer.clarifications == ()


def test_an_alert_without_a_channel_is_asked_about(plan: Any) -> None:
    answer = plan("Every day at 6 run `select 1` in Postgres. Alert the team if it fails.")
    assert any(item.about == "alert_channel" for item in answer.clarifications)
    assert answer.spec.alerts == ()


def test_a_contradiction_of_ages_is_asked_about(plan: Any) -> None:
    answer = plan(
        "Every day at 6 archive rows older than 60 days from the Postgres table a.b to the S3 bucket cold, "
        "then delete rows older than 30 days from the Postgres table a.b."
    )
    assert any(item.about == "retention" for item in answer.clarifications)


def test_requirements_name_the_distributions_of_the_operators(plan: Any) -> None:
    answer = plan("Every day at 6 load s3://a-b/c.csv into the Redshift table d.e.")
    assert "apache-airflow-providers-amazon" in answer.requirements


def test_a_repetition_over_nothing_known_is_asked_for(plan: Any) -> None:
    answer = plan("Daily at 4, for each region load the MySQL table sales into the Snowflake table sales.")
    assert [item.text for item in answer.clarifications if item.about == "items"] == [
        "Over which items does 'for each region' go? Name them, or the step that lists them; "
        "until then the work is done once."
    ]


def test_rows_without_a_table_still_come_from_the_step_before(plan: Any) -> None:
    answer = plan("Daily at 4, load the sales from MySQL into Snowflake.")
    assert "<rows>" not in answer.source
    assert "insert_rows(" in answer.source
