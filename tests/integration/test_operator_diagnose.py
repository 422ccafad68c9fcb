"""DiagnoseTaskOperator: the diagnosis of a try is the task's result; a number that is none fails without retries."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import responses
from airflow.sdk import DAG, Connection
from airflow.sdk.exceptions import AirflowFailException

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.task_log import TaskLogHook
from airflow_provider_wfintel.operators.diagnose import DiagnoseTaskOperator

pytestmark = pytest.mark.integration

BASE = "http://airflow.test:8080/api/v2"
INSTANCE = f"{BASE}/dags/orders/dagRuns/r1/taskInstances/load"


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture(autouse=True)
def connection(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"conn_id": "wfintel_default", "conn_type": "wfintel", "host": "airflow.test", "port": 8080}
    made = Connection(**fields, extra=json.dumps({"token": "t0ken"}))  # type: ignore[arg-type]
    monkeypatch.setattr(TaskLogHook, "get_connection", classmethod(lambda cls, conn_id: made))


def operator(**changed: object) -> DiagnoseTaskOperator:
    arguments = {"dag_id_of_try": "orders", "run_id": "r1", "task_id_of_try": "load", **changed}
    with DAG("watch", schedule=None):
        return DiagnoseTaskOperator(task_id="why", **arguments)  # type: ignore[arg-type]


def test_the_result_is_the_diagnosis_of_the_try(server: responses.RequestsMock) -> None:
    server.get(f"{INSTANCE}/tries/2", json={"state": "failed", "try_number": 2, "pool": "default_pool"})
    server.get(f"{BASE}/eventLogs", json={"event_logs": [], "total_entries": 0})
    line = {"event": "Task failed with exception", "level": "error"}
    detail = [{"exc_type": "ModuleNotFoundError", "exc_value": "No module named 'polars'", "frames": []}]
    server.get(f"{INSTANCE}/logs/2", json={"content": [{**line, "error_detail": detail}], "continuation_token": None})
    found = operator(try_number="2").execute({})  # type: ignore[arg-type]
    assert found["transient"] == "permanent"
    assert any("polars" in item for item in found["evidence"])
    json.dumps(found)


def test_a_number_that_is_none_fails_at_once() -> None:
    with pytest.raises(AirflowFailException, match="try_number is 'last'"):
        operator(try_number="last").execute({})  # type: ignore[arg-type]


def test_a_server_that_refuses_is_worth_another_try(server: responses.RequestsMock) -> None:
    server.get(f"{INSTANCE}/tries/1", status=403, json={"detail": "Forbidden"})
    with pytest.raises(RemoteError):
        operator().execute({})  # type: ignore[arg-type]


def test_what_names_the_try_is_templated() -> None:
    named = {"dag_id_of_try", "run_id", "task_id_of_try", "try_number", "map_index", "wfintel_conn_id"}
    assert named <= set(DiagnoseTaskOperator.template_fields)
