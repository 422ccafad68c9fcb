"""What forecasts learned is kept, with the deadline that suits the DAG; of later runs alone are tries read then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.monitoring.forecast import forecast, take_in_later_runs
from airflow_provider_wfintel.app.monitoring.refit import learn_forecasts
from airflow_provider_wfintel.store.repositories.dag_states import DagStates
from airflow_provider_wfintel.store.repositories.executions import Executions
from tests.integration.monitoring.histories import FIRST, daily, write

pytestmark = pytest.mark.integration

DAYS = 30


def later(days: int, first: int = DAYS) -> list:
    return daily("a", days, seed=2, first=FIRST + timedelta(days=first))


def learned(engine: Engine) -> None:
    write(engine, daily("a", DAYS))
    with Session(engine) as session:
        learn_forecasts(session, "a")
        session.commit()


def test_only_tries_of_later_runs_and_of_those_that_go_on_are_read(engine: Engine) -> None:
    write(engine, daily("a", 5))
    with Session(engine) as session:
        found = Executions(session).history("a", tries_after=FIRST + timedelta(days=2))
        every = Executions(session).history("a")
    assert found.runs == every.runs
    assert {item.run_id for item in found.tries} == {run.run_id for run in found.runs[3:]}
    assert found.tries == tuple(item for item in every.tries if item.run_id in {run.run_id for run in found.runs[3:]})


def test_a_forecast_goes_on_from_what_was_learned_and_says_what_one_from_the_whole_history_says(engine: Engine) -> None:
    learned(engine)
    write(engine, later(3))
    now = FIRST + timedelta(days=DAYS + 3)
    with Session(engine) as session:
        kept = forecast(session, "a", now=now).forecast
        state, until = DagStates(session).predictor("a")
        assert state is not None
        assert until is not None
        # Of a form that is not known: all is learned anew.
        DagStates(session).keep_predictor("a", {"version": 0}, until)
        anew = forecast(session, "a", now=now).forecast
    assert kept.next_run is not None
    assert anew.next_run is not None
    assert kept.next_run.runs == anew.next_run.runs == DAYS + 3
    assert kept.next_run.q50 == pytest.approx(anew.next_run.q50, rel=0.01)
    assert kept.next_due == anew.next_due
    assert kept.suggested_deadline == state["suggested_deadline"] > 100


def test_when_many_runs_have_come_they_are_taken_in_for_good(engine: Engine) -> None:
    learned(engine)
    write(engine, later(9))
    with Session(engine) as session:
        assert not take_in_later_runs(session, "a", fewest=10)
        write(engine, later(1, DAYS + 9))
        assert take_in_later_runs(session, "a", fewest=10)
        session.commit()
        assert not take_in_later_runs(session, "a", fewest=1)
        assert DagStates(session).predictor("a")[1] == FIRST + timedelta(days=DAYS + 9)
        found = forecast(session, "a", now=FIRST + timedelta(days=DAYS + 10)).forecast
    assert found.next_run is not None
    assert found.next_run.runs == DAYS + 10


def test_of_a_dag_that_has_another_task_the_whole_history_is_read(engine: Engine) -> None:
    learned(engine)
    write(engine, daily("a", 2, seed=3, first=FIRST + timedelta(days=DAYS), tasks=3))
    with Session(engine) as session:
        found = forecast(session, "a", now=FIRST + timedelta(days=DAYS + 2)).forecast
    assert found.next_run is not None
    assert found.next_run.runs == DAYS + 2
