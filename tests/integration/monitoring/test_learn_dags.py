"""Health and anomalies follow the runs that end, once each; people's marks and slots without a run count too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.monitoring.anomalies import KnownAnomaly, anomalies
from airflow_provider_wfintel.app.monitoring.health import deployment_health, deployment_reliability
from airflow_provider_wfintel.store.repositories.dag_states import DagStates
from airflow_provider_wfintel.store.repositories.feedback import FeedbackNote, FeedbackNotes
from tests.integration.monitoring.histories import BATCH, FIRST, daily, run_with_tries, write
from tests.integration.monitoring.test_rollups import Clock, work_on

pytestmark = pytest.mark.integration


def learn(engine: Engine, at: datetime, **options: Any) -> None:
    LearnDags(**options)(work_on(engine, Clock(at)))


def found(engine: Engine, now: datetime, days: float = 30) -> Sequence[KnownAnomaly]:
    with Session(engine) as session:
        return anomalies(session, now=now, days=days)


def deploy(engine: Engine, dag_id: str, *, paused: bool = False) -> None:
    with Session(engine) as session:
        session.merge(DagBundleModel(name="tests"))
        session.flush()
        session.merge(
            DagModel(dag_id=dag_id, bundle_name="tests", is_paused=paused, is_stale=False, owners="ada", fileloc="x.py")
        )
        session.commit()


@pytest.fixture(autouse=True)
def no_dags_left(engine: Engine) -> Any:
    yield
    with engine.begin() as connection:
        connection.execute(delete(DagModel))
        connection.execute(delete(DagBundleModel))


def test_a_dag_that_fails_has_the_lower_score_and_says_why(engine: Engine) -> None:
    write(engine, daily("good", 30))
    write(engine, [*daily("bad", 24), *daily("bad", 6, first=FIRST + timedelta(days=24), failed=True)])
    deploy(engine, "good")
    learn(engine, FIRST + timedelta(days=30))
    with Session(engine) as session:
        health = deployment_health(session)
        right = deployment_reliability(session)
    bad, good = health.dags
    assert (bad.dag_id, good.dag_id) == ("bad", "good")
    assert (good.score or 0.0) > 90 > (bad.score or 100.0)
    assert bad.health["reasons"]
    assert {group.name for group in health.groups} == {"deployment", "owner:ada"}
    assert sum(row.runs for row in right) == 40


def test_runs_are_taken_in_once_also_in_pieces_and_after_a_restart(engine: Engine) -> None:
    write(engine, daily("a", 25))
    learn(engine, FIRST + timedelta(days=25))
    more = daily("a", 6, first=FIRST + timedelta(days=25))
    for number, item in enumerate(more):
        write(engine, [item])
        learn(engine, FIRST + timedelta(days=26 + number))
        learn(engine, FIRST + timedelta(days=26 + number))
    with Session(engine) as session:
        assert DagStates(session).get(["a"])["a"].runs == 31


def test_a_shift_is_found_as_it_comes_and_named_once(engine: Engine) -> None:
    runs = daily("a", 60, slow_from=50)
    write(engine, runs[:45])
    learn(engine, FIRST + timedelta(days=45))
    for number, item in enumerate(runs[45:]):
        write(engine, [item])
        learn(engine, FIRST + timedelta(days=45 + number))
    kinds = [item.kind for item in found(engine, FIRST + timedelta(days=60))]
    assert "spike" in kinds or "level_shift" in kinds
    learn(engine, FIRST + timedelta(days=60))
    assert [item.kind for item in found(engine, FIRST + timedelta(days=60))] == kinds


def test_an_import_tells_no_old_news(engine: Engine) -> None:
    write(engine, daily("a", 60, slow_from=30))
    learn(engine, FIRST + timedelta(days=60))
    assert not [item for item in found(engine, FIRST + timedelta(days=60), days=90) if item.kind == "level_shift"]


def test_a_false_alarm_makes_the_next_of_its_kind_need_more(engine: Engine) -> None:
    write(engine, daily("a", 50))
    spike = run_with_tries("a", FIRST + timedelta(days=50), seconds=900)
    write(engine, [spike])
    learn(engine, FIRST + timedelta(days=51))
    (first,) = found(engine, FIRST + timedelta(days=51))
    with Session(engine) as session:
        FeedbackNotes(session).keep(FeedbackNote("insight", first.anomaly_id, "ada", "rejected"))
        session.commit()
    learn(engine, FIRST + timedelta(days=51, hours=1))
    (marked,) = found(engine, FIRST + timedelta(days=51))
    assert marked.mark == "false_alarm"
    with Session(engine) as session:
        state = DagStates(session).get(["a"])["a"]
    assert state.stream is not None
    assert state.stream["moved"][first.kind] > 0
    assert state.runs == 51


class TestMissingRuns:
    def history(self, engine: Engine, *, paused: bool = False) -> None:
        deploy(engine, "a", paused=paused)
        write(engine, daily("a", 40))
        learn(engine, FIRST + timedelta(days=39, hours=1))

    def test_a_slot_that_passes_without_a_run_is_told(self, engine: Engine) -> None:
        self.history(engine)
        learn(engine, FIRST + timedelta(days=40, minutes=30))
        assert not found(engine, FIRST + timedelta(days=41))
        learn(engine, FIRST + timedelta(days=40, minutes=90))
        assert [item.kind for item in found(engine, FIRST + timedelta(days=41))] == ["missing_run"]

    def test_not_of_a_paused_dag(self, engine: Engine) -> None:
        self.history(engine, paused=True)
        learn(engine, FIRST + timedelta(days=40, minutes=90))
        assert not found(engine, FIRST + timedelta(days=41))

    def test_not_if_the_run_goes_on(self, engine: Engine) -> None:
        self.history(engine)
        run, tries = run_with_tries("a", FIRST + timedelta(days=40))
        going = run.__class__(run.dag_id, run.run_id, "running", "scheduled", run_after=run.run_after)
        write_going(engine, going)
        learn(engine, FIRST + timedelta(days=40, minutes=90))
        assert not found(engine, FIRST + timedelta(days=41))
        assert tries


def write_going(engine: Engine, run: Any) -> None:
    from airflow_provider_wfintel.engine.model import RunChange
    from airflow_provider_wfintel.store.repositories.executions import Executions

    with Session(engine) as session:
        Executions(session).write([], [RunChange(run, 1, run.run_after)], batch=next(BATCH))
        session.commit()
