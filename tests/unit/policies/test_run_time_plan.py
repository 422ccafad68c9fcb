"""A plan file: what it may set, that it sets nothing over what the author has changed since, and that it says so."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from airflow_provider_wfintel.exceptions import UserInputError
from airflow_provider_wfintel.policies.run_time_plan import (
    DAG_FIELDS,
    TAG,
    TASK_FIELDS,
    apply_to_dag,
    apply_to_task,
    read_plan,
)


@pytest.fixture
def plan(tmp_path):
    def write(**dags):
        path = tmp_path / "plan.json"
        path.write_text(json.dumps({"version": 1, "dags": dags}))
        return read_plan(path)

    return write


def task(**values):
    base = {"dag_id": "d", "task_id": "load", "priority_weight": 1, "weight_rule": "downstream", "pool": "default_pool"}
    return SimpleNamespace(**{**base, "doc_md": None, **values})


def test_values_are_set_and_the_task_says_so(plan):
    load = task(doc_md="Loads.", execution_timeout=None)
    changes = {
        "priority_weight": {"set": 40, "was": 1},
        "pool": {"set": "warehouse"},
        "execution_timeout_seconds": {"set": 600, "was": None},
    }
    said = apply_to_task(load, plan(d={"plan": "Monday", "tasks": {"load": changes}}))
    assert (load.priority_weight, load.weight_rule, load.pool) == (40, "absolute", "warehouse")
    assert load.execution_timeout == timedelta(seconds=600)
    assert len(said) == 3
    assert load.doc_md.startswith("Loads.\n\nSet by the wfintel plan 'Monday': priority_weight 40 (the file says 1)")


def test_what_the_author_has_changed_since_is_left_alone(plan):
    load = task(priority_weight=7)
    assert apply_to_task(load, plan(d={"tasks": {"load": {"priority_weight": {"set": 40, "was": 1}}}})) == ()
    assert (load.priority_weight, load.weight_rule, load.doc_md) == (7, "downstream", None)


def test_durations_are_compared_as_durations(plan):
    load = task(retry_delay=timedelta(minutes=5))
    apply_to_task(load, plan(d={"tasks": {"load": {"retry_delay_seconds": {"set": 30, "was": 300}}}}))
    assert load.retry_delay == timedelta(seconds=30)


def test_a_mapped_task_hands_the_values_on(plan):
    mapped = task(partial_kwargs={})
    apply_to_task(mapped, plan(d={"tasks": {"load": {"priority_weight": {"set": 9}}}}))
    assert mapped.partial_kwargs["priority_weight"] == 9
    assert mapped.partial_kwargs["weight_rule"] == "absolute"
    assert mapped.priority_weight == 1


@pytest.mark.parametrize("tags", [{"etl"}, ["etl"]])
def test_a_dag_gets_its_values_and_a_tag(plan, tags):
    dag = SimpleNamespace(dag_id="d", max_active_tasks=16, tags=tags)
    said = apply_to_dag(dag, plan(d={"max_active_tasks": {"set": 32, "was": 16}}))
    assert dag.max_active_tasks == 32
    assert said == ("max_active_tasks 32 (the file says 16)",)
    assert sorted(dag.tags) == ["etl", TAG]


def test_other_dags_and_tasks_are_not_touched(plan):
    known = plan(d={"tasks": {"load": {"pool": {"set": "p"}}}})
    for other in (task(task_id="other"), task(dag_id="other")):
        assert apply_to_task(other, known) == ()
        assert other.pool == "default_pool"
    dag = SimpleNamespace(dag_id="other", tags=set())
    assert apply_to_dag(dag, known) == ()
    assert dag.tags == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "no plan of version 1"),
        ('{"version": 2, "dags": {}}', "no plan of version 1"),
        ('{"version": 1, "dags": {"d": []}}', "'d' is no object"),
        ('{"version": 1, "dags": {"d": {"tasks": {"t": 1}}}}', "task 't' is no object"),
        ('{"version": 1, "dags": {"d": {"schedule": {"set": "@daily"}}}}', "'schedule'"),
        ('{"version": 1, "dags": {"d": {"tasks": {"t": {"python_callable": {"set": 1}}}}}}', "'python_callable'"),
        ('{"version": 1, "dags": {"d": {"tasks": {"t": {"pool": "p"}}}}}', "'pool'"),
        ('{"version": 1, "dags": {"d": {"tasks": {"t": {"priority_weight": {"set": 2147483648}}}}}}', "2147483648"),
        ('{"version": 1, "dags": {"d": {"tasks": {"t": {"retries": {"set": true}}}}}}', "'retries'"),
        ('{"version": 1, "dags": {"d": {"tasks": {"t": {"pool": {"set": ""}}}}}}', "'pool'"),
        ('{"version": 1, "dags": {"d": {"tasks": {"t": {"retry_delay_seconds": {"set": 0}}}}}}', "retry_delay"),
    ],
)
def test_what_is_no_plan_is_refused_by_name(tmp_path, text, said):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(UserInputError, match=said):
        read_plan(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserInputError, match="cannot be read"):
        read_plan(tmp_path / "none.json")


def test_no_value_can_change_what_a_task_does():
    names = {item.attribute for item in (*TASK_FIELDS, *DAG_FIELDS)}
    assert not names & {"python_callable", "bash_command", "sql", "trigger_rule", "schedule", "owner", "executor"}


class Resources:
    def __init__(self, requests, limits):
        self.requests, self.limits = requests, limits


def test_the_memory_of_a_container_is_raised_and_all_else_stays(tmp_path):
    path = tmp_path / "plan.json"
    change = {"memory_mb": {"set": 1536, "was": 1024}}
    path.write_text(json.dumps({"version": 1, "dags": {"sales": {"tasks": {"load": change}}}}))
    before = Resources({"cpu": "1", "memory": "1Gi"}, {"memory": "1Gi"})
    task = SimpleNamespace(dag_id="sales", task_id="load", doc_md=None, container_resources=before)
    apply_to_task(task, read_plan(path))
    assert task.container_resources.limits == {"memory": "1536Mi"}
    assert task.container_resources.requests == {"cpu": "1", "memory": "1536Mi"}
    assert before.limits == {"memory": "1Gi"}, "an object that several tasks may share is left as it is"
    other = SimpleNamespace(dag_id="sales", task_id="load", doc_md=None, container_resources=None)
    assert apply_to_task(other, read_plan(path)) == ()
