"""Who may call what: every route is denied by default, each asks for the permission that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import delete

from airflow_provider_wfintel.api.app import create_app

pytestmark = pytest.mark.integration

OWN = "/wfintel/api"
AUTOMATION = f"{OWN}/workflows/automation"
SESSIONS = f"{OWN}/workflows/troubleshooting/sessions"
MONITORING = f"{OWN}/workflows/monitoring"

# What is filled into paths; `stored` puts a thing of that name behind each.
NAMED = {"conn_id": "matrix", "alert_id": "matrix", "silence_id": "matrix", "rule_id": "matrix", "session_id": "matrix"}
RULE = {"id": "matrix", "title": "retried", "raised_by": ["task.retry"]}
OPTIMIZATION = f"{OWN}/workflows/optimization"
WORKFLOW = {
    "dag_id": "matrix",
    "tasks": [{"task_id": "a", "label": "a", "action": "none", "operator": {"kind": "operator", "path": "x:A"}}],
}

# A call of every route, and the lowest role that it lets pass.
CALLS: dict[tuple[str, str], tuple[Any, str]] = {
    ("GET", f"{OWN}/health"): (None, "viewer"),
    ("GET", f"{OWN}/health/checks"): (None, "op"),
    ("GET", f"{AUTOMATION}/services"): (None, "viewer"),
    ("GET", f"{AUTOMATION}/templates"): (None, "viewer"),
    ("POST", f"{AUTOMATION}/generate"): ({"user_input": "Run the shell command `date` every day at 06:00"}, "user"),
    ("POST", f"{AUTOMATION}/save"): ({"user_input": "Run the shell command `date` every day at 06:00"}, "user"),
    ("POST", f"{AUTOMATION}/validate"): ({"source": "x = 1\n"}, "user"),
    ("POST", f"{OWN}/workflows/feedback"): (
        {"subject": "generation", "subject_id": "matrix", "verdict": "accepted"},
        "user",
    ),
    ("GET", f"{OWN}/workflows/feedback/summary"): (None, "user"),
    ("POST", f"{OPTIMIZATION}/analyze"): ({"workflow": WORKFLOW}, "user"),
    ("POST", f"{OPTIMIZATION}/predict"): ({"workflow": WORKFLOW}, "user"),
    ("POST", f"{OPTIMIZATION}/apply"): ({"dag_id": "matrix", "action": "withdraw"}, "user"),
    ("GET", f"{OPTIMIZATION}/results"): (None, "viewer"),
    **{
        ("GET", f"{MONITORING}/{name}"): (None, "viewer")
        for name in ("health", "metrics", "anomalies", "insights", "report", "schedule")
    },
    # These two name a DAG in the query; without one they are refused as incomplete, after the permission was asked.
    ("GET", f"{MONITORING}/metrics/dag"): (None, "viewer"),
    ("GET", f"{MONITORING}/forecast"): (None, "viewer"),
    ("POST", f"{MONITORING}/refit"): ({}, "user"),
    ("POST", f"{OWN}/workflows/troubleshooting/analyze"): ({"error_logs": "MemoryError"}, "user"),
    ("GET", f"{SESSIONS}"): (None, "viewer"),
    ("POST", f"{SESSIONS}"): ({"dag_id": "none", "run_id": "r", "task_id": "t"}, "viewer"),
    ("GET", f"{OWN}/workflows/troubleshooting/rates"): (None, "viewer"),
    # One that does not exist is not found by whoever asks; integration/remedies has sessions that do.
    ("GET", f"{SESSIONS}/{{session_id}}"): (None, "viewer"),
    ("POST", f"{SESSIONS}/{{session_id}}/resolve"): ({}, "viewer"),
    ("POST", f"{SESSIONS}/{{session_id}}/verify"): (None, "viewer"),
    ("POST", f"{SESSIONS}/{{session_id}}/undo"): (None, "viewer"),
    ("POST", f"{SESSIONS}/{{session_id}}/close"): ({}, "viewer"),
    ("GET", f"{MONITORING}/services"): (None, "viewer"),
    ("POST", f"{MONITORING}/services"): ({"checks": []}, "op"),
    ("GET", f"{MONITORING}/services/{{conn_id}}"): (None, "op"),
    ("GET", f"{MONITORING}/alerts"): (None, "viewer"),
    ("POST", f"{MONITORING}/alerts"): (
        {"kind": "run.failed", "dag_id": "matrix", "run_id": "r", "at": "2026-03-02T06:00:00Z"},
        "user",
    ),
    ("GET", f"{MONITORING}/alerts/{{alert_id}}"): (None, "viewer"),
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/ack"): (None, "user"),
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/resolve"): (None, "user"),
    ("POST", f"{MONITORING}/alerts/{{alert_id}}/silence"): ({"minutes": 5}, "user"),
    ("GET", f"{MONITORING}/silences"): (None, "viewer"),
    ("DELETE", f"{MONITORING}/silences/{{silence_id}}"): (None, "user"),
    ("GET", f"{MONITORING}/alert-rules"): (None, "user"),
    ("POST", f"{MONITORING}/alert-rules"): ({"rule": {**RULE, "id": "matrix-new"}}, "user"),
    ("GET", f"{MONITORING}/alert-rules/schema"): (None, "viewer"),
    ("PUT", f"{MONITORING}/alert-rules/{{rule_id}}"): ({"rule": RULE}, "user"),
    ("DELETE", f"{MONITORING}/alert-rules/{{rule_id}}"): (None, "user"),
}
NEED_A_DAG = (f"{MONITORING}/metrics/dag", f"{MONITORING}/forecast")
ORDER = ("nobody", "viewer", "user", "op", "admin")
MATRIX = [
    pytest.param(role, method, path, id=f"{role}-{method}-{path.removeprefix(OWN)}")
    for role in ORDER
    for method, path in CALLS
]

ClientAs = Callable[[str], TestClient]


@pytest.fixture
def stored(airflow_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One of each thing that a path names, seen by everybody, and a folder that DAGs may be saved to."""
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    from airflow_provider_wfintel.engine.monitoring.service import AlertMachine, AlertSettings, Match, Silence
    from airflow_provider_wfintel.host.session import metadata_session
    from airflow_provider_wfintel.store.tables import Alert, AlertInput, AlertMemory, AlertRule, Workflow

    silence = Silence("matrix", Match(), 0.0, 9e9, "ann")
    state, _ = AlertMachine(AlertSettings()).step(AlertMachine(AlertSettings()).start(1.0), [silence], 1.0)
    known = dict.fromkeys(("message", "cause", "follows_from"), "") | {"value": None, "tags": [], "owners": []}
    incidents = [{"incident": "i", "receivers": ["log"]}]
    rows = [
        Alert(
            alert_id="matrix", alert_key="matrix", rule="monitor-gap", kind="monitor.gap", incident="i",
            severity="error", status="firing", title="a gap", body={**known, "told": True, "incidents": incidents},
        ),
        AlertMemory(name="alerts", revision=1, batch=0, state=state.as_json()),
        AlertRule(name="matrix", severity="", scope={}, condition={"title": "x", "raised_by": ["task.retry"]}),
    ]  # fmt: skip

    def forget(session: Any) -> None:
        for table in (Alert, AlertMemory, AlertRule, AlertInput, Workflow):
            session.execute(delete(table))

    with metadata_session() as session:
        forget(session)
        session.add_all(rows)
    yield
    with metadata_session() as session:
        forget(session)


