"""Short clauses that say how the steps before them work are heeded there; they are no steps."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.reading.looking import looks


def test_a_table_is_emptied_before_the_load_that_says_so_in_brackets(read):
    found = read("load a.csv into the Snowflake table PRICES (truncate before), then email ops@example.com")
    assert found.said == ["load snowflake", "delete snowflake", "notify"]
    assert found.values(1, "table") == ("PRICES",)
    assert (1, 0) in found.order


@pytest.mark.parametrize(
    "remark",
    ["(append)", "; run them simultaneously", ", backfill please", ". Please backfill the history", " and stop"],
)
def test_remarks_are_no_steps(read, remark):
    found = read(f"copy the MySQL table a to s3://lake/a/, copy the MySQL table b to s3://lake/b/{remark}")
    assert len(found.flow.steps) == 2


def test_copies_that_run_at_once_do_not_wait_for_each_other(read):
    found = read("copy the MySQL table a to s3://lake/a/, copy the MySQL table b to s3://lake/b/, run both in parallel")
    assert found.order == set()


def test_a_numbered_step_may_run_whatever_happened_before(read):
    found = read(
        "(1) run sql/a.sql in Postgres; (2) run sql/b.sql in Postgres; (3) run UPDATE f SET ready = true in Postgres. "
        "Step 3 should run even when 1 or 2 failed."
    )
    assert [step.trigger_rule for step in found.flow.steps] == ["all_success", "all_success", "all_done"]
    assert {(0, 1), (1, 2)} <= found.order


def test_how_often_a_wait_looks_is_no_schedule():
    text = "When /in/a.csv exists (check every 2 minutes, give up after 3 hours), load it. Weekdays 18:00."
    assert [span.of(text) for span in looks(text)] == ["check every 2 minutes"]
    assert looks("Check every 15 minutes whether the file exists.") == ()
