"""Tables that become files, folders that become objects, tables made by a query, ages of rows in each database."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.planning.sql import older_than


def _class(task: Any) -> str:
    return task.operator.recipe or task.operator.path.rpartition(":")[2]


def test_a_table_is_written_to_the_csv_file_that_is_named(plan: Any, values: Any) -> None:
    answer = plan("Daily at 5 UTC dump the MySQL table erp.stock to CSV at /tmp/stock.csv and upload it to s3://b/x/.")
    dump, upload = answer.spec.tasks
    assert _class(dump) == "query_to_csv"
    assert (values(dump)["sql"], values(dump)["path"]) == ("SELECT * FROM erp.stock", "/tmp/stock.csv")
    assert values(upload)["filename"] == "/tmp/stock.csv"
    assert not answer.clarifications


def test_a_file_that_goes_into_a_table_is_not_written_from_it(plan: Any) -> None:
    (task,) = plan("Daily at 5 UTC load /tmp/stock.csv into the MySQL table erp.stock.").spec.tasks
    assert _class(task) == "load_csv_file"


def test_the_files_of_a_folder_go_into_a_bucket(plan: Any, values: Any) -> None:
    (task,) = plan("Daily at 5 UTC sync /backup to the S3 bucket cold-backups.").spec.tasks
    assert _class(task) == "upload_folder_s3"
    assert (values(task)["folder"], values(task)["bucket"]) == ("/backup", "cold-backups")


def test_cloud_storage_takes_them_by_a_pattern(plan: Any, values: Any) -> None:
    (task,) = plan("Daily at 5 UTC copy the folder /backup to the GCS bucket cold.").spec.tasks
    assert _class(task) == "LocalFilesystemToGCSOperator"
    assert (values(task)["src"], values(task)["dst"], values(task)["bucket"]) == ("/backup/*", "backup/", "cold")


def test_a_query_fills_the_table_that_is_named(plan: Any, values: Any) -> None:
    answer = plan(
        "Daily at 5 UTC create the BigQuery table mart.top from `SELECT id FROM raw.e` in project acme-dwh, partitioned by day."
    )
    (task,) = answer.spec.tasks
    query = values(task)["configuration"]["query"]
    assert _class(task) == "BigQueryInsertJobOperator"
    assert query["destinationTable"] == {"projectId": "acme-dwh", "datasetId": "mart", "tableId": "top"}
    assert (query["writeDisposition"], query["timePartitioning"]) == ("WRITE_TRUNCATE", {"type": "DAY"})
    assert any("WRITE_TRUNCATE" in item.text for item in answer.assumptions)


def test_hive_on_dataproc_is_a_job_of_dataproc(plan: Any, values: Any) -> None:
    (task,) = plan(
        "Daily at 2 UTC run the Hive query `SELECT 1 FROM t` on Dataproc cluster c-1 in region europe-west1."
    ).spec.tasks
    assert _class(task) == "DataprocSubmitJobOperator"
    assert values(task)["job"]["hive_job"] == {"query_list": {"queries": ["SELECT 1 FROM t"]}}


def test_the_transfer_service_is_taken_where_it_is_named_and_only_there(plan: Any, values: Any) -> None:
    (named,) = plan("Daily at 2 UTC copy s3://a/in/ to gs://b/out/ with Storage Transfer.").spec.tasks
    assert _class(named) == "CloudDataTransferServiceS3ToGCSOperator"
    assert (values(named)["s3_path"], values(named)["gcs_path"]) == ("in/", "out/")
    (plain,) = plan("Daily at 2 UTC copy s3://a/in/ to gs://b/out/.").spec.tasks
    assert _class(plain) == "S3ToGCSOperator"


def test_refreshing_is_not_resuming(plan: Any) -> None:
    spec = plan("Daily at 5 UTC refresh the sales cube in Redshift.").spec
    assert all("Resume" not in _class(task) for task in spec.tasks)


def test_partitions_of_hive_are_dropped_as_partitions(plan: Any) -> None:
    (task,) = plan("Daily at 2 UTC drop the partitions older than 90 days of Hive table d.t.").spec.tasks
    assert "DROP IF EXISTS PARTITION (dt < '{{ macros.ds_add(ds, -90) }}')" in task.argument("hql").value.template


@pytest.mark.parametrize(
    ("service", "condition"),
    [
        ("postgres", "at < CURRENT_DATE - INTERVAL '90' DAY"),
        ("google_bigquery", "DATE(at) < DATE_SUB(CURRENT_DATE(), INTERVAL 90 DAY)"),
        ("snowflake", "at < DATEADD(day, -90, CURRENT_DATE)"),
        ("mssql", "at < DATEADD(day, -90, CAST(GETDATE() AS DATE))"),
        ("mysql", "at < CURRENT_DATE - INTERVAL 90 DAY"),
        ("oracle", "at < TRUNC(SYSDATE) - 90"),
        ("sqlite", "at < DATE('now', '-90 days')"),
    ],
)
def test_the_age_of_a_row_is_said_as_the_database_says_it(service: str, condition: str) -> None:
    assert older_than("at", 90, "day", service) == condition


def test_a_lambda_function_gets_the_code_that_is_named(plan: Any, values: Any) -> None:
    (task,) = plan("Daily at 5 UTC deploy the Lambda function score from s3://code/score.zip.").spec.tasks
    assert _class(task) == "update_lambda_code"
    assert values(task) == {"function": "score", "bucket": "code", "key": "score.zip", "conn_id": "aws_default"}


def test_a_bucket_of_glacier_is_one_of_s3(plan: Any) -> None:
    answer = plan("Quarterly at midnight UTC archive the Postgres table sales.old to S3 Glacier bucket cold-orders.")
    (task,) = answer.spec.tasks
    assert _class(task) == "SqlToS3Operator"
    assert any("Glacier" in item.text for item in answer.assumptions)
    assert not answer.clarifications


def test_salesforce_is_not_exported_in_a_form_that_it_has_not(plan: Any, values: Any) -> None:
    answer = plan("Daily at 1 UTC export the Salesforce object Lead as parquet to s3://crm-lake/lead/.")
    (task,) = answer.spec.tasks
    assert values(task)["export_format"] == "csv"
    assert task.argument("s3_key").value.template.endswith(".csv")
    assert any(item.about == "format" for item in answer.warnings)


def test_issues_of_jira_are_records(plan: Any, values: Any) -> None:
    read, load = plan(
        "Daily at 4 UTC extract the Jira issues (JQL `project = OPS and updated >= -1d`), load them into the Postgres table ops.issues."
    ).spec.tasks
    assert (_class(read), values(read)["jql"]) == ("jira_issues", "project = OPS and updated >= -1d")
    assert load.argument("rows").value.task_id == read.task_id


def test_a_hook_is_made_with_what_its_class_needs(plan: Any, values: Any) -> None:
    (task,) = plan("Daily at 4 UTC get the Google Analytics report.").spec.tasks
    assert _class(task) == "hook_call"
    assert values(task)["settings"] == {"api_service_name": "analyticsdata", "api_version": "v1beta"}