def routes() -> set[tuple[str, str]]:
    return {
        (method, f"/wfintel{route.path}")
        for route in create_app().routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def test_the_matrix_covers_every_route() -> None:
    assert set(CALLS) == routes()


@pytest.mark.parametrize(("role", "method", "path"), MATRIX)
def test_role_against_route(client_as: ClientAs, stored: None, role: str, method: str, path: str) -> None:
    body, lowest = CALLS[method, path]
    answer = client_as(role).request(method, path.format(**NAMED), json=body)
    if role == "nobody":
        expected = {401}
    elif ORDER.index(role) < ORDER.index(lowest):
        expected = {403}
    else:
        nowhere = path.startswith(f"{SESSIONS}/") or (method, path) == ("POST", SESSIONS)
        expected = {404} if nowhere else {422} if path in NEED_A_DAG else {200, 201, 202, 204}
    assert answer.status_code in expected, answer.text
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error", "error_type", "hint", "retryable"}


@pytest.mark.parametrize(("method", "path"), list(CALLS))
def test_a_damaged_token_is_refused(client_as: ClientAs, method: str, path: str) -> None:
    client = client_as("nobody")
    answer = client.request(method, path, json=CALLS[method, path][0], headers={"Authorization": "Bearer garbage"})
    assert answer.status_code == 403
    assert answer.json()["error_type"] == "NotAuthorizedError"


@pytest.mark.parametrize(("method", "path"), list(CALLS))
def test_a_token_signed_by_somebody_else_is_refused(client_as: ClientAs, method: str, path: str) -> None:
    import jwt

    forged = jwt.encode({"sub": "the_admin", "role": "admin", "aud": "apache-airflow"}, "x" * 64, algorithm="HS512")
    answer = client_as("nobody").request(
        method, path, json=CALLS[method, path][0], headers={"Authorization": f"Bearer {forged}"}
    )
    assert answer.status_code in (401, 403)


def test_the_cookie_of_the_user_interface_is_enough(client_as: ClientAs) -> None:
    token = client_as("admin").headers["Authorization"].removeprefix("Bearer ")
    client = client_as("nobody")
    client.cookies.set("_token", token)
    assert client.get(f"{OWN}/health").status_code == 200


def test_a_body_of_nobody_is_not_even_parsed(client_as: ClientAs) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client_as("nobody").post(f"{AUTOMATION}/generate", content=b"{", headers=headers)
    assert answer.status_code == 401
    assert client_as("admin").post(f"{AUTOMATION}/generate", content=b"{", headers=headers).status_code == 422


def test_an_airflow_without_login_needs_no_credentials(client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.api_fastapi.auth.managers.simple.middleware import SimpleAllAdminMiddleware

    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True")
    app = SimpleAllAdminMiddleware(client_as("nobody").app)
    assert TestClient(app).get(f"{OWN}/health").status_code == 200


@pytest.mark.parametrize("page", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"])
def test_there_are_no_public_pages(client_as: ClientAs, page: str) -> None:
    assert client_as("nobody").get(f"/wfintel{page}").status_code == 401
    assert client_as("admin").get(f"/wfintel{page}").status_code == 404


@pytest.mark.parametrize("parameter", ["dag_id=mine", "dag_id=~"])
def test_a_query_parameter_does_not_widen_what_is_allowed(client_as: ClientAs, parameter: str) -> None:
    answer = client_as("viewer").post(f"{AUTOMATION}/validate?{parameter}", json={"source": "x = 1\n"})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", sorted({path for _, path in CALLS}))
def test_other_methods_are_not_allowed(client_as: ClientAs, method: str, path: str) -> None:
    # One path may be the form of another: `alert-rules/schema` is also a rule of that name.
    forms = {form for form in {path, f"{MONITORING}/alert-rules/{{rule_id}}"} if path.startswith(form.split("{")[0])}
    if any((method, form) in CALLS for form in forms):
        return
    answer = client_as("admin").request(method, path)
    assert answer.status_code == 405
    assert answer.json()["error_type"] == "MethodNotAllowedError"
