"""Numbers of lines, loose conjunctions and nouns that look like verbs cut no clause wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Reader = Callable[[str], Any]


def test_numbers_of_requirements_are_bullets(read: Reader) -> None:
    found = read(
        "R1 It shall read the Postgres table hr.leavers.\n"
        "R2 For each leaver, the account shall be disabled through the Okta API.\n"
        "R3 After this a summary shall be posted to the Slack channel #it."
    )
    assert found.said == ["extract postgres", "trigger okta", "notify slack"]


def test_letters_before_a_dot_are_bullets(read: Reader) -> None:
    found = read("a. start the EC2 instance i-0ab\nb. run `sim.sh` over SSH\nc. stop the instance\nDaily 5:00")
    assert found.said == ["trigger amazon_ec2", "trigger ssh", "trigger amazon_ec2"]


def test_a_condition_ends_where_its_consequence_begins_without_a_comma(read: Reader) -> None:
    found = read(
        "Daily at 3 run the Jenkins job nightly, wait for it, and only if it's green trigger the DAG release_it"
    )
    assert found.said == ["trigger jenkins", "trigger"]


def test_what_fails_is_a_noun(read: Reader) -> None:
    found = read(
        "Daily at 3 run the smoke test `pytest tests/x` and load s3://a/b.csv into Postgres a.b. If the smoke test fails delete s3://a/b.csv."
    )
    assert [step.action for step in found.flow.steps] == ["trigger", "load", "delete"]


def test_the_next_thing_needs_no_verb(read: Reader) -> None:
    found = read(
        "Tuesday 06:30 run the Airbyte connection 7f3c-11, next the Fivetran connector lunar_orbit, then the Census sync 7."
    )
    assert found.said[:2] == ["trigger airbyte", "trigger fivetran"]
    assert found.order >= {(0, 1)}


def test_a_call_in_brackets_is_no_work_of_its_own(read: Reader) -> None:
    found = read("Daily 5am. Part one collects the versions from the device API (conn device_api, GET /fleet).")
    assert found.said == ["extract http"]
