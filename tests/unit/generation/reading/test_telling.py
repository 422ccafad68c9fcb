"""Sentences that only tell become no steps; sentences of the same words that ask for work do."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.reading.telling import only_tells

WORK = "Copy `s3://lake/in.csv` into the Snowflake table raw.visits. "


@pytest.mark.parametrize(
    "sentence",
    [
        # where one can read more
        "See the wiki page about imports for the columns.",
        "For further details on the feed ask the vendor's portal.",
        "Refer to the run book before you call anybody.",
        "The source code is kept in the loaders repository.",
        "Documentation can be found in the handbook.",
        # headings of the document
        "Background: finance loads the numbers into a sheet.",
        "The goal of this is to send fewer mails.",
        "Note that the vendor deletes files after a week.",
        "Purpose: archive what the tills send.",
        # the work of others
        "Another team exports the prices from Oracle.",
        "Downstream dashboards read the table every morning.",
        "The old cron job copied the file with FTP.",
        "Our legacy system sends a mail for each row.",
        "The `price_feed` DAG loads the prices.",
        "The loaded rows are used by the planners to build a forecast.",
        # what may happen
        "Failures can be ignored at weekends.",
        "Errors in this job are usually gone after a retry.",
        # advice to whoever runs the DAG
        "You can run a single day with the date parameter.",
        "Once you have created the connection, delete the key file.",
        "To rerun a day, clear the task in this DAG and start it.",
        "Use the dry run flag to check what is deleted.",
        "This DAG requires an Airflow connection to the bucket.",
        "Make sure you have access to the warehouse.",
        # what is only thought of
        "We could archive the file to Azure Blob Storage.",
        "Maybe later we send a summary to Teams.",
        # the past
        "Last month we copied the file by hand.",
        "We used to load it into Redshift.",
        "The vendor changed the format and everything broke.",
    ],
)
def test_what_only_tells_is_no_step(read, sentence):
    assert read(WORK + sentence).said == read(WORK).said


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("Another DAG should load the prices: trigger `price_feed`.", "trigger"),
        ("Then use the Slack channel #visits to post the row count.", "notify"),
        ("Other tasks follow: archive the file to Azure Blob Storage.", "copy"),
        ("You must send a mail to ops@example.com.", "notify"),
        ("Check whether the Postgres table sales.visits has rows.", "check"),
        ("To finish, post the row count to the Slack channel #visits.", "notify"),
    ],
)
def test_sentences_of_like_words_that_ask_for_work_are_steps(read, sentence, action):
    reading = read(WORK + sentence)
    clause = reading.prepared.clauses[-1]
    assert not only_tells(reading.prepared.words, clause)
    assert action in [step.action for step in reading.flow.steps]


@pytest.mark.parametrize("sentence", ["Failed rows go to s3://lake/failed/.", "We need a mail to ops@example.com."])
def test_wishes_and_places_do_not_only_tell(read, sentence):
    reading = read(WORK + sentence)
    assert not only_tells(reading.prepared.words, reading.prepared.clauses[-1])


def test_the_past_with_a_place_and_without_a_time_still_says_where_things_are(read):
    reading = read("They dropped the file at s3://lake/new.csv. Load it into the Snowflake table raw.visits.")
    assert not only_tells(reading.prepared.words, reading.prepared.clauses[0])
