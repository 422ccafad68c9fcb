"""Runs as Airflow records them become points, and gaps of the rhythm become slots without a run."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.model import WorkflowRun
from airflow_provider_wfintel.engine.monitoring.service import RunPoint, run_points, with_empty_slots
from airflow_provider_wfintel.exceptions import UserInputError
from tests.unit.monitoring.anomalies.conftest import DAY, MONDAY


def run(day: int, **more) -> WorkflowRun:
    times = {
        "run_after": f"2026-03-{day:02d}T06:00:00+00:00",
        "started_at": f"2026-03-{day:02d}T06:00:05Z",
        "ended_at": f"2026-03-{day:02d}T06:10:05+00:00",
    }
    return WorkflowRun("shop", f"run-{day}", **({"state": "success", "run_type": "scheduled"} | times | more))


def test_a_run_has_duration_delay_rows_and_tries():
    found = run_points([run(2)], rows={"run-2": 90}, tries={"run-2": 2})
    assert found == (RunPoint(MONDAY, True, 600.0, 90, 5.0, 2, "run-2"),)


def test_a_failed_run_was_a_run_without_a_duration():
    found = run_points([run(2, state="failed")])
    assert found[0].ran
    assert found[0].duration is None


def test_manual_runs_follow_no_calendar():
    assert run_points([run(2, run_type="manual"), run(3, run_type="backfill")]) == ()


def test_points_are_in_the_order_of_time():
    assert [point.point_id for point in run_points([run(5), run(2)])] == ["run-2", "run-5"]


def test_a_time_that_is_none_is_named():
    with pytest.raises(UserInputError, match="soon"):
        run_points([run(2, run_after="soon")])


def test_a_day_without_a_run_becomes_a_slot():
    points = run_points([run(day) for day in (2, 3, 4, 5, 6, 9, 10)])
    filled = with_empty_slots(points, cadence="daily")
    assert [point.ran for point in filled] == [True] * 5 + [False] * 2 + [True] * 2
    assert filled[5].t == MONDAY + 5 * DAY


def test_slots_after_the_last_run_count_if_asked():
    points = run_points([run(day) for day in (2, 3, 4, 5, 6)])
    assert len(with_empty_slots(points, until=MONDAY + 6 * DAY)) == 7


def test_a_pause_is_not_so_many_missing_runs():
    points = run_points([run(day) for day in (2, 3, 4, 5, 6)])
    later = RunPoint(MONDAY + 300 * DAY, duration=600.0)
    assert len(with_empty_slots([*points, later], cadence="daily")) == 6


def test_an_irregular_dag_has_no_slots_to_miss():
    points = run_points([run(2), run(9)])
    assert with_empty_slots(points) == points
