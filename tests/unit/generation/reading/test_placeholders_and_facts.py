"""Placeholders that an item fills, and sentences that only say what there is."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


def test_a_placeholder_in_a_table_is_filled_for_each_item() -> None:
    text = "Daily at 4: for each of the shops north and south, export the Postgres table sums_{shop} to s3://out-x/{shop}/."
    answer = generate(text)
    assert "sums_north" in answer.source
    assert "sums_south" in answer.source
    assert answer.spec.tasks[0].mapping is not None
    assert "sums_'" not in answer.source


def test_a_placeholder_in_a_file_of_statements_is_filled_and_is_no_notebook() -> None:
    text = "Daily at 4, for each shop in north, south and west run the SQL file queries/{shop}.sql in Snowflake."
    (task,) = generate(text).spec.tasks
    assert task.mapping is not None
    assert task.mapping.argument == "sql"
    assert getattr(task.mapping.over, "value", None) == ["queries/north.sql", "queries/south.sql", "queries/west.sql"]


@pytest.mark.parametrize(
    "opening",
    [
        "We want a DAG that runs every evening at 21:00 (Europe/Madrid).",
        "Steps for the Athena-free billing job, every 4 hours:",
    ],
)
def test_a_sentence_about_the_dag_is_no_step(opening: str) -> None:
    spec = generate(f"{opening}\n1. run the Glue job bill_a\n2. run the Glue job bill_b").spec
    assert [task.services for task in spec.tasks] == [("aws_glue",), ("aws_glue",)]


def test_what_a_database_holds_is_no_step_but_says_where_the_table_lies() -> None:
    text = "Our Postgres billing database has the tables bills and dunnings. Daily at 4 copy the table bills to s3://out-x/b/."
    (task,) = generate(text).spec.tasks
    assert set(task.services) == {"postgres", "amazon_s3"}


def test_the_host_of_a_script_is_where_it_runs() -> None:
    (task,) = generate("Daily at 4 run the shell script /srv/rotate.sh on the host files02 over SSH.").spec.tasks
    host = task.argument("remote_host")
    assert host is not None
    assert getattr(host.value, "value", None) == "files02"
