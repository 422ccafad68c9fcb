"""Teams (`[core] multi_team`): nobody sees, counts or changes what is another team's, on any route."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete

from airflow_provider_wfintel.host.session import metadata_session

pytestmark = pytest.mark.integration

OWN = "/wfintel/api/workflows"
NOW = datetime.now(timezone.utc).replace(microsecond=0)
SESSIONS = {"red": "00000000-0000-4000-8000-00000000000a", "blue": "00000000-0000-4000-8000-00000000000b"}
GONE = "red_gone"
AT = "2026-03-02T06:00:00Z"
WORKFLOW = {
    "dag_id": "any",
    "tasks": [{"task_id": "a", "label": "a", "action": "none", "operator": {"kind": "operator", "path": "x:A"}}],
}
Member = Callable[..., TestClient]


def rows_of(team: str, dag_id: str) -> list[Any]:
    """One row of everything that lists and sums are made of."""
    from airflow_provider_wfintel.store import tables

    known = dict.fromkeys(("message", "cause", "follows_from"), "") | {"value": None, "tags": [], "owners": []}
    key = f"{dag_id}-try"
    place = {"dag_id": dag_id, "run_id": "r", "task_id": "t"}
    return [
        tables.DagState(dag_id=dag_id, score=50.0, runs=30, health={"reasons": [], "enough_runs": True}),
        tables.PerformanceInsight(
            kind="idle_sensor", message=f"about {dag_id}", severity="info", status="open", dag_id=dag_id,
            fingerprint=dag_id,
        ),
        tables.PerformanceInsight(
            kind="anomaly.spike", message=f"about {dag_id}", severity="info", status="open", dag_id=dag_id,
            fingerprint=f"{dag_id}-odd",
        ),
        tables.Alert(
            alert_id=dag_id, alert_key=dag_id, rule="r", kind="task.failed", incident=dag_id, severity="error",
            status="firing", title=dag_id, dag_id=dag_id, body={**known, "told": True, "incidents": []},
        ),
        tables.TroubleshootingSession(session_id=SESSIONS[team], try_id=key, phase="diagnosis", label="oom", **place),
        tables.RemedyAttempt(
            session_id=SESSIONS[team], try_id=key, remedy="clear_now", label=f"{team}_class", status="verified",
            mode="policy", actor="x", change={}, undo={}, verified_at=NOW, **place,
        ),
        tables.WorkflowOptimization(
            dag_id=dag_id, strategy="performance", plan_hash=dag_id, fingerprint_before="x", status="proposed", plan={},
            before={}, predicted={}, patch=f"+ {dag_id}",
        ),
        tables.Feedback(
            subject="generation", subject_id=dag_id, author="x", verdict="accepted", dag_id=dag_id, rating=5
        ),
        tables.MonitoringMetric(
            dag_id=dag_id, window_seconds=86400, window_start=NOW.replace(hour=0, minute=0, second=0), runs=3, detail={}
        ),
    ]  # fmt: skip


@pytest.fixture
def two_teams(airflow_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A red and a blue team with a bundle, a DAG and one of everything each, and a DAG of nobody."""
    from airflow.models.dag import DagModel, clear_team_name_cache
    from airflow.models.dagbundle import DagBundleModel
    from airflow.models.team import Team

    monkeypatch.setenv("AIRFLOW__CORE__MULTI_TEAM", "True")
    from airflow_provider_wfintel.store import tables

    ours = (
        tables.RemedyAttempt, tables.TroubleshootingSession, tables.DagState, tables.PerformanceInsight, tables.Alert,
        tables.WorkflowOptimization, tables.Feedback, tables.MonitoringMetric, tables.AlertInput,
    )  # fmt: skip

    def forget(session: Any) -> None:
        for table in ours:
            session.execute(delete(table))
        session.execute(delete(DagModel).where(DagModel.dag_id.in_(("red_dag", "blue_dag", "free_dag"))))
        for name in ("red", "blue"):
            for model, key in ((DagBundleModel, f"{name}_bundle"), (Team, name)):
                found = session.get(model, key)
                if found is not None:
                    session.delete(found)
        free = session.get(DagBundleModel, "free_bundle")
        if free is not None:
            session.delete(free)

    with metadata_session() as session:
        forget(session)
    with metadata_session() as session:
        for name in ("red", "blue"):
            bundle = DagBundleModel(name=f"{name}_bundle")
            bundle.teams = [Team(name=name)]
            session.add(bundle)
        session.add(DagBundleModel(name="free_bundle"))
        session.flush()
        for name in ("red", "blue", "free"):
            session.add(DagModel(dag_id=f"{name}_dag", bundle_name=f"{name}_bundle", is_stale=False, owners="ann"))
        session.flush()
        for name in ("red", "blue"):
            for row in rows_of(name, f"{name}_dag"):
                session.add(row)
                session.flush()
    clear_team_name_cache()
    yield
    with metadata_session() as session:
        forget(session)
    clear_team_name_cache()


