"""Values that stand at unusual places: settings in files, results of queries, servers, dumps, DAGs named by a noun."""

from __future__ import annotations

from typing import Any

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
