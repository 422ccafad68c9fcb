"""Decisions of the catalogue about Google's services: which class carries out an action, and what is never taken."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, choose, load_catalog
from airflow_provider_wfintel.engine.generation.compose import compose
from airflow_provider_wfintel.engine.model import DeploymentContext, LiteralValue, TaskSpec

RECORDS = json.loads((DATA_FOLDER / "actions" / "google.json").read_text(encoding="utf-8"))


def first_task(text: str) -> TaskSpec:
    return compose(text, DeploymentContext()).spec.tasks[0]


@pytest.mark.parametrize(
    ("service", "action", "known", "operator"),
    [
        ("google_bigquery", "query", "sql", "BigQueryInsertJobOperator"),
        ("google_bigquery", "extract", "sql", "BigQueryInsertJobOperator"),
        ("google_bigquery", "transform", "sql", "BigQueryInsertJobOperator"),
        ("google_bigquery", "check", "sql", "BigQueryCheckOperator"),
        ("google_bigquery", "check", "table checks", "BigQueryColumnCheckOperator"),
        ("google_bigquery", "wait_for", "project dataset table", "BigQueryTableExistenceSensor"),
        ("google_bigquery", "wait_for", "project dataset table partition", "BigQueryTablePartitionExistenceSensor"),
        ("google_bigquery", "delete", "dataset table", "BigQueryDeleteTableOperator"),
        ("google_bigquery", "delete", "sql", "BigQueryInsertJobOperator"),
        ("google_bigquery_dts", "trigger", "job", "BigQueryDataTransferServiceStartTransferRunsOperator"),
        ("google_bigquery_dts", "wait_for", "job job_id", "BigQueryDataTransferServiceTransferRunSensor"),
        ("google_bigtable", "wait_for", "instance table", "BigtableTableReplicationCompletedSensor"),
        ("google_campaign_manager", "trigger", "report account", "GoogleCampaignManagerRunReportOperator"),
        ("google_campaign_manager", "wait_for", "report account file_id", "GoogleCampaignManagerReportSensor"),
        ("google_cloud_batch", "trigger", "project region job_name", "CloudBatchSubmitJobOperator"),
        ("google_cloud_batch", "delete", "project region job_name", "CloudBatchDeleteJobOperator"),
        ("google_cloud_build", "trigger", "job", "CloudBuildRunBuildTriggerOperator"),
        ("google_cloud_composer", "trigger", "project region environment dag_id", "CloudComposerTriggerDAGRunOperator"),
        ("google_cloud_composer", "wait_for", "project region environment dag_id", "CloudComposerDAGRunSensor"),
        ("google_cloud_functions", "trigger", "function region", "CloudFunctionInvokeFunctionOperator"),
        ("google_cloud_functions", "delete", "project region function", "CloudFunctionDeleteFunctionOperator"),
        ("google_cloud_run", "trigger", "project region job_name", "CloudRunExecuteJobOperator"),
        ("google_cloud_run", "delete", "project region job_name", "CloudRunDeleteJobOperator"),
        ("google_cloud_sql", "query", "sql", "CloudSQLExecuteQueryOperator"),
        ("google_cloud_sql", "delete", "sql", "CloudSQLExecuteQueryOperator"),
        ("google_cloud_storage", "wait_for", "bucket key", "GCSObjectExistenceSensor"),
        ("google_cloud_storage", "wait_for", "bucket prefix", "GCSObjectsWithPrefixExistenceSensor"),
        ("google_cloud_storage", "wait_for", "bucket pattern", "GCSObjectExistenceSensor"),
        ("google_cloud_storage", "delete", "bucket key", "GCSDeleteObjectsOperator"),
        ("google_cloud_storage", "delete", "bucket prefix", "GCSDeleteObjectsOperator"),
        ("google_cloud_storage", "query", "bucket prefix", "GCSListObjectsOperator"),
        ("google_cloud_storage", "transform", "bucket key script", "GCSFileTransformOperator"),
        ("google_cloud_tasks", "trigger", "region queue url", "CloudTasksTaskCreateOperator"),
        ("google_cloud_tasks", "load", "region queue body", "CloudTasksTaskCreateOperator"),
        ("google_cloud_tasks", "wait_for", "region queue", "TaskQueueEmptySensor"),
        ("google_cloud_workflows", "trigger", "region workflow", "WorkflowsCreateExecutionOperator"),
        ("google_cloud_workflows", "wait_for", "region workflow job_id", "WorkflowExecutionSensor"),
        ("google_compute_engine", "trigger", "region instance", "ComputeEngineStartInstanceOperator"),
        ("google_compute_engine", "delete", "region instance", "ComputeEngineDeleteInstanceOperator"),
        ("google_data_fusion", "trigger", "pipeline instance region", "CloudDataFusionStartPipelineOperator"),
        ("google_data_fusion", "transform", "pipeline instance region", "CloudDataFusionStartPipelineOperator"),
        ("google_data_fusion", "wait_for", "pipeline instance region job_id", "CloudDataFusionPipelineStateSensor"),
        ("google_dataflow", "trigger", "uri job_name", "DataflowTemplatedJobStartOperator"),
        ("google_dataflow", "transform", "uri", "DataflowTemplatedJobStartOperator"),
        ("google_dataflow", "wait_for", "job_id", "DataflowJobStatusSensor"),
        ("google_dataform", "trigger", "project region repository name", "DataformCreateWorkflowInvocationOperator"),
        ("google_dataform", "wait_for", "project region repository job_id", "DataformWorkflowInvocationStateSensor"),
        ("google_dataplex", "trigger", "project region data_scan_id", "DataplexRunDataQualityScanOperator"),
        ("google_dataplex", "check", "project region data_scan_id", "DataplexRunDataQualityScanOperator"),
        ("google_dataplex", "wait_for", "project region data_scan_id job_id", "DataplexDataQualityJobStatusSensor"),
        ("google_dataplex", "query", "project region query", "DataplexCatalogSearchEntriesOperator"),
        ("google_dataprep", "trigger", "config", "DataprepRunJobGroupOperator"),
        ("google_dataprep", "trigger", "workflow", "DataprepRunFlowOperator"),
        ("google_dataprep", "wait_for", "job_id", "DataprepJobGroupIsFinishedSensor"),
        ("google_dataproc", "trigger", "region cluster script", "DataprocSubmitJobOperator"),
        ("google_dataproc", "transform", "region cluster script", "DataprocSubmitJobOperator"),
        ("google_dataproc", "transform", "region script", "DataprocCreateBatchOperator"),
        ("google_dataproc", "query", "region cluster sql", "DataprocSubmitJobOperator"),
        ("google_dataproc", "trigger", "region workflow", "DataprocInstantiateWorkflowTemplateOperator"),
        ("google_dataproc", "delete", "region cluster", "DataprocDeleteClusterOperator"),
        ("google_dataproc", "wait_for", "region job_id", "DataprocJobSensor"),
        ("google_dataproc_metastore", "wait_for", "service_id region table partition", "MetastoreHivePartitionSensor"),
        ("google_datastore", "query", "query", "CloudDatastoreRunQueryOperator"),
        ("google_datastore", "load", "body", "CloudDatastoreCommitOperator"),
        ("google_display_video", "trigger", "query_id", "GoogleBidManagerRunQueryOperator"),
        ("google_display_video", "wait_for", "query_id report_id", "GoogleBidManagerRunQuerySensor"),
        ("google_dlp", "check", "bucket key", "CloudDLPCreateDLPJobOperator"),
        ("google_dlp", "trigger", "uri", "CloudDLPCreateDLPJobOperator"),
        ("google_dlp", "transform", "message config", "CloudDLPDeidentifyContentOperator"),
        ("google_drive", "wait_for", "folder_id file_name", "GoogleDriveFileExistenceSensor"),
        ("google_drive", "extract", "folder_id file_name path", "GoogleDriveToLocalOperator"),
        ("google_gemini", "transform", "project region prompt model", "GenAIGenerateContentOperator"),
        ("google_gemini", "query", "project region prompt model", "GenAIGenerateContentOperator"),
        ("google_gemini", "train", "project region model uri", "GenAISupervisedFineTuningTrainOperator"),
        ("google_kubernetes_engine", "trigger", "region cluster job_name image", "GKEStartPodOperator"),
        ("google_kubernetes_engine", "train", "region cluster job_name image", "GKEStartPodOperator"),
        ("google_kubernetes_engine", "delete", "region cluster", "GKEDeleteClusterOperator"),
        ("google_leveldb", "query", "key", "LevelDBOperator"),
        ("google_natural_language", "transform", "text", "CloudNaturalLanguageAnalyzeSentimentOperator"),
        ("google_pubsub", "notify", "topic message", "PubSubPublishMessageOperator"),
        ("google_pubsub", "load", "topic message", "PubSubPublishMessageOperator"),
        ("google_pubsub", "extract", "project subscription", "PubSubPullOperator"),
        ("google_pubsub", "wait_for", "project subscription", "PubSubPullSensor"),
        ("google_search_ads", "query", "query account", "GoogleSearchAdsSearchOperator"),
        ("google_spanner", "query", "instance database sql", "SpannerQueryDatabaseInstanceOperator"),
        ("google_spanner", "delete", "instance database sql", "SpannerQueryDatabaseInstanceOperator"),
        ("google_speech_to_text", "transform", "uri", "CloudSpeechToTextRecognizeSpeechOperator"),
        ("google_text_to_speech", "transform", "text bucket key", "CloudTextToSpeechSynthesizeOperator"),
        ("google_storage_transfer", "trigger", "job_name", "CloudDataTransferServiceRunJobOperator"),
        ("google_storage_transfer", "copy", "job_name", "CloudDataTransferServiceRunJobOperator"),
        ("google_storage_transfer", "copy", "bucket target_bucket", "CloudDataTransferServiceGCSToGCSOperator"),
        ("google_storage_transfer", "wait_for", "job_name", "CloudDataTransferServiceJobStatusSensor"),
        ("google_translate", "transform", "text language", "TranslateTextOperator"),
        ("google_vertex_ai", "trigger", "project region uri", "RunPipelineJobOperator"),
        ("google_vertex_ai", "transform", "project region uri", "RunPipelineJobOperator"),
        ("google_vertex_ai", "transform", "project region job_name model", "CreateBatchPredictionJobOperator"),
        ("google_vertex_ai", "train", "project region job_name script image", "CreateCustomTrainingJobOperator"),
        ("google_vertex_ai", "train", "project region image command", "CreateCustomContainerTrainingJobOperator"),
        ("google_vertex_ai", "delete", "project region model_id", "DeleteModelOperator"),
        ("google_video_intelligence", "transform", "uri", "CloudVideoIntelligenceDetectVideoLabelsOperator"),
        ("google_vision", "transform", "uri", "CloudVisionDetectImageLabelsOperator"),
        ("looker", "trigger", "model view", "LookerStartPdtBuildOperator"),
        ("looker", "wait_for", "job_id", "LookerCheckPdtBuildSensor"),
        ("google_analytics", "extract", "endpoint", "GoogleDiscoveryApiHook"),
        ("google_sheets", "extract", "spreadsheet", "GSheetsHook"),
        ("google_ads", "extract", "account query", "GoogleAdsHook"),
    ],
)  # fmt: skip
def test_an_action_with_google_is_carried_out_by(service: str, action: str, known: str, operator: str) -> None:
    records = [item for item in load_catalog().actions(service, action) if not item.target_service]  # type: ignore[arg-type]
    found = choose(records, known.split())
    assert found is not None
    assert found.operator.endswith(f":{operator}")


@pytest.mark.parametrize(
    ("source", "target", "operator"),
    [
        ("google_cloud_storage", "google_bigquery", "GCSToBigQueryOperator"),
        ("google_bigquery", "google_cloud_storage", "BigQueryToGCSOperator"),
        ("google_bigquery", "google_bigquery", "BigQueryToBigQueryOperator"),
        ("google_cloud_storage", "google_cloud_storage", "GCSToGCSOperator"),
        ("google_cloud_storage", "google_cloud_sql", "CloudSQLImportInstanceOperator"),
        ("google_cloud_storage", "google_memorystore", "CloudMemorystoreImportOperator"),
        ("google_cloud_sql", "google_cloud_storage", "CloudSQLExportInstanceOperator"),
        ("google_memorystore", "google_cloud_storage", "CloudMemorystoreExportInstanceOperator"),
        ("google_dataproc_metastore", "google_cloud_storage", "DataprocMetastoreExportMetadataOperator"),
        ("google_datastore", "google_cloud_storage", "CloudDatastoreExportEntitiesOperator"),
        ("google_drive", "google_cloud_storage", "GoogleDriveToGCSOperator"),
        ("google_calendar", "google_cloud_storage", "GoogleCalendarToGCSOperator"),
        ("google_ads", "google_cloud_storage", "GoogleAdsToGcsOperator"),
        ("google_display_video", "google_cloud_storage", "GoogleBidManagerDownloadReportOperator"),
        ("google_campaign_manager", "google_cloud_storage", "GoogleCampaignManagerDownloadReportOperator"),
    ],
)  # fmt: skip
def test_data_moves_between_services_of_google_by(source: str, target: str, operator: str) -> None:
    assert load_catalog().transfers(source, target)[0].operator.endswith(f":{operator}")


def test_no_record_is_an_unreviewed_proposal() -> None:
    assert [item["operator"] for item in RECORDS if item["priority"] < 0] == []


def test_no_parameter_holds_a_key_of_an_api() -> None:
    slots = [json.dumps(item["arguments"]) for item in RECORDS]
    assert not any('"slot": "gemini_api_key"' in text for text in slots)


def test_dataflow_jobs_are_stopped_by_name_or_id_and_never_all_of_them() -> None:
    stops = [
        item for item in load_catalog().actions("google_dataflow") if item.operator.endswith(":DataflowStopJobOperator")
    ]
    assert {item.required_slots for item in stops} == {("job_name",), ("job_id",)}


def test_alert_policies_are_switched_off_by_a_filter_only() -> None:
    switches = load_catalog().actions("google_cloud_monitoring", "trigger")
    assert {item.required_slots for item in switches} == {("filter",)}


@pytest.mark.parametrize(
    ("work", "operator"),
    [
        ("wait for gs://drop/day.csv", "GCSObjectExistenceSensor"),
        ("wait for the BigQuery table acme.shop.orders", "BigQueryTableExistenceSensor"),
        (
            "wait until the streaming buffer of the BigQuery table acme.shop.orders is empty",
            "BigQueryStreamingBufferEmptySensor",
        ),
        ("create the BigQuery dataset staging", "BigQueryCreateEmptyDatasetOperator"),
        ("list the tables of the BigQuery dataset shop", "BigQueryGetDatasetTablesOperator"),
        ("create the Pub/Sub topic events", "PubSubCreateTopicOperator"),
        ("delete the Pub/Sub subscription orders-sub", "PubSubDeleteSubscriptionOperator"),
        ("query Cloud SQL: `SELECT id FROM orders`", "CloudSQLExecuteQueryOperator"),
        ("cancel the Cloud Build build id 123", "CloudBuildCancelBuildOperator"),
        (
            "run the Dataform repository analytics in project acme, region us-central1",
            "DataformCreateWorkflowInvocationOperator",
        ),
        (
            "compile the Dataform repository analytics in project acme, region us-central1",
            "DataformCreateCompilationResultOperator",
        ),
        ("pause the Cloud Tasks queue mails in region us-central1", "CloudTasksQueuePauseOperator"),
        ("detect text in the image gs://pics/a.jpg with Google Vision", "CloudVisionDetectTextOperator"),
        (
            "detect explicit content in the video gs://vids/a.mp4 with Video Intelligence",
            "CloudVideoIntelligenceDetectVideoExplicitContentOperator",
        ),
        (
            "copy GCS bucket raw-in to GCS bucket raw-out with Storage Transfer Service",
            "CloudDataTransferServiceGCSToGCSOperator",
        ),
        ("deploy the model churn to the Vertex AI endpoint 123", "DeployModelOperator"),
    ],
)  # fmt: skip
def test_a_sentence_becomes(work: str, operator: str) -> None:
    assert first_task(f"Every day at 5, {work}").operator.path.endswith(f":{operator}")


def test_loading_into_a_database_of_google_makes_no_instance() -> None:
    for service in ("Cloud SQL", "AlloyDB", "Spanner", "Bigtable"):
        task = first_task(f"Every day at 5, load new orders into the {service} instance shop")
        assert "Create" not in task.operator.path
        assert "Clone" not in task.operator.path


def test_a_name_is_not_taken_for_the_project_too() -> None:
    task = first_task("Every day at 5, ask Gemini model gemini-2.0-flash to `summarize the day`")
    assert task.operator.path.endswith(":GenAIGenerateContentOperator")
    project, model = task.argument("project_id"), task.argument("model")
    assert project is not None
    assert model is not None
    assert project.value != model.value


@pytest.mark.parametrize(
    ("work", "operator"),
    [
        ("upload /data/sales.csv to gs://drop/sales.csv", "LocalFilesystemToGCSOperator"),
        ("load data from GCS into BigQuery", "GCSToBigQueryOperator"),
        ("run the Dataflow flex template gs://tpl/w.json in region us-central1", "DataflowStartFlexTemplateOperator"),
        ("resize the Dataproc cluster etl-cluster in region us-central1", "DataprocUpdateClusterOperator"),
        ("synthesize the text `hi` to gs://o/a.mp3 with Google Text-to-Speech", "CloudTextToSpeechSynthesizeOperator"),
        ("send an email via Gmail to ops@acme.com", "EmailOperator"),
    ],
)  # fmt: skip
def test_a_sentence_from_the_second_review_becomes(work: str, operator: str) -> None:
    assert first_task(f"Every day at 5, {work}").operator.path.endswith(f":{operator}")


@pytest.mark.parametrize(
    ("work", "argument", "value"),
    [
        ("delete the objects under gs://lake/tmp/", "prefix", "tmp/"),
        ("delete gs://lake/tmp/a.csv", "objects", ["tmp/a.csv"]),
        ("wait for files matching gs://lake/drop/*.csv", "use_glob", True),
        ("move gs://lake/raw/a.csv to gs://archive/raw/a.csv", "move_object", True),
        ("copy gs://lake/raw/a.csv to gs://archive/raw/a.csv", "move_object", False),
        ("publish the message `nightly load done` to the Pub/Sub topic events", "messages",
         [{"attributes": {"message": "nightly load done"}}]),
    ],
)  # fmt: skip
def test_an_argument_is_what_the_words_say(work: str, argument: str, value: object) -> None:
    found = first_task(f"Every day at 5, {work}").argument(argument)
    assert found is not None
    assert isinstance(found.value, LiteralValue)
    assert found.value.value == value


def test_the_format_of_a_cloud_sql_import_is_spelled_as_the_api_does() -> None:
    task = first_task("Every day at 5, import gs://in/o.csv into the Cloud SQL instance i1 database shop table orders")
    body = task.argument("body")
    assert body is not None
    assert isinstance(body.value, LiteralValue)
    assert body.value.value["importContext"]["fileType"] == "CSV"


@pytest.mark.parametrize(
    ("work", "never"),
    [
        ("take a snapshot of the Compute Engine instance vm-1", "InsertInstance"),
        ("deploy the Cloud Function clean-up", "InvokeFunction"),
        ("run the Beam pipeline gs://code/pipe.py on Dataflow", "TemplatedJob"),
        ("resize the Dataproc cluster etl-cluster in region us-central1", "StartCluster"),
    ],
)
def test_what_was_not_asked_for_is_not_done(work: str, never: str) -> None:
    assert never not in first_task(f"Every day at 5, {work}").operator.path


def test_a_job_whose_parts_are_open_stays_an_object() -> None:
    task = first_task("Every day at 5, run a Spark job on Dataproc")
    job = task.argument("job")
    assert job is not None
    assert isinstance(job.value, LiteralValue)
    assert set(job.value.value) == {"placement", "pyspark_job"}


def test_messages_to_chat_go_to_the_webhook_of_a_space() -> None:
    task = first_task("Every day at 5, notify the team on Google Chat saying `done`")
    assert task.operator.recipe == "send_message"


def test_rows_of_spanner_are_read_through_its_own_kind_of_connection() -> None:
    task = first_task("Every day at 5, read the table orders from Spanner instance i1 database d1")
    connection = task.argument("conn_id")
    assert connection is not None
    assert connection.value == LiteralValue.of("google_cloud_spanner_default")


@pytest.mark.parametrize(
    ("work", "operator"),
    [
        ("wait until partition 20260101 of the BigQuery table acme.sales.orders exists",
         "BigQueryTablePartitionExistenceSensor"),
        ("query the AlloyDB table orders", "SQLExecuteQueryOperator"),
        ("export Cloud SQL table orders of instance i1 to gs://exp/o.csv", "CloudSQLExportInstanceOperator"),
        ("train an AutoML tabular model on Vertex AI", "CreateAutoMLTabularTrainingJobOperator"),
        ("build the Docker image with Cloud Build", "CloudBuildCreateBuildOperator"),
        ("execute the Cloud Workflow nightly in region us-central1", "WorkflowsCreateExecutionOperator"),
        ("start the Dataproc cluster c1 in region us-central1", "DataprocStartClusterOperator"),
        ("create the GKE cluster k1 in region us-central1", "GKECreateClusterOperator"),
    ],
)  # fmt: skip
def test_the_words_choose_the_class_that_does_it(work: str, operator: str) -> None:
    assert first_task(f"Every day at 5, {work}").operator.path.endswith(f":{operator}")


@pytest.mark.parametrize(
    ("work", "never"),
    [
        ("start the Cloud SQL instance shop-db", "Create"),
        ("read data from the Bigtable table events in instance bt1", "Sensor"),
        ("wait for the Vertex AI pipeline to finish", "FeatureView"),
        ("translate the file gs://in/a.txt to German with Google Translate", "Speech"),
        ("replace BigQuery table sales.orders with gs://in/a.csv", "Transform"),
        ("train a Vertex AI AutoML model on dataset 123", "SetDefault"),
    ],
)
def test_a_class_that_does_something_else_is_not_taken(work: str, never: str) -> None:
    assert never not in first_task(f"Every day at 5, {work}").operator.path


@pytest.mark.parametrize(
    ("work", "disposition"),
    [
        ("append gs://in/a.csv to BigQuery table sales.orders", "WRITE_APPEND"),
        ("load gs://in/a.csv into BigQuery table sales.orders, overwriting what is there", "WRITE_TRUNCATE"),
        ("load gs://in/a.csv into BigQuery table sales.orders", "WRITE_TRUNCATE"),
    ],
)
def test_what_is_in_the_table_is_kept_where_the_words_append(work: str, disposition: str) -> None:
    found = first_task(f"Every day at 5, {work}").argument("write_disposition")
    assert found is not None
    assert found.value == LiteralValue.of(disposition)


def test_a_jar_runs_on_the_cluster_that_the_words_name() -> None:
    text = "Every day, submit the Spark job with main class com.acme.Main in jar gs://code/a.jar to Dataproc cluster c1"
    job = first_task(text).argument("job")
    assert job is not None
    assert isinstance(job.value, LiteralValue)
    assert job.value.value["spark_job"] == {"main_class": "com.acme.Main", "jar_file_uris": ["gs://code/a.jar"]}


def test_json_in_backticks_is_the_body_of_a_call() -> None:
    found = first_task('Every day at 5, call the Cloud Function clean-up with `{"days": 3}`').argument("input_data")
    assert found is not None
    assert found.value == LiteralValue.of({"days": 3})


def test_a_table_is_made_from_columns_and_not_from_the_name_of_its_dataset() -> None:
    found = first_task("Every day at 5, create an empty BigQuery table sales.orders").argument("table_resource")
    assert found is not None
    assert isinstance(found.value, LiteralValue)
    assert isinstance(found.value.value, dict)


@pytest.mark.parametrize(
    ("work", "operator"),
    [
        ("check that gs://lake/orders.csv exists", "GCSObjectExistenceSensor"),
        ("train the churn model on Vertex AI with the pipeline gs://code/churn.json", "RunPipelineJobOperator"),
        ("start the Compute Engine instance vm-1 in zone europe-west1-b", "ComputeEngineStartInstanceOperator"),
    ],
)
def test_what_is_asked_for_is_done(work: str, operator: str) -> None:
    assert first_task(f"Every day at 5, {work}").operator.path.endswith(f":{operator}")


@pytest.mark.parametrize(
    ("work", "never"),
    [
        ("wait for the Cloud Run job nightly", "Execute"),
        ("load data into Google Sheets", "Create"),
        ("train a model with Vertex AI", "Pipeline"),
        ("read the orders from Compute Engine", "Start"),
        ("check the Compute Engine instance vm-1", "Start"),
    ],
)
def test_nothing_is_started_or_made_beside_what_was_asked(work: str, never: str) -> None:
    assert never not in first_task(f"Every day at 5, {work}").operator.path
