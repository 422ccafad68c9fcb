"""Several tables in one sentence: one mapped task with a statement and a file for each of them."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, TaskSpec


def _rows(task: TaskSpec) -> list[dict[str, object]]:
    assert task.mapping is not None
    assert isinstance(task.mapping.over, LiteralValue)
    return task.mapping.over.value


@pytest.mark.parametrize(
    "words",
    [
        "ingest 3 MySQL tables (clients, visits, bills) into s3://lake/my/<table>/{{ ds }}.parquet",
        "copy the tables clients, visits and bills from MySQL to s3://lake/my/{table}/{{ ds }}.parquet",
        "for each of the tables clients, visits and bills, copy it from MySQL to s3://lake/my/<table>/{{ ds }}.parquet",
    ],
)
def test_each_table_has_its_statement_and_its_key(plan: Any, words: str) -> None:
    answer = plan(f"Every day at 2 UTC {words}.")
    (task,) = answer.spec.tasks
    assert _rows(task) == [
        {"query": f"SELECT * FROM {name}", "s3_key": {"__template__": f"my/{name}/{{{{ ds }}}}.parquet"}}
        for name in ("clients", "visits", "bills")
    ]
    assert not answer.spec.params
    assert not answer.warnings


def test_without_a_place_for_the_name_each_table_has_a_folder(plan: Any) -> None:
    (task,) = plan("Every day at 2 UTC copy the MySQL tables clients and visits to s3://lake/my/.").spec.tasks
    assert [row["s3_key"] for row in _rows(task)] == [
        {"__template__": f"my/{name}/{{{{ ds }}}}.csv"} for name in ("clients", "visits")
    ]


def test_names_with_schemas_are_filled_in_too(plan: Any) -> None:
    spec = plan("Every day at 2 UTC copy the Postgres tables a.clients and a.visits to s3://lake/<table>/x.csv.").spec
    keys = [task.argument("s3_key").value.value for task in spec.tasks]
    assert keys == ["clients/x.csv", "visits/x.csv"]


def test_one_table_is_no_list(plan: Any) -> None:
    (task,) = plan("Every day at 2 UTC copy the MySQL table clients to s3://lake/my/ and mail a@b.org.").spec.tasks[:1]
    assert task.mapping is None


@pytest.mark.parametrize("place", ["s3://lake/my/<table>/{{ ds }}.csv", "s3://lake/my/"])
def test_what_was_stored_for_each_table_is_loaded_for_each_table(plan: Any, place: str) -> None:
    spec = plan(
        f"Every day at 2 UTC copy the tables clients and visits from Postgres to {place}, then load them into Redshift."
    ).spec
    stored, loaded = (_rows(task) for task in spec.tasks)
    assert [row["s3_key"] for row in loaded] == [row["s3_key"] for row in stored]
    assert [row["table"] for row in loaded] == ["clients", "visits"]
