"""From a history to forecasts of running runs and of the next one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.forecast import forecast_dag, learn, past_runs

FIRST = datetime(2026, 1, 5, 6, tzinfo=timezone.utc)


@pytest.fixture
def told(made):
    """The made runs as a history, one a day; the last `running` runs have only their first task."""

    def tell(number, running=0):
        runs, tries = [], []
        for index, run in enumerate(made.runs(number, common=0.1)):
            due, name = FIRST + timedelta(days=index), f"r{index:03d}"
            going = index >= number - running
            stamps = [
                (due + timedelta(seconds=s), due + timedelta(seconds=e))
                for s, e in zip(run.start, run.end, strict=True)
            ]
            for task, (start, end) in zip(made.fork.task_ids[: 1 if going else None], stamps, strict=False):
                tries.append(
                    TaskTry(
                        f"{name}.{task}", "shop", name, task, state="success",
                        started_at=start.isoformat(), ended_at=end.isoformat(),
                    )
                )  # fmt: skip
            ended = "" if going else stamps[-1][1].isoformat()
            state = "running" if going else "success"
            runs.append(WorkflowRun("shop", name, state, run_after=due.isoformat(), ended_at=ended))
        return RunHistory(tuple(runs), tuple(tries))

    return tell


def test_all_successful_runs_are_learned_and_the_quantiles_are_calibrated_already(made, told):
    predictor = learn(made.fork, told(40), deadline=900.0)
    assert predictor.runs == 40
    places = predictor.as_json()["places"]
    assert len(places[0]) == 35
    assert all(places)
    assert predictor.as_json()["open"] == {}


def test_learning_from_a_history_is_observing_its_runs(made, told):
    history = told(30)
    predictor = made.learned([run for _, run in past_runs(made.fork, history)])
    learned = learn(made.fork, history)
    assert learned.next_run(2).q50 == pytest.approx(predictor.next_run(2).q50, rel=1e-6)


def test_running_runs_and_the_next_one_are_forecast(made, told):
    now = (FIRST + timedelta(days=29, seconds=150)).isoformat()
    found = forecast_dag(made.fork, told(30, running=1), now, deadline=2000.0)
    (running,) = found.running
    assert (running.run_id, running.elapsed) == ("r029", 150.0)
    assert running.forecast.q50 == pytest.approx(556.0, rel=0.4)
    assert found.next_due == (FIRST + timedelta(days=30)).isoformat()
    assert found.next_run.miss_probability < 0.05
    assert found.suggested_deadline is not None


def test_the_due_time_of_the_next_run_may_be_given(made, told):
    found = forecast_dag(made.fork, told(10), FIRST.isoformat(), next_due="2026-05-01T00:00:00+00:00")
    assert found.next_due.startswith("2026-05-01")
    assert found.suggested_deadline is None


def test_a_dag_that_never_ran_has_no_forecast(made):
    found = forecast_dag(made.fork, RunHistory(), FIRST.isoformat())
    assert (found.running, found.next_run, found.suggested_deadline) == ((), None, None)
