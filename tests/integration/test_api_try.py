"""A generated DAG is run with stand-ins over REST only where the administrator allowed it; forms change what it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from airflow_provider_wfintel.api.routes import automation

pytestmark = pytest.mark.integration

AUTOMATION = "/wfintel/api/workflows/automation"
WORDS = {
    "user_input": "Every day fetch https://api.example.org/rates and post the number of rows to #ops on Slack.",
    "context_aware": False,
}

ClientAs = Callable[[str], TestClient]


@pytest.fixture
def client(client_as: ClientAs) -> TestClient:
    return client_as("user")


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__WFINTEL__TRIAL_OVER_REST", "True")


def test_it_is_off_until_the_administrator_allows_it(client: TestClient) -> None:
    answer = client.post(f"{AUTOMATION}/try", json=WORDS)
    assert answer.status_code == 403
    assert client.get("/wfintel/api/health").json()["tries_dags"] is False


@pytest.mark.usefixtures("allowed")
def test_the_tasks_run_and_say_what_they_would_have_called(client: TestClient) -> None:
    assert client.get("/wfintel/api/health").json()["tries_dags"] is True
    body = client.post(f"{AUTOMATION}/try", json=WORDS).json()
    assert [run["answers"] for run in body["runs"]] == ["rows", "empty"], body
    called = {call["service"] for task in body["runs"][0]["tasks"] for call in task["calls"]}
    assert any("example.org" in service for service in called), body
    assert body["ok"] == all(task["state"] != "failed" for run in body["runs"] for task in run["tasks"])


@pytest.mark.usefixtures("allowed")
def test_one_runs_at_a_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = threading.Lock()
    busy.acquire()
    monkeypatch.setattr(automation, "_one_trial", busy)
    answer = client.post(f"{AUTOMATION}/try", json=WORDS)
    assert (answer.status_code, answer.json()["retryable"]) == (409, True)


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("extra", [{"source": "import os"}, {"enhanced_intelligence": True}])
def test_nothing_is_run_that_the_caller_or_a_model_wrote(client: TestClient, extra: dict[str, object]) -> None:
    assert client.post(f"{AUTOMATION}/try", json={**WORDS, **extra}).status_code == 422


def test_what_is_set_in_a_form_changes_the_file_and_is_saved_with_it(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__WFINTEL__SAVE_OVER_REST", "True")
    edits = [
        {"what": "schedule", "value": "every Monday at 05:30"},
        {"what": "retries", "value": 4},
        {"what": "retries", "value": 1, "task_id": "gone"},
    ]
    body = {**WORDS, "edits": edits, "user_input": WORDS["user_input"] + " The dag id is edited_in_forms."}
    answer = client.post(f"{AUTOMATION}/generate", json=body).json()
    assert answer["spec"]["schedule"]["crons"] == ["30 5 * * 1"]
    assert "retries of gone" in answer["warnings"][-1]["text"]
    saved = client.post(
        f"{AUTOMATION}/save", json={**body, "source_hash": sha256(answer["source"].encode()).hexdigest()}
    )
    assert saved.status_code == 200, saved.text
    assert (tmp_path / saved.json()["file_name"]).read_text(encoding="utf-8") == answer["source"]


def test_one_of_the_offered_operators_takes_the_place_of_another_and_nothing_else_does(client: TestClient) -> None:
    body = {"user_input": "Every day at 7, post 'done' to #ops on Slack."}
    offered = client.post(f"{AUTOMATION}/generate", json=body).json()["operators"]
    path = next(item["path"] for item in offered[0]["choices"] if item["path"].endswith(":SlackWebhookOperator"))
    edit = {"what": "operator", "task_id": offered[0]["task_id"], "value": path}
    answer = client.post(f"{AUTOMATION}/generate", json={**body, "edits": [edit]}).json()
    assert "SlackWebhookOperator(" in answer["source"]
    refused = client.post(f"{AUTOMATION}/generate", json={**body, "edits": [{**edit, "value": "os:system"}]})
    assert refused.status_code == 422
    assert "SlackWebhookOperator" in refused.json()["hint"]


def test_an_impossible_value_is_refused_with_a_hint(client: TestClient) -> None:
    answer = client.post(f"{AUTOMATION}/generate", json={**WORDS, "edits": [{"what": "retries", "value": -1}]})
    assert answer.status_code == 422
    assert answer.json()["hint"]
