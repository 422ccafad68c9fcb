"""A load after an export takes the file, in the format that the words name."""

from __future__ import annotations

from typing import Any

import pytest

EXPORT = "Every day at 3 export the table `shop.visits` from Postgres to s3://lake/visits/"


def _operators(answer: Any) -> list[str]:
    return [task.operator.path.rpartition(":")[2] for task in answer.spec.tasks]


def _argument(answer: Any, index: int, name: str) -> Any:
    value = answer.spec.tasks[index].argument(name).value
    return getattr(value, "template", None) or value.value


def test_snowflake_takes_the_exported_file_by_the_stage_of_its_table(plan: Any) -> None:
    answer = plan(f"{EXPORT} as parquet, then load it into Snowflake table raw.visits.")
    assert [task.operator.recipe for task in answer.spec.tasks] == ["", "s3_to_snowflake"]
    assert _argument(answer, 0, "file_format") == "parquet"
    assert _argument(answer, 0, "s3_key") == "visits/{{ ds }}.parquet"
    assert _argument(answer, 1, "key") == "visits/{{ ds }}.parquet"
    assert _argument(answer, 1, "file_format") == "(TYPE = PARQUET)"
    assert _argument(answer, 1, "table") == "raw.visits"
    assert not answer.clarifications


def test_snowflake_copies_the_exported_file_from_a_named_stage(plan: Any) -> None:
    answer = plan(f"{EXPORT} as parquet, then load it into Snowflake table raw.visits from stage VISITS.")
    assert _operators(answer)[1] == "CopyFromExternalStageToSnowflakeOperator"
    assert _argument(answer, 1, "stage") == "VISITS"
    assert _argument(answer, 1, "files") == [{"__template__": "visits/{{ ds }}.parquet"}]


@pytest.mark.parametrize(
    ("words", "ending", "options"),
    [
        ("as parquet", "parquet", ["FORMAT AS PARQUET"]),
        ("as CSV", "csv", ["CSV", "IGNOREHEADER 1"]),
        ("in JSON format", "json", ["FORMAT AS JSON 'auto'"]),
    ],
)
def test_redshift_copies_the_exported_file_in_its_format(
    plan: Any, words: str, ending: str, options: list[str]
) -> None:
    answer = plan(f"{EXPORT} {words}, then load it into Redshift table raw.visits.")
    assert _operators(answer) == ["SqlToS3Operator", "S3ToRedshiftOperator"]
    assert _argument(answer, 1, "s3_key") == f"visits/{{{{ ds }}}}.{ending}"
    assert _argument(answer, 1, "copy_options") == options


def test_bigquery_loads_the_exported_object_and_the_dataset_is_said_once(plan: Any) -> None:
    answer = plan(
        "Every day at 3 export `SELECT id FROM visits` from MySQL to gs://lake/visits.json, "
        "then load it into BigQuery table raw.visits."
    )
    assert _operators(answer) == ["MySQLToGCSOperator", "GCSToBigQueryOperator"]
    assert _argument(answer, 0, "export_format") == "json"
    assert _argument(answer, 1, "source_format") == "NEWLINE_DELIMITED_JSON"
    assert _argument(answer, 1, "destination_project_dataset_table") == "raw.visits"


def test_rows_of_an_api_travel_as_xcom_and_that_is_said(plan: Any) -> None:
    answer = plan(
        "Every day fetch the visits from https://api.example.com/visits and load them into Snowflake table raw.visits."
    )
    assert any(item.about == "rows" and "XCom" in item.text for item in answer.assumptions)


def test_a_file_of_a_bucket_reaches_a_database_as_rows_not_as_a_path(plan: Any) -> None:
    answer = plan("Every day load s3://lake/visits.csv into Postgres table visits.")
    read, write = answer.spec.tasks
    assert read.operator.recipe == "s3_to_rows"
    assert write.argument("rows").value.task_id == read.task_id


def test_a_file_of_the_worker_is_uploaded_under_its_own_name(plan: Any) -> None:
    answer = plan("Every day run `dump.sh`, then upload /backup/shop.sql to the S3 bucket backups.")
    assert _operators(answer)[-1] == "LocalFilesystemToS3Operator"
    assert [_argument(answer, 1, name) for name in ("filename", "dest_bucket", "dest_key")] == [
        "/backup/shop.sql",
        "backups",
        "shop.sql",
    ]
