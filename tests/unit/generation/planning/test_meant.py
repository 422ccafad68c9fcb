"""Operators do what the words mean: stopping is not ending, a snapshot reads nothing, rare classes are named."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


def tasks(text: str) -> list[tuple[str, dict[str, Any]]]:
    spec = generate(text).spec
    return [
        (
            item.operator.recipe or item.operator.path.rpartition(":")[2],
            {argument.name: getattr(argument.value, "value", argument.value) for argument in item.arguments},
        )
        for item in spec.tasks
    ]


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("Every night take a snapshot of the RDS instance `shop-db` named `nightly`.", "RdsCreateDbSnapshotOperator"),
        ("Create a Redshift snapshot `weekly` of the cluster `dwh`.", "RedshiftCreateClusterSnapshotOperator"),
        ("Run the Spark script `s3://jobs/a.py` on the EMR Serverless app `x`.", "EmrServerlessStartJobOperator"),
        ("Submit the Spark job `s3://jobs/a.py` to EMR Serverless.", "EmrServerlessStartJobOperator"),
        ("Run the Spark script `s3://jobs/a.py` on EMR.", "EmrAddStepsOperator"),
        ("Every morning, list the open issues of the GitHub repository `acme/shop`.", "list_github_issues"),
        ("Post a message to the Microsoft Teams channel `ops`.", "send_teams_message"),
        ("Open an issue `Weekly triage` in the GitHub repository `acme/shop`.", "create_github_issue"),
        ("Query Athena for `SELECT id FROM sales.orders`.", "AthenaOperator"),
        ("Run the Step Function `orders` and wait until it is done.", "StepFunctionStartExecutionOperator"),
        ("Stop the EC2 instance `i-1`.", "EC2StopInstanceOperator"),
        ("Shut down the EC2 instance `i-1` every evening.", "EC2StopInstanceOperator"),
        ("Reboot the EC2 instance `i-1`.", "EC2RebootInstanceOperator"),
        ("Stop the RDS instance `shop-db`.", "RdsStopDbOperator"),
        ("Stop the Databricks SQL warehouse `w1`.", "DatabricksStopWarehouseOperator"),
        ("Start the Databricks SQL warehouse `w1`.", "DatabricksStartWarehouseOperator"),
        ("Create an EMR cluster.", "EmrCreateJobFlowOperator"),
        ("Create the Glue crawler `c1`.", "GlueCrawlerCreateOperator"),
        ("Run the Glue crawler `c1`.", "GlueCrawlerRunOperator"),
        ("Delete the Glue crawler `c1`.", "GlueCrawlerDeleteOperator"),
        ("Every day copy all files from s3://in/ to s3://out/.", "S3CopyPrefixOperator"),
        ("Wait for the tag `v1` in the GitHub repository `acme/shop`.", "GithubTagSensor"),
        ("Update the Glue crawler `c1`.", "GlueCrawlerUpdateOperator"),
        ("Run the Spark job `s3://jobs/totals.py` on EMR.", "EmrAddStepsOperator"),
        ("Create a node group `workers` on the EKS cluster `web`.", "EksCreateNodegroupOperator"),
        ("Create a pod with the image `acme/etl` on the EKS cluster `web`.", "EksPodOperator"),
        ("Put an event on the EventBridge bus `orders`.", "EventBridgePutEventsOperator"),
        ("Modify the EMR cluster `j-1`.", "EmrModifyClusterOperator"),
        ("Update the Bedrock guardrail `g1`.", "BedrockUpdateGuardrailOperator"),
        ("Create a Jira ticket in the project OPS.", "JiraOperator"),
    ],
)  # fmt: skip
def test_the_class_is_the_one_that_is_meant(text: str, operator: str) -> None:
    assert [name for name, _ in tasks(text)] == [operator]


def test_a_program_is_what_spark_runs_where_the_words_call_it_a_job() -> None:
    ((_, arguments),) = tasks("Run the Spark job `s3://jobs/totals.py` on EMR.")
    assert arguments["steps"][0]["HadoopJarStep"]["Args"] == ["spark-submit", "s3://jobs/totals.py"]
    assert "cluster" in str(arguments["job_flow_id"])


def test_a_node_group_has_the_name_that_is_stated() -> None:
    ((_, arguments),) = tasks("Create a node group `workers` on the EKS cluster `web`.")
    assert (arguments["cluster_name"], arguments["nodegroup_name"]) == ("web", "workers")


def test_an_event_goes_to_the_bus_that_is_named() -> None:
    ((_, arguments),) = tasks("Put an event on the EventBridge bus `orders`.")
    assert arguments["entries"][0]["EventBusName"] == "orders"


def test_salesforce_is_read_and_not_posted_to() -> None:
    names = [name for name, _ in tasks("Every night extract the accounts from Salesforce.")]
    assert "SalesforceApexRestOperator" not in names


def test_a_folder_is_no_pattern_of_file_names() -> None:
    ((name, arguments),) = tasks("Wait for a file in the folder `/in/orders` on the SFTP server.")
    assert (name, arguments["path"]) == ("SFTPSensor", "/in/orders")
    assert "file_pattern" not in arguments


def test_settings_that_are_not_stated_are_an_object_and_a_question() -> None:
    answer = generate("Weekly, train a SageMaker model with the training job `churn`.")
    (task,) = answer.spec.tasks
    config = task.argument("config")
    assert task.operator.path.endswith(":SageMakerTrainingOperator")
    assert config is not None
    assert isinstance(config.value.value, dict)  # type: ignore[union-attr]
    assert any("JSON object" in item.text for item in answer.clarifications)


class TestWaiting:
    @pytest.mark.parametrize(
        ("text", "waits"),
        [
            ("Trigger the DAG `marts`.", False),
            ("Trigger the DAG `marts` and wait for it to finish.", True),
            ("Trigger the DAG `marts`, then post to Slack #data.", True),
            ("Trigger the DAG `marts` without waiting for it, then post to Slack #data.", False),
        ],
    )
    def test_another_dag_is_waited_for_where_something_follows_or_the_words_say_so(
        self, text: str, waits: bool
    ) -> None:
        assert tasks(text)[0][1]["wait_for_completion"] is waits

    def test_a_job_is_waited_for_where_its_class_would_not(self) -> None:
        assert tasks("Resume the Redshift cluster `dwh`.")[0][1]["wait_for_completion"] is True

    def test_a_state_machine_is_waited_for_by_deferring(self) -> None:
        arguments = tasks("Run the Step Functions state machine `arn:aws:states:eu-west-1:1:stateMachine:etl`.")[0][1]
        assert arguments["deferrable"] is True

    def test_nobody_waits_where_the_words_say_so(self) -> None:
        arguments = tasks("Run the dbt Cloud job 1234, fire and forget.")[0][1]
        assert arguments["wait_for_termination"] is False

    @pytest.mark.parametrize(
        "text",
        [
            "Every day run the Databricks job `totals` and do not wait for it.",
            "Every day run the Databricks job `totals`. Do not wait for it.",
            "Every day run the Databricks job `totals` without waiting for it.",
        ],
    )
    def test_that_nobody_waits_does_not_call_the_job_off(self, text: str) -> None:
        ((name, arguments),) = tasks(text)
        assert (name, arguments["wait_for_termination"]) == ("DatabricksRunNowOperator", False)

    def test_what_is_called_off_is_still_called_off(self) -> None:
        assert "DatabricksRunNowOperator" not in [
            name for name, _ in tasks("Run the Databricks job `totals`. Do not run it.")
        ]

    def test_a_class_that_waits_by_itself_gets_no_argument(self) -> None:
        assert "wait_for_completion" not in tasks("Run the Glue job `clean_orders`.")[0][1]


def test_teams_is_reached_by_a_webhook_whose_connection_is_of_type_http() -> None:
    ((name, arguments),) = tasks("Post a message to the Microsoft Teams channel `ops`.")
    assert (name, arguments["conn_id"]) == ("send_teams_message", "microsoft_teams_default")


def test_teams_gets_what_an_upstream_task_returns_below_the_message() -> None:
    text = "Read `select count(*) from a.b` from Postgres and post the result to the Microsoft Teams channel `ops`."
    names = [name for name, _ in tasks(text)]
    assert names == ["query_rows", "send_teams_message"]


@pytest.mark.parametrize(
    ("job", "argument", "value"), [("`totals`", "job_name", "totals"), ("42", "job_id", 42), ("`42`", "job_id", 42)]
)
def test_a_databricks_job_has_a_name_or_an_id(job: str, argument: str, value: object) -> None:
    ((_, arguments),) = tasks(f"Run the Databricks job {job}.")
    assert {name: item for name, item in arguments.items() if name in ("job_id", "job_name")} == {argument: value}


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Upload the file /out/a.csv to /in/b.csv on our SFTP server.", ("/out/a.csv", "/in/b.csv")),
        ("Put the file `/out/a.csv` on the SFTP server as `/in/b.csv`.", ("/out/a.csv", "/in/b.csv")),
        ("Download the file /in/b.csv from SFTP to /out/a.csv.", ("/out/a.csv", "/in/b.csv")),
    ],
)
def test_two_paths_are_the_two_sides_of_a_transfer(text: str, sides: tuple[str, str]) -> None:
    ((name, arguments),) = tasks(text)
    assert name == "SFTPOperator"
    assert (arguments["local_filepath"], arguments["remote_filepath"]) == sides


@pytest.mark.parametrize(
    "text",
    [
        "Create a GitHub issue `Weekly triage` in `acme/shop`.",
        'Open an issue titled "Weekly triage" in the GitHub repository `acme/shop`.',
    ],
)
def test_an_issue_has_its_title_and_its_repository(text: str) -> None:
    ((name, arguments),) = tasks(text)
    assert name == "create_github_issue"
    assert (arguments["summary"], arguments["repository"]) == ("Weekly triage", "acme/shop")


def test_rows_of_athena_are_read_by_the_hook_that_has_a_cursor() -> None:
    text = "Read the rows of `select id from s.orders` from Athena and load them into the Postgres table `m.orders`."
    answer = generate(text)
    assert "AthenaSQLHook.get_hook(conn_id).run" in answer.source
    assert tasks(text)[0][1]["conn_id"] == "athena_default"
