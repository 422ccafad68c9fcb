"""TaskLogHook against a server that is played by `responses`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import responses
from airflow.sdk import Connection

from airflow_provider_wfintel.engine.troubleshooting.service import diagnose
from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.task_log import TaskLogHook, TryKey

pytestmark = pytest.mark.integration

KEY = TryKey("orders", "manual__2031-05-02T09:00:00+00:00", "load")
BASE = "http://airflow.test:8080/api/v2"
INSTANCE = f"{BASE}/dags/orders/dagRuns/manual__2031-05-02T09%3A00%3A00%2B00%3A00/taskInstances/load"


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> TaskLogHook:
    fields = {"conn_id": "wfintel_default", "conn_type": "wfintel", "host": "airflow.test", "port": 8080}
    connection = Connection(**fields, extra=json.dumps({"token": "t0ken"}))  # type: ignore[arg-type]
    monkeypatch.setattr(TaskLogHook, "get_connection", classmethod(lambda cls, conn_id: connection))
    return TaskLogHook()


RUN = INSTANCE.rpartition("/taskInstances/")[0]
AROUND = (
    f"{BASE}/dags/orders/details",
    f"{BASE}/dags/orders/tasks",
    RUN,
    f"{BASE}/pools/default_pool",
    f"{BASE}/dags/orders/dagRuns/~/taskInstances",
    f"{BASE}/dags/~/dagRuns/~/taskInstances",
    f"{INSTANCE}/tries",
    f"{BASE}/monitor/health",
)


def play_facts(server: responses.RequestsMock, *rows: dict[str, object]) -> None:
    server.get(
        f"{INSTANCE}/tries/1", json={"state": "failed", "try_number": 1, "pool": "default_pool", "unixname": "x"}
    )
    server.get(f"{BASE}/eventLogs", json={"event_logs": list(rows), "total_entries": len(rows)})
    for part in AROUND:  # what the user may not read is left out
        server.get(part, status=403, json={"detail": "Forbidden"})


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


@pytest.mark.parametrize(("status", "events"), [(403, []), (500, None)])
def test_who_may_not_read_the_audit_log_gets_the_other_facts(
    hook: TaskLogHook, server: responses.RequestsMock, status: int, events: list[object] | None
) -> None:
    """FAB gives the audit log to administrators only. Another error is one."""
    play_facts(server)
    server.replace("GET", f"{BASE}/eventLogs", json={"detail": "Forbidden"}, status=status)
    if events is None:
        with pytest.raises(RemoteError):
            hook.facts(KEY)
    else:
        assert hook.facts(KEY)["events"] == events


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


def test_what_is_around_a_try_is_read_over_rest(hook: TaskLogHook, server: responses.RequestsMock) -> None:
    end = "2031-05-02T09:10:00+00:00"
    version = {"dag_version": {"version_number": 4}}
    tried = {"id": "t", "state": "failed", "try_number": 2, "duration": 90.0, "pool": "default_pool", "end_date": end}
    server.get(f"{INSTANCE}/tries/2", json={**tried, **version})
    changed = {
        "event": "patch_connection", "extra": '{"connection_id": "shop_db", "password": "***"}', "owner": "ana",
        "when": "2031-05-02T08:00:00+00:00", "task_id": None, "try_number": None,
    }  # fmt: skip
    server.get(f"{BASE}/eventLogs", json={"event_logs": [changed], "total_entries": 1})
    server.get(f"{BASE}/dags/orders/details", json={"tags": [{"name": "daily"}], "is_paused": False, "owners": ["ana"]})
    server.get(f"{BASE}/dagSources/orders", json={"content": "SECRET = 'x'"})
    tasks = [{"task_id": "extract", "downstream_task_ids": ["load"]}, {"task_id": "load", "execution_timeout": None}]
    server.get(f"{BASE}/dags/orders/tasks", json={"tasks": tasks})
    states = [{"task_id": "extract", "state": "success"}, {"task_id": "load", "state": "failed"}]
    server.get(f"{RUN}/taskInstances", json={"task_instances": states, "total_entries": 2})
    server.get(RUN, json={"state": "failed"})
    server.get(f"{BASE}/dags/orders/dagRuns", json={"dag_runs": [{"state": "failed"}], "total_entries": 1})
    server.get(f"{BASE}/pools/default_pool", json={"slots": 128, "open_slots": 100})
    good = {"duration": 10.0, "end_date": "2031-05-01T09:10:00+00:00", "dag_version": {"version_number": 3}}
    server.get(f"{BASE}/dags/orders/dagRuns/~/taskInstances", json={"task_instances": [good] * 6, "total_entries": 6})
    near = [{"dag_id": "billing", "task_id": "pull"}, {"dag_id": "orders", "task_id": "load"}]
    server.get(f"{BASE}/dags/~/dagRuns/~/taskInstances", json={"task_instances": near, "total_entries": 2})
    tries = [{"try_number": 1, "state": "failed", "duration": 88.0}, {"try_number": 2, "state": "failed"}]
    server.get(f"{INSTANCE}/tries", json={"task_instances": tries, "total_entries": 2})
    server.get(
        f"{BASE}/monitor/health", json={"scheduler": {"status": "healthy"}, "triggerer": {"status": "unhealthy"}}
    )
    facts = hook.facts(replace(KEY, try_number=2))
    assert facts["upstream"] == {"extract": "success"}
    assert facts["typical"] == {"median": 10.0, "longest": 10.0, "count": 6}
    assert facts["source_change"] == {"before": 3, "after": 4}
    assert [(item["kind"], item["name"]) for item in facts["changes"]] == [("connection", "shop_db")]
    assert facts["siblings"] == ["billing.pull"]
    assert [item["try_number"] for item in facts["earlier_attempts"]] == [1]
    assert facts["components_down"] == ["triggerer"]
    assert "source" not in facts
    beside = " ".join(diagnose("KeyError: 'qty'", facts).circumstances)
    assert "version 3 then, 4 now" in beside
    assert "Connection shop_db was changed" in beside
    assert "took 90 s" in beside
