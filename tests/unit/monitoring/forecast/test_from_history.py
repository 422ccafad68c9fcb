"""Runs and tries as Airflow records them become past runs and progress."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.model import (
    Dependency,
    OperatorRef,
    RunHistory,
    TaskSpec,
    TaskTry,
    WorkflowRun,
    WorkflowSpec,
)
from airflow_provider_wfintel.engine.monitoring.forecast import dag_shape, past_runs, run_progress
from airflow_provider_wfintel.engine.monitoring.forecast.from_history import shape_of_history
from airflow_provider_wfintel.exceptions import UserInputError

DUE = "2026-03-02T06:00:00+00:00"


def clock(minutes: float) -> str:
    return f"2026-03-02T{6 + int(minutes) // 60:02d}:{int(minutes) % 60:02d}:00+00:00"


def task_try(task: str, start: float, end: float | None = None, **more) -> TaskTry:
    values = {"state": "success", "try_id": f"{task}-{more.get('try_number', 1)}-{more.get('map_index', -1)}"} | more
    ended = "" if end is None else clock(end)
    return TaskTry(dag_id="shop", run_id="r1", task_id=task, started_at=clock(start), ended_at=ended, **values)


RUN = WorkflowRun("shop", "r1", "success", run_after=DUE)
OPERATOR = OperatorRef("operator", "m:Op")
SPEC = WorkflowSpec(
    "shop",
    tasks=tuple(TaskSpec(name, name, "none", OPERATOR) for name in "ab"),
    dependencies=(Dependency("a", "b"),),
)
SHAPE = dag_shape(SPEC)


def only(tries):
    ((run_id, found),) = past_runs(SHAPE, RunHistory((RUN,), tuple(tries)))
    assert run_id == "r1"
    return found


def test_the_shape_of_a_spec_has_its_dependencies():
    assert (SHAPE.task_ids, SHAPE.parents) == (("a", "b"), ((), (0,)))


def test_the_shape_of_a_spec_has_the_weights_that_airflow_gives_by_default():
    assert SHAPE.priority == (2.0, 1.0)


def test_times_are_seconds_after_the_run_was_due_and_the_weekday_is_monday():
    found = only([task_try("a", 1, 3), task_try("b", 4, 9)])
    assert (found.weekday, found.start, found.end) == (0, (60.0, 240.0), (180.0, 540.0))


def test_a_retried_task_lasts_from_its_first_try_to_its_last():
    tries = [task_try("a", 1, 2, state="failed"), task_try("a", 7, 9, try_number=2), task_try("b", 10, 11)]
    found = only(tries)
    assert (found.start[0], found.end[0], found.retried) == (60.0, 540.0, (0,))


def test_a_mapped_task_lasts_from_its_first_instance_to_its_last():
    found = only([task_try("a", 1, 2, map_index=0), task_try("a", 2, 6, map_index=1), task_try("b", 7, 8)])
    assert (found.start[0], found.end[0], found.retried) == (60.0, 360.0, ())


def test_a_skipped_task_has_no_times():
    found = only([task_try("a", 1, 2), task_try("b", 2, 2, state="skipped")])
    assert (found.start[1], found.end[1]) == (None, None)


def test_failed_and_running_runs_teach_nothing():
    runs = (WorkflowRun("shop", "r1", "failed", run_after=DUE), WorkflowRun("other", "r1", "success", run_after=DUE))
    assert past_runs(SHAPE, RunHistory(runs, (task_try("a", 1, 2),))) == ()


def test_progress_tells_what_is_over_runs_and_waits():
    run = WorkflowRun("shop", "r1", "running", run_after=DUE)
    early = run_progress(SHAPE, run, [task_try("a", 1, state="running")], clock(5), deadline=900.0)
    assert [task.state for task in early.tasks] == ["running", "pending"]
    assert (early.elapsed, early.deadline, early.tasks[0].start) == (300.0, 900.0, 60.0)
    late = run_progress(SHAPE, run, [task_try("a", 1, 2), task_try("b", 3, state="running")], clock(5))
    assert [task.state for task in late.tasks] == ["done", "running"]


def test_a_task_between_two_tries_is_still_running():
    run = WorkflowRun("shop", "r1", "running", run_after=DUE)
    waiting = run_progress(SHAPE, run, [task_try("a", 1, 2, state="up_for_retry")], clock(5))
    assert waiting.tasks[0].state == "running"


def test_the_shape_of_a_history_takes_what_is_known():
    history = RunHistory((RUN,), (task_try("b", 1, 2), task_try("a", 1, 2)))
    assert shape_of_history("shop", history, {"b": ["a"]}).parents == ((), (0,))
    heavy = RunHistory((RUN,), (task_try("b", 1, 2, priority_weight=7), task_try("a", 1, 2)))
    assert shape_of_history("shop", heavy).priority == (1.0, 7.0)
    with pytest.raises(UserInputError, match="no try"):
        shape_of_history("other", history)


@pytest.mark.parametrize("time", ["yesterday", "2026-03-02T06:00:00"])
def test_a_time_that_is_none_or_has_no_offset_is_refused(time):
    with pytest.raises(UserInputError, match=r"offset|is no time"):
        past_runs(SHAPE, RunHistory((WorkflowRun("shop", "r1", "success", run_after=time),), ()))
