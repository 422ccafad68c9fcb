"""Inside Airflow: the operators ask the server and do nothing twice, callbacks hide nothing, the DAGs load."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pendulum
import pytest
import responses
from airflow.sdk import DAG, Connection
from airflow.sdk.exceptions import AirflowFailException
from responses import matchers

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.troubleshooting import TroubleshootingHook
from airflow_provider_wfintel.notifications.diagnosis import DiagnosisNotifier, diagnose_on_failure
from airflow_provider_wfintel.operators.approve import LEAVE, ApproveRemedyOperator
from airflow_provider_wfintel.operators.resolve import ResolveFailuresOperator

pytestmark = pytest.mark.integration

HOST = "http://airflow.test:8080"
SESSIONS = f"{HOST}/wfintel/api/workflows/troubleshooting/sessions"
FAILURE = {"dag_id": "sales", "run_id": "r1", "task_id": "load", "map_index": -1}
SESSION = {
    **FAILURE, "session_id": "s1", "label": "connection_dropped", "status": "in_progress", "phase": "verification",
    "explanation": "The other side hung up.", "evidence": ["Connection reset by peer"],
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture(autouse=True)
def connection(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"conn_id": "wfintel_default", "conn_type": "wfintel", "host": "airflow.test", "port": 8080}
    made = Connection(**fields, extra=json.dumps({"token": "t0ken"}))  # type: ignore[arg-type]
    monkeypatch.setattr(TroubleshootingHook, "get_connection", classmethod(lambda cls, conn_id: made))


def answer(outcome: str, **more: Any) -> dict[str, Any]:
    empty = {"reason": "", "remedy": "clear_with_backoff", "due_at": None, "offers": [], "proposals": [], "steps": []}
    return {"session": SESSION, "outcome": outcome, **empty, **more}


def operator(**changed: Any) -> ResolveFailuresOperator:
    with DAG("watch", schedule=None):
        return ResolveFailuresOperator(task_id="resolve", **{"failures": [FAILURE], "poll_interval": 0.0, **changed})


def test_a_failure_is_opened_resolved_and_verified(server: responses.RequestsMock) -> None:
    server.post(SESSIONS, json={"session": SESSION}, match=[matchers.json_params_matcher(FAILURE)])
    server.post(f"{SESSIONS}/s1/resolve", json=answer("applied"))
    server.post(f"{SESSIONS}/s1/verify", json=SESSION)
    server.post(f"{SESSIONS}/s1/verify", json={**SESSION, "phase": "closed", "status": "auto_resolved"})
    (found,) = operator(patience=60).execute({})  # type: ignore[arg-type]
    assert (found["status"], found["remedy"]) == ("auto_resolved", "clear_with_backoff")
    json.dumps(found)


def test_no_try_waits_for_what_came_of_another(server: responses.RequestsMock) -> None:
    ended = {**SESSION, "phase": "closed", "status": "auto_resolved"}
    for name in ("s1", "s2"):
        server.post(f"{SESSIONS}/{name}/resolve", json=answer("applied"))
        server.post(f"{SESSIONS}/{name}/verify", json=SESSION)
        server.post(f"{SESSIONS}/{name}/verify", json=ended)
    found = operator(failures=["s1", "s2"], patience=60).execute({})  # type: ignore[arg-type]
    assert [item["status"] for item in found] == ["auto_resolved", "auto_resolved"]
    asked = ["/".join(str(call.request.url).split("/")[-2:]) for call in server.calls]
    assert asked[-6:] == ["s1/resolve", "s1/verify", "s2/resolve", "s2/verify", "s1/verify", "s2/verify"]


def test_without_patience_it_asks_once_and_leaves_the_rest_to_the_next_run(server: responses.RequestsMock) -> None:
    due = (datetime.now(timezone.utc) + timedelta(minutes=5)).isoformat()
    server.post(f"{SESSIONS}/s1/resolve", json=answer("waiting", due_at=due))
    (found,) = operator(failures=["s1"], patience=1).execute({})  # type: ignore[arg-type]
    assert found["outcome"] == "waiting"


def test_one_that_cannot_be_worked_with_does_not_stop_the_others(server: responses.RequestsMock) -> None:
    server.post(f"{SESSIONS}/gone/resolve", status=404, json={"error": "there is no such session"})
    server.post(f"{SESSIONS}/s1/resolve", json=answer("suggested"))
    first, second = operator(failures=["gone", "s1"]).execute({})  # type: ignore[arg-type]
    assert "no such session" in first["error"]
    assert second["outcome"] == "suggested"


def test_if_none_can_be_worked_with_the_task_fails(server: responses.RequestsMock) -> None:
    server.post(f"{SESSIONS}/gone/resolve", status=404, json={"error": "there is no such session"})
    with pytest.raises(RemoteError, match="no such session"):
        operator(failures=["gone"]).execute({})  # type: ignore[arg-type]


@pytest.mark.parametrize("failures", ["s1", 7, [{"dag_id": "sales"}]])
def test_what_is_no_list_of_failures_fails_at_once(failures: Any) -> None:
    with pytest.raises(AirflowFailException):
        operator(failures=failures).execute({})  # type: ignore[arg-type]


def test_failures_are_collected_page_by_page_without_the_own_dag(server: responses.RequestsMock) -> None:
    items = [
        {"dag_id": dag, "dag_run_id": "r1", "task_id": "load", "map_index": -1}
        for dag in ("sales", "wfintel_self_diagnosis", "billing")
    ]
    url = f"{HOST}/api/v2/dags/~/dagRuns/~/taskInstances"
    server.get(url, json={"task_instances": items[:2], "total_entries": 3})
    server.get(url, json={"task_instances": items[2:], "total_entries": 3})
    since = datetime(2026, 1, 1, tzinfo=timezone.utc)
    found = TroubleshootingHook().failed_tries(since, but_dags=("wfintel_self_diagnosis",))
    assert [item["dag_id"] for item in found] == ["sales", "billing"]
    assert found[0] == FAILURE


def test_failures_are_opened_until_the_time_is_over(server: responses.RequestsMock) -> None:
    opened = {"session": {**SESSION, "confidence": 0.97}}
    gone = {**FAILURE, "task_id": "gone"}
    server.post(SESSIONS, json=opened, match=[matchers.json_params_matcher(FAILURE)])
    server.post(SESSIONS, status=404, json={"error": "no such task"}, match=[matchers.json_params_matcher(gone)])
    hook = TroubleshootingHook()
    assert hook.open_sessions([gone, FAILURE]) == []
    assert hook.open_sessions([FAILURE, gone], seconds=-1) == [FAILURE, gone]


def test_sessions_in_progress_are_gone_on_with(server: responses.RequestsMock) -> None:
    found = {"sessions": [SESSION], "total": 1, "next_cursor": None}
    server.get(
        SESSIONS, json=found, match=[matchers.query_param_matcher({"status": "in_progress"}, strict_match=False)]
    )
    server.post(f"{SESSIONS}/s1/resolve", json=answer("suggested"))
    (one,) = operator(failures=[], in_progress=True).execute({})  # type: ignore[arg-type]
    assert one["outcome"] == "suggested"


def approval(**changed: Any) -> ApproveRemedyOperator:
    with DAG("ask", schedule=None):
        return ApproveRemedyOperator(task_id="ask", session_id="s1", remedies=["clear_with_backoff"], **changed)


def event(chosen: str) -> dict[str, Any]:
    return {
        "chosen_options": [chosen], "params_input": {}, "responded_at": datetime.now(timezone.utc),
        "responded_by_user": {"id": "1", "name": "anna"},
    }  # fmt: skip


def test_an_approval_carries_the_remedy_out(server: responses.RequestsMock) -> None:
    wanted = {"mode": "apply", "remedy": "clear_with_backoff"}
    server.post(f"{SESSIONS}/s1/resolve", json=answer("applied"), match=[matchers.json_params_matcher(wanted)])
    assert approval().execute_complete({}, event("clear_with_backoff"))["outcome"] == "applied"  # type: ignore[arg-type]


def test_the_time_for_an_answer_can_be_handed_over_to_the_state_that_waits() -> None:
    """Airflow 3.3 refuses a duration of pendulum there, and the task fails instead of asking."""
    limit = approval(response_timeout=pendulum.duration(hours=12)).response_timeout
    assert (type(limit), limit) == (timedelta, timedelta(hours=12))


def test_no_answer_and_leave_it_do_nothing() -> None:
    ask = approval()
    assert ask.defaults == [LEAVE]
    assert ask.execute_complete({}, event(LEAVE))["outcome"] == "left"  # type: ignore[arg-type]


def context(error: BaseException | str | None) -> Any:
    return {"exception": error, "task_instance": SimpleNamespace(dag_id="sales", task_id="load", run_id="r1")}


def test_a_callback_writes_the_diagnosis(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        diagnose_on_failure(context(ModuleNotFoundError("No module named 'polars'")))
    assert "sales.load, run r1 failed: missing_dependency" in caplog.text
    assert "polars" in caplog.text


def test_a_notifier_sends_it_through_another_and_masks_secrets() -> None:
    sent: list[str] = []

    def through(text: str) -> Any:
        return lambda _context: sent.append(text)

    error = RuntimeError("401 Unauthorized for postgresql://etl:hunter2-7fK@db:5432/dwh")
    DiagnosisNotifier(through).notify(context(error))
    assert len(sent) == 1
    assert "hunter2" not in sent[0]
    DiagnosisNotifier(through, only=["oom_killed"]).notify(context(error))
    assert len(sent) == 1


def test_a_notifier_that_fails_hides_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(text: str) -> Any:
        raise OSError("no network")

    DiagnosisNotifier(broken).notify(context(None))
    assert "could not be sent" in caplog.text


@pytest.mark.parametrize("name", ["wfintel_self_diagnosis", "wfintel_remedy_approval"])
def test_the_dags_load(airflow_db: None, name: str) -> None:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization

    bag = DagBag(Path(__file__).parents[3] / "dags" / f"{name}.py")
    assert not bag.import_errors
    DagSerialization.to_dict(bag.dags[name])
