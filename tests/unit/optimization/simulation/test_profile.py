"""What history says of a task: the work is told from the start of its process, and little history is shrunk."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry
from airflow_provider_wfintel.engine.optimization.service import Deployment, profile_of, read_history
from airflow_provider_wfintel.exceptions import SpecError

DAY = datetime(2026, 11, 1, 6, tzinfo=timezone.utc)
NO_START = Deployment(start_cpu=0, end_seconds=0)


def tried(task, start, end, run=0, **more):
    at = DAY + timedelta(days=run)
    return TaskTry(
        f"{task}-{run}-{start}",
        "d",
        f"run{run}",
        task,
        state=more.pop("state", "success"),
        started_at=(at + timedelta(seconds=start)).isoformat(),
        ended_at=(at + timedelta(seconds=end)).isoformat(),
        **more,
    )


def profile(*tries, deployment=NO_START):
    return profile_of(RunHistory(tries=tries), deployment=deployment)


def test_the_typical_run_time_and_its_spread():
    found = profile(*(tried("a", 0, seconds, run) for run, seconds in enumerate((9, 10, 10, 11, 40))))
    task = found.task("a")
    assert task.seconds == pytest.approx(10), "one slow run does not move it"
    assert task.recorded == 10
    assert task.recorded_p90 > 25
    assert 0.2 < task.spread < 0.8
    assert found.makespans == (9, 10, 10, 11, 40)
    assert found.task("b") is None


def test_the_start_of_the_process_is_no_work():
    deployment = Deployment(start_cpu=0.5, end_seconds=0, cores=2)
    alone = profile(tried("a", 0, 10.5), deployment=deployment)
    assert alone.task("a").seconds == pytest.approx(10)
    crowd = profile(*(tried(f"t{number}", 0, 12) for number in range(8)), deployment=deployment)
    assert [item.seconds for item in crowd.tasks] == pytest.approx([10] * 8), "8 starts of 0.5 s on 2 cores take 2 s"


def test_a_task_seen_once_leans_on_its_like_where_tries_differ_much():
    tries = []
    for number in range(6):
        tries += [
            tried(f"t{number}", 0, seconds, run, operator="SQL") for run, seconds in enumerate((5, 20, 10, 8, 13))
        ]
    found = profile(*tries, tried("new", 0, 60, operator="SQL"))
    assert 10 < found.task("new").seconds < 40
    other = profile(*tries, tried("new", 0, 60, operator="Bash"))
    assert other.task("new").seconds == pytest.approx(60), "another kind of task tells nothing"


def test_failures_are_shrunk_towards_those_of_all_tasks():
    tries = [tried("good", 0, 10, run) for run in range(30)]
    tries += [tried("bad", 0, 10, run, state="failed" if run < 3 else "success") for run in range(6)]
    found = profile(*tries, tried("new", 0, 10))
    assert found.task("good").failure_rate < 0.03
    assert 0.15 < found.task("bad").failure_rate < 0.5
    assert found.task("good").failure_rate < found.task("new").failure_rate < found.task("bad").failure_rate


def test_a_late_try_tells_of_the_tries_before_it():
    task = profile(*(tried("a", 0, 10, run, try_number=2) for run in range(10))).task("a")
    assert task.retries == 1
    assert task.failure_rate == pytest.approx(0.5)


def test_mapped_instances_are_counted_by_run():
    tries = [tried("m", 0, 5, run, map_index=index) for run in range(3) for index in range(4)]
    assert profile(*tries).task("m").instances == 4


def test_what_has_not_ended_tells_nothing():
    assert profile(tried("a", 0, 5, state="running")).tasks == ()


def test_rows_of_the_rest_api_are_read():
    row = {
        "id": "1", "dag_id": "d", "dag_run_id": "r", "task_id": "a", "map_index": -1, "state": "success",
        "try_number": 1, "max_tries": 2, "start_date": "2026-11-01T06:00:02Z", "end_date": "2026-11-01T06:00:12Z",
        "duration": 10.0,
        "queued_when": "2026-11-01T06:00:01.5Z", "scheduled_when": "2026-11-01T06:00:01Z", "pool": "db",
        "pool_slots": 2, "priority_weight": 7, "operator_name": "BashOperator", "unknown": [],
    }  # fmt: skip
    history = read_history({"task_instances": [row], "total_entries": 1})
    assert history == read_history([row]) == read_history([{"task_instances": [row]}])
    task = profile_of(history, "d", NO_START).task("a")
    assert (task.operator, task.pool, task.pool_slots, task.priority_weight) == ("BashOperator", "db", 2, 7)
    assert (task.seconds, task.wait, task.ends_after) == (pytest.approx(10), 1, 11)
    assert profile_of(history, "other").tasks == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "no list"),
        ("x", "no list"),
        ([1], "instance 1"),
        ([{"task_id": "a", "start_date": "yesterday"}], "'yesterday'"),
    ],
)
def test_another_form_is_refused_by_name(data, said):
    with pytest.raises(SpecError, match=said):
        read_history(data)
