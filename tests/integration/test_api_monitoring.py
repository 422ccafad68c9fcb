"""Monitoring over REST: what the collector learned, only of DAGs that the caller may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from airflow import settings
from airflow.models.dag import DagModel, DagTag
from airflow.models.dagbundle import DagBundleModel
from fastapi.testclient import TestClient
from sqlalchemy import delete, true
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
from airflow_provider_wfintel.app.collecting.odds import TellOdds
from airflow_provider_wfintel.app.collecting.rollups import RollUp
from airflow_provider_wfintel.app.monitoring.kept_forecasts import keep_forecasts, kept_forecasts
from airflow_provider_wfintel.engine.model import RunChange, TryChange
from airflow_provider_wfintel.store.repositories.executions import Executions
from airflow_provider_wfintel.store.tables import (
    DagState,
    Feedback,
    LearnedState,
    MonitoringMetric,
    PerformanceInsight,
    WorkflowExecution,
)
from tests.integration.monitoring.histories import BATCH, daily, run_with_tries, write
from tests.integration.monitoring.test_rollups import Clock, work_on

pytestmark = pytest.mark.integration

OWN = "/wfintel/api/workflows/monitoring"
NOW = datetime.now(timezone.utc).replace(microsecond=0)
FIRST = (NOW - timedelta(days=50)).replace(hour=1, minute=0, second=0)
TABLES = (DagState, Feedback, LearnedState, MonitoringMetric, PerformanceInsight, WorkflowExecution, DagTag, DagModel)

ClientAs = Callable[[str], TestClient]


@pytest.fixture(scope="module")
def deployment(airflow_db: None) -> Iterator[None]:
    """Fifty days of three DAGs: one is fine, one fails of late, the last run of one is much too long."""
    engine = settings.engine
    with Session(engine) as session:
        session.merge(DagBundleModel(name="monitored"))
        session.flush()
        for dag_id, tag in (("mon_fine", "finance"), ("mon_failing", "finance"), ("mon_spike", "web")):
            facts = {"is_paused": False, "is_stale": False, "owners": "ada", "fileloc": "x"}
            session.merge(DagModel(dag_id=dag_id, bundle_name="monitored", **facts))
            session.flush()
            session.merge(DagTag(dag_id=dag_id, name=tag))
        session.commit()
    write(engine, daily("mon_fine", 50, first=FIRST))
    write(engine, daily("mon_failing", 42, first=FIRST))
    write(engine, daily("mon_failing", 8, first=FIRST + timedelta(days=42), failed=True, retries=2))
    write(engine, daily("mon_spike", 49, first=FIRST))
    write(engine, [run_with_tries("mon_spike", FIRST + timedelta(days=49), seconds=1500)])
    going, tries = run_with_tries("mon_fine", NOW - timedelta(seconds=30))
    going = going.__class__(going.dag_id, going.run_id, "running", "scheduled", run_after=going.run_after)
    with Session(engine) as session:
        Executions(session).write([TryChange(tries[0])], [RunChange(going, 1, going.run_after)], batch=next(BATCH))
        session.commit()
    clock = Clock(NOW)
    RollUp(every=timedelta(0))(work_on(engine, clock))
    LearnDags()(work_on(engine, clock))
    yield
    with engine.begin() as connection:
        for table in TABLES:
            # Other tests leave DAGs of their own behind, with rows that hang on them.
            ours = table.dag_id.like("mon\\_%", escape="\\") if table in (DagModel, DagTag) else true()
            connection.execute(delete(table).where(ours))


@pytest.fixture
def viewer(client_as: ClientAs, deployment: None) -> TestClient:
    return client_as("viewer")


def get(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(f"{OWN}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_week_counts_every_run_that_became_due_and_names_what_starts_together(viewer: TestClient) -> None:
    body = get(viewer, "schedule", days=100, zone="Europe/Berlin")
    assert [(cell["weekday"], cell["hour"]) for cell in body["cells"][::25]] == [(n, n) for n in range(7)]
    assert sum(cell["runs"] for cell in body["cells"]) >= 149
    assert {"mon_failing", "mon_fine", "mon_spike"} <= set(body["collisions"][0]["dag_ids"])
    one = get(viewer, "schedule", days=100, dag_id="mon_spike")
    assert not one["collisions"]
    assert 45 <= sum(cell["runs"] for cell in one["cells"]) <= 50


def test_an_unknown_zone_is_refused_with_a_hint(viewer: TestClient) -> None:
    answer = viewer.get(f"{OWN}/schedule", params={"zone": "Europe/../etc"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["hint"]


def test_health_names_the_worst_dag_first_and_says_why(viewer: TestClient) -> None:
    body = get(viewer, "health", reliability=True)
    assert body["dags"][0]["dag_id"] == "mon_failing"
    assert body["dags"][0]["reasons"][0]["points"] > 5
    groups = {item["name"]: item for item in body["groups"]}
    assert groups["tag:finance"]["worst_dag"] == "mon_failing"
    assert groups["tag:web"]["dags"] == 1
    assert {"owner:ada", "deployment"} <= set(groups)
    assert sum(row["runs"] for row in body["reliability"]) == 120


def test_metrics_add_up(viewer: TestClient) -> None:
    body = get(viewer, "metrics", days=400)
    assert body["dags"]["mon_failing"]["failed_runs"] == 8
    assert body["total"]["runs"] == 150
    assert body["tags"]["finance"]["runs"] == 100
    assert sum(item["runs"] for item in body["series"]) == 150
    one = get(viewer, "metrics/dag", dag_id="mon_failing", days=400)
    assert one["tasks"]["task_0"]["retries"] == 16
    assert one["distributions"]["makespan_seconds"]["count"] == 50
    assert one["pools"]["default_pool"]["tries"] == one["total"]["tries"]


def test_prometheus_can_scrape_counters(viewer: TestClient) -> None:
    answer = viewer.get(f"{OWN}/metrics", params={"format": "prometheus"})
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'wfintel_dag_failed_runs_total{dag_id="mon_failing"} 8' in lines
    assert "# TYPE wfintel_dag_runs_total counter" in lines
    assert any(line.startswith('wfintel_dag_health_score{dag_id="mon_fine"} ') for line in lines)


def test_an_anomaly_is_listed_and_can_be_marked(viewer: TestClient, client_as: ClientAs) -> None:
    found = next(item for item in get(viewer, "anomalies", dag_id="mon_spike")["anomalies"] if item["kind"] == "spike")
    assert found["observed"] > 3 * found["expected"]
    note = {"subject": "insight", "subject_id": found["anomaly_id"], "verdict": "accepted", "dag_id": "mon_spike"}
    kept = client_as("user").post("/wfintel/api/workflows/feedback", json=note)
    assert kept.status_code == 200, kept.text
    marks = {item["anomaly_id"]: item["mark"] for item in get(viewer, "anomalies", dag_id="mon_spike")["anomalies"]}
    assert marks[found["anomaly_id"]] == "incident"


def test_a_running_run_and_the_next_are_forecast(viewer: TestClient) -> None:
    body = get(viewer, "forecast", dag_id="mon_fine")
    (running,) = body["running"]
    # It began before the tests, however long they take.
    assert 60 < running["q10"] <= running["q50"] <= running["q90"] < running["elapsed"] + 400
    assert body["next_run"]["runs"] >= 40
    assert 90 < body["next_run"]["q50"] < 130
    assert body["suggested_deadline"] >= 120


def test_what_a_refit_learned_gives_the_same_forecast(viewer: TestClient, client_as: ClientAs) -> None:
    before = get(viewer, "forecast", dag_id="mon_spike")["next_run"]
    answer = client_as("user").post(f"{OWN}/refit", json={"dag_ids": ["mon_spike", "nowhere"], "calibration": True})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["refitted"] == ["mon_spike"]
    assert set(body["left_out"]) == {"nowhere"}
    assert set(body["known_dags"]) == {"mon_fine", "mon_failing", "mon_spike"}
    assert body["calibration_runs"] == 0, "120 outcomes are too few"
    after = get(viewer, "forecast", dag_id="mon_spike")["next_run"]
    assert after["runs"] == before["runs"]
    assert after["q50"] == pytest.approx(before["q50"], rel=0.1)


@pytest.mark.parametrize(("format", "kind"), [("markdown", "text/markdown"), ("html", "text/html")])
def test_the_report_is_readable(viewer: TestClient, format: str, kind: str) -> None:
    answer = viewer.get(f"{OWN}/report", params={"format": format, "days": 60})
    assert answer.headers["content-type"].startswith(kind)
    assert "Failed runs" in answer.text
    assert "mon" in answer.text
    assert ("<svg" in answer.text) == (format == "html")
    body = get(viewer, "report", days=60)
    tables = {item["title"]: item for item in body["tables"]}
    assert tables["Failed runs"]["rows"][0][:2] == ["mon_failing", "8"]
    assert {"Movers", "Failures looked into", "Suggestions"} <= set(tables)
    runs = next(item for item in body["charts"] if item["title"] == "Runs over time")
    assert sum(bar["bad"] for bar in runs["bars"]) == sum(int(row[1]) for row in tables["Failed runs"]["rows"])


class TestOnlyWhatTheCallerMayRead:
    @pytest.fixture(autouse=True)
    def one_dag(self, monkeypatch: pytest.MonkeyPatch, deployment: None) -> None:
        from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

        allowed = SimpleAuthManager.is_authorized_dag

        def only_one(self: Any, *, details: Any = None, **more: Any) -> bool:
            named = details is not None and details.id is not None
            return (not named or details.id == "mon_fine") and allowed(self, details=details, **more)

        monkeypatch.setattr(SimpleAuthManager, "is_authorized_dag", only_one)
        monkeypatch.setattr(SimpleAuthManager, "get_authorized_dag_ids", lambda _self, **_more: {"mon_fine"})

    @pytest.mark.parametrize("path", ["health", "metrics", "anomalies", "insights", "report"])
    def test_in_lists(self, viewer: TestClient, path: str) -> None:
        answer = viewer.get(f"{OWN}/{path}", params={"days": 100} if path not in ("health", "insights") else {})
        assert answer.status_code == 200
        assert "mon_failing" not in answer.text
        assert "mon_spike" not in answer.text

    def test_in_prometheus_text(self, viewer: TestClient) -> None:
        text = viewer.get(f"{OWN}/metrics", params={"format": "prometheus"}).text
        assert "mon_fine" in text
        assert "mon_spike" not in text

    @pytest.mark.parametrize("path", ["health", "anomalies", "insights", "report", "forecast", "metrics/dag"])
    def test_by_name(self, viewer: TestClient, path: str) -> None:
        assert viewer.get(f"{OWN}/{path}", params={"dag_id": "mon_spike"}).status_code == 403

    def test_in_a_refit(self, client_as: ClientAs) -> None:
        answer = client_as("user").post(f"{OWN}/refit", json={"dag_ids": ["mon_spike"]})
        assert answer.status_code == 403


def test_all_runs_that_go_on_are_forecast_at_once(viewer: TestClient) -> None:
    body = get(viewer, "forecasts")
    assert body["total"] == 1
    (running,) = body["running"]
    (one,) = get(viewer, "forecast", dag_id="mon_fine")["running"]
    assert running["dag_id"] == "mon_fine"
    assert running["forecast"]["run_id"] == running["run_id"] == one["run_id"]
    assert running["forecast"]["q50"] == pytest.approx(one["q50"], abs=5)


def test_forecasts_of_running_runs_are_those_that_the_collector_made_last(
    viewer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, before = settings.engine, datetime.now(timezone.utc) - timedelta(seconds=40)
    TellOdds()(work_on(engine, Clock(before)))
    (made,) = get(viewer, "forecast", dag_id="mon_fine")["running"]

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("it was made anew")

    monkeypatch.setattr("airflow_provider_wfintel.app.monitoring.forecast.forecast", never)
    (running,) = get(viewer, "forecasts")["running"]
    assert running["forecast"]["q50"] == pytest.approx(made["q50"], abs=60)
    assert running["forecast"]["elapsed"] == pytest.approx(made["elapsed"], abs=20), "the time that went by counts"


def test_the_collector_keeps_what_forecasts_learned_and_forgets_runs_that_are_over(deployment: None) -> None:
    engine = settings.engine
    TellOdds(every=timedelta(0))(work_on(engine, Clock(NOW)))
    with Session(engine) as session:
        assert session.get(DagState, "mon_fine").predictor
        assert list(kept_forecasts(session, now=NOW)) == ["mon_fine"]
        assert kept_forecasts(session, now=NOW + timedelta(minutes=11)) == {}, "they are too old"
        keep_forecasts(session, {}, running=frozenset())
        assert kept_forecasts(session, now=NOW) == {}
        session.rollback()
