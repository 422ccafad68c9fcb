"""Words that no task carries out are listed, warned of, and noted on the task; what a task does carry is not."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


def _left(text: str) -> list[str]:
    result = generate(text)
    spans = [span.of(text) for span in result.unused]
    warned = " ".join(item.text for item in result.warnings if item.about == "not_done")
    return [words for words in spans if repr(" ".join(words.split())) in warned]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Every day at 5 run the notebook /etl/clean on Databricks with 4 workers of type i3.xlarge.",
            "4 workers of type i3.xlarge",
        ),
        ("Daily at 5 copy the files larger than 1 MB from SFTP /out to the S3 bucket landing.", "larger than 1 MB"),
        ("Every night start the AWS Lambda function resize with --full-refresh.", "--full-refresh"),
        (
            "Daily at 6 compare the row counts of the Oracle table ledger and the Snowflake table ledger; "
            "fail if they differ by more than 3 percent.",
            "fail if they differ by more than 3 percent",
        ),
    ],
)
def test_words_that_no_argument_carries_are_listed(text: str, words: str) -> None:
    assert words in _left(text)


def test_the_file_says_what_its_task_leaves_undone() -> None:
    source = generate("Daily at 5 copy the files larger than 1 MB from SFTP /out to the S3 bucket landing.").source
    assert "Not done here: 'larger than 1 MB'." in source


@pytest.mark.parametrize(
    "text",
    [
        "Every weekday at 7 copy the MySQL table shop.orders to s3://lake/orders/, at most 3 retries, 5 minutes apart.",
        "Daily at 6: 1. run `dbt build`. 2. post 'done' to #data on Slack.",
        "Every day at 4 delete the rows older than 90 days from the Postgres table events.",
        "Only when triggered by hand, run `make report`.",
        "Wait until https://jobs.example.net/status answers 200, then run `make report`, daily at 9.",
    ],
)
def test_what_is_carried_out_is_not_listed(text: str) -> None:
    assert _left(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Daily run sql/i.sql in Postgres with the run date as payload.",
            "with the run date as payload",
        ),
        (
            "Daily run sql/i.sql in Postgres and e-mail the report as an Excel attachment to a@acme.de.",
            "as an Excel attachment",
        ),
        (
            "Daily call GET https://pay.acme.com/v1/lines?date=<date> and store the rows in the Postgres table lines.",
            "https://pay.acme.com/v1/lines?date=",
        ),
    ],
)
def test_what_is_handed_on_and_holes_in_addresses_are_listed(text: str, words: str) -> None:
    assert any(words in found for found in _left(text))


def test_the_item_of_a_repetition_is_what_is_handed_on() -> None:
    text = (
        "Daily list the files in s3://a/b/ and for each one invoke the Lambda function parse-file "
        "with the file name as payload."
    )
    assert _left(text) == []
