"""SQL and shell commands: taken from the words, put together only where the words leave no choice."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier


@pytest.mark.parametrize("name", ["orders", "raw.orders", "db.raw.orders", "_tmp", "a$b"])
def test_plain_names_are_identifiers(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize("name", ["", "1a", "a b", "a;b", "a--", "a\n", "a.b.c.d", "a'", 'a"b', "a)(", "a\nb", "ä ö"])
def test_anything_else_is_no_identifier(name: str) -> None:
    assert not is_identifier(name)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("Run `select a, 'x''y' from b` in Postgres.", "select a, 'x''y' from b"),
        ("Run `CALL fin.close_month(2)` in Postgres.", "CALL fin.close_month(2)"),
        ("Run the stored procedure fin.close_month in Postgres.", "CALL fin.close_month()"),
        ("Truncate the Postgres table stage.a.", "TRUNCATE TABLE stage.a"),
        ("Vacuum the Postgres table stage.a.", "VACUUM stage.a"),
        ("Delete all rows of the Postgres table stage.a.", "DELETE FROM stage.a"),
        ("Refresh the materialized view stage.mv in Postgres.", "REFRESH MATERIALIZED VIEW stage.mv"),
    ],
)
def test_sql_is_what_the_words_say(plan: Any, values: Any, text: str, sql: str) -> None:
    assert [values(task).get("sql") for task in plan(text).spec.tasks] == [sql]


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("Run the Postgres query SELECT COUNT(*) FROM ops.loads.", "SELECT COUNT(*) FROM ops.loads"),
        ("Run the Trino query INSERT INTO a.b SELECT * FROM c.d, daily at 5:30.", "INSERT INTO a.b SELECT * FROM c.d"),
        ("Run the SQL SELECT x, y FROM a WHERE z = 'p and q' in MySQL.", "SELECT x, y FROM a WHERE z = 'p and q'"),
        ("Run the SQL CALL refresh_area('north') in Redshift at 6:00.", "CALL refresh_area('north')"),
    ],
)
def test_a_statement_in_capitals_needs_no_quotes(plan: Any, values: Any, text: str, sql: str) -> None:
    assert [values(task).get("sql") for task in plan(text).spec.tasks] == [sql]


def test_the_first_word_of_a_statement_is_no_statement(plan: Any, values: Any) -> None:
    answer = plan("Every day at 6 run the Postgres query select count(*) from events.")
    assert "sql" in {item.about for item in answer.clarifications}
    assert all(values(task).get("sql") != "select" for task in answer.spec.tasks)


@pytest.mark.parametrize(("job", "argument"), [(4711, "job_id"), ("churn_features", "job_name")])
def test_a_databricks_job_goes_by_number_or_by_name_but_not_both(
    plan: Any, values: Any, job: int | str, argument: str
) -> None:
    (task,) = plan(f"Every day at 6 run the Databricks job {job}.").spec.tasks
    assert {name: value for name, value in values(task).items() if name.startswith("job_")} == {argument: job}


def test_an_assumed_column_is_told(plan: Any, values: Any) -> None:
    answer = plan("Every day at 6 delete rows older than 60 days from the Postgres table app.audit.")
    (task,) = answer.spec.tasks
    assert values(task)["sql"].startswith("DELETE FROM app.audit WHERE")
    assert any("created_at" in item.text for item in answer.assumptions)


def test_sql_that_only_a_person_can_write_is_asked_for(plan: Any) -> None:
    answer = plan("Every day at 6 aggregate the sales in Snowflake.")
    assert any(item.about in ("sql", "code") for item in answer.clarifications)


@pytest.mark.parametrize("verb", ["Drop", "Truncate", "Delete all rows of", "Vacuum"])
def test_a_hostile_table_name_is_never_put_into_a_statement(plan: Any, values: Any, verb: str) -> None:
    answer = plan(f"Every day at 6: {verb} the Postgres table `users; DROP TABLE accounts; --`.")
    assert all("accounts" not in str(values(task).get("sql", "")) for task in answer.spec.tasks)


def test_a_command_is_kept_as_it_is(plan: Any, values: Any) -> None:
    command = "make report TITLE='Net sales' | tee /tmp/out.log"
    (task,) = plan(f"Every day at 6 run the bash command `{command}`.").spec.tasks
    assert values(task)["bash_command"] == command


def test_a_command_that_is_meant_literally_is_not_expanded(plan: Any, values: Any) -> None:
    (task,) = plan(
        'Every day at 6 run the bash command `echo "$(whoami)"`; print the text literally, it must not be expanded.'
    ).spec.tasks[:1]
    assert "$(whoami)" in shlex.split(values(task)["bash_command"])
    assert "'" in values(task)["bash_command"]
