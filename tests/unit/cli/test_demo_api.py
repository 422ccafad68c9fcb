"""Starting a run survives a server whose database is busy, and never starts two."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests
import responses

from airflow_provider_wfintel.cli.demo import airflow_api
from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi
from airflow_provider_wfintel.exceptions import RemoteError, RunError

BASE = "http://127.0.0.1:8099"
RUNS = f"{BASE}/api/v2/dags/orders/dagRuns"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    monkeypatch.setattr(airflow_api.time, "sleep", lambda seconds: None)
    with responses.RequestsMock() as mock:
        yield mock


@pytest.mark.parametrize("second", [200, 409])
def test_a_busy_database_is_asked_again_for_the_same_run(server: responses.RequestsMock, second: int) -> None:
    server.post(RUNS, status=500, json={"detail": "database error"})
    server.post(RUNS, status=second, json={"dag_run_id": "x"})
    run = AirflowApi(BASE).trigger("orders")
    asked = [json.loads(call.request.body or "{}")["dag_run_id"] for call in server.calls]
    assert asked == [run.run_id, run.run_id]


def test_a_server_that_stays_broken_is_an_error(server: responses.RequestsMock) -> None:
    server.post(RUNS, status=500, json={"detail": "database error"})
    with pytest.raises(RemoteError, match="status 500"):
        AirflowApi(BASE).trigger("orders")


def test_a_machine_that_is_too_busy_to_warm_up_goes_on(server: responses.RequestsMock) -> None:
    server.get(f"{BASE}/execution/health", body=requests.ReadTimeout("no answer"))
    AirflowApi(BASE).warm_up()


def test_a_server_that_does_not_answer_a_login_is_told_with_what_to_do(server: responses.RequestsMock) -> None:
    server.get(f"{BASE}/auth/token", body=requests.ReadTimeout("no answer"))
    with pytest.raises(RunError, match="does not answer within") as told:
        AirflowApi(BASE).log_in()
    assert "run it again" in told.value.hint
