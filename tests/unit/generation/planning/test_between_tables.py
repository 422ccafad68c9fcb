"""Rows that go from one table into another of the same database are a statement there, not rows in an XCom."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Generation


def _last(text: str) -> tuple[Generation, str, object]:
    answer = generate(text)
    task = answer.spec.tasks[-1]
    sql = task.argument("sql") or task.argument("configuration")
    assert sql is not None
    return answer, task.operator.path.rpartition(":")[2], getattr(sql.value, "value", sql.value)


def test_a_merge_with_a_key_deletes_and_inserts_in_one_transaction() -> None:
    answer, operator, sql = _last("Upsert raw.visits into core.visits by visit_id and site in Snowflake.")
    assert operator == "SQLExecuteQueryOperator"
    assert sql == [
        "DELETE FROM core.visits WHERE EXISTS (SELECT 1 FROM raw.visits s WHERE s.visit_id = core.visits.visit_id AND s.site = core.visits.site)",
        "INSERT INTO core.visits SELECT * FROM raw.visits",
    ]
    assert any("visit_id, site" in item.text for item in answer.assumptions)
    assert not answer.unused


def test_bigquery_gets_its_transaction_in_one_script() -> None:
    _, operator, configuration = _last(
        "Load gs://drop/in/visits.csv into BigQuery table stage.visits, then merge stage.visits into core.visits on visit_id."
    )
    assert operator == "BigQueryInsertJobOperator"
    assert "BEGIN TRANSACTION; DELETE FROM core.visits AS t WHERE EXISTS" in str(configuration)
    assert "COMMIT TRANSACTION" in str(configuration)


def test_delta_tables_have_a_merge_of_their_own() -> None:
    _, operator, sql = _last("Merge bronze.visits into silver.visits on visit_id in Databricks.")
    assert operator == "DatabricksSqlOperator"
    assert str(sql).startswith("MERGE INTO silver.visits AS t USING bronze.visits AS s ON s.visit_id = t.visit_id")


@pytest.mark.parametrize(
    ("words", "statements"),
    [
        ("Append stage.visits to core.visits in Redshift.", "INSERT INTO core.visits SELECT * FROM stage.visits"),
        (
            "Overwrite core.visits with stage.visits in Postgres.",
            ["DELETE FROM core.visits", "INSERT INTO core.visits SELECT * FROM stage.visits"],
        ),
    ],
)
def test_rows_are_added_or_take_the_place_of_all(words: str, statements: object) -> None:
    assert _last(words)[2] == statements


def test_it_is_the_table_that_was_loaded_before() -> None:
    _, _, sql = _last(
        "Load s3://drop/a.csv into Postgres table stage.visits, then merge it into core.visits on visit_id."
    )
    assert "FROM stage.visits" in str(sql)


def test_a_merge_without_a_key_is_asked_for() -> None:
    answer = generate("Merge stage.visits into core.visits in Snowflake.")
    assert any(item.about == "key_columns" for item in answer.clarifications)
    assert "DELETE" not in answer.source


def test_between_two_databases_rows_still_travel() -> None:
    answer = generate("Copy the table sales.visits from MySQL into the Postgres table core.visits.")
    assert "INSERT INTO core.visits SELECT" not in answer.source
    assert {service for task in answer.spec.tasks for service in task.services} >= {"mysql", "postgres"}


def test_two_databases_of_one_kind_are_two_databases() -> None:
    answer = generate(
        "Copy the table sales.visits from Postgres (connection shop) into the Postgres table core.visits (connection dwh)."
    )
    assert "INSERT INTO core.visits SELECT" not in answer.source


def test_rows_that_shall_move_are_told_to_stay_in_the_first_table() -> None:
    answer = generate("Move stage.visits into core.visits in Postgres.")
    assert any("stay in 'stage.visits'" in item.text for item in answer.warnings)
