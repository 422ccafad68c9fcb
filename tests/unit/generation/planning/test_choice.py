"""Which operator or recipe carries out a step."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import WorkflowSpec

_MAKERS = ("Create", "Delete", "Drop", "Terminate", "Remove")


def _classes(spec: WorkflowSpec) -> list[str]:
    return [task.operator.path.rpartition(":")[2] or task.operator.recipe for task in spec.tasks]


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("Copy the Postgres table a.b to the GCS bucket c-d.", "PostgresToGCSOperator"),
        ("Load s3://a-b/c.csv into the Redshift table d.e.", "S3ToRedshiftOperator"),
        ("Load gs://a-b/c.csv into the BigQuery table d.e.", "GCSToBigQueryOperator"),
        ("Run `select 1` in Snowflake.", "SQLExecuteQueryOperator"),
        ("Call the Lambda function resize-images.", "LambdaInvokeFunctionOperator"),
        ("Run the Glue job clean-clicks.", "GlueJobOperator"),
        ("Post a message to the Slack channel #ops.", "SlackAPIPostOperator"),
        ("Send an e-mail to ops@example.com.", "EmailOperator"),
        ("Run the bash command `make report`.", "BashOperator"),
        ("Trigger the DAG load_orders.", "TriggerDagRunOperator"),
        ("Wait for the DAG load_orders to finish.", "ExternalTaskSensor"),
        ("Wait for the file s3://a-b/ready.flag.", "S3KeySensor"),
        ("Run the Databricks job 4711.", "DatabricksRunNowOperator"),
    ],
)
def test_the_operator_made_for_it_is_chosen(plan: Any, text: str, operator: str) -> None:
    assert operator in _classes(plan(text).spec)


@pytest.mark.parametrize(
    "text",
    [
        "Delete files older than 45 days from the S3 bucket web-logs.",
        "Delete files older than 45 days from the GCS bucket web-logs.",
        "Delete the objects under tmp/ in the S3 bucket web-logs.",
        "Delete old rows from the BigQuery table web.logs.",
        "Delete rows older than 60 days from the BigQuery table web.logs.",
        "Remove old documents from the Elasticsearch index web-logs.",
        "Read the messages of the SQS queue jobs and delete them.",
        "Lösche Dateien, die älter als 30 Tage sind, aus dem S3-Bucket web-logs.",
        "Supprimer les fichiers de plus de 30 jours du bucket S3 web-logs.",
    ],
)
def test_deleting_what_is_in_a_resource_never_deletes_the_resource(plan: Any, text: str) -> None:
    spec = plan(text).spec
    for name in _classes(spec):
        for noun in ("Bucket", "Table", "Dataset", "Index", "Queue", "Topic", "Database"):
            assert f"Delete{noun}" not in name
    assert "drop table" not in plan(text).source.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Submit the step s3://a-b/job.py to the EMR cluster.",
        "Run the PySpark job gs://a-b/job.py on the Dataproc cluster prod.",
        "Load gs://a-b/c.csv into the BigQuery dataset marts.",
        "Publish a message to the Pub/Sub topic orders.",
        "Upload /tmp/a.csv to the S3 bucket raw-zone.",
        "Query the Redshift cluster with `select 1`.",
    ],
)
def test_working_with_a_resource_neither_makes_nor_removes_it(plan: Any, text: str) -> None:
    for name in _classes(plan(text).spec):
        assert not name.startswith(_MAKERS), name
        for noun in ("Cluster", "Dataset", "Topic", "Bucket"):
            assert f"Create{noun}" not in name
            assert f"Delete{noun}" not in name
            assert f"CreateEmpty{noun}" not in name


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Create the S3 bucket scratch-zone.", "CreateBucket"),
        ("Delete the S3 bucket scratch-zone.", "DeleteBucket"),
        ("Delete the BigQuery table tmp.a.", "DeleteTable"),
        ("Create the Dataproc cluster nightly.", "CreateCluster"),
        ("Delete the Dataproc cluster nightly.", "DeleteCluster"),
    ],
)
def test_a_resource_that_is_named_as_the_object_is_made_or_removed(plan: Any, text: str, part: str) -> None:
    assert any(part in name for name in _classes(plan(text).spec))


def test_a_tool_does_the_work_of_both_ends(plan: Any) -> None:
    spec = plan("Sync Salesforce to Snowflake with Airbyte.").spec
    assert len(spec.tasks) == 1
    assert "airbyte" in spec.tasks[0].services


def test_dbt_on_the_command_line_needs_no_cloud(plan: Any, values: Any) -> None:
    (task,) = plan("Run dbt build.").spec.tasks
    assert values(task)["bash_command"] == "dbt build"


def test_what_no_operator_can_do_is_a_function_that_fails_until_it_is_filled_in(plan: Any) -> None:
    answer = plan("Every day at 6 reticulate the splines.")
    assert [task.operator.recipe for task in answer.spec.tasks] == ["python_step"]
    assert any(question.about in ("code", "steps") for question in answer.clarifications)


def test_an_approval_waits_for_a_person(plan: Any) -> None:
    spec = plan("Ask for approval, then run dbt build.").spec
    assert spec.tasks[0].action == "approve"
    assert "ApprovalOperator" in _classes(spec)[0]
