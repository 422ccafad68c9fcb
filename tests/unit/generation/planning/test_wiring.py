"""Guards, mapping and edges between tasks."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_wfintel.engine.model import LiteralValue, OutputRef, WorkflowSpec


def _upstream(spec: WorkflowSpec, task_id: str) -> set[str]:
    found = set(spec.upstream_of(task_id))
    while more := {name for task in found for name in spec.upstream_of(task)} - found:
        found |= more
    return found


def _gates(spec: WorkflowSpec) -> list[str]:
    return [task.task_id for task in spec.tasks if task.action == "branch"]


def test_an_empty_result_stops_what_comes_after_it(plan: Any) -> None:
    spec = plan(
        "Every day at 6 query Snowflake `select id from a.b`. If there are no rows, skip the rest. Post to #x on Slack."
    ).spec
    (gate,) = _gates(spec)
    last = next(task.task_id for task in spec.tasks if "slack" in task.services)
    assert gate in _upstream(spec, last)
    assert spec.task_ids[0] in _upstream(spec, gate)


@pytest.mark.parametrize(
    ("words", "country"),
    [("German public holidays", "DE"), ("US holidays", "US"), ("French public holidays", "FR")],
)
def test_a_holiday_gate_knows_its_country(plan: Any, values: Any, words: str, country: str) -> None:
    spec = plan(f"Every day at 6 run `select 1` in Postgres. Skip it on {words}.").spec
    (gate,) = _gates(spec)
    assert values(spec.task(gate))["country"] == country
    assert gate in _upstream(spec, next(task.task_id for task in spec.tasks if task.task_id != gate))


def test_a_holiday_without_a_country_is_asked_about(plan: Any) -> None:
    answer = plan("Every day at 6 run `select 1` in Postgres. Skip it on public holidays.")
    assert any(item.about == "holidays" for item in answer.clarifications)


def test_a_condition_that_only_a_person_can_decide_is_asked_about(plan: Any) -> None:
    answer = plan("Every day at 6, if the auditors agree, run `select 1` in Postgres.")
    assert any(item.about == "condition" for item in answer.clarifications)
    assert len(_gates(answer.spec)) == 1


def test_stated_items_are_mapped_over(plan: Any) -> None:
    spec = plan("For each city in [Oslo, Bergen, Hamar] call the Lambda function weather, every day at 6.").spec
    (task,) = spec.tasks
    assert task.mapping is not None
    assert isinstance(task.mapping.over, LiteralValue)
    assert all(city in task.mapping.over.json for city in ("Oslo", "Bergen", "Hamar"))


def test_found_files_are_mapped_over(plan: Any) -> None:
    spec = plan(
        "Every day at 6, for each CSV file in the S3 bucket drop-zone load it into the Postgres table a.b."
    ).spec
    mapped = [task for task in spec.tasks if task.mapping is not None]
    assert mapped
    over = mapped[0].mapping.over
    assert isinstance(over, OutputRef)
    assert over.task_id in _upstream(spec, mapped[0].task_id)


def test_a_limit_of_copies_is_a_limit_of_the_mapped_task(plan: Any) -> None:
    spec = plan(
        "Every day at 6, for each city in [Oslo, Bergen, Hamar] call the Lambda function weather. At most 2 at a time."
    ).spec
    (task,) = spec.tasks
    assert 2 in (task.max_active, spec.limits.active_tasks, task.mapping.limit if task.mapping else None)


def test_the_output_of_a_task_is_only_used_after_it(plan: Any) -> None:
    spec = plan(
        "Every day at 6 fetch https://api.example.com/v1/rows, load the rows into the Postgres table a.b, "
        "read the Postgres table a.c, and write it to the MongoDB collection d.e."
    ).spec
    for task in spec.tasks:
        for item in task.arguments:
            if isinstance(item.value, OutputRef):
                assert item.value.task_id in _upstream(spec, task.task_id)


def test_published_assets_are_outlets_and_no_tasks(plan: Any) -> None:
    spec = plan("Every day at 6 run `select 1` in Postgres, then publish the asset s3://mart/orders.").spec
    assert len(spec.tasks) == 1
    assert spec.tasks[0].outlets == ("s3://mart/orders",)
