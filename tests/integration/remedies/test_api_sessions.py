"""Sessions over REST in the api-server: Airflow's own routes do the acts, with the caller's rights."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.integration

SESSIONS = "/wfintel/api/workflows/troubleshooting/sessions"
DROPPED = "ConnectionResetError: [Errno 104] Connection reset by peer"
ClientAs = Callable[[str], TestClient]


@pytest.fixture
def dag_id() -> str:
    return f"sales_{uuid.uuid4().hex[:8]}"


@pytest.fixture
def allow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes the policy: what is named may act."""

    def write(*remedies: str, **more: Any) -> None:
        path = tmp_path / "remedies.yaml"
        defaults = {"mode": "allow", "allow": list(remedies), "cool_down_minutes": 0, **more}
        path.write_text(json.dumps({"version": 1, "defaults": defaults}))
        monkeypatch.setenv("AIRFLOW__WFINTEL__REMEDY_POLICY_FILE", str(path))

    return write


def opened(client: TestClient, dag_id: str, log: str = DROPPED, **more: Any) -> dict[str, Any]:
    body = {"dag_id": dag_id, "run_id": "r1", "task_id": "load", "error_logs": log, **more}
    answer = client.post(SESSIONS, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def states(client: TestClient, dag_id: str) -> dict[str, str | None]:
    answer = client.get(f"/api/v2/dags/{dag_id}/dagRuns/r1/taskInstances")
    return {item["task_id"]: item["state"] for item in answer.json()["task_instances"]}


def test_a_failed_try_is_explained_and_run_again_once(client_as: ClientAs, failed_run, dag_id, allow) -> None:
    failed_run(dag_id)
    allow("clear_with_backoff")
    client = client_as("op")
    session = opened(client, dag_id)["session"]
    assert (session["label"], session["status"], session["phase"]) == ("connection_dropped", "in_progress", "diagnosis")
    url = f"{SESSIONS}/{session['session_id']}"
    dry = client.post(f"{url}/resolve", json={}).json()
    assert dry["outcome"] == "dry_run"
    assert states(client, dag_id) == {"load": "failed", "report": "upstream_failed"}
    done = client.post(f"{url}/resolve", json={"mode": "apply"}).json()
    assert (done["outcome"], done["remedy"]) == ("applied", "clear_with_backoff"), done
    assert states(client, dag_id) == {"load": None, "report": None}
    again = client.post(f"{url}/resolve", json={"mode": "apply"}).json()
    assert again["outcome"] == "applied"
    found = client.get(url).json()
    assert [item["status"] for item in found["attempts"]] == ["applied"]
    assert found["attempts"][0]["actor"] == "the_op"
    assert client.post(f"{url}/verify").json()["phase"] == "verification", "the next try has not run"


def test_the_log_is_read_by_airflow_if_the_caller_has_none(client_as: ClientAs, failed_run, dag_id) -> None:
    failed_run(dag_id)
    found = opened(client_as("user"), dag_id, log=None)
    assert found["session"]["label"]


def test_without_a_policy_nothing_acts(client_as: ClientAs, failed_run, dag_id, monkeypatch) -> None:
    monkeypatch.delenv("AIRFLOW__WFINTEL__REMEDY_POLICY_FILE", raising=False)
    failed_run(dag_id)
    client = client_as("op")
    url = f"{SESSIONS}/{opened(client, dag_id)['session']['session_id']}"
    answer = client.post(f"{url}/resolve", json={"mode": "apply"}).json()
    assert (answer["outcome"], answer["session"]["status"]) == ("suggested", "manual_intervention_required")
    assert states(client, dag_id)["load"] == "failed"


def test_a_pool_is_made_and_taken_back(client_as: ClientAs, failed_run, dag_id, allow) -> None:
    failed_run(dag_id)
    allow("create_pool")
    client = client_as("admin")
    client.delete("/api/v2/pools/dwh")
    log = f"Tasks using non-existent pool 'dwh' will not be scheduled: {dag_id}.load"
    session = opened(client, dag_id, log)["session"]
    assert session["label"] == "missing_pool", session
    url = f"{SESSIONS}/{session['session_id']}"
    answer = client.post(f"{url}/resolve", json={"mode": "apply", "remedy": "create_pool"}).json()
    assert answer["outcome"] == "applied", answer
    assert client.get("/api/v2/pools/dwh").json()["slots"] == 4
    assert client.post(f"{url}/undo").json()["outcome"] == "undone"
    assert client.get("/api/v2/pools/dwh").status_code == 404


def test_a_pool_gets_as_many_slots_as_the_task_needs_and_its_own_back(client_as: ClientAs, failed_run, dag_id) -> None:
    from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import SetPool
    from airflow_provider_wfintel.host.remedies.plan_values import PlanValues
    from airflow_provider_wfintel.host.remedies.rest_actions import RestActions

    client = client_as("admin")
    client.delete("/api/v2/pools/narrow")
    body = {"name": "narrow", "slots": 1, "include_deferred": True, "description": "of the shop"}
    assert client.post("/api/v2/pools", json=body).status_code == 201

    def call(method: str, path: str, **arguments: Any) -> Any:
        answer = client.request(method, path, **arguments)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    done = RestActions(call, PlanValues(None), parse_seconds=1).perform(SetPool("narrow", 3, 1))
    assert done.happened
    changed = client.get("/api/v2/pools/narrow").json()
    assert (changed["slots"], changed["include_deferred"], changed["description"]) == (3, True, "of the shop")
    (back,) = done.undo
    RestActions(call, PlanValues(None), parse_seconds=1).perform(back)
    assert client.get("/api/v2/pools/narrow").json()["slots"] == 1


def test_airflow_itself_refuses_what_the_caller_may_not_do(client_as: ClientAs, failed_run, dag_id, allow) -> None:
    failed_run(dag_id)
    allow("create_pool")
    admin = client_as("admin")
    admin.delete("/api/v2/pools/dwh")
    user = client_as("user")
    log = f"Tasks using non-existent pool 'dwh' will not be scheduled: {dag_id}.load"
    url = f"{SESSIONS}/{opened(user, dag_id, log)['session']['session_id']}"
    answer = user.post(f"{url}/resolve", json={"mode": "apply"}).json()
    assert answer["outcome"] == "escalated", answer
    assert admin.get("/api/v2/pools/dwh").status_code == 404


def test_a_timeout_is_raised_by_the_plan_only_if_there_is_one(
    client_as: ClientAs, failed_run, dag_id, allow, tmp_path, monkeypatch
) -> None:
    failed_run(dag_id)
    allow("raise_execution_timeout")
    monkeypatch.delenv("AIRFLOW__WFINTEL__PLAN_FILE", raising=False)
    client = client_as("op")
    log = "airflow.sdk.exceptions.AirflowTaskTimeout: Timeout, PID: 4711"
    url = f"{SESSIONS}/{opened(client, dag_id, log)['session']['session_id']}"
    answer = client.post(f"{url}/resolve", json={"mode": "apply", "remedy": "raise_execution_timeout"}).json()
    assert "no run-time plan" in answer["reason"], answer
    assert states(client, dag_id)["load"] == "failed"


def test_a_broken_policy_lets_nothing_act(client_as: ClientAs, failed_run, dag_id, tmp_path, monkeypatch) -> None:
    failed_run(dag_id)
    path = tmp_path / "broken.yaml"
    path.write_text("version: 1\ndefaults: {mode: always}")
    monkeypatch.setenv("AIRFLOW__WFINTEL__REMEDY_POLICY_FILE", str(path))
    client = client_as("op")
    url = f"{SESSIONS}/{opened(client, dag_id)['session']['session_id']}"
    answer = client.post(f"{url}/resolve", json={"mode": "apply"})
    assert (answer.status_code, answer.json()["error_type"]) == (422, "RemedyPolicyError")
    assert states(client, dag_id)["load"] == "failed"


def test_who_may_only_look_may_not_resolve(client_as: ClientAs, failed_run, dag_id) -> None:
    failed_run(dag_id)
    viewer = client_as("viewer")
    url = f"{SESSIONS}/{opened(viewer, dag_id)['session']['session_id']}"
    for path, body in (("resolve", {"mode": "apply"}), ("verify", None), ("undo", None), ("close", {})):
        assert viewer.post(f"{url}/{path}", json=body).status_code == 403
    assert viewer.get(url).status_code == 200
    assert viewer.get(SESSIONS, params={"dag_id": dag_id}).json()["total"] == 1


def test_the_list_is_narrowed_and_a_person_closes(client_as: ClientAs, failed_run, dag_id) -> None:
    failed_run(dag_id)
    client = client_as("op")
    session_id = opened(client, dag_id)["session"]["session_id"]
    query = {"dag_id": dag_id, "status": "in_progress"}
    assert [item["session_id"] for item in client.get(SESSIONS, params=query).json()["sessions"]] == [session_id]
    closed = client.post(f"{SESSIONS}/{session_id}/close", json={"status": "resolved", "reason": "by hand"}).json()
    assert (closed["status"], closed["closed_by"]) == ("resolved", "the_op")
    assert client.get(SESSIONS, params=query).json()["total"] == 0


def test_what_does_not_exist_is_not_found(client_as: ClientAs) -> None:
    client = client_as("admin")
    assert client.get(f"{SESSIONS}/nope").status_code == 404
    answer = client.post(SESSIONS, json={"dag_id": "none", "run_id": "r", "task_id": "t"})
    assert answer.status_code in (404, 502)


def test_nothing_changes_on_get(client_as: ClientAs) -> None:
    client = client_as("admin")
    for path in ("resolve", "verify", "undo", "close"):
        assert client.get(f"{SESSIONS}/x/{path}").status_code in (404, 405)


ANALYZE = "/wfintel/api/workflows/troubleshooting/analyze"


def named(dag_id: str, **more: Any) -> dict[str, Any]:
    return {"dag_id": dag_id, "run_id": "r1", "task_id": "load", **more}


def test_a_try_is_explained_by_its_name_and_nothing_is_kept(client_as: ClientAs, failed_run, dag_id) -> None:
    failed_run(dag_id)
    client = client_as("user")
    answer = client.post(ANALYZE, json={"task_try": named(dag_id)})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["task_try"] == named(
        dag_id,
        map_index=-1,
        try_number=found["task_try"]["try_number"],
        state="failed",
        has_log=found["task_try"]["has_log"],
    )
    assert found["label"]
    assert client.get(SESSIONS, params={"dag_id": dag_id}).json()["total"] == 0


def test_a_log_that_the_caller_brings_is_read_with_the_facts_of_the_try(
    client_as: ClientAs, failed_run, dag_id
) -> None:
    failed_run(dag_id)
    answer = client_as("user").post(ANALYZE, json={"task_try": named(dag_id), "error_logs": DROPPED})
    assert answer.json()["label"] == "connection_dropped", answer.text


def test_an_earlier_try_is_found_by_its_number(client_as: ClientAs, failed_run, dag_id, allow) -> None:
    failed_run(dag_id)
    client = client_as("op")
    first = client.post(ANALYZE, json={"task_try": named(dag_id)}).json()["task_try"]["try_number"]
    body = {"dry_run": False, "dag_run_id": "r1", "task_ids": ["load"], "only_failed": True}
    cleared = client.post(f"/api/v2/dags/{dag_id}/clearTaskInstances", json=body)
    assert cleared.status_code == 200, cleared.text
    wanted = {"task_try": named(dag_id, try_number=max(1, first)), "error_logs": DROPPED}
    answer = client.post(ANALYZE, json=wanted)
    assert answer.status_code == 200, answer.text
    assert answer.json()["task_try"]["try_number"] == max(1, first)
    assert answer.json()["label"] == "connection_dropped"


def test_a_try_that_is_not_there_or_did_well_is_refused(client_as: ClientAs, failed_run, dag_id) -> None:
    failed_run(dag_id, load="success", report="success")
    client = client_as("user")
    assert client.post(ANALYZE, json={"task_try": named(dag_id)}).status_code == 422
    assert client.post(ANALYZE, json={"task_try": named(dag_id, task_id="none")}).status_code == 404
    assert client.post(ANALYZE, json={}).status_code == 422


def test_who_is_not_known_learns_nothing(client_as: ClientAs, failed_run, dag_id) -> None:
    failed_run(dag_id)
    for name in (dag_id, "no_such_dag"):
        assert client_as("nobody").post(ANALYZE, json={"task_try": named(name)}).status_code == 401
