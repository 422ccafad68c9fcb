"""Decisions of the catalogue that were reviewed: which class carries out an action of a service."""

from __future__ import annotations

import json

import pytest

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, choose, load_catalog

ACTION_FILES = sorted((DATA_FOLDER / "actions").glob("*.json"))
# Its proposals are still under review.
UNREVIEWED = {"google"}


@pytest.mark.parametrize(
    ("service", "action", "known", "operator"),
    [
        ("airbyte", "trigger", "connection", "AirbyteTriggerSyncOperator"),
        ("airbyte", "wait_for", "job_id", "AirbyteJobSensor"),
        ("alibaba_oss", "delete", "key region", "OSSDeleteObjectOperator"),
        ("alibaba_oss", "load", "key local_path region", "OSSUploadObjectOperator"),
        ("alibaba_oss", "wait_for", "key region", "OSSKeySensor"),
        ("amazon_appflow", "trigger", "pipeline", "AppflowRunOperator"),
        ("amazon_athena", "extract", "sql", "AthenaOperator"),
        ("amazon_athena", "query", "sql", "AthenaOperator"),
        ("amazon_athena", "wait_for", "query_execution_id", "AthenaSensor"),
        ("amazon_bedrock", "query", "body model_id", "BedrockInvokeModelOperator"),
        ("amazon_cloudformation", "delete", "name", "CloudFormationDeleteStackOperator"),
        ("amazon_datasync", "copy", "", "DataSyncOperator"),
        ("amazon_ec2", "delete", "instance", "EC2TerminateInstanceOperator"),
        ("amazon_ec2", "trigger", "instance", "EC2StartInstanceOperator"),
        ("amazon_ec2", "wait_for", "instance", "EC2InstanceStateSensor"),
        ("amazon_ecr", "delete", "repository", "EcrDeleteRepositoryOperator"),
        ("amazon_ecs", "trigger", "cluster job", "EcsRunTaskOperator"),
        ("amazon_ecs", "wait_for", "cluster id", "EcsTaskStateSensor"),
        ("amazon_eks", "delete", "cluster", "EksDeleteClusterOperator"),
        ("amazon_eks", "trigger", "cluster image", "EksPodOperator"),
        ("amazon_emr", "delete", "cluster", "EmrTerminateJobFlowOperator"),
        ("amazon_emr", "transform", "cluster script", "EmrAddStepsOperator"),
        ("amazon_emr", "trigger", "cluster script", "EmrAddStepsOperator"),
        ("amazon_emr", "wait_for", "cluster step_id", "EmrStepSensor"),
        ("amazon_emr_serverless", "transform", "application role script", "EmrServerlessStartJobOperator"),
        ("amazon_emr_serverless", "trigger", "application role script", "EmrServerlessStartJobOperator"),
        ("amazon_emr_serverless", "wait_for", "application job_id", "EmrServerlessJobSensor"),
        ("amazon_eventbridge", "notify", "body", "EventBridgePutEventsOperator"),
        ("amazon_glacier", "load", "body bucket", "GlacierUploadArchiveOperator"),
        ("amazon_mwaa", "trigger", "dag_id environment", "MwaaTriggerDagRunOperator"),
        ("amazon_neptune", "trigger", "cluster", "NeptuneStartDbClusterOperator"),
        ("amazon_quicksight", "trigger", "report", "QuickSightCreateIngestionOperator"),
        ("amazon_rds", "delete", "instance", "RdsDeleteDbInstanceOperator"),
        ("amazon_rds", "wait_for", "instance", "RdsDbSensor"),
        ("amazon_redshift", "wait_for", "sql", "SqlSensor"),
        ("amazon_redshift", "check", "sql", "SQLCheckOperator"),
        ("amazon_redshift", "query", "sql", "SQLExecuteQueryOperator"),
        ("amazon_redshift", "transform", "sql", "SQLExecuteQueryOperator"),
        ("amazon_s3", "wait_for", "bucket key", "S3KeySensor"),
        ("amazon_s3", "delete", "bucket key", "S3DeleteObjectsOperator"),
        ("amazon_s3", "load", "body bucket key", "S3CreateObjectOperator"),
        ("amazon_s3", "transform", "script target_uri uri", "S3FileTransformOperator"),
        ("amazon_s3", "extract", "bucket key", "S3ReadObjectOperator"),
        ("amazon_s3", "query", "bucket prefix", "S3ListOperator"),
        ("amazon_sagemaker", "train", "config", "SageMakerTrainingOperator"),
        ("amazon_sagemaker", "transform", "config", "SageMakerProcessingOperator"),
        ("amazon_sagemaker", "wait_for", "job_name", "SageMakerTrainingSensor"),
        ("amazon_ses", "notify", "message recipients sender subject", "SesEmailOperator"),
        ("amazon_sns", "notify", "message topic", "SnsPublishOperator"),
        ("amazon_sqs", "load", "message queue", "SqsPublishOperator"),
        ("amazon_sqs", "notify", "message queue", "SqsPublishOperator"),
        ("amazon_sqs", "wait_for", "queue", "SqsSensor"),
        ("amazon_ssm", "trigger", "command instance", "SsmRunCommandOperator"),
        ("arangodb", "query", "query", "AQLOperator"),
        ("arangodb", "wait_for", "query", "AQLSensor"),
        ("asana", "delete", "id", "AsanaDeleteTaskOperator"),
        ("asana", "load", "body subject", "AsanaCreateTaskOperator"),
        ("asana", "query", "project", "AsanaFindTaskOperator"),
        ("aws_batch", "trigger", "job job_name queue", "BatchOperator"),
        ("aws_batch", "wait_for", "job_id", "BatchSensor"),
        ("aws_dms", "trigger", "job", "DmsStartTaskOperator"),
        ("aws_dms", "wait_for", "job", "DmsTaskCompletedSensor"),
        ("aws_glue", "wait_for", "database table", "GlueCatalogPartitionSensor"),
        ("aws_glue", "transform", "job_name", "GlueJobOperator"),
        ("aws_glue", "trigger", "job_name", "GlueJobOperator"),
        ("aws_glue_databrew", "trigger", "job_name", "GlueDataBrewStartJobOperator"),
        ("aws_lambda", "trigger", "function", "LambdaInvokeFunctionOperator"),
        ("aws_lambda", "wait_for", "function", "LambdaFunctionStateSensor"),
        ("aws_step_functions", "extract", "job_id", "StepFunctionGetExecutionOutputOperator"),
        ("aws_step_functions", "trigger", "workflow", "StepFunctionStartExecutionOperator"),
        ("aws_step_functions", "wait_for", "job_id", "StepFunctionExecutionSensor"),
        ("azure_analysis_services", "trigger", "database server_name", "AzureAnalysisServicesRefreshOperator"),
        ("azure_batch", "trigger", "cluster command", "AzureBatchOperator"),
        ("azure_blob_storage", "wait_for", "bucket key", "WasbBlobSensor"),
        ("azure_blob_storage", "delete", "bucket key", "WasbDeleteBlobOperator"),
        ("azure_compute", "trigger", "instance resource_group_name", "AzureVirtualMachineStartOperator"),
        ("azure_compute", "wait_for", "instance resource_group_name", "AzureVirtualMachineStateSensor"),
        ("azure_container_instances", "trigger", "image job_name", "AzureContainerInstancesOperator"),
        ("azure_cosmos_db", "load", "collection database rows", "AzureCosmosInsertDocumentOperator"),
        ("azure_cosmos_db", "wait_for", "collection database id", "AzureCosmosDocumentSensor"),
        ("azure_data_explorer", "query", "database query", "AzureDataExplorerQueryOperator"),
        ("azure_data_factory", "trigger", "pipeline", "AzureDataFactoryRunPipelineOperator"),
        ("azure_data_factory", "wait_for", "job_id", "AzureDataFactoryPipelineRunStatusSensor"),
        ("azure_service_bus", "delete", "queue", "AzureServiceBusDeleteQueueOperator"),
        ("azure_service_bus", "extract", "queue", "AzureServiceBusReceiveMessageOperator"),
        ("azure_service_bus", "load", "message queue", "AzureServiceBusSendMessageOperator"),
        ("azure_synapse", "trigger", "endpoint pipeline", "AzureSynapseRunPipelineOperator"),
        ("databricks", "query", "sql", "DatabricksSqlOperator"),
        ("databricks", "trigger", "", "DatabricksRunNowOperator"),
        ("databricks", "wait_for", "sql", "DatabricksSqlSensor"),
        ("dbt", "trigger", "job_id", "DbtCloudRunJobOperator"),
        ("dbt", "wait_for", "job_id", "DbtCloudJobRunSensor"),
        ("discord", "notify", "message", "DiscordWebhookOperator"),
        ("docker", "trigger", "image", "DockerOperator"),
        ("druid", "load", "path", "DruidOperator"),
        ("flink", "trigger", "path", "FlinkKubernetesOperator"),
        ("ftp", "extract", "remote_path target_path", "FTPFileTransmitOperator"),
        ("ftp", "load", "local_path target_path", "FTPFileTransmitOperator"),
        ("ftp", "wait_for", "remote_path", "FTPSensor"),
        ("github", "wait_for", "repository tag", "GithubTagSensor"),
        ("hdfs", "wait_for", "remote_path", "WebHdfsSensor"),
        ("hive", "query", "sql", "HiveOperator"),
        ("hive", "wait_for", "table", "HivePartitionSensor"),
        ("http", "delete", "endpoint", "HttpOperator"),
        ("http", "extract", "endpoint", "HttpOperator"),
        ("http", "load", "endpoint", "HttpOperator"),
        ("http", "wait_for", "endpoint", "HttpSensor"),
        ("imap", "wait_for", "file_name", "ImapAttachmentSensor"),
        ("influxdb", "query", "query", "InfluxDBOperator"),
        ("jenkins", "trigger", "job_name", "JenkinsJobTriggerOperator"),
        ("jenkins", "wait_for", "job_name", "JenkinsBuildSensor"),
        ("jira", "notify", "body", "JiraOperator"),
        ("jira", "query", "filter", "JiraOperator"),
        ("jira", "wait_for", "id state", "JiraTicketSensor"),
        ("kafka", "extract", "topic", "ConsumeFromTopicOperator"),
        ("kafka", "load", "callable topic", "ProduceToTopicOperator"),
        ("kafka", "wait_for", "callable topic", "AwaitMessageSensor"),
        ("kubernetes", "transform", "image", "KubernetesPodOperator"),
        ("kubernetes", "trigger", "image", "KubernetesPodOperator"),
        ("kylin", "trigger", "name", "KylinCubeOperator"),
        ("livy", "trigger", "script", "LivyOperator"),
        ("livy", "wait_for", "job_id", "LivySensor"),
        ("microsoft_graph", "delete", "endpoint", "MSGraphAsyncOperator"),
        ("microsoft_graph", "extract", "endpoint", "MSGraphAsyncOperator"),
        ("microsoft_graph", "wait_for", "endpoint", "MSGraphSensor"),
        ("mongodb", "wait_for", "collection", "MongoSensor"),
        ("neo4j", "query", "query", "Neo4jOperator"),
        ("neo4j", "wait_for", "query", "Neo4jSensor"),
        ("openai", "query", "prompt", "OpenAIResponseOperator"),
        ("opensearch", "load", "id index rows", "OpenSearchAddDocumentOperator"),
        ("opensearch", "query", "filter index", "OpenSearchQueryOperator"),
        ("opsgenie", "notify", "message", "OpsgenieCreateAlertOperator"),
        ("oracle", "trigger", "procedure", "OracleStoredProcedureOperator"),
        ("papermill", "trigger", "notebook target_path", "PapermillOperator"),
        ("pinecone", "load", "index vectors", "PineconeIngestOperator"),
        ("power_bi", "trigger", "report workspace", "PowerBIDatasetRefreshOperator"),
        ("qdrant", "load", "collection vectors", "QdrantIngestOperator"),
        ("redis", "notify", "channel message", "RedisPublishOperator"),
        ("redis", "wait_for", "key", "RedisKeySensor"),
        ("salesforce", "delete", "rows table", "SalesforceBulkOperator"),
        ("salesforce", "load", "rows table", "SalesforceBulkOperator"),
        ("sendgrid", "notify", "body", "HttpOperator"),
        ("sftp", "extract", "remote_path target_path", "SFTPOperator"),
        ("sftp", "delete", "remote_path", "SFTPOperator"),
        ("sftp", "load", "local_path target_path", "SFTPOperator"),
        ("sftp", "wait_for", "remote_path", "SFTPSensor"),
        ("slack", "notify", "channel message", "SlackAPIPostOperator"),
        ("slack", "query", "channel", "SlackAPIConversationsHistoryOperator"),
        ("smtp", "notify", "message recipients", "EmailOperator"),
        ("snowflake", "check", "sql", "SQLCheckOperator"),
        ("snowflake", "query", "sql", "SQLExecuteQueryOperator"),
        ("spark", "query", "sql", "SparkSqlOperator"),
        ("spark", "train", "script", "SparkSubmitOperator"),
        ("spark", "trigger", "script", "SparkSubmitOperator"),
        ("ssh", "trigger", "command", "SSHOperator"),
        ("tableau", "trigger", "workbook", "TableauOperator"),
        ("tableau", "wait_for", "job_id", "TableauJobStatusSensor"),
        ("telegram", "notify", "message", "TelegramOperator"),
        ("teradata", "trigger", "procedure", "TeradataStoredProcedureOperator"),
        ("teradata", "query", "sql", "SQLExecuteQueryOperator"),
        ("weaviate", "load", "collection vectors", "WeaviateIngestOperator"),
        ("winrm", "trigger", "command", "WinRMOperator"),
        ("yandex_dataproc", "transform", "cluster script", "DataprocCreatePysparkJobOperator"),
        ("yandex_query", "query", "sql", "YQExecuteQueryOperator"),
        ("ydb", "query", "sql", "YDBExecuteQueryOperator"),
        ("zendesk", "load", "", "HttpOperator"),
        ("airflow", "trigger", "dag_id", "TriggerDagRunOperator"),
        ("airflow", "wait_for", "dag_id", "ExternalTaskSensor"),
        ("bash", "trigger", "command", "BashOperator"),
        ("filesystem", "wait_for", "path", "FileSensor"),
        ("human", "approve", "subject", "ApprovalOperator"),
        ("python", "branch", "callable", "BranchPythonOperator"),
        ("sql", "check", "sql", "SQLCheckOperator"),
        ("sql", "query", "sql", "SQLExecuteQueryOperator"),
        ("sql", "wait_for", "sql", "SqlSensor"),
        ("sql", "delete", "sql", "SQLExecuteQueryOperator"),
    ],
)  # fmt: skip
def test_an_action_of_a_service_is_carried_out_by(service: str, action: str, known: str, operator: str) -> None:
    records = [item for item in load_catalog().actions(service, action) if not item.target_service]  # type: ignore[arg-type]
    found = choose(records, known.split())
    assert found is not None
    assert found.operator.endswith(f":{operator}")


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.stem)
def test_every_record_was_reviewed(path: object) -> None:
    if path.stem in UNREVIEWED:  # type: ignore[attr-defined]
        pytest.skip("under review")
    records = json.loads(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    assert [item["operator"] for item in records if item.get("priority", 0) < 0] == []


def test_deletes_stand_under_the_action_delete() -> None:
    catalog = load_catalog()
    verbs = ("Delete", "Terminate", "Deregister", "Decommission")
    wrong = [
        (service.id, item.action, item.operator.rpartition(":")[2])
        for service in (*catalog.services, *catalog.builtins)
        if not service.provider.endswith("-google")
        for item in catalog.actions(service.id)
        if item.action != "delete" and item.kind == "operator" and any(verb in item.operator for verb in verbs)
    ]
    assert wrong == []
