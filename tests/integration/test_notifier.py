"""WfIntelNotifier: what callbacks of tasks, DAGs and deadlines push, and that it is the event the collector sees."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference, SyncCallback
from airflow.sdk.execution_time.callback_supervisor import execute_callback
from airflow.triggers.callback import CallbackTrigger

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook
from airflow_provider_wfintel.notifications.wfintel import WfIntelNotifier

pytestmark = pytest.mark.integration

PATH = "airflow_provider_wfintel.notifications.wfintel.WfIntelNotifier"
TRY = "0196f1e0-0000-7000-8000-000000000001"
DEADLINE = {
    "dag_run": {"dag_id": "orders", "dag_run_id": "r1", "state": "running"},
    "deadline": {"id": "1", "deadline_time": "2026-03-02T07:00:00+00:00"},
}


@pytest.fixture
def pushed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The events that reach the server."""
    events: list[dict[str, Any]] = []

    def push(self: WfIntelHook, event: dict[str, Any]) -> dict[str, Any]:
        events.append(event)
        return {"accepted": True}

    monkeypatch.setattr(WfIntelHook, "push_event", push)
    return events


def task(state: str, **more: Any) -> dict[str, Any]:
    item = SimpleNamespace(
        id=TRY, dag_id="orders", run_id="r1", task_id="load", map_index=-1, try_number=3, max_tries=2, state=state
    )
    return {"ti": item, "dag": None, "run_id": "r1", **more}


class TestTasks:
    def test_a_failure_carries_the_uuid_of_its_try_and_its_cause(self, pushed: list[dict]) -> None:
        error = OSError(28, "No space left on device")
        WfIntelNotifier()(task("failed", exception=error))
        (event,) = pushed
        assert (event["kind"], event["dag_id"], event["run_id"], event["task_id"]) == (
            "task.failed", "orders", "r1", "load",
        )  # fmt: skip
        assert event["event_id"] == TRY
        assert event["cause"].startswith("disk")
        assert event["message"]

    @pytest.mark.parametrize(
        ("state", "error", "kind"),
        [
            ("up_for_retry", ValueError("x"), "task.retry"),
            ("failed", "killed by hand", "task.failed"),
            ("success", None, "task.succeeded"),
        ],
    )
    def test_the_state_says_what_it_is(self, pushed: list[dict], state: str, error: Any, kind: str) -> None:
        WfIntelNotifier()(task(state, **({"exception": error} if error else {})))
        assert pushed[0]["kind"] == kind

    def test_a_message_of_the_author_is_rendered(self, pushed: list[dict]) -> None:
        WfIntelNotifier(message="load of {{ run_id }} went wrong")(task("failed", exception=ValueError("x")))
        assert pushed[0]["message"] == "load of r1 went wrong"

    def test_secrets_stay_in_the_process(self, pushed: list[dict]) -> None:
        WfIntelNotifier()(task("failed", exception=ValueError("login with password=hunter2hunter2 refused")))
        assert "hunter2" not in str(pushed)

    def test_a_server_that_is_away_changes_nothing_for_the_task(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def away(self: WfIntelHook, event: Any) -> Any:
            raise RemoteError("http://airflow cannot be reached", hint="see the connection")

        monkeypatch.setattr(WfIntelHook, "push_event", away)
        WfIntelNotifier()(task("failed", exception=ValueError("x")))
        WfIntelNotifier()({})
        said = capsys.readouterr().out
        assert "cannot be reached (see the connection)" in said
        assert "use WfIntelNotifier as a callback" in said


class TestDags:
    @pytest.mark.parametrize(("reason", "kind"), [("task_failure", "run.failed"), ("success", "run.succeeded")])
    def test_callbacks_of_dags_are_about_the_run(self, pushed: list[dict], reason: str, kind: str) -> None:
        dag = SimpleNamespace(dag_id="orders", get_template_env=lambda **_: None)
        context = {"dag": dag, "run_id": "r1", "reason": reason}
        WfIntelNotifier().notify(context)  # type: ignore[arg-type]
        assert [(event["kind"], event["dag_id"], event["event_id"]) for event in pushed] == [(kind, "orders", "r1")]


class TestDeadlines:
    EVENT = ("deadline.missed", "orders", "r1", "2026-03-02T07:00:00+00:00")

    def seen(self, pushed: list[dict]) -> list[tuple]:
        return [(item["kind"], item["dag_id"], item["run_id"], item["at"]) for item in pushed]

    def test_airflow_accepts_it_in_both_forms(self) -> None:
        for callback in (SyncCallback(WfIntelNotifier, {"message": "late"}), AsyncCallback(WfIntelNotifier, {})):
            DeadlineAlert(DeadlineReference.DAGRUN_QUEUED_AT, interval=_hour(), callback=callback)
            assert callback.path == PATH

    def test_in_a_worker(self, pushed: list[dict]) -> None:
        kwargs = {"context": DEADLINE, "timeout": 5.0}
        done, error = execute_callback(PATH, kwargs, Path("orders.py"), None, structlog.get_logger())
        assert (done, error) == (True, None)
        assert self.seen(pushed) == [self.EVENT]

    def test_in_the_triggerer(self, pushed: list[dict]) -> None:
        async def run() -> list[str]:
            trigger = CallbackTrigger(callback_path=PATH, callback_kwargs={"context": DEADLINE})
            return [event.payload["state"] async for event in trigger.run()]

        assert asyncio.run(run()) == ["running", "success"]
        assert self.seen(pushed) == [self.EVENT]


def _hour() -> Any:
    from datetime import timedelta

    return timedelta(hours=1)
