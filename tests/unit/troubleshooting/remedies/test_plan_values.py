"""Run-time values in the plan file: what the DAG file said when the first value was set stays the guard."""

from __future__ import annotations

import json

from airflow_provider_wfintel.host.remedies.plan_values import PlanValues


def test_raising_twice_keeps_what_the_file_said(tmp_path):
    plan = PlanValues(tmp_path / "plan.json")
    plan.set("sales", "load", "execution_timeout_seconds", 90.0, 60.0)
    plan.set("sales", "load", "execution_timeout_seconds", 120.0, 90.0)
    assert plan.get("sales", "load") == {"execution_timeout_seconds": {"set": 120.0, "was": 60.0}}


def test_a_value_that_the_file_does_not_have_stays_without_a_guard(tmp_path):
    """The second time the deployed DAG shows the first plan's value: that is not what the file says."""
    plan = PlanValues(tmp_path / "plan.json")
    plan.set("sales", "load", "max_active_tis_per_dagrun", 2, None)
    plan.set("sales", "load", "max_active_tis_per_dagrun", 1, 2)
    assert plan.get("sales", "load") == {"max_active_tis_per_dagrun": {"set": 1}}


def test_dropping_the_last_value_leaves_nothing_of_the_dag(tmp_path):
    plan = PlanValues(tmp_path / "plan.json")
    plan.set("sales", "load", "queue", "roomy", None)
    assert plan.drop("sales", "load", "queue")
    assert not plan.drop("sales", "load", "queue")
    assert json.loads((tmp_path / "plan.json").read_text())["dags"] == {}
