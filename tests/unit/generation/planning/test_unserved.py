"""What the words name for the work and no task uses is told, and what was lost before has its place."""

from __future__ import annotations

import pytest


def _warned(found) -> str:
    return " ".join(item.text for item in found.warnings)


def test_a_service_that_no_task_uses_is_told(plan):
    found = plan("Copy s3://a/b.csv to gs://c/d.csv daily. The copy is a replacement of Zendesk and BigQuery works.")
    services = {service for task in found.spec.tasks for service in task.services}
    for name, service in (("Zendesk", "zendesk"), ("BigQuery", "google_bigquery")):
        mentioned = any(item.service == service and item.role != "passing" for item in found.mentions)
        assert service in services or not mentioned or name in _warned(found)


@pytest.mark.parametrize(
    "text",
    ["Run the Databricks job 12 daily and tell #ops on Slack.", "Every hour run `select 1` in Snowflake via Airflow."],
)
def test_services_with_a_task_or_an_alert_are_not(plan, text):
    assert "No task works with" not in _warned(plan(text))


def test_a_region_reaches_the_operator(plan, values):
    found = plan("Start the Dataflow template gs://t/x with inputFile gs://in/a.txt in region europe-west1 daily at 4.")
    arguments = values(found.spec.tasks[0])
    assert arguments["location"] == "europe-west1"
    assert arguments["parameters"] == {"inputFile": "gs://in/a.txt"}


def test_a_fivetran_connector_is_no_airflow_connection(plan, values):
    found = plan("Sync the Fivetran connector iron_phantom every 4 hours.")
    arguments = values(found.spec.tasks[0])
    assert arguments["endpoint"] == "connections/iron_phantom/sync"
    assert arguments["http_conn_id"] == "fivetran_default"


def test_redis_keys_are_deleted(plan, values):
    found = plan("Daily at 5 delete the Redis key cache:orders.")
    assert found.spec.tasks[0].operator.recipe == "delete_redis"
    assert values(found.spec.tasks[0])["key"] == "cache:orders"


@pytest.mark.parametrize(("words", "wanted"), [("unless dry_run is set", False), ("if dry_run is set", True)])
def test_a_declared_parameter_decides(plan, words, wanted):
    text = f"Started by hand with parameter dry_run (boolean, default true): run `delete from t` in Postgres {words}."
    check = next(task for task in plan(text).spec.tasks if task.operator.recipe == "check_param")
    assert check.argument("value").value.template == "{{ params.dry_run }}"
    said = check.argument("wanted")
    assert (said is None or said.value.value) is wanted


def test_a_refresh_never_becomes_a_read(plan, values):
    found = plan("Refresh mart.a in Redshift every day at 4.")
    assert not any("SELECT" in str(value) for task in found.spec.tasks for value in values(task).values())


def test_values_of_a_later_sentence_go_to_the_right_place_of_a_chain(plan, values):
    found = plan("mongo -> s3 -> snowflake daily. Collection events of db app, prefix s3://lake/ev/, table RAW.EVENTS.")
    first, second = (values(task) for task in found.spec.tasks)
    assert (first["mongo_collection"], first["mongo_db"], first["s3_bucket"]) == ("events", "app", "lake")
    assert (second["table"], second["bucket"], second["key"]) == ("RAW.EVENTS", "lake", "ev/")


def test_work_before_loading_stands_between_read_and_write(plan):
    found = plan("Sync the MySQL table a.b to the Snowflake table C.D daily at 3, mask the e-mails before loading.")
    names = {task.action: task.task_id for task in found.spec.tasks}
    edges = {(edge.upstream, edge.downstream) for edge in found.spec.dependencies}
    assert {(names["extract"], names["transform"]), (names["transform"], names["load"])} <= edges


def test_what_must_be_approved_waits_for_the_approval(plan):
    text = "Daily run `select 1` in Postgres, then delete all rows of the Postgres table t. A human should approve the deletion."
    found = plan(text)
    names = {task.action: task.task_id for task in found.spec.tasks}
    edges = {(edge.upstream, edge.downstream) for edge in found.spec.dependencies}
    assert (names["approve"], names["delete"]) in edges


def test_a_comparison_with_one_value_asks_for_one_value(plan):
    found = plan("Daily query `select state from jobs` in Postgres; if it is 'open', run sql/a.sql in Postgres.")
    assert found.spec.tasks[0].operator.recipe == "query_value"
