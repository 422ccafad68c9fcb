"""Sensors and the report operator, against a server that answers as the routes do."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowFailException, AirflowSensorTimeout, AirflowSkipException, TaskDeferred

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook
from airflow_provider_wfintel.operators.report import PerformanceReportOperator
from airflow_provider_wfintel.sensors.workflow_health import NoAnomalySensor, WorkflowHealthSensor
from airflow_provider_wfintel.triggers.answers import NoAnomalyTrigger, WorkflowHealthTrigger

pytestmark = pytest.mark.integration

SPIKE = {"kind": "spike", "severity": "error", "mark": "", "message": "nine times as long"}
REPORT = {
    "title": "Performance of the workflows",
    "period": "a week",
    "summary": ["3 runs"],
    "tables": [{"title": "Failed runs", "columns": ["DAG"], "rows": [["<b>a</b>"]], "empty": "none"}],
}


class Server:
    """Answers by path; `score` and `anomalies` may be lists of which each call takes the next."""

    def __init__(self) -> None:
        self.scores: list[float | None] = [90.0]
        self.anomalies: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.fault: RemoteError | None = None
        self.seconds = 0.0

    def __call__(self, _hook: Any, method: str, path: str, *, params: Any = None, **_more: Any) -> Any:
        assert method == "GET"
        self.calls.append((path.rpartition("/")[2], dict(params)))
        time.sleep(self.seconds)
        if self.fault is not None:
            raise self.fault
        if path.endswith("/health"):
            score = self.scores.pop(0) if len(self.scores) > 1 else self.scores[0]
            row = {"dag_id": params["dag_id"], "score": score, "reasons": [{"text": "failures of late"}]}
            return {"dags": [] if score is None else [row]}
        return {"anomalies": self.anomalies} if path.endswith("/anomalies") else REPORT


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()

    async def connection(_cls: Any, conn_id: str) -> Connection:
        return Connection(conn_id=conn_id, conn_type="wfintel", host="localhost")

    monkeypatch.setattr(WfIntelHook, "request", lambda hook, *args, **more: made(hook, *args, **more))
    monkeypatch.setattr(WfIntelHook, "aget_connection", classmethod(connection))
    return made


def first_event(trigger: Any) -> dict[str, Any]:
    async def one() -> Any:
        async for event in trigger.run():
            return event.payload
        raise AssertionError("no event")

    return dict(asyncio.run(one()))


def health(**more: Any) -> WorkflowHealthSensor:
    return WorkflowHealthSensor(task_id="s", watched_dag_id="a", **more)


def trigger(**more: Any) -> WorkflowHealthTrigger:
    options = {"poke_interval": 0.01, "end_at": 0.0, "min_score": 80.0} | more
    return WorkflowHealthTrigger(watched_dag_id="a", wfintel_conn_id="c", **options)


@pytest.mark.parametrize(("score", "good"), [(80.0, True), (79.9, False), (None, False)])
def test_health_is_good_from_the_least_score_on(server: Server, score: float | None, good: bool) -> None:
    server.scores = [score]
    assert health(min_score=80).poke({}) is good
    assert server.calls == [("health", {"dag_id": "a"})]


@pytest.mark.parametrize(
    ("change", "options", "good"),
    [
        ({}, {}, False),
        ({"mark": "false_alarm"}, {}, True),
        ({"severity": "info"}, {}, True),
        ({"severity": "info"}, {"min_severity": "info"}, False),
        ({}, {"kinds": ["missing_run"]}, True),
    ],
)
def test_anomalies_count_by_kind_severity_and_mark(server: Server, change: Any, options: Any, good: bool) -> None:
    server.anomalies = [{**SPIKE, **change}]
    assert NoAnomalySensor(task_id="s", watched_dag_id="a", hours=12, **options).poke({}) is good
    assert server.calls == [("anomalies", {"dag_id": "a", "days": 0.5})]


def test_a_deferrable_sensor_waits_in_the_triggerer_unless_all_is_well(server: Server) -> None:
    assert health(deferrable=True).execute({}) is None
    server.scores = [10.0]
    with pytest.raises(TaskDeferred) as caught:
        health(deferrable=True, timeout=100, poke_interval=7).execute({})
    path, arguments = caught.value.trigger.serialize()
    assert path == "airflow_provider_wfintel.triggers.answers.WorkflowHealthTrigger"
    assert json.loads(json.dumps(arguments)) == arguments
    assert arguments["end_at"] == pytest.approx(time.time() + 100, abs=10)
    assert WorkflowHealthTrigger(**arguments).serialize() == (path, arguments)


def test_the_trigger_asks_until_it_is_good(server: Server) -> None:
    server.scores = [10.0, None, 85.0]
    assert first_event(trigger())["state"] == "good"
    assert len(server.calls) == 3


def test_the_trigger_ends_in_time(server: Server) -> None:
    server.scores = [10.0]
    assert first_event(trigger(end_at=time.time() + 0.05))["state"] == "timeout"


def test_the_trigger_bears_some_faults_and_not_many(server: Server) -> None:
    server.fault = RemoteError("down", hint="wait", retryable=True)
    assert first_event(trigger())["state"] == "error"
    assert len(server.calls) == 5
    server.fault = RemoteError("forbidden", hint="ask", retryable=False)
    assert first_event(trigger())["state"] == "error"
    assert len(server.calls) == 6


def test_a_slow_server_does_not_hold_up_other_triggers(server: Server) -> None:
    server.seconds = 0.5

    async def both() -> float:
        async def asked() -> None:
            async for _ in NoAnomalyTrigger(
                watched_dag_id="a",
                wfintel_conn_id="c",
                poke_interval=1,
                end_at=0,
                hours=1,
                kinds=[],
                min_severity="info",
            ).run():
                return

        task = asyncio.create_task(asked())
        longest = 0.0
        while not task.done():
            began = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - began)
        return longest

    assert asyncio.run(both()) < 0.4


@pytest.mark.parametrize(
    ("state", "soft", "error"),
    [
        ("timeout", False, AirflowSensorTimeout),
        ("timeout", True, AirflowSkipException),
        ("error", True, AirflowFailException),
    ],
)
def test_how_a_wait_ends(state: str, soft: bool, error: type[Exception]) -> None:
    with pytest.raises(error, match="why"):
        health(soft_fail=soft).execute_complete({}, {"state": state, "message": "why"})
    health().execute_complete({}, {"state": "good", "message": "well"})


@pytest.mark.parametrize("options", [{"min_score": 101}, {"min_score": -1}])
def test_a_score_that_is_none_is_refused(options: Any) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        health(**options)


@pytest.mark.parametrize(("format", "text"), [("markdown", "\\<b\\>a\\</b\\>"), ("html", "&lt;b&gt;a&lt;/b&gt;")])
def test_the_report_becomes_xcom_and_file(server: Server, tmp_path: Path, format: str, text: str) -> None:
    path = tmp_path / "report"
    operator = PerformanceReportOperator(task_id="r", format=format, output_path=str(path), days=3)
    found = operator.execute({})
    assert text in found
    assert path.read_text(encoding="utf-8") == found
    assert [item.name for item in tmp_path.iterdir()] == ["report"]
    assert server.calls == [("report", {"days": 3, "dag_id": "", "team": ""})]


def test_a_json_report_is_an_object(server: Server) -> None:
    assert PerformanceReportOperator(task_id="r", format="json").execute({}) == REPORT


@pytest.mark.parametrize("path", ["report.md", "/no/such/folder/report.md"])
def test_a_path_that_cannot_be_written_fails_for_good(server: Server, path: str) -> None:
    with pytest.raises(AirflowFailException, match="absolute path"):
        PerformanceReportOperator(task_id="r", output_path=path).execute({})
    assert server.calls == []
