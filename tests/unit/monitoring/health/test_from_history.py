"""Runs and tries become outcomes."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.health import RunOutcome, outcomes, track_history
from airflow_provider_wfintel.exceptions import UserInputError


def ended(run_id, day, state="success", minutes=10, dag="shop"):
    return WorkflowRun(
        dag, run_id, state, run_after=f"2026-03-{day:02d}T06:00:00Z", ended_at=f"2026-03-{day:02d}T06:{minutes:02d}:00Z"
    )


def tried(run_id, number):
    return TaskTry(f"{run_id}.{number}", "shop", run_id, "load", try_number=number)


def test_runs_become_outcomes_in_the_order_in_which_they_were_due():
    history = RunHistory(
        (ended("b", 3, "failed", 30), ended("a", 2)), (tried("b", 1), tried("b", 2), tried("b", 3), tried("a", 1))
    )
    assert outcomes("shop", history, deadline=900.0) == (
        RunOutcome(True, 600.0, 0, 900.0, 0),
        RunOutcome(False, 1800.0, 2, 900.0, 1),
    )


def test_runs_that_go_on_and_other_dags_are_left_out():
    history = RunHistory((ended("a", 2, "running"), ended("b", 3, dag="lab")))
    assert outcomes("shop", history) == ()


def test_every_dag_with_an_ended_run_gets_a_tracker():
    history = RunHistory((ended("a", 2), ended("b", 3, dag="lab"), ended("c", 4, "running", dag="new")))
    trackers = track_history(history, deadlines={"shop": 300.0})
    assert sorted(trackers) == ["lab", "shop"]
    assert trackers["shop"].health().miss_probability > 0.0
    assert trackers["lab"].health().miss_probability == 0.0


@pytest.mark.parametrize("time", ["soon", "2026-03-02T06:00:00"])
def test_a_time_that_is_none_or_has_no_offset_is_refused(time):
    with pytest.raises(UserInputError):
        outcomes("shop", RunHistory((WorkflowRun("shop", "a", "success", run_after=time, ended_at=time),)))
