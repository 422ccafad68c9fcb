"""Work that only some days ask for, and work that is done whatever happened: what waits for what."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import TaskSpec, WorkflowSpec


def _named(spec: WorkflowSpec, job: str) -> TaskSpec:
    return next(task for task in spec.tasks if any(getattr(item.value, "value", "") == job for item in task.arguments))


def _above(spec: WorkflowSpec, task_id: str) -> set[str]:
    found: set[str] = set()
    for name in spec.upstream_of(task_id):
        found |= {name} | _above(spec, name)
    return found


@pytest.mark.parametrize(
    "middle",
    [
        "if it is the first day of the month also run the Glue job close_a",
        "if it is a Friday, run the Glue job close_a",
        "if it is a Friday, run the Glue job close_b and then the Glue job close_a",
    ],
)
def test_an_item_for_some_days_holds_nothing_up(middle: str) -> None:
    spec = generate(f"Daily at 7:\n- run the Glue job take_in\n- {middle}\n- run the Glue job hand_out").spec
    special, last, first = (_named(spec, job) for job in ("close_a", "hand_out", "take_in"))
    assert _above(spec, last.task_id) == {first.task_id}
    assert "check_day" in _above(spec, special.task_id)
    assert special.trigger_rule == "all_success"


def test_also_holds_nothing_up_in_running_text() -> None:
    text = (
        "Daily at 7 run the Glue job take_in. If it is Sunday, also run the Glue job close_a and mail w@example.org. "
    )
    spec = generate(f"{text} Then run the Glue job hand_out.").spec
    assert _above(spec, _named(spec, "hand_out").task_id) == {_named(spec, "take_in").task_id}
    mail = next(task for task in spec.tasks if task.action == "notify")
    assert _named(spec, "close_a").task_id in _above(spec, mail.task_id)


def test_what_speaks_of_the_special_work_waits_for_it() -> None:
    text = "Daily at 7:\n- run the Glue job take_in\n- if it is a Friday, run the Glue job close_a\n"
    spec = generate(f"{text}- copy its result from s3://out-a/x/ to gs://out-b/").spec
    copied = next(task for task in spec.tasks if task.action == "copy")
    assert "check_day" in _above(spec, copied.task_id)


def test_a_condition_on_data_still_stops_what_follows() -> None:
    text = "Daily at 7:\n- run `select 1` in Snowflake\n- if there are no rows, stop\n- run the Glue job hand_out"
    spec = generate(text).spec
    assert len(_above(spec, _named(spec, "hand_out").task_id)) == 2


def test_a_short_circuit_leaves_what_is_always_done_alone() -> None:
    head = "Daily at 7:\n1. run `select 1` in Snowflake\n2. if there are no rows, stop\n3. run the Glue job hand_out\n"
    assert "ignore_downstream_trigger_rules=False" in generate(f"{head}4. delete s3://scratch/x/ in any case").source
    assert "ignore_downstream_trigger_rules" not in generate(f"{head}4. delete s3://scratch/x/").source


def test_no_matter_what_speaks_of_its_own_item() -> None:
    text = "Daily at 7:\n- run the Glue job take_in\n- drop s3://scratch/a/\n- drop s3://scratch/b/ no matter what"
    rules = [task.trigger_rule for task in generate(text).spec.tasks]
    assert rules == ["all_success", "all_success", "all_done"]


@pytest.mark.parametrize(
    ("ending", "rule"),
    [
        ("If it fails, still run the Glue job summary.", "all_done"),
        ("If that fails, run the Glue job summary anyway.", "all_done"),
        ("If it fails, run the Glue job summary.", "one_failed"),
    ],
)
def test_a_job_is_run_whatever_it_is_called(ending: str, rule: str) -> None:
    spec = generate(f"Daily at 7 run the Glue job take_in. {ending}").spec
    assert _named(spec, "summary").trigger_rule == rule
    assert not spec.alerts


def test_starting_an_incident_tells_somebody() -> None:
    spec = generate("Daily at 7 run the Glue job take_in. If it fails, start an incident in PagerDuty.").spec
    assert [(alert.on, alert.service) for alert in spec.alerts] == [("failure", "pagerduty")]
