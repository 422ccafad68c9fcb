"""`airflow wfintel health|anomalies|forecast|insights|report` over the deployment's own tables, on each dialect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from airflow.models.dag import DagModel, DagTag
from airflow.models.dag_version import DagVersion
from airflow.models.dagbundle import DagBundleModel
from airflow.models.deadline_alert import DeadlineAlert
from airflow.models.serialized_dag import SerializedDagModel
from airflow.models.team import Team
from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.collecting.rollups import RollUp
from airflow_provider_wfintel.engine.model import RunChange, TryChange
from airflow_provider_wfintel.store.repositories.executions import Executions
from airflow_provider_wfintel.store.repositories.insights import Insight, Insights
from tests.integration.monitoring.histories import BATCH, daily, run_with_tries, write
from tests.integration.monitoring.test_rollups import Clock, work_on

pytestmark = pytest.mark.integration

Command = Callable[..., tuple[int, str, str]]

COMMANDS = ("health", "anomalies", "forecast", "insights", "report")
DAGS = {"fine": ("finance", "ada"), "failing": ("finance", "bob"), "spike": ("web", "ada"), "young": ("web", "bob")}


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(timezone.utc).replace(microsecond=0)


@pytest.fixture(scope="module")
def deployment(made_engine: Engine, now: datetime) -> str:
    """Fifty days of three DAGs, three of another; one run goes on. Returns the id of that run."""
    with Session(made_engine) as session:
        session.merge(DagBundleModel(name="monitored"))
        session.flush()
        for dag_id, (tag, owner) in DAGS.items():
            facts = {"is_paused": False, "is_stale": False, "owners": owner, "fileloc": "x"}
            session.merge(DagModel(dag_id=dag_id, bundle_name="monitored", **facts))
            session.flush()
            session.merge(DagTag(dag_id=dag_id, name=tag))
        session.commit()
    first = now - timedelta(days=49, hours=6)  # no slot is empty, whatever the time of day
    write(made_engine, daily("fine", 50, first=first))
    write(made_engine, daily("failing", 42, first=first))
    write(made_engine, daily("failing", 8, first=first + timedelta(days=42), failed=True, retries=2))
    write(made_engine, daily("spike", 49, first=first))
    write(made_engine, [run_with_tries("spike", first + timedelta(days=49), seconds=1500)])
    write(made_engine, daily("young", 3, first=first + timedelta(days=47)))
    going, tries = run_with_tries("fine", now - timedelta(seconds=30))
    going = replace(going, state="running", started_at="", ended_at="")
    with Session(made_engine) as session:
        Executions(session).write([TryChange(tries[0])], [RunChange(going, 1, going.run_after)], batch=next(BATCH))
        session.commit()
    RollUp(every=timedelta(0))(work_on(made_engine, Clock(now)))
    LearnDags()(work_on(made_engine, Clock(now)))
    return going.run_id


@pytest.fixture
def deadline(made_engine: Engine, deployment: str) -> Iterator[float]:
    """A deadline alert of one DAG, as Airflow keeps it: seconds after the run was queued."""
    seconds, when = 90.0, datetime.now(timezone.utc)
    version, serialized = uuid4(), uuid4()
    stamps = {"created_at": when, "last_updated": when}
    reference = {"reference_type": "DagRunQueuedAtDeadline"}
    rows = (
        (DagVersion, {"id": version, "version_number": 1, "dag_id": "fine", "bundle_name": "monitored", **stamps}),
        (
            SerializedDagModel,
            {"id": serialized, "dag_id": "fine", "dag_hash": "x", "dag_version_id": version, **stamps},
        ),
        (
            DeadlineAlert,
            {
                "id": uuid4(),
                "created_at": when,
                "serialized_dag_id": serialized,
                "reference": reference,
                "interval": {"__classname__": "datetime.timedelta", "__version__": 1, "__data__": seconds},
                "callback_def": {},
            },
        ),
    )
    with made_engine.begin() as connection:
        for table, values in rows:
            connection.execute(insert(table.__table__).values(**values))
    yield seconds
    with made_engine.begin() as connection:
        for table, _ in reversed(rows):
            connection.execute(delete(table))


def data(wfintel: Command, *arguments: str) -> Any:
    status, out, err = wfintel(*arguments, "--output", "json")
    assert status == 0, err
    return json.loads(out)


class TestHealth:
    def test_the_worst_dag_comes_first_with_its_reason(self, wfintel: Command, deployment: str) -> None:
        body = data(wfintel, "health", "--reliability")
        assert body["dags"][0]["dag_id"] == "failing"
        assert body["dags"][0]["reasons"][0]["points"] > 5
        assert {"tag:finance", "owner:ada", "deployment"} <= {item["name"] for item in body["groups"]}
        assert sum(row["runs"] for row in body["reliability"]) > 0
        status, out, _ = wfintel("health", "--reliability")
        assert status == 0
        assert "failing" in out.splitlines()[1]
        assert body["dags"][0]["reasons"][0]["text"] in out

    @pytest.mark.parametrize(
        ("options", "dags"),
        [
            (("--dag-id", "fine"), {"fine"}),
            (("--tag", "finance"), {"fine", "failing"}),
            (("--owner", "ada"), {"fine", "spike"}),
            (("--tag", "finance", "--owner", "ada"), {"fine"}),
        ],
    )
    def test_it_is_about_the_dags_that_are_asked_for(
        self, wfintel: Command, deployment: str, options: tuple[str, ...], dags: set[str]
    ) -> None:
        assert {row["dag_id"] for row in data(wfintel, "health", *options)["dags"]} == dags

    def test_a_dag_with_few_runs_is_said_to_have_few(self, wfintel: Command, deployment: str) -> None:
        assert not data(wfintel, "health", "--dag-id", "young")["dags"][0]["enough_runs"]
        assert "not enough data to be sure, only 3 runs" in wfintel("health", "--dag-id", "young")[1]


class TestAnomalies:
    def test_the_spike_is_told(self, wfintel: Command, deployment: str) -> None:
        body = data(wfintel, "anomalies", "--dag-id", "spike")
        assert [item["kind"] for item in body["anomalies"]] == ["spike"]
        assert body["anomalies"][0]["observed"] > 3 * body["anomalies"][0]["expected"]
        assert body["runs_needed"] == {}
        assert body["anomalies"][0]["message"] in wfintel("anomalies", "--tag", "web")[1]

    def test_where_nothing_was_unusual_that_is_said(self, wfintel: Command, deployment: str) -> None:
        assert wfintel("anomalies", "--dag-id", "fine", "--days", "0.5")[:2] == (0, "no anomalies in 0.5 days\n")

    def test_a_dag_that_cannot_be_judged_is_named(self, wfintel: Command, deployment: str) -> None:
        assert data(wfintel, "anomalies")["runs_needed"] == {"young": 5}
        assert "not enough data to judge runs of young: at least 5 more are needed" in wfintel("anomalies")[1]


class TestForecast:
    def test_a_run_that_goes_on_has_quantiles(self, wfintel: Command, deployment: str) -> None:
        (run,) = data(wfintel, "forecast")["running"]
        assert (run["dag_id"], run["run_id"]) == ("fine", deployment)
        assert 30 < run["forecast"]["q10"] <= run["forecast"]["q50"] <= run["forecast"]["q90"]
        assert data(wfintel, "forecast", "--run-id", deployment)["running"][0]["run_id"] == deployment
        status, out, _ = wfintel("forecast")
        assert status == 0
        assert deployment in out
        assert "no deadline" in out

    def test_odds_of_missing_the_deadline_are_told(self, wfintel: Command, deployment: str, deadline: float) -> None:
        (run,) = data(wfintel, "forecast", "--run-id", deployment)["running"]
        assert run["deadline_seconds"] == deadline
        assert run["forecast"]["miss_probability"] > 0.7, "such runs take 100 seconds"
        assert "no deadline" not in wfintel("forecast")[1]
        assert "misses its deadline of 0:01:30 with" in wfintel("forecast", "--dag-id", "fine")[1]

    def test_of_one_dag_the_next_run_is_told_too(self, wfintel: Command, deployment: str) -> None:
        body = data(wfintel, "forecast", "--dag-id", "spike")
        assert body["running"] == []
        assert 80 < body["next_run"]["q50"] < 130
        out = wfintel("forecast", "--dag-id", "spike")[1]
        assert "no run goes on" in out
        assert "next run" in out

    def test_a_dag_that_has_hardly_run_is_said_to_be_unsure(self, wfintel: Command, deployment: str) -> None:
        assert "not enough data to be sure: only 3 runs" in wfintel("forecast", "--dag-id", "young")[1]

    def test_a_run_that_does_not_go_on_is_refused_with_those_that_do(self, wfintel: Command, deployment: str) -> None:
        status, _, err = wfintel("forecast", "--run-id", "manual__x")
        assert status == 1
        assert "no run 'manual__x' goes on" in err
        assert deployment in err

    def test_a_dag_none_of_whose_tasks_has_run_is_refused(
        self, wfintel: Command, made_engine: Engine, deployment: str
    ) -> None:
        with Session(made_engine) as session, session.begin():
            session.add(DagModel(dag_id="idle", bundle_name="monitored", owners="", fileloc="x"))
        status, _, err = wfintel("forecast", "--dag-id", "idle")
        assert status == 1
        assert "not enough data" in err


class TestInsights:
    def test_findings_are_listed_but_not_anomalies(
        self, wfintel: Command, made_engine: Engine, now: datetime, deployment: str
    ) -> None:
        assert wfintel("insights")[:2] == (0, "no insights that are open\n")
        found = Insight(kind="idle_sensor", message="waits [bold]\x1b[31m for nothing", dag_id="fine", task_id="wait")
        with Session(made_engine) as session, session.begin():
            Insights(session).keep(found, now=now)
        assert [item["kind"] for item in data(wfintel, "insights", "--dag-id", "fine")["insights"]] == ["idle_sensor"]
        assert data(wfintel, "insights", "--dag-id", "spike")["insights"] == []
        out = wfintel("insights")[1]
        assert "fine.wait" in out
        assert "[bold]" in out, "what users named is no markup"
        assert "\x1b" not in out, "and controls no terminal"


class TestReport:
    @pytest.mark.parametrize(
        ("form", "begin"),
        [
            ("text", "Performance of the workflows"),
            ("markdown", "# Performance"),
            ("html", "<!doctype html>"),
            ("json", "{"),
        ],
    )
    def test_it_is_written_in_each_form(
        self, wfintel: Command, deployment: str, tmp_path: Path, form: str, begin: str
    ) -> None:
        file = tmp_path / "report"
        status, printed, _ = wfintel("report", "--days", "100", "--format", form)
        assert status == 0
        assert printed.startswith(begin)
        assert "failing" in printed
        assert wfintel("report", "--days", "100", "--format", form, "--output", str(file))[:2] == (0, "")
        assert file.read_text(encoding="utf-8").splitlines()[:1] == printed.splitlines()[:1]

    def test_a_folder_that_is_not_there_is_named(self, wfintel: Command, deployment: str, tmp_path: Path) -> None:
        status, _, err = wfintel("report", "--output", str(tmp_path / "none" / "report.html"))
        assert status == 1
        assert "cannot write" in err


class TestNames:
    @pytest.mark.parametrize(
        ("option", "near", "said"),
        [
            ("--dag-id", "failing2", "did you mean 'failing'"),
            ("--tag", "finanze", "did you mean 'finance'?"),
            ("--owner", "zoe", "there are: 'ada', 'bob'"),
            ("--team", "blue", "there is no team"),
        ],
    )
    def test_a_name_that_nobody_has_is_refused_with_those_that_are(
        self, wfintel: Command, deployment: str, option: str, near: str, said: str
    ) -> None:
        for command in COMMANDS:
            status, out, err = wfintel(command, option, near)
            assert (status, out) == (1, ""), command
            assert near in err
            assert said in err

    def test_conditions_that_no_dag_fits_together_are_refused(self, wfintel: Command, deployment: str) -> None:
        status, _, err = wfintel("health", "--dag-id", "fine", "--tag", "web")
        assert status == 1
        assert "no DAG fits all" in err


class TestTeams:
    @pytest.fixture(autouse=True)
    def teams(self, made_engine: Engine, deployment: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """The DAGs of the tag `web` belong to the red team, the others to nobody."""
        monkeypatch.setenv("AIRFLOW__CORE__MULTI_TEAM", "True")
        with Session(made_engine) as session:
            red = DagBundleModel(name="red_bundle")
            red.teams = [Team(name="red")]
            session.add(red)
            session.flush()
            for dag_id in ("spike", "young"):
                session.get_one(DagModel, dag_id).bundle_name = "red_bundle"
            session.commit()
        yield
        with Session(made_engine) as session:
            for dag_id in ("spike", "young"):
                session.get_one(DagModel, dag_id).bundle_name = "monitored"
            session.flush()
            session.delete(session.get_one(DagBundleModel, "red_bundle"))
            session.delete(session.get_one(Team, "red"))
            session.commit()

    def test_every_command_shows_the_dags_of_a_team_only(self, wfintel: Command) -> None:
        for command in ("health", "anomalies", "report"):
            days = ("--days", "100") if command != "health" else ()
            status, out, _ = wfintel(command, "--team", "red", *days)
            assert status == 0, command
            assert "spike" in out, command
            assert "failing" not in out, command
        assert wfintel("forecast", "--team", "red")[:2] == (0, "no run goes on\n")
        assert wfintel("insights", "--team", "red")[0] == 0

    def test_a_dag_of_another_team_fits_not(self, wfintel: Command) -> None:
        status, out, err = wfintel("health", "--team", "red", "--dag-id", "fine")
        assert (status, out) == (1, "")
        assert "no DAG fits all" in err
        assert "did you mean 'red'" in wfintel("health", "--team", "redd")[2]


def test_all_runs_that_go_on_are_forecast_however_many_dags_they_are_of(
    wfintel: Command, made_engine: Engine, deployment: str, now: datetime
) -> None:
    going = []
    for number in range(104):
        run, tries = run_with_tries(f"z_{number:03}", now - timedelta(days=1))
        again, _ = run_with_tries(f"z_{number:03}", now - timedelta(seconds=30))
        going += [(run, tries), (replace(again, state="running", started_at="", ended_at=""), [])]
    write(made_engine, going)
    status, out, _ = wfintel("forecast", "--output", "json")
    assert status == 0
    running = {item["dag_id"]: item["forecast"] for item in json.loads(out)["running"]}
    assert len(running) == 105
    assert running["z_103"] is not None
