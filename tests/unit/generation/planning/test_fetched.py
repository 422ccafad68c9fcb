"""Records from files that were fetched and from addresses that were called."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, OutputRef


def _kinds(spec: Any) -> list[str]:
    return [task.operator.recipe or task.operator.path.rpartition(":")[2] for task in spec.tasks]


@pytest.mark.parametrize(
    "words",
    [
        "Every day at 5 fetch /drop/stock.csv from the SFTP server and load it into the Postgres table shop.stock.",
        "Every day at 5 download /drop/stock.csv from the FTP server. Then load it into the Postgres table shop.stock.",
    ],
)
def test_a_fetched_csv_file_is_read_before_its_rows_are_stored(plan: Any, values: Any, words: str) -> None:
    spec = plan(words).spec
    fetch, read, load = spec.tasks
    assert read.operator.recipe == "read_csv_rows"
    assert values(read)["path"] == fetch.argument("local_filepath").value.value
    assert load.argument("rows").value == OutputRef(read.task_id)
    assert spec.upstream_of(read.task_id) == (fetch.task_id,)


def test_rows_that_were_stored_on_the_way_come_from_where_they_were_read(plan: Any) -> None:
    spec = plan(
        "Every day at 5 read the orders from the API at https://api.example.org/orders, put them into the S3 bucket "
        "raw-orders and load them into the Postgres table shop.orders."
    ).spec
    load = spec.tasks[-1]
    source = load.argument("rows").value
    assert isinstance(source, OutputRef)
    assert source.task_id == spec.task_ids[0]


def test_an_address_that_is_called_for_a_table_gives_its_records(plan: Any) -> None:
    spec = plan(
        "Daily at 6 call https://api.example.org/v2/parts and store the answer in the MySQL table shop.parts"
    ).spec
    assert _kinds(spec)[0] == "http_get_json"
    assert spec.tasks[-1].argument("rows").value == OutputRef(spec.task_ids[0])


def test_an_address_that_is_only_called_stays_an_operator(plan: Any) -> None:
    assert _kinds(plan("Daily at 6 call https://api.example.org/v2/ping with GET").spec)[0] == "HttpOperator"


def test_rows_for_bigquery_are_not_inserted_with_sql(plan: Any) -> None:
    spec = plan("Daily at 6 store the new visits in the BigQuery table web.visits").spec
    assert _kinds(spec) == ["insert_bigquery_rows"]


def test_a_lambda_payload_for_each_item_is_text(plan: Any) -> None:
    (task,) = plan(
        "For each city in [Oslo, Bergen, Hamar] call the Lambda function weather, every day at 6."
    ).spec.tasks
    assert isinstance(task.mapping.over, LiteralValue)
    assert task.mapping.over.value[0] == '{"city": "Oslo"}'


def test_job_arguments_for_each_item_are_an_object(plan: Any) -> None:
    (task,) = plan("For each region in [north, south] run the Glue job settle, every day at 6.").spec.tasks
    assert (task.mapping.argument, task.mapping.over.value) == (
        "script_args", [{"--region": "north"}, {"--region": "south"}]
    )  # fmt: skip


@pytest.mark.parametrize("words", ["run `VACUUM shop.carts`", "run the query `select 1`"])
def test_a_database_that_is_not_known_is_an_open_connection(plan: Any, words: str) -> None:
    answer = plan(f"Every day at 4 {words}.")
    (task,) = answer.spec.tasks
    connection = task.argument("conn_id")
    assert connection.origin == "missing"
    assert connection.value.name in {param.name for param in answer.spec.params}


@pytest.mark.parametrize(
    ("words", "sql"),
    [
        ("CALL shop.settle() in Postgres", "CALL shop.settle()"),
        ("truncar la tabla shop.carts en Postgres", "TRUNCATE TABLE shop.carts"),
        (
            "delete rows over 30 days old from the Postgres table shop.carts",
            "DELETE FROM shop.carts WHERE created_at < CURRENT_DATE - INTERVAL '30' DAY",
        ),
    ],
)
def test_statements_that_the_words_spell_out_are_run(plan: Any, values: Any, words: str, sql: str) -> None:
    (task,) = plan(f"Daily at 2: {words}.").spec.tasks
    assert values(task)["sql"] == sql
