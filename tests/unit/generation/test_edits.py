"""What a person sets in a form instead of saying it: the spec is changed, the file is written anew."""

from __future__ import annotations

import ast
import json

import pytest

from airflow_provider_wfintel.engine.generation.service import edited, generate, operator_choices
from airflow_provider_wfintel.engine.model import SpecEdit
from airflow_provider_wfintel.exceptions import UserInputError

TEXT = "Every day at 7, copy the table `orders` from PostgreSQL to S3, then post to #ops on Slack. Retry twice."


@pytest.fixture(scope="module")
def answer():
    return generate(TEXT)


def edit(what, value, task_id="", name=""):
    return SpecEdit(what, json.dumps(value), task_id, name)


def test_a_schedule_is_set_in_words_and_keeps_the_zone_that_was_known(answer):
    found = edited(answer, [edit("schedule", "every Monday at 05:30 Europe/Berlin")])
    assert (found.spec.schedule.crons, found.spec.schedule.timezone) == (("30 5 * * 1",), "Europe/Berlin")
    assert 'schedule="30 5 * * 1"' in found.source
    again = edited(found, [edit("schedule", "every hour")])
    assert again.spec.schedule.timezone == "Europe/Berlin"


def test_no_words_take_the_schedule_away(answer):
    found = edited(answer, [edit("schedule", "")])
    assert found.spec.schedule.kind == "manual"
    assert "schedule=None" in found.source


def test_retries_are_set_for_the_dag_and_for_one_task(answer):
    found = edited(
        answer,
        [edit("retries", 5), edit("retry_delay", 90), edit("retries", 0, "post_slack")],
    )
    assert (found.spec.retry.retries, found.spec.retry.delay_seconds) == (5, 90.0)
    assert found.spec.task("post_slack").retry.retries == 0


def test_an_argument_takes_a_constant_and_its_parameter_and_question_are_gone(answer):
    assert "load_s3_bucket" in {param.name for param in answer.spec.params}
    found = edited(answer, [edit("argument", "lake", "load_s3", "s3_bucket")])
    assert 's3_bucket="lake"' in found.source
    assert "load_s3_bucket" not in found.source
    assert not [item for item in found.clarifications if "load_s3_bucket" in item.text]
    assert len(found.clarifications) == len(answer.clarifications) - 1


@pytest.mark.parametrize("text", ['"); import os; os.system("x', "{{ var.value.secret }}", "\\N{BULLET}", "a\nb"])
def test_a_value_is_a_literal_and_never_code_or_a_template(answer, text):
    found = edited(answer, [edit("argument", text, "post_slack", "channel")])
    tree = ast.parse(found.source)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import) and node.names[0].name == "os"]
    written = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    # Braces are written so that the template engine gives them back as they are.
    assert (text in written) == ("{{" not in text)


def test_what_the_words_do_not_give_any_more_is_left_out_and_said(answer):
    found = edited(answer, [edit("retries", 3, "gone"), edit("argument", 1, "load_s3", "no_such")])
    assert found.source == answer.source
    assert [item.text for item in found.warnings[-2:]] == [
        "No longer applies and was left out: retries of gone.",
        "No longer applies and was left out: no_such of load_s3.",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        edit("schedule", "when the moon is full"),
        edit("schedule", 5),
        edit("retries", -1),
        edit("retries", True),
        edit("retry_delay", 0),
        edit("argument", 5, "post_slack", "channel"),
        edit("argument", {"a": 1}, "post_slack", "channel"),
        SpecEdit("argument", "not JSON", "post_slack", "channel"),
    ],
)
def test_an_impossible_value_is_refused_with_a_hint(answer, wrong):
    with pytest.raises(UserInputError) as caught:
        edited(answer, [wrong])
    assert caught.value.hint


def paths(answer, task_id):
    return {item.path.rpartition(":")[2]: item.path for item in operator_choices(answer.spec).get(task_id, ())}


def test_another_operator_takes_along_what_the_task_says_and_its_own_connection(answer):
    path = paths(answer, "post_slack")["SlackWebhookOperator"]
    found = edited(answer, [edit("operator", path, "post_slack")])
    task = found.spec.task("post_slack")
    assert (task.operator.path, task.services) == (path, ("slack",))
    assert task.argument("channel").value.value == "#ops"
    assert task.argument("message").value == answer.spec.task("post_slack").argument("text").value
    assert task.argument("slack_webhook_conn_id").value.value == "slack_default"
    assert "SlackWebhookOperator(" in found.source
    assert "SlackAPIPostOperator" not in found.source
    assert found.spec.dependencies == answer.spec.dependencies


def test_what_the_other_operator_needs_beside_is_a_parameter_with_a_question_until_it_is_set(answer):
    choice = next(item for item in operator_choices(answer.spec)["post_slack"] if "file_name" in item.asks)
    found = edited(answer, [edit("operator", choice.path, "post_slack")])
    assert found.spec.task("post_slack").argument("filename").value.name == "post_slack_file_name"
    assert [item.text for item in found.clarifications if item.about == "file_name"] == [
        "Which file name does SlackAPIFileOperator take? Until then it is the parameter 'post_slack_file_name'."
    ]
    told = edited(
        answer, [edit("operator", choice.path, "post_slack"), edit("argument", "a.csv", "post_slack", "filename")]
    )
    assert 'filename="a.csv"' in told.source
    assert "post_slack_file_name" not in {param.name for param in told.spec.params}
    assert not [item for item in told.clarifications if item.about == "file_name"]


def test_the_way_back_is_to_leave_the_edit_out_or_to_name_the_operator_that_it_has(answer):
    own = answer.spec.task("post_slack").operator.path
    assert edited(answer, [edit("operator", own, "post_slack")]).source == answer.source


@pytest.mark.parametrize(
    "path", ["os:system", "airflow.providers.standard.operators.bash:BashOperator", "", 5, "a.b:C\nimport os"]
)
def test_no_class_outside_the_choices_can_be_chosen(answer, path):
    with pytest.raises(UserInputError, match="no operator that could do the work") as caught:
        edited(answer, [edit("operator", path, "post_slack")])
    assert "SlackWebhookOperator" in caught.value.hint


def test_no_choice_takes_away_what_a_later_task_uses_or_what_is_handed_over():
    handed = generate(
        "Every day query the table `orders` in PostgreSQL, then post the number of rows to #ops on Slack."
    )
    for task_id, choices in operator_choices(handed.spec).items():
        for choice in choices:
            found = edited(handed, [edit("operator", choice.path, task_id)])
            ast.parse(found.source)
            assert found.source.count("XComArg") + found.source.count(".output") >= handed.source.count(".output")


@pytest.mark.parametrize(
    "text",
    [
        "Every day load s3://lake/in.csv into the Snowflake table raw.orders. Every day wait for s3://lake/x.csv.",
        "Every hour run the Spark job etl.py on Dataproc, then copy gs://a/b.csv into the BigQuery table d.t.",
        "Delete the S3 object s3://a/b, then train a model on SageMaker and run the dbt project shop.",
        "Every night transfer /out/a.csv over SFTP to s3://lake/a.csv and run the Databricks job 42.",
    ],
)
def test_every_choice_gives_a_file_that_names_it(text):
    answer = generate(text)
    choices = operator_choices(answer.spec)
    assert choices
    for task_id, items in choices.items():
        for item in items:
            found = edited(answer, [edit("operator", item.path, task_id)])
            ast.parse(found.source)
            assert f"{item.path.rpartition(':')[2]}(" in found.source


def test_without_edits_nothing_changes(answer):
    assert edited(answer, []).source == answer.source
