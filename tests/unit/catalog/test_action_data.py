"""The action data and the signatures: that they fit each other and cover what people ask for."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import jsonschema
import pytest

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, choose, load_catalog
from airflow_provider_wfintel.engine.catalog.consistency import problems, slot_names

SCHEMAS = DATA_FOLDER.parent / "schema"
ACTION_FILES = sorted((DATA_FOLDER / "actions").glob("*.json"))
SIGNATURE_FILES = sorted((DATA_FOLDER / "operators").glob("*.json"))
SCRIPTS = Path(__file__).parents[3] / "scripts"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.stem)
def test_an_action_file_follows_the_schema(path: Path) -> None:
    schema = json.loads((SCHEMAS / "action.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SIGNATURE_FILES, ids=lambda path: path.stem.removeprefix("apache-airflow-providers-"))
def test_a_signature_file_follows_the_schema(path: Path) -> None:
    schema = json.loads((SCHEMAS / "signature.schema.json").read_text(encoding="utf-8"))
    data = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert data["distribution"] == path.stem


def test_distributions_and_signature_files_are_the_same_set() -> None:
    assert {path.stem for path in SIGNATURE_FILES} == set(load_catalog().distributions)


def test_actions_fit_signatures_services_and_slots() -> None:
    assert problems(load_catalog()) == ()


def test_slots_are_explained() -> None:
    assert {"bucket", "key", "table", "sql", "channel", "recipients", "message", "rows"} <= slot_names()


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.stem)
def test_an_action_file_has_the_one_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert script("propose_actions").file_text(json.loads(text)) == text


def test_every_usable_class_is_named_by_an_action() -> None:
    assert script("propose_actions").proposals(load_catalog()) == []


def test_services_with_a_provider_have_actions() -> None:
    catalog = load_catalog()
    without = {item.id for item in catalog.services if item.provider and not catalog.actions(item.id)}
    # Umbrella names, a bundle backend, a login service, a protocol client, lineage and a cloud without an own task.
    without_task = {"aws", "azure", "git", "google_os_login", "mcp", "openlineage", "yandex_cloud"}
    # Their hooks hand out a client object and do nothing themselves.
    clients_only = {
        "amazon_elasticache", "amazon_iam", "amazon_kinesis", "amazon_msk", "amazon_rekognition", "amazon_textract",
        "amazon_transcribe", "amazon_verified_permissions", "cloudant",
    }  # fmt: skip
    assert without == without_task | clients_only


def test_no_action_returns_a_client() -> None:
    # A client cannot travel as XCom, and handing it out does nothing that was asked for.
    catalog = load_catalog()
    assert [
        item for service in catalog.services for item in catalog.actions(service.id) if item.method == "get_conn"
    ] == []


def test_no_argument_of_an_action_is_the_id_of_its_own_task() -> None:
    catalog = load_catalog()
    assert [
        item for service in catalog.services for item in catalog.actions(service.id) if item.argument("task_id")
    ] == []


@pytest.mark.parametrize(
    ("service", "action", "known", "operator"),
    [
        ("amazon_s3", "wait_for", {"bucket", "key"}, "S3KeySensor"),
        ("amazon_s3", "wait_for", {"bucket", "prefix"}, "S3KeySensor"),
        ("amazon_s3", "delete", {"bucket", "prefix"}, "S3DeleteObjectsOperator"),
        ("amazon_s3", "delete", {"bucket"}, "S3DeleteObjectsOperator"),
        ("postgres", "query", {"sql"}, "SQLExecuteQueryOperator"),
        ("postgres", "load", {"table", "rows"}, "SQLInsertRowsOperator"),
        ("sqlite", "check", {"table", "checks"}, "SQLColumnCheckOperator"),
        ("google_bigquery", "query", {"sql"}, "BigQueryInsertJobOperator"),
        ("google_bigquery", "wait_for", {"project", "dataset", "table"}, "BigQueryTableExistenceSensor"),
        ("google_dataproc", "delete", {"cluster"}, "DataprocDeleteClusterOperator"),
        ("google_cloud_storage", "wait_for", {"bucket", "key"}, "GCSObjectExistenceSensor"),
        ("azure_blob_storage", "wait_for", {"bucket", "prefix"}, "WasbPrefixSensor"),
        ("databricks", "trigger", {"job_id"}, "DatabricksRunNowOperator"),
        ("databricks", "trigger", {"notebook"}, "DatabricksNotebookOperator"),
        ("dbt", "trigger", {"job_id"}, "DbtCloudRunJobOperator"),
        ("airbyte", "trigger", {"connection"}, "AirbyteTriggerSyncOperator"),
        ("spark", "transform", {"script"}, "SparkSubmitOperator"),
        ("kubernetes", "trigger", {"image", "command"}, "KubernetesPodOperator"),
        ("docker", "transform", {"image"}, "DockerOperator"),
        ("ssh", "trigger", {"command"}, "SSHOperator"),
        ("sftp", "wait_for", {"path"}, "SFTPSensor"),
        ("slack", "notify", {"channel", "message"}, "SlackAPIPostOperator"),
        ("smtp", "notify", {"recipients", "subject", "message"}, "EmailOperator"),
        ("jira", "notify", {"project", "message"}, "JiraOperator"),
        ("aws_lambda", "trigger", {"function"}, "LambdaInvokeFunctionOperator"),
        ("aws_glue", "trigger", {"job_name"}, "GlueJobOperator"),
        ("aws_glue", "trigger", {"crawler"}, "GlueCrawlerRunOperator"),
        ("aws_step_functions", "trigger", {"workflow"}, "StepFunctionStartExecutionOperator"),
        ("amazon_sqs", "wait_for", {"queue"}, "SqsSensor"),
        ("azure_data_factory", "trigger", {"pipeline"}, "AzureDataFactoryRunPipelineOperator"),
        ("power_bi", "trigger", {"report", "workspace"}, "PowerBIDatasetRefreshOperator"),
        ("snowflake", "transform", {"sql"}, "SQLExecuteQueryOperator"),
        ("hive", "wait_for", {"table"}, "HivePartitionSensor"),
        ("tableau", "trigger", {"workbook"}, "TableauOperator"),
        ("openai", "transform", {"prompt"}, "OpenAIResponseOperator"),
        ("pinecone", "load", {"index", "vectors"}, "PineconeIngestOperator"),
        ("hubspot", "extract", {"endpoint"}, "HttpOperator"),
        ("hubspot", "wait_for", {"endpoint"}, "HttpSensor"),
        ("bash", "transform", {"command"}, "BashOperator"),
        ("filesystem", "wait_for", {"path"}, "FileSensor"),
        ("airflow", "trigger", {"dag_id"}, "TriggerDagRunOperator"),
        ("airflow", "wait_for", {"dag_id"}, "ExternalTaskSensor"),
        ("human", "approve", {"subject"}, "ApprovalOperator"),
    ],
)  # fmt: skip
def test_what_a_person_asks_for_is_carried_out_by(service: str, action: str, known: set[str], operator: str) -> None:
    found = choose([item for item in load_catalog().actions(service, action) if not item.target_service], known)
    assert found is not None
    assert found.operator.endswith(f":{operator}")


@pytest.mark.parametrize(
    ("source", "target", "operator"),
    [
        ("postgres", "amazon_s3", "SqlToS3Operator"),
        ("neon", "google_cloud_storage", "PostgresToGCSOperator"),
        ("mysql", "snowflake", "GenericTransfer"),
        ("mssql", "google_sheets", "SQLToGoogleSheetsOperator"),
        ("sqlite", "slack", "SqlToSlackApiFileOperator"),
        ("amazon_s3", "google_cloud_storage", "S3ToGCSOperator"),
        ("amazon_s3", "amazon_redshift", "S3ToRedshiftOperator"),
        ("amazon_s3", "snowflake", "CopyFromExternalStageToSnowflakeOperator"),
        ("google_cloud_storage", "google_bigquery", "GCSToBigQueryOperator"),
        ("google_bigquery", "google_cloud_storage", "BigQueryToGCSOperator"),
        ("google_bigquery", "postgres", "BigQueryToPostgresOperator"),
        ("sftp", "amazon_s3", "SFTPToS3Operator"),
        ("ftp", "amazon_s3", "FTPToS3Operator"),
        ("imap", "amazon_s3", "ImapAttachmentToS3Operator"),
        ("salesforce", "amazon_s3", "SalesforceToS3Operator"),
        ("mongodb", "amazon_s3", "MongoToS3Operator"),
        ("google_sheets", "google_cloud_storage", "GoogleSheetsToGCSOperator"),
        ("filesystem", "amazon_s3", "LocalFilesystemToS3Operator"),
        ("filesystem", "minio", "LocalFilesystemToS3Operator"),
        ("filesystem", "azure_blob_storage", "LocalFilesystemToWasbOperator"),
        ("hubspot", "amazon_s3", "HttpToS3Operator"),
        ("trino", "mysql", "TrinoToMySqlOperator"),
        ("hive", "mysql", "HiveToMySqlOperator"),
    ],
)
def test_a_transfer_in_one_task_is_known(source: str, target: str, operator: str) -> None:
    found = load_catalog().transfers(source, target)
    assert found[0].operator.endswith(f":{operator}")
