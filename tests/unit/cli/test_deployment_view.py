"""How the commands about a deployment write times and tables, and which numbers they take."""

from __future__ import annotations

import argparse

import pytest

from airflow_provider_wfintel.cli.deployment import add_days_argument, add_limit_argument, clock, span, table_text


@pytest.mark.parametrize("moment", ["2026-03-02T06:00:00+00:00", "2026-03-02T08:00:00+02:00", "2026-03-02T06:00:00"])
def test_times_are_utc_whatever_their_offset(moment):
    assert clock(moment, 90.4) == "2026-03-02 06:01:30"


def test_a_span_that_is_not_known_is_left_empty():
    assert (span(None), span(90.4)) == ("", "0:01:30")


def test_every_row_of_a_table_is_one_line_however_long():
    lines = table_text(("DAG", "what"), [("a", "x" * 5000), ("b", "two\nlines [red]\x1b[31m")]).splitlines()
    assert len(lines) == 3
    assert lines[1].endswith("x" * 5000)
    assert lines[2] == "b    two lines [red] [31m"


@pytest.mark.parametrize(
    "wrong",
    [("--days", "0"), ("--days", "401"), ("--days", "nan"), ("--limit", "0"), ("--limit", "1001"), ("--limit", "x")],
)
def test_numbers_that_mean_nothing_are_wrong_usage(wrong):
    parser = argparse.ArgumentParser()
    add_days_argument(parser)
    add_limit_argument(parser)
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(wrong)
    assert stopped.value.code == 2
