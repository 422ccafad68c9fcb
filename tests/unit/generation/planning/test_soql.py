"""Objects of Salesforce that the words name are read; tasks of ECS go by their definition."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Daily export the Salesforce object Quote as parquet to s3://crm/quote/.", "FROM Quote"),
        ("Daily read the leads from Salesforce and load them into the Snowflake table stg.leads.", "FROM Lead"),
        (
            "Daily read the object Visit__c from Salesforce and load it into the Snowflake table stg.visits.",
            "FROM Visit__c",
        ),
    ],
)
def test_a_named_object_is_read_and_the_query_is_told(plan: Any, text: str, query: str) -> None:
    done = plan(text)
    assert f"SELECT FIELDS(STANDARD) {query}" in done.source
    assert any(query in item.text for item in done.assumptions)
    assert not [item for item in done.clarifications if item.about == "sql"]


def test_several_objects_or_none_are_still_asked_for(plan: Any) -> None:
    done = plan("Daily read the accounts and leads from Salesforce and load them into the Snowflake table stg.both.")
    assert [item for item in done.clarifications if item.about == "sql"]


def test_a_task_of_ecs_goes_by_its_definition(plan: Any, values: Any) -> None:
    done = plan("Daily run the ECS task definition shard-export in cluster prod.")
    assert values(done.spec.tasks[0])["task_definition"] == "shard-export"
    assert not [item for item in done.clarifications if item.about == "job"]
