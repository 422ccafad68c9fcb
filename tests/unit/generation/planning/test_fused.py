"""What only its transfer reads is read once: "pull … and land it in s3://…" is one task."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


@pytest.mark.parametrize(
    ("words", "operators"),
    [
        (
            "Download the list from the SFTP server (/out/list.csv), upload it to s3://lists/in/list.csv and load it into Redshift table stg.list.",
            ["SFTPToS3Operator", "S3ToRedshiftOperator"],
        ),
        (
            "Pull the charges from the Stripe API (connection stripe_api) and land them as JSON in s3://raw/stripe/.",
            ["HttpToS3Operator"],
        ),
    ],
)
def test_reading_and_storing_is_one_transfer(words: str, operators: list[str]) -> None:
    tasks = generate(words).spec.tasks
    assert [task.operator.path.rpartition(":")[2] for task in tasks] == operators


def test_the_transfer_keeps_what_the_words_say_of_the_source() -> None:
    task = generate(
        "Pull the charges from the Stripe API (connection pay_api) and land them in s3://raw/stripe/."
    ).spec.tasks[0]
    text = str(task.arguments)
    assert "pay_api" in text
    assert "raw" in text


def test_what_something_else_needs_as_well_is_read_on_its_own() -> None:
    words = "Fetch /v1/visits from the shop API (connection shop). Then store it in s3://raw/visits.json and mail it to ops@acme.example."
    first = generate(words).spec.tasks[0]
    assert first.services == ("http",)


def test_a_file_in_a_folder_gets_a_name() -> None:
    answer = generate("Every day at 5, pull the charges from the Stripe API and land them as JSON in s3://raw/stripe/.")
    assert "stripe/{{ ds }}.json" in answer.source


def test_what_was_stored_is_what_goes_into_the_warehouse() -> None:
    words = "Extract from Salesforce (SOQL `SELECT Id FROM Lead`), land as JSON in s3://crm/leads/, COPY into Redshift table crm.leads. Daily at 6."
    assert [task.operator.path.rpartition(":")[2] for task in generate(words).spec.tasks] == [
        "SalesforceToS3Operator",
        "S3ToRedshiftOperator",
    ]


def test_a_check_without_code_lets_through_what_it_looks_at() -> None:
    words = "Read the table shop.visits from MySQL, check that the rows look plausible, then load them into Postgres table dwh.visits."
    answer = generate(words)
    rows = answer.spec.tasks[-1].argument("rows")
    assert rows is not None
    assert "check" not in str(rows.value)
