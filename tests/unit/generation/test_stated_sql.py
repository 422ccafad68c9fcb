"""Which rows, and what must hold for them: conditions in words become conditions in SQL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.planning.stated_sql import demanded_result, row_condition
from airflow_provider_wfintel.engine.generation.service import generate


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("only the rows with status failed", "status = 'failed'"),
        ("the orders whose status is shipped", "status = 'shipped'"),
        ("rows where region = 'eu'", "region = 'eu'"),
        ("rows where amount > 100", "amount > 100"),
        ("orders with an amount of more than 100", "amount > 100"),
        ("rows where price is at least 9.5", "price >= 9.5"),
        ("rows where deleted_at is not null", "deleted_at IS NOT NULL"),
        ("rows where email is empty", "email IS NULL"),
        ("rows where active is true", "active = true"),
        ("all rows of the table", ""),
        ("rows with more than 3 days of age", ""),
        ("copy it with the connection dwh", ""),
    ],
)
def test_a_condition_in_words(words: str, condition: str) -> None:
    assert row_condition(words) == condition


@given(st.text(max_size=60))
def test_no_text_breaks_out_of_its_value(words: str) -> None:
    condition = row_condition(f"rows where status is {words}")
    assert condition.count("'") in (0, 2)
    assert ";" not in condition
    assert "--" not in condition


def _sql(text: str) -> list[str]:
    tasks = generate(text).spec.tasks
    values = [task.argument(name) for task in tasks for name in ("sql", "query")]
    return [item.value.value for item in values if item is not None]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        (
            "Every day at 6 copy only the rows with status failed from the Postgres table payments to s3://fin/raw/.",
            "SELECT * FROM payments WHERE status = 'failed'",
        ),
        (
            "Daily at 4 load the rows where amount > 100 from the Postgres table sales.orders into the Snowflake "
            "table big_orders.",
            "SELECT * FROM sales.orders WHERE amount > 100",
        ),
        (
            "Daily at 5 check that the Snowflake table orders has at least 1000 rows and no NULL in customer_id.",
            "SELECT COUNT(*) >= 1000, COUNT(*) = COUNT(customer_id) FROM orders",
        ),
        (
            "Daily at 5 check that the Redshift table dw.users has more than 1,500 rows and that email is unique.",
            "SELECT COUNT(*) > 1500, COUNT(email) = COUNT(DISTINCT email) FROM dw.users",
        ),
    ],
)
def test_the_statement_holds_what_the_words_demand(text: str, statement: str) -> None:
    assert statement in _sql(text)


@pytest.mark.parametrize(
    ("demand", "statement", "value"),
    [
        ("returns 0", "SELECT count(*) FROM a.b", "0"),
        ("gives exactly 1,200", "SELECT count(*) FROM a.b", "1200"),
        ("returns no rows", "SELECT count(*) FROM a.b", "0"),
        ("is greater than 100", "SELECT (SELECT count(*) FROM a.b) > 100", ""),
        ("is at least 99.5", "SELECT (SELECT count(*) FROM a.b) >= 99.5", ""),
        ("holds", "SELECT count(*) FROM a.b", ""),
    ],
)
def test_a_demanded_result_is_compared(demand: str, statement: str, value: str) -> None:
    words = f"check that `SELECT count(*) FROM a.b` {demand}"
    assert demanded_result(words, "SELECT count(*) FROM a.b") == (statement, value)


def test_no_rows_of_a_list_are_no_rows() -> None:
    words = "check that `SELECT id FROM a.b` returns no rows"
    assert demanded_result(words, "SELECT id FROM a.b") == ("SELECT NOT EXISTS (SELECT id FROM a.b)", "")


@pytest.mark.parametrize("service", ["Postgres", "Redshift", "Snowflake", "BigQuery", "Hive"])
def test_a_check_for_zero_does_not_fail_on_zero(service: str) -> None:
    answer = generate(f"Daily at 5, check that `SELECT count(*) FROM a.b WHERE c IS NULL` in {service} returns 0.")
    assert answer.spec.tasks[0].operator.path.endswith("ValueCheckOperator")
    assert "pass_value=0" in answer.source


def test_a_query_that_must_return_something_is_a_check() -> None:
    text = "Daily at 5, run `etl.sh`. `SELECT count(*) FROM a.b` on Redshift must return 0. Then post to #ops on Slack."
    assert [task.action for task in generate(text).spec.tasks] == ["trigger", "check", "notify"]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        (
            "Daily check that the Postgres table b.invoices has no rows with a null customer_id.",
            "SELECT COUNT(*) = COUNT(customer_id) FROM b.invoices",
        ),
        (
            "Daily check that session_id in the Postgres table r.sessions is unique and never null.",
            "SELECT COUNT(*) = COUNT(session_id), COUNT(session_id) = COUNT(DISTINCT session_id) FROM r.sessions",
        ),
        (
            "Daily run `a.sh`. If the Snowflake table M.P has fewer than 10000 rows, fail the run.",
            "SELECT COUNT(*) >= 10000 FROM M.P",
        ),
        (
            "Daily run `SELECT count(*) FROM o` in Postgres, and if it is 0, fail the run.",
            "SELECT (SELECT count(*) FROM o) > 0",
        ),
    ],
)
def test_a_demand_is_never_turned_around(text: str, statement: str) -> None:
    assert statement in _sql(text)


@pytest.mark.parametrize(
    "text",
    [
        "Daily delete the inactive customer from the MySQL table subscribers, all of this by 7am.",
        "Daily delete all inactive customers from the MySQL table subscribers.",
        "Daily purge everything old from the Postgres table events.",
    ],
)
def test_no_table_is_emptied_unless_the_words_say_all_rows(text: str) -> None:
    answer = generate(text)
    assert "DELETE FROM" not in answer.source
    assert any(item.about == "sql" for item in answer.clarifications)


def test_all_rows_are_all_rows() -> None:
    assert "DELETE FROM events" in generate("Daily delete all rows from the Postgres table events.").source


def test_a_statement_in_a_file_goes_to_an_operator_that_reads_files() -> None:
    text = "Daily get positions from Oracle (sql/positions.sql) and load them into the Postgres table pos."
    assert generate(text).spec.tasks[0].operator.path.endswith(":SQLExecuteQueryOperator")


def test_a_count_that_a_branch_asks_for_keeps_its_condition() -> None:
    text = (
        "Daily check that the Postgres table b.i has no rows with a null customer_id; if there are any, post 'bad' to "
        "#a on Slack, otherwise run `a.sh`."
    )
    assert "SELECT COUNT(*) FROM b.i WHERE customer_id IS NULL" in generate(text).source
