"""Forms of tickets that were read wrongly once: caps behind a time, several channels, times that look like labels."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import LiteralValue, WorkflowSpec


def _edges(spec: WorkflowSpec) -> set[tuple[str, str]]:
    actions = {task.task_id: task.action for task in spec.tasks}
    return {(actions[edge.upstream], actions[edge.downstream]) for edge in spec.dependencies}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Daily wait at most 2 hours for s3://plum/ready.txt, then run the Glue job prune.", 7200),
        ("Daily wait for s3://plum/ready.txt 2 hours at most, then run the Glue job prune.", 7200),
        ("Chaque jour attendre le fichier s3://plum/ready.txt pendant 1 heure au plus, puis lancer le job Glue prune.", 3600),
        ("Daily wait for s3://plum/ready.txt (give up after 4 hours), then run the Glue job prune.", 14400),
    ],
)  # fmt: skip
def test_a_sensor_gives_up_when_the_words_say_so(text: str, seconds: int) -> None:
    sensor = generate(text).spec.tasks[0]
    given = sensor.argument("timeout")
    assert given is not None
    assert given.value == LiteralValue.of(seconds)


def test_a_time_is_no_number_of_a_step() -> None:
    spec = generate(
        "1) Wait until s3://plum/a.txt exists (give up after 3 hours)\n2) Run the Glue job prune\n3) Run the Glue job dry"
    ).spec
    assert [(edge.upstream, edge.downstream) for edge in spec.dependencies] == [
        (spec.tasks[0].task_id, spec.tasks[1].task_id),
        (spec.tasks[1].task_id, spec.tasks[2].task_id),
    ]


def test_a_wait_that_is_to_come_first_comes_first() -> None:
    spec = generate("Daily run the Glue job prune, wait for s3://plum/ready.txt first.").spec
    assert _edges(spec) == {("wait_for", "trigger")}


@pytest.mark.parametrize("words", ["While that is going on", "While it is running", "During that time", "Meanwhile"])
def test_work_beside_a_run_does_not_wait_for_it(words: str) -> None:
    spec = generate(
        f"Daily start the Databricks job 88. {words}, run the Glue job prune. Once both have finished run the Glue job dry."
    ).spec
    first, second, last = (task.task_id for task in spec.tasks)
    assert {(edge.upstream, edge.downstream) for edge in spec.dependencies} == {(first, last), (second, last)}


@pytest.mark.parametrize("words", ["10 at most concurrently", "with 10 in parallel", "at most 10 at a time"])
def test_copies_at_once_are_limited(words: str) -> None:
    spec = generate(
        f"Hourly read the SQS queue https://sqs.eu-west-1.amazonaws.com/1/q and for every message invoke the Lambda function sort ({words})."
    ).spec
    assert 10 in {task.max_active for task in spec.tasks} | {spec.limits.active_tasks}


def test_a_pager_and_a_channel_are_two_alerts() -> None:
    alerts = generate("Daily run the Glue job prune. On failure both PagerDuty and #risk-ops have to know.").spec.alerts
    assert {(item.service, item.target) for item in alerts} == {("pagerduty", ""), ("slack", "#risk-ops")}


def test_a_topic_of_sns_is_the_target_of_its_alert() -> None:
    topic = "arn:aws:sns:us-east-1:123412341234:alarms"
    alerts = generate(f"Daily run the Glue job prune. If it fails send SNS to {topic}.").spec.alerts
    assert [(item.service, item.target) for item in alerts] == [("amazon_sns", topic)]


def test_a_condition_whose_consequence_is_a_setting_says_nothing_of_the_step_before() -> None:
    spec = generate(
        "Daily copy the Postgres table a.b to the MySQL table c.d; the number of rows copied is posted to #news. "
        "In case of failure, retry three times."
    ).spec
    assert not spec.alerts
    assert [task.action for task in spec.tasks] == ["copy", "notify"]
    assert spec.retry is not None
    assert spec.retry.retries == 3


def test_plain_words_that_are_counted_are_tables() -> None:
    spec = generate(
        "Daily compare the row count of orders in MySQL (conn erp) with the row count of analytics.orders in BigQuery. "
        "If they differ fail the run."
    ).spec
    tables = [task.argument("table") for task in spec.tasks[:2]]
    assert [item.value for item in tables if item is not None] == [
        LiteralValue.of("orders"),
        LiteralValue.of("analytics.orders"),
    ]
    assert spec.tasks[2].operator.recipe == "require_equal_counts"


def test_a_workbook_is_called_by_the_quoted_name_behind_its_refresh() -> None:
    spec = generate("Daily at 5: Tableau workbook refresh `Exec KPIs`.").spec
    found = spec.tasks[0].argument("find")
    assert found is not None
    assert found.value == LiteralValue.of("Exec KPIs")


def test_a_channel_is_one_of_slack_where_only_another_sentence_says_so() -> None:
    spec = generate(
        "Daily run the Glue job prune, then post to #prune-news. If anything fails, post to the Slack channel #alarms."
    ).spec
    assert [task.services for task in spec.tasks] == [("aws_glue",), ("slack",)]
    assert [(item.service, item.target) for item in spec.alerts] == [("slack", "#alarms")]
