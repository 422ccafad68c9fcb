"""Declared parameters reach the places that the words give them."""

from __future__ import annotations

from typing import Any

import pytest


def test_rows_are_selected_by_the_parameter_in_every_table(plan: Any) -> None:
    source = plan(
        "Manual DAG with a parameter user_id (integer, required): delete from the Postgres tables visits and logins all "
        "rows with that user_id."
    ).source
    assert 'params={"user_id": Param(type="integer")}' in source
    for table in ("visits", "logins"):
        assert f'"DELETE FROM {table} WHERE user_id = {{{{ params.user_id }}}}"' in source


def test_text_is_quoted_in_sql_and_a_day_without_a_value_is_the_day_of_the_run(plan: Any) -> None:
    source = plan(
        "Take a from_day parameter, default today, and a region parameter (one of eu, us; default eu). Every day at 4 "
        "extract the table sales from Postgres since from_day for that region and load it into the Snowflake table raw.sales."
    ).source
    assert "created_at >= '{{ params.from_day or ds }}' AND region = '{{ params.region }}'" in source
    assert '"from_day": Param(None, type=["null", "string"], format="date")' in source
    assert '"region": Param("eu", type="string", enum=["eu", "us"])' in source


def test_a_run_without_a_logical_date_takes_the_day_it_was_asked_for(plan: Any) -> None:
    source = plan(
        "Started by hand with a parameter day (date, default yesterday): run the Postgres query `select f(:day)`."
    ).source
    assert "select f('{{ params.day or macros.ds_add((dag_run.run_after | ds), -1) }}')" in source


@pytest.mark.parametrize("hole", ["{shop}", "${shop}", "<shop>", "{{ params.shop }}", "{{ shop }}"])
def test_a_hole_of_its_name_is_filled(plan: Any, hole: str) -> None:
    source = plan(
        f"With a DAG parameter shop (string, default main): load s3://in/{hole}/a.csv into the Redshift table a every day."
    ).source
    assert 's3_key="{{ params.shop }}/a.csv"' in source


def test_what_the_run_enters_reaches_a_shell_only_as_a_variable(plan: Any, values: Any) -> None:
    done = plan("By hand, with parameters day (date, default today) and full (boolean, default false): run `load.sh` passing day and full.")  # fmt: skip
    (task,) = done.spec.tasks
    assert values(task)["bash_command"] == 'load.sh --day "$DAY" --full "$FULL"'
    assert values(task)["append_env"] is True
    assert '"FULL": "{{ params.full }}"' in done.source


def test_a_parameter_that_nothing_uses_is_told(plan: Any) -> None:
    done = plan("Manual DAG with a parameter colour (string): run the Postgres query `select 1`.")
    assert any("'colour'" in item.text for item in done.warnings)


def test_that_table_is_the_one_that_the_parameter_names(plan: Any) -> None:
    done = plan(
        "On demand with a param table_name (string): copy that table from Oracle to Snowflake and post to #moves."
    )
    assert 'sql="SELECT * FROM {{ params.table_name }}"' in done.source
    assert 'destination_table="{{ params.table_name }}"' in done.source
    assert not [item for item in done.warnings if item.about == "param"]
