"""Values that stand at unusual places: settings in files, results of queries, servers, dumps, DAGs named by a noun."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import TemplateValue


def _one(spec: Any, ending: str) -> Any:
    return next(task for task in spec.tasks if task.operator.path.endswith(ending))


def test_a_cluster_and_its_steps_are_read_from_files(plan: Any) -> None:
    text = "EMR: create the cluster from conf/cluster.json, add the steps of conf/steps.json, terminate the cluster. Daily at 1."
    spec = plan(text).spec
    # A template, so that Airflow puts the content of the file in its place.
    settings = _one(spec, "EmrCreateJobFlowOperator").argument("job_flow_overrides")
    assert settings.value == TemplateValue("conf/cluster.json")
    assert _one(spec, "EmrAddStepsOperator").argument("steps").value == TemplateValue("conf/steps.json")


def test_the_place_of_results_is_no_copy(plan: Any, values: Any) -> None:
    text = "Daily at 3 run the Athena query `MSCK REPAIR TABLE dw.hits` with output to s3://query-results/."
    (task,) = plan(text).spec.tasks
    assert values(task)["output_location"] == "s3://query-results/"


def test_a_server_with_an_underscore_is_a_connection(plan: Any, values: Any) -> None:
    (task,) = plan("Hourly run `SELECT 1` on the Trino server trino_live.").spec.tasks
    assert values(task)["conn_id"] == "trino_live"


def test_a_dump_takes_host_and_password_from_its_connection(plan: Any, values: Any) -> None:
    text = "Nightly at 1 pg_dump the database crm with connection crm_pg into /dumps/crm.sql."
    (task,) = plan(text).spec.tasks
    assert values(task)["bash_command"] == "pg_dump crm > /dumps/crm.sql"
    assert "conn.crm_pg.password" in str(values(task)["env"])


def test_a_dag_may_be_named_by_a_noun(plan: Any, values: Any) -> None:
    spec = plan("Daily at 4: `CALL dw.build()` in Snowflake, then start the DAG valuation.").spec
    assert values(_one(spec, "TriggerDagRunOperator"))["trigger_dag_id"] == "valuation"


def test_statements_may_stand_in_brackets(plan: Any, values: Any) -> None:
    (task,) = plan("Weekly on Sunday at 5 tidy up the MySQL table a.log (OPTIMIZE TABLE a.log).").spec.tasks
    assert values(task)["sql"] == "OPTIMIZE TABLE a.log"


@pytest.mark.parametrize(
    "words",
    [
        "export the table core.sales from Postgres (pg_core) to s3://sales/out/",
        "export the table core.sales (Postgres, pg_core) to s3://sales/out/",
    ],
)
def test_a_name_in_brackets_behind_a_service_is_its_connection(plan: Any, values: Any, words: str) -> None:
    (task,) = plan(f"Daily at 2 {words}.").spec.tasks
    assert values(task)["sql_conn_id"] == "pg_core"


def test_a_statement_in_a_file_is_run_whatever_is_loaded_before(plan: Any, values: Any) -> None:
    text = "Daily at 6 load gs://in/a.csv into BigQuery dw.stage (replace contents); then MERGE into dw.all with sql/merge.sql."
    first, second = plan(text).spec.tasks
    assert values(first)["write_disposition"] == "WRITE_TRUNCATE"
    assert values(second)["configuration"]["query"]["query"] == "sql/merge.sql"


def test_rows_of_documents_are_told_apart_by_the_stated_key(plan: Any, values: Any) -> None:
    text = "Hourly GET /v2/parcels from http conn carrier and upsert them into the Mongo collection ops.parcels by parcel_no."
    spec = plan(text).spec
    assert values(spec.tasks[-1])["key"] == "parcel_no"


def test_a_stated_project_goes_to_an_operator_that_takes_one(plan: Any, values: Any) -> None:
    text = "@daily run the Dataflow flex template gs://templates/clean.json in europe-west4 (project acme-prod)."
    (task,) = plan(text).spec.tasks
    assert values(task)["project_id"] == "acme-prod"


def test_endpoints_of_models_are_no_api(plan: Any) -> None:
    text = "Sundays at 21:00 start the SageMaker training job churn, then deploy the model to the endpoint churn-live."
    classes = [task.operator.path.rpartition(":")[2] for task in plan(text).spec.tasks]
    assert classes == ["SageMakerTrainingOperator", "SageMakerEndpointOperator"]


def test_a_colon_in_brackets_ends_no_condition(plan: Any, values: Any) -> None:
    text = "5:05 am daily: start the Looker PDT build after the BigQuery job finishes (query: `CALL dw.build()`)."
    task = _one(plan(text).spec, "BigQueryInsertJobOperator")
    assert "CALL dw.build()" in str(values(task)["configuration"])
