"""Chains for stated items, files of one run, dumps, ages, and other work that a ticket takes for granted."""

from __future__ import annotations

from typing import Any

import pytest


def test_tables_that_no_one_operator_copies_have_a_chain_each(plan: Any) -> None:
    spec = plan("Nightly copy the tables users, carts and cart_items from Postgres to the BigQuery dataset stg. Then run dbt build.").spec  # fmt: skip
    for table in ("users", "carts", "cart_items"):
        assert spec.upstream_of(f"load_{table}_bigquery") == (f"extract_{table}_postgres",)
        assert f"load_{table}_bigquery" in spec.upstream_of("run_dbt")


def test_each_item_keeps_its_own_file_and_table_along_the_chain(plan: Any, values: Any) -> None:
    done = plan(
        "For each market in north, south and east: download https://data.acme.com/{market}/x.csv, upload it to "
        "gs://ext/{market}/x.csv and load it into the BigQuery table ext.daily_{market}. Daily 05:00, at most 2 at a time."
    )
    assert done.spec.limits.active_tasks == 2
    assert "{market}" not in done.source.split("\n):\n")[1]
    for market in ("north", "south", "east"):
        (load,) = [item for item in done.spec.tasks if f"ext.daily_{market}" in values(item).values()]
        assert values(load)["source_objects"] == [f"{market}/x.csv"]
        (upload,) = done.spec.upstream_of(load.task_id)
        assert values(done.spec.task(upload))["key"] == f"{market}/x.csv"


def test_what_one_run_stores_is_what_it_loads(plan: Any) -> None:
    source = plan(
        "Every 15 minutes get /v1/parcels from the carrier API (connection carrier), write the JSON to s3://raw/parcels/, then "
        "copy it into the Redshift table raw.parcels."
    ).source
    assert 'key="parcels/{{ ts_nodash }}.json"' in source
    assert 's3_key="parcels/{{ ts_nodash }}.json"' in source
    assert "FORMAT AS JSON" in source


def test_a_deletion_by_age_never_deletes_everything(plan: Any, values: Any) -> None:
    (task,) = plan("Weekly delete objects older than 90 days under s3://logs/app/.").spec.tasks
    assert (task.operator.recipe, values(task)["older_than_days"]) == ("delete_old_s3_objects", 90)
    other = plan("Weekly delete blobs older than 90 days from the Azure blob container logs.").source
    assert "WasbDeleteBlobOperator" not in other


@pytest.mark.parametrize(
    ("database", "command"),
    [
        ("MySQL", "set -o pipefail; mysqldump --single-transaction shop | gzip > /backup/shop.sql.gz"),
        ("Postgres", "set -o pipefail; pg_dump shop | gzip > /backup/shop.sql.gz"),
    ],
)
def test_a_dump_is_made_and_then_goes_to_the_server(plan: Any, values: Any, database: str, command: str) -> None:
    dump, copy = plan(
        f"Daily dump the {database} database shop to /backup/shop.sql.gz, copy it to the SFTP server (connection off) under /in/."
    ).spec.tasks
    assert values(dump)["bash_command"] == command
    found = values(copy)
    assert (found["local_filepath"], found["remote_filepath"], found["operation"]) == (
        "/backup/shop.sql.gz",
        "/in/shop.sql.gz",
        "put",
    )


def test_messages_that_were_read_are_not_read_again(plan: Any) -> None:
    done = plan("Kafka topic carts.v2: every 10 minutes consume up to 500 messages and insert them into the ClickHouse table carts. If there were no messages, stop.")  # fmt: skip
    assert [task.operator.recipe for task in done.spec.tasks if "kafka" in task.services] == ["read_kafka_messages"]


def test_files_of_statements_run_in_the_order_of_the_words(plan: Any, values: Any) -> None:
    done = plan("Daily run sql/a.sql, sql/b.sql and sql/c.sql against Snowflake. Then run sql/z.sql.")
    assert [values(task)["sql"] for task in done.spec.tasks] == ["sql/a.sql", "sql/b.sql", "sql/c.sql", "sql/z.sql"]
    assert len(done.spec.dependencies) == 3
    beside = plan("Daily run in parallel sql/a.sql and sql/b.sql in Redshift.")
    assert beside.spec.dependencies == ()


def test_the_same_work_with_another_notebook(plan: Any, values: Any) -> None:
    done = plan("Hourly run the Databricks notebook /a/build, afterwards the notebook /a/check.")
    assert [values(task)["notebook_path"] for task in done.spec.tasks] == ["/a/build", "/a/check"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Daily check that the Snowflake table web.hits has at least 10 rows and no null hit_id.", "COUNT(*) = COUNT(hit_id)"),
        ("Daily run dbt build with the selector nightly.", "dbt build --selector nightly"),
        ("Daily refresh the Tableau workbook Exec Overview.", 'find="Exec Overview"'),
        ("Daily refresh the Power BI dataset Orders in workspace Sales.", "PowerBIDatasetRefreshOperator("),
        ("Daily run `a.sh`, then post a short note in #platform.", 'channel="#platform"'),
        ("By hand, with a parameter who (string): call POST /forget on the CRM API (connection crm) with who in the JSON body.", 'data=\'{"who": "{{ params.who }}"}\''),
        ("Daily run `a.sh`, tag nightly_ops.", 'tags=["nightly_ops"]'),
        ("Daily run `a.sh`, mail the output to r@acme.de, but skip UK bank holidays.", 'country="GB"'),
    ],
    ids=lambda value: value[:50],
)  # fmt: skip
def test_what_the_words_state_is_written(plan: Any, text: str, written: str) -> None:
    done = plan(text)
    assert written in done.source
    assert not [item for item in done.warnings if item.about in ("not_done", "code", "operator")]


def test_a_dag_that_starts_with_a_file_has_no_task_for_the_starting(plan: Any) -> None:
    done = plan("Trigger when the file s3://drop/p.csv shows up: load it into the Redshift table sales.p.")
    assert [task.operator.path.rpartition(":")[2] for task in done.spec.tasks] == [
        "S3KeySensor",
        "S3ToRedshiftOperator",
    ]


def test_where_output_lands_is_no_step_and_a_count_that_is_awaited_is_a_condition(plan: Any) -> None:
    done = plan(
        "Daily run the Docker image acme/s:1; its output lands in /data/s. Then run the Postgres query `select count(*) from d`. "
        "When the count is greater than 0 open a Jira ticket in project REC."
    )
    assert [task.action for task in done.spec.tasks].count("branch") == 1
    assert not [item for item in done.clarifications if item.about == "target"]
