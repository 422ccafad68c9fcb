"""Copies by way of an object store: an export and a load with one file between them."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import ParamRef, TaskSpec, TemplateValue


def _class(task: TaskSpec) -> str:
    return task.operator.recipe or task.operator.path.rpartition(":")[2]


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        (
            "load the table crm.leads from Postgres into BigQuery table raw.leads via GCS bucket park",
            "PostgresToGCSOperator",
            "GCSToBigQueryOperator",
        ),
        (
            "copy the MySQL table crm.leads to BigQuery table raw.leads through gs://park/leads/",
            "MySQLToGCSOperator",
            "GCSToBigQueryOperator",
        ),
        (
            "copy the Oracle table CRM.LEADS to Snowflake table RAW.LEADS via the S3 bucket park",
            "SqlToS3Operator",
            "s3_to_snowflake",
        ),
        (
            "sync Postgres table crm.leads to Redshift table raw.leads using the S3 bucket park",
            "SqlToS3Operator",
            "S3ToRedshiftOperator",
        ),
    ],
)
def test_the_way_between_makes_two_transfers(plan: Any, words: str, first: str, second: str) -> None:
    spec = plan(f"Every day at 3 UTC {words}.").spec
    assert [_class(task) for task in spec.tasks] == [first, second]
    assert [(edge.upstream, edge.downstream) for edge in spec.dependencies] == [
        (spec.tasks[0].task_id, spec.tasks[1].task_id)
    ]


def test_both_halves_name_the_same_file(plan: Any) -> None:
    spec = plan(
        "Every day at 3 UTC copy Postgres table crm.leads to Redshift table raw.leads via S3 bucket park as parquet."
    ).spec
    keys = [task.argument("s3_key").value for task in spec.tasks]
    assert keys == [TemplateValue("leads/{{ ds }}.parquet")] * 2


def test_one_file_keeps_its_name_on_the_way(plan: Any) -> None:
    spec = plan("Every day at 3 UTC copy /in/a.csv from SFTP to Postgres table crm.a via S3 bucket park.").spec
    assert [task.argument(name).value.value for task, name in zip(spec.tasks, ("s3_key", "key"), strict=False)] == [
        "a.csv",
        "a.csv",
    ]


def test_a_bucket_that_is_not_said_is_asked_for_once(plan: Any) -> None:
    answer = plan("Every day at 3 UTC copy Postgres table crm.leads to Redshift via S3.")
    buckets = {task.argument("s3_bucket").value for task in answer.spec.tasks}
    assert len(buckets) == 1
    assert isinstance(buckets.pop(), ParamRef)
    assert sum("bucket" in item.text for item in answer.clarifications) == 1


def test_a_tool_that_copies_by_itself_is_no_way_between(plan: Any) -> None:
    spec = plan("Every day at 3 UTC replicate Postgres to Snowflake via Airbyte connection 7.").spec
    assert [task.services[-1] for task in spec.tasks] == ["airbyte"]
