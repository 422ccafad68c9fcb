"""The cluster policy in a real parse: values reach the serialized DAG, and go when the plan goes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration

DAG_FILE = """
import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("sales", start_date=pendulum.datetime(2026, 1, 1, tz="UTC"), schedule=None, tags=["etl"]) as dag:
    load = BashOperator(task_id="load", bash_command="echo load")
    after = BashOperator(task_id="after", bash_command="echo after")

    @task
    def each(number):
        return number

    load >> after >> each.expand(number=[1, 2])
"""
PLAN = {
    "plan": "Monday",
    "max_active_tasks": {"set": 32, "was": 16},
    "tasks": {
        "load": {"priority_weight": {"set": 40, "was": 1}, "execution_timeout_seconds": {"set": 600}},
        "each": {"pool": {"set": "small"}, "retries": {"set": 2}, "priority_weight": {"set": 5}},
    },
}


@pytest.fixture
def policy() -> Iterator[Any]:
    """The policy as Airflow would find it."""
    from airflow import settings

    from airflow_provider_wfintel.policies import cluster_policy

    manager = settings.get_policy_plugin_manager()
    fresh = not manager.is_registered(cluster_policy)
    if fresh:
        manager.register(cluster_policy)
    yield cluster_policy
    if fresh:
        manager.unregister(cluster_policy)


@pytest.fixture
def plan_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configured plan; nobody has written it yet."""
    path = tmp_path / "plan.json"
    monkeypatch.setenv("AIRFLOW__WFINTEL__PLAN_FILE", str(path))
    return path


def parsed(folder: Path) -> Any:
    """The DAG as the scheduler gets it."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization

    dags = folder / "dags"
    dags.mkdir(exist_ok=True)
    (dags / "sales.py").write_text(DAG_FILE)
    bag = DagBag(dags)
    assert not bag.import_errors
    return DagSerialization.from_dict(DagSerialization.to_dict(bag.dags["sales"]))


def test_values_of_the_plan_reach_the_scheduler(airflow_db: None, policy: Any, plan_file: Path, tmp_path: Path) -> None:
    plan_file.write_text(json.dumps({"version": 1, "dags": {"sales": PLAN}}))
    dag = parsed(tmp_path)
    load, after, each = (dag.get_task(name) for name in ("load", "after", "each"))
    assert dag.max_active_tasks == 32
    assert set(dag.tags) == {"etl", "wfintel-plan"}
    assert load.priority_weight == 40
    assert type(load.weight_rule).__name__ == "_AbsolutePriorityWeightStrategy"
    assert load.execution_timeout.total_seconds() == 600
    assert "Monday" in load.doc_md
    assert (each.pool, each.retries, each.priority_weight) == ("small", 2, 5)
    assert after.priority_weight == 1
    assert after.doc_md is None


def test_it_is_withdrawn_by_taking_the_plan_away(
    airflow_db: None, policy: Any, plan_file: Path, tmp_path: Path
) -> None:
    plan_file.write_text(json.dumps({"version": 1, "dags": {"sales": PLAN}}))
    assert parsed(tmp_path).get_task("load").priority_weight == 40
    plan_file.unlink()
    dag = parsed(tmp_path)
    assert dag.get_task("load").priority_weight == 1
    assert set(dag.tags) == {"etl"}


def test_a_plan_that_is_changed_is_read_anew(airflow_db: None, policy: Any, plan_file: Path, tmp_path: Path) -> None:
    for weight in (40, 41):
        tasks = {"load": {"priority_weight": {"set": weight}}}
        plan_file.write_text(json.dumps({"version": 1, "dags": {"sales": {"tasks": tasks}}}))
        os.utime(plan_file, ns=(weight * 10**9, weight * 10**9))
        assert parsed(tmp_path).get_task("load").priority_weight == weight


def test_a_broken_plan_takes_no_dag_away(airflow_db: None, policy: Any, plan_file: Path, tmp_path: Path) -> None:
    plan_file.write_text('{"version": 1, "dags": {"sales": {"tasks": {"load": {"pool": {"set": 7}}}}}}')
    assert parsed(tmp_path).get_task("load").pool == "default_pool"


def test_without_the_setting_nothing_is_read(policy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW__WFINTEL__PLAN_FILE", raising=False)
    assert policy.current_plan().dags == {}


def test_the_distribution_offers_the_policy() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert 'wfintel = "airflow_provider_wfintel.policies.cluster_policy"' in text
    points = [item for item in distribution("airflow-provider-wfintel").entry_points if item.group == "airflow.policy"]
    assert not points or points[0].load().__name__ == "airflow_provider_wfintel.policies.cluster_policy"


RETRYING = """
import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, ExceptionRetryPolicy, RetryAction, RetryRule, task

own = ExceptionRetryPolicy(rules=[RetryRule(exception="builtins.KeyError", action=RetryAction.FAIL)])
with DAG("sales", start_date=pendulum.datetime(2026, 1, 1, tz="UTC"), schedule=None) as dag:
    BashOperator(task_id="retried", bash_command="true", retries=2)
    BashOperator(task_id="single", bash_command="true", retries=0)
    BashOperator(task_id="own", bash_command="true", retries=2, retry_policy=own)

    @task(retries=1)
    def each(number):
        return number

    each.expand(number=[1, 2])
"""


@pytest.mark.parametrize(("patterns", "wanted"), [("sal*,other", True), ("other", False), ("", False)])
def test_the_retry_policy_is_attached_where_it_is_wanted(
    airflow_db: None, policy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patterns: str, wanted: bool
) -> None:
    from airflow.dag_processing.dagbag import DagBag

    monkeypatch.setenv("AIRFLOW__WFINTEL__RETRY_POLICY_DAGS", patterns)
    (tmp_path / "sales.py").write_text(RETRYING)
    bag = DagBag(tmp_path)
    assert not bag.import_errors
    tasks = bag.dags["sales"].task_dict
    names = {key: type(getattr(item, "retry_policy", None)).__name__ for key, item in tasks.items()}
    names["each"] = type(tasks["each"].partial_kwargs.get("retry_policy")).__name__
    given = "DiagnosisRetryPolicy" if wanted else "NoneType"
    assert names == {"retried": given, "single": "NoneType", "own": "ExceptionRetryPolicy", "each": given}


SENSOR = """
import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.sdk import DAG

with DAG("sales", start_date=pendulum.datetime(2026, 1, 1, tz="UTC"), schedule=None) as dag:
    BashSensor(task_id="wait", bash_command="true", timeout=60)
    BashOperator(task_id="load", bash_command="true")
"""


def test_a_sensor_waits_longer_and_a_task_changes_its_queue(
    airflow_db: None, policy: Any, plan_file: Path, tmp_path: Path
) -> None:
    from airflow.dag_processing.dagbag import DagBag

    longer = {"sensor_timeout_seconds": {"set": 90, "was": 60}}
    tasks = {"wait": longer, "load": {**longer, "queue": {"set": "large", "was": "default"}}}
    plan_file.write_text(json.dumps({"version": 1, "dags": {"sales": {"tasks": tasks}}}))
    (tmp_path / "sales.py").write_text(SENSOR)
    found = DagBag(tmp_path).dags["sales"].task_dict
    assert found["wait"].timeout == 90
    assert found["load"].queue == "large"
    assert not hasattr(found["load"], "timeout")