@pytest.fixture
def member(api_server: FastAPI, two_teams: None) -> Member:
    """Clients by team: the role is one that may edit DAGs unless another is said."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    def make(*teams: str, role: str = "op") -> TestClient:
        user = SimpleAuthManagerUser(username=f"of_{'_'.join(teams) or 'none'}", role=role, teams=list(teams))
        token = get_auth_manager().generate_jwt(user)
        return TestClient(api_server, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)

    return make


# Every route that lists or sums over DAGs.
LISTS = (
    f"{OWN}/monitoring/health",
    f"{OWN}/monitoring/health?reliability=true",
    f"{OWN}/monitoring/metrics?days=30",
    f"{OWN}/monitoring/metrics?format=prometheus",
    f"{OWN}/monitoring/anomalies?days=30",
    f"{OWN}/monitoring/insights",
    f"{OWN}/monitoring/schedule",
    f"{OWN}/monitoring/report",
    f"{OWN}/monitoring/report?format=html",
    f"{OWN}/monitoring/schedule",
    f"{OWN}/monitoring/alerts",
    f"{OWN}/monitoring/silences",
    f"{OWN}/optimization/results",
    f"{OWN}/troubleshooting/sessions",
    f"{OWN}/troubleshooting/rates",
)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_the_own_teams_dags_only(member: Member, path: str) -> None:
    red, both = member("red").get(path), member("red", "blue").get(path)
    assert red.status_code == both.status_code == 200, red.text
    assert "blue" not in red.text
    if not path.endswith(("silences", "schedule")):
        assert "red" in red.text, red.text
        assert "blue" in both.text, both.text


def test_counts_of_opinions_are_those_on_the_own_teams_dags(member: Member) -> None:
    path = f"{OWN}/feedback/summary"
    assert (member("red").get(path).json()["total"], member("red", "blue").get(path).json()["total"]) == (1, 2)


def test_sums_are_by_team_too(member: Member) -> None:
    client = member("red", "blue")
    assert set(client.get(f"{OWN}/monitoring/metrics?days=30").json()["teams"]) == {"red", "blue"}
    groups = {item["name"]: item["dags"] for item in client.get(f"{OWN}/monitoring/health").json()["groups"]}
    assert groups["team:red"] == 1
    assert groups["deployment"] == 2


@pytest.mark.parametrize("path", [item for item in LISTS if "/monitoring/" in item and "alerts" not in item])
def test_an_answer_can_be_about_one_team(member: Member, path: str) -> None:
    if path.endswith(("silences", "schedule")):
        return
    answer = member("red", "blue").get(path, params={"team": "red"})
    assert answer.status_code == 200, answer.text
    assert "red" in answer.text
    assert "blue" not in answer.text
    assert "blue_dag" not in member("red").get(path, params={"team": "blue"}).text, "naming a team opens nothing"


# Every route about one thing: what is another team's is refused, or is as what does not exist.
OTHERS = (
    ("GET", f"{OWN}/monitoring/health?dag_id={{dag}}", None),
    ("GET", f"{OWN}/monitoring/anomalies?dag_id={{dag}}", None),
    ("GET", f"{OWN}/monitoring/insights?dag_id={{dag}}", None),
    ("GET", f"{OWN}/monitoring/schedule?dag_id={{dag}}", None),
    ("GET", f"{OWN}/monitoring/report?dag_id={{dag}}", None),
    ("GET", f"{OWN}/monitoring/metrics/dag?dag_id={{dag}}", None),
    ("GET", f"{OWN}/monitoring/forecast?dag_id={{dag}}", None),
    ("POST", f"{OWN}/monitoring/refit", {"dag_ids": ["{dag}"]}),
    ("POST", f"{OWN}/monitoring/alerts", {"kind": "run.failed", "dag_id": "{dag}", "run_id": "r", "at": AT}),
    ("GET", f"{OWN}/monitoring/alerts/{{dag}}", None),
    ("POST", f"{OWN}/monitoring/alerts/{{dag}}/ack", None),
    ("POST", f"{OWN}/monitoring/alerts/{{dag}}/resolve", None),
    ("POST", f"{OWN}/monitoring/alerts/{{dag}}/silence", {"minutes": 5}),
    ("POST", f"{OWN}/optimization/analyze", {"dag_id": "{dag}"}),
    ("POST", f"{OWN}/optimization/predict", {"dag_id": "{dag}"}),
    ("POST", f"{OWN}/optimization/apply", {"dag_id": "{dag}", "action": "withdraw"}),
    ("GET", f"{OWN}/optimization/results?dag_id={{dag}}", None),
    ("POST", f"{OWN}/troubleshooting/sessions", {"dag_id": "{dag}", "run_id": "r", "task_id": "t"}),
    ("GET", f"{OWN}/troubleshooting/sessions/{{session}}", None),
    ("POST", f"{OWN}/troubleshooting/sessions/{{session}}/resolve", {}),
    ("POST", f"{OWN}/troubleshooting/sessions/{{session}}/verify", None),
    ("POST", f"{OWN}/troubleshooting/sessions/{{session}}/undo", None),
    ("POST", f"{OWN}/troubleshooting/sessions/{{session}}/close", {}),
    ("POST", f"{OWN}/feedback", {"subject": "generation", "subject_id": "x", "verdict": "accepted", "dag_id": "{dag}"}),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), OTHERS)
def test_what_is_another_teams_is_out_of_reach(member: Member, method: str, path: str, body: Any) -> None:
    def call(client: TestClient, team: str) -> int:
        names = {"{dag}": f"{team}_dag", "{session}": SESSIONS[team]}
        url, text = path, json.dumps(body)
        for mark, name in names.items():
            url, text = url.replace(mark, name), text.replace(mark, name)
        return client.request(method, url, json=json.loads(text)).status_code

    assert call(member("red"), "blue") in (403, 404)
    assert call(member("red"), "red") not in (401, 403), "and the own is not"


def test_the_history_of_a_dag_that_is_gone_is_for_those_of_all_teams(member: Member) -> None:
    from airflow_provider_wfintel.store.tables import MonitoringMetric

    row = {"window_seconds": 86400, "window_start": NOW - timedelta(days=2), "runs": 3, "detail": {}}
    with metadata_session() as session:
        session.add(MonitoringMetric(dag_id=GONE, **row))
    path = f"{OWN}/monitoring/metrics/dag?dag_id={GONE}"
    assert member("red").get(path).status_code == 403
    assert member("red", "blue").get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "alert-rules", None),
        ("POST", "alert-rules", {"rule": {"id": "team-rule", "title": "x", "raised_by": ["task.retry"]}}),
        ("PUT", "alert-rules/task-failed", {"rule": {"id": "task-failed", "enabled": False}}),
        ("DELETE", "alert-rules/team-rule", None),
        ("POST", "refit", {"calibration": True}),
    ],
)
def test_what_holds_for_all_teams_is_not_one_teams_to_change(member: Member, method: str, path: str, body: Any) -> None:
    url = f"{OWN}/monitoring/{path}"
    assert member("red").request(method, url, json=body).status_code == 403
    assert member("red", "blue").request(method, url, json=body).status_code != 403


def test_a_dag_is_saved_only_into_a_folder_of_the_own_team(
    member: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("red", "blue"):
        (tmp_path / name).mkdir()
    bundles = [
        {
            "name": f"{name}_bundle",
            "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
            "kwargs": {"path": str(tmp_path / name)},
            "team_name": name,
        }
        for name in ("red", "blue")
    ]
    monkeypatch.setenv("AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST", json.dumps(bundles))
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path / "blue"))
    body = {"user_input": "Run the shell command `date` every day at 06:00 UTC"}
    assert member("red").post(f"{OWN}/automation/save", json=body).status_code == 403
    assert not list((tmp_path / "blue").iterdir())
    assert member("blue").post(f"{OWN}/automation/save", json=body).status_code == 200
    assert len(list((tmp_path / "blue").glob("*.py"))) == 1


def test_a_policy_can_be_about_a_team(two_teams: None) -> None:
    from airflow_provider_wfintel.app.facts import team_of_dag
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Subject
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy_file import parse_policy

    policy = parse_policy("{version: 1, rules: [{match: {teams: [red]}, mode: allow, allow: [clear_with_backoff]}]}")
    with metadata_session() as session:
        modes = {
            name: policy.terms(Subject(f"{name}_dag", team=team_of_dag(session, f"{name}_dag"))).mode
            for name in ("red", "blue", "free")
        }
    assert modes == {"red": "allow", "blue": "suggest", "free": "suggest"}


def test_alerts_can_go_to_receivers_by_team(two_teams: None) -> None:
    from airflow_provider_wfintel.engine.monitoring.alerts.matching import Match
    from airflow_provider_wfintel.engine.monitoring.service import Seen
    from airflow_provider_wfintel.host.airflow_dags import labels_of

    with metadata_session() as session:
        labels = labels_of(session, ["red_dag", "blue_dag", "free_dag"])

    seen = {
        name: Seen("run.failed", 1.0, f"{name}_dag", team=labels[f"{name}_dag"].team)
        for name in ("red", "blue", "free")
    }
    assert [name for name, item in seen.items() if Match(team=("red",))(item)] == ["red"]


def test_facts_beside_a_log_tell_nothing_of_other_teams(two_teams: None) -> None:
    from airflow_provider_wfintel.host.teams import visible_to_team_of

    with metadata_session() as session:
        visible = visible_to_team_of(session, "red_dag")
    assert visible.dag_ids is not None
    assert {"red_dag", "free_dag"} <= visible.dag_ids
    assert "blue_dag" not in visible.dag_ids


def test_without_teams_nothing_is_asked_about_them(
    api_server: FastAPI, client_as: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW__CORE__MULTI_TEAM", raising=False)
    answer = client_as("viewer").get(f"{OWN}/monitoring/metrics/dag?dag_id=never_was")
    assert answer.status_code == 200
