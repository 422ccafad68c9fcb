"""A step for each of some stated items is one mapped task over the arguments in which they differ."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "argument", "over"),
    [
        (
            "For each region in [north, south] call https://api.example.com/regions/{region}, then run `done.sh`.",
            "endpoint",
            ["/regions/north", "/regions/south"],
        ),
        (
            "For each topic in [visits_a, visits_b] read the messages from Kafka, then run `done.sh`.",
            "topic",
            ["visits_a", "visits_b"],
        ),
        (
            "For each key in [in/a.csv, in/b.csv] wait for the key in the S3 bucket drops, then run `done.sh`.",
            "bucket_key",
            ["in/a.csv", "in/b.csv"],
        ),
        (
            "For each of [north, south] run `./load.sh`, then run `done.sh`.",
            "bash_command",
            ["./load.sh north", "./load.sh south"],
        ),
    ],
)
def test_one_argument_is_expanded_and_the_next_step_waits_for_all(
    plan: Any, text: str, argument: str, over: list[str]
) -> None:
    answer = plan(text)
    first, last = answer.spec.tasks
    assert (first.mapping.argument, first.mapping.over.value) == (argument, over)
    assert answer.spec.upstream_of(last.task_id) == (first.task_id,)
    assert last.mapping is None


def test_several_arguments_that_differ_are_expanded_together(plan: Any) -> None:
    answer = plan("Every day at 4, for each table in [visits_a, visits_b] copy it from Postgres to s3://lake/dump/.")
    (task,) = answer.spec.tasks
    assert task.mapping.argument == ""
    assert [row["query"] for row in task.mapping.over.value] == ["SELECT * FROM visits_a", "SELECT * FROM visits_b"]
    assert ".expand_kwargs(" in answer.source
    assert '"s3_key": "dump/visits_b/{{ ds }}.csv"' in answer.source


def test_calling_an_address_reads_it(plan: Any, values: Any) -> None:
    assert values(plan("Call https://api.example.com/refresh every hour.").spec.tasks[0])["method"] == "GET"


def test_sending_to_an_address_posts(plan: Any) -> None:
    source = plan("Every hour post the state to https://api.example.com/state.").source
    assert 'method="POST"' in source
