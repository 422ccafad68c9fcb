"""TaskLogHook against a server that is played by `responses`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import responses
from airflow.sdk import Connection

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.task_log import TaskLogHook, TryKey

pytestmark = pytest.mark.integration

KEY = TryKey("orders", "manual__2031-05-02T09:00:00+00:00", "load")
BASE = "http://airflow.test:8080/api/v2"
INSTANCE = f"{BASE}/dags/orders/dagRuns/manual__2031-05-02T09%3A00%3A00%2B00%3A00/taskInstances/load"


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> TaskLogHook:
    fields = {"conn_id": "wfintel_default", "conn_type": "wfintel", "host": "airflow.test", "port": 8080}
    connection = Connection(**fields, extra=json.dumps({"token": "t0ken"}))  # type: ignore[arg-type]
    monkeypatch.setattr(TaskLogHook, "get_connection", classmethod(lambda cls, conn_id: connection))
    return TaskLogHook()


def play_facts(server: responses.RequestsMock, *rows: dict[str, object]) -> None:
    server.get(
        f"{INSTANCE}/tries/1", json={"state": "failed", "try_number": 1, "pool": "default_pool", "unixname": "x"}
    )
    server.get(f"{BASE}/eventLogs", json={"event_logs": list(rows), "total_entries": len(rows)})


def test_a_log_in_parts_is_put_together(hook: TaskLogHook, server: responses.RequestsMock) -> None:
    server.get(f"{INSTANCE}/logs/1", json={"content": [{"event": "a"}], "continuation_token": "next"})
    server.get(f"{INSTANCE}/logs/1", json={"content": [{"event": "b"}], "continuation_token": None})
    assert hook.read_log(KEY) == '{"event": "a"}\n{"event": "b"}'
    assert "token=next" in str(server.calls[1].request.url)


def test_an_answer_without_a_log_is_named(hook: TaskLogHook, server: responses.RequestsMock) -> None:
    server.get(f"{INSTANCE}/logs/1", json={"detail": "?"})
    with pytest.raises(RemoteError, match="holds no log"):
        hook.read_log(KEY)


def test_facts_are_those_of_the_try(hook: TaskLogHook, server: responses.RequestsMock) -> None:
    own = {
        "event": "failed",
        "try_number": 1,
        "map_index": -1,
        "owner": "ana",
        "extra": "",
        "when": "x",
        "event_log_id": 1,
    }
    other = {**own, "try_number": 2}
    play_facts(server, own, other)
    facts = hook.facts(KEY)
    assert (facts["state"], facts["pool"]) == ("failed", "default_pool")
    assert [event["try_number"] for event in facts["events"]] == [1]


def test_a_try_is_diagnosed_from_log_and_facts(hook: TaskLogHook, server: responses.RequestsMock) -> None:
    play_facts(server)
    detail = [{"exc_type": "OSError", "exc_value": "[Errno 28] No space left on device"}]
    line = {"level": "error", "event": "Task failed with exception", "error_detail": detail}
    server.get(f"{INSTANCE}/logs/1", json={"content": [line], "continuation_token": None})
    assert hook.diagnose(KEY).label == "disk_full"


def test_without_a_log_the_facts_speak(hook: TaskLogHook, server: responses.RequestsMock) -> None:
    play_facts(server, {"event": "heartbeat timeout", "extra": "Task did not emit heartbeat", "try_number": 1})
    server.get(f"{INSTANCE}/logs/1", status=404, json={"detail": "no log"})
    assert hook.diagnose(KEY).label == "heartbeat_lost"
