"""OptimizeDagOperator: figures and bottlenecks of a DAG as the task's result, without its source."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import responses
from airflow.sdk import DAG, Connection
from airflow.sdk.exceptions import AirflowFailException

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook
from airflow_provider_wfintel.operators.optimize import OptimizeDagOperator

pytestmark = pytest.mark.integration

ANALYZE = "http://airflow.test:8080/wfintel/api/workflows/optimization/analyze"
REPORT = {
    "dag_id": "sales",
    "strategy": "cost",
    "optimization_id": "o1",
    "history": {"runs": 7},
    "predicted": {"before": {"makespan_s": 90.0}, "after": {"makespan_s": 60.0}},
    "bottlenecks": [{"kind": "pool too small", "explanation": "…", "saves_s": 30.0, "tasks": ["a"], "rewrite": ""}],
    "run_time_changes": [{"title": "set priority weights for 3 tasks"}],
    "rewrites": [{"title": "drop 2 needless orders"}],
    "to_confirm": [],
    "patch": "--- a/secret.py",
}


@pytest.fixture(autouse=True)
def connection(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"conn_id": "wfintel_default", "conn_type": "wfintel", "host": "airflow.test", "port": 8080}
    made = Connection(**fields, extra=json.dumps({"token": "t0ken"}))  # type: ignore[arg-type]
    monkeypatch.setattr(WfIntelHook, "get_connection", classmethod(lambda cls, conn_id: made))


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def operator(**changed: object) -> OptimizeDagOperator:
    arguments = {"dag_id_to_optimize": "sales", **changed}
    with DAG("report", schedule=None):
        return OptimizeDagOperator(task_id="analyze", **arguments)  # type: ignore[arg-type]


def test_the_result_has_figures_and_no_source(server: responses.RequestsMock) -> None:
    server.post(ANALYZE, json=REPORT)
    found = operator(strategy="cost", deadline_seconds="120").execute({})  # type: ignore[arg-type]
    assert json.loads(server.calls[0].request.body) == {
        "dag_id": "sales", "strategy": "cost", "deadline_seconds": 120.0,
    }  # fmt: skip
    assert found["bottlenecks"] == [{"kind": "pool too small", "explanation": "…", "saves_s": 30.0}]
    assert found["changes"] == ["set priority weights for 3 tasks", "drop 2 needless orders"]
    assert "secret" not in json.dumps(found)


@pytest.mark.parametrize("changed", [{"strategy": "luck"}, {"deadline_seconds": "soon"}, {"deadline_seconds": -1}])
def test_what_cannot_be_meant_fails_at_once(changed: dict) -> None:
    with pytest.raises(AirflowFailException):
        operator(**changed).execute({})  # type: ignore[arg-type]


def test_a_refusal_is_worth_another_try(server: responses.RequestsMock) -> None:
    server.post(ANALYZE, status=403, json={"error": "no"})
    with pytest.raises(RemoteError):
        operator().execute({})  # type: ignore[arg-type]
