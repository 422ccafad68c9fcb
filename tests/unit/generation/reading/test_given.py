"""What others bring, and DAGs that are only described: neither is work."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "told",
    [
        "We get a file from our supplier on SFTP every morning.",
        "Every day our supplier uploads rates.csv to the SFTP server.",
        "The bank drops its statements on the SFTP server every night.",
        "We receive rates as CSV files on the SFTP server.",
        "A file arrives on the SFTP server every night.",
    ],
)
def test_what_others_bring_is_no_step(read: Any, told: str) -> None:
    reading = read(f"{told} Copy /in/rates.csv from SFTP to s3://lake/rates.csv.")
    assert reading.said == ["copy sftp > amazon_s3"]


@pytest.mark.parametrize(
    "told",
    [
        "Our supplier drops rates.csv into s3://drop/rates.csv every night.",
        "Every night a file lands in s3://drop/rates.csv.",
    ],
)
def test_it_is_what_was_told_of(read: Any, told: str) -> None:
    reading = read(f"{told} Load it into Redshift table fin.rates.")
    assert reading.said == ["load amazon_s3 > amazon_redshift"]
    assert reading.values(0, "uri") == ("s3://drop/rates.csv",)


@pytest.mark.parametrize(
    "asked",
    [
        "We need to get the file /in/rates.csv from SFTP.",
        "We fetch the file /in/rates.csv from SFTP every day.",
        "The vendor file /in/rates.csv must be copied from SFTP to s3://lake/rates.csv.",
        "The job sends rates.csv from s3://lake/rates.csv to SFTP.",
    ],
)
def test_what_is_asked_for_stays_a_step(read: Any, asked: str) -> None:
    assert len(read(asked).flow.steps) == 1


@pytest.mark.parametrize("opening", ["I need a month-end DAG that runs daily", "Build a nightly-load DAG"])
def test_the_dag_that_is_described_starts_no_other(read: Any, opening: str) -> None:
    reading = read(f"{opening} at 18:00 and checks the table a.b in Postgres: run `call a.c()` in Snowflake.")
    assert all(not step.values("dag_id") for step in reading.flow.steps)


def test_a_dag_with_an_article_that_points_is_another_one(read: Any) -> None:
    assert read("Run `dbt build`, then trigger the churn-score DAG.").values(1, "dag_id") == ("churn-score",)
