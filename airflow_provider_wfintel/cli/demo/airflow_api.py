"""The few calls on Airflow's REST API that the demo makes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeVar

from airflow_provider_wfintel.exceptions import RemoteError, RunError

__all__ = ["AirflowApi", "Run", "wait_for"]

REQUEST_SECONDS = 180.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """A DAG run that the demo started."""

    dag_id: str
    run_id: str


def wait_for(
    what: str, ready: Callable[[], T | None], *, timeout: float, check: Callable[[], None], pause: float = 0.5
) -> T:
    """Ask `ready` until it gives something true, and return that.

    Args:
        what: what is waited for, for the error.
        ready: the question.
        timeout: seconds to wait at most.
        check: called between two questions; raises if waiting has become pointless.
        pause: seconds between two questions.

    Raises:
        RunError: the time is over.
    """
    until = time.monotonic() + timeout
    while True:
        answer = ready()
        if answer:
            return answer
        check()
        if time.monotonic() > until:
            raise RunError(f"{what}: not within {timeout:.0f} s", hint="see the logs folder of the demo")
        time.sleep(pause)


class AirflowApi:
    """A session with the demo's api-server, which hands out tokens to everybody on this machine."""

    def __init__(self, base_url: str) -> None:
        import requests

        self.base_url = base_url
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between us and loopback

    def healthy(self) -> bool:
        """Whether all four components report a heartbeat."""
        try:
            body = self._session.get(f"{self.base_url}/api/v2/monitor/health", timeout=REQUEST_SECONDS).json()
        except (OSError, ValueError):
            return False
        parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return all((body.get(part) or {}).get("status") == "healthy" for part in parts)

    def warm_up(self) -> None:
        """Make the server load what tasks talk to, so that the first of them need not wait for it."""
        import requests

        # On a machine so busy that this does not end, tasks wait for it themselves.
        with suppress(requests.RequestException), requests.Session() as session:
            session.trust_env = False  # a session of its own: this API does not want the cookie of the other one
            session.get(f"{self.base_url}/execution/health", timeout=REQUEST_SECONDS)

    def log_in(self) -> None:
        """Get a token for the calls to come.

        Raises:
            RunError: the server does not answer in time.
            RemoteError: it gives no token.
        """
        try:
            answer = self._session.get(f"{self.base_url}/auth/token", timeout=REQUEST_SECONDS)
        except OSError as error:
            raise RunError(
                f"Airflow's server does not answer within {REQUEST_SECONDS:.0f} s",
                hint="is the machine busy with other work? See the logs folder of the demo, then run it again",
            ) from error
        if answer.status_code not in (200, 201):
            raise RemoteError(f"no token from {self.base_url}: status {answer.status_code}")
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def dag_is_there(self, dag_id: str, file_name: str) -> bool:
        """Whether the DAG has been parsed.

        Raises:
            RunError: its file cannot be imported.
        """
        if self.call("GET", f"dags/{dag_id}", missing_ok=True) is not None:
            return True
        for error in self.call("GET", "importErrors")["import_errors"]:
            if str(error.get("filename", "")).endswith(file_name):
                raise RunError(f"Airflow cannot import {file_name}:\n{error.get('stack_trace', '')}")
        return False

    def unpause(self, dag_id: str) -> bool:
        """Unpause the DAG, and tell whether Airflow will start a run of its own now (the last slot has passed)."""
        dag = self.call("PATCH", f"dags/{dag_id}", {"is_paused": False})
        due = dag.get("next_dagrun_run_after")
        return bool(due) and _moment(due) <= datetime.now(timezone.utc)

    def first_run(self, dag_id: str) -> Run | None:
        """The DAG's only run so far, if there is one."""
        runs = self.call("GET", f"dags/{dag_id}/dagRuns?limit=1")["dag_runs"]
        return Run(dag_id, runs[0]["dag_run_id"]) if runs else None

    def trigger(self, dag_id: str) -> Run:
        """Start a run of the DAG now. Its id is ours, so that asking again cannot start a second one."""
        now = datetime.now(timezone.utc).isoformat()
        run = Run(dag_id, f"manual__{now}")
        self.call("POST", f"dags/{dag_id}/dagRuns", {"logical_date": now, "dag_run_id": run.run_id}, repeated_ok=True)
        return run

    def run_state(self, run: Run) -> str:
        """The state of the run: `queued`, `running`, `success` or `failed`."""
        return str(self.call("GET", f"dags/{run.dag_id}/dagRuns/{run.run_id}")["state"])

    def tasks(self, run: Run) -> list[dict[str, Any]]:
        """The task instances of the run as REST lists them (the first 100)."""
        answer = self.call("GET", f"dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances?limit=100")
        found: list[dict[str, Any]] = answer["task_instances"]
        return found

    def log_lines(self, run: Run, task: dict[str, Any], *, last: int = 25) -> list[str]:
        """The end of the log of the task's last try."""
        place = f"dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/{task['task_id']}/logs/{task['try_number']}"
        answer = self.call("GET", f"{place}?map_index={task['map_index']}&full_content=true", missing_ok=True)
        content = (answer or {}).get("content") or []
        lines = [_log_line(item) for item in content]
        return [line for line in lines if line][-last:]

    def call(
        self, method: str, path: str, body: object = None, *, missing_ok: bool = False, repeated_ok: bool = False
    ) -> Any:
        """Call API v2 and give the answer's JSON.

        Args:
            method: GET, POST, PATCH, PUT or DELETE.
            path: the path after `/api/v2/`.
            body: what is sent as JSON.
            missing_ok: a 404 gives None.
            repeated_ok: a 409 gives None, and a POST may be sent again.

        Raises:
            RemoteError: no answer or an error status.
        """
        headers = {"Accept": "application/json"}
        url = f"{self.base_url}/api/v2/{path}"
        for pause in (1.0, 4.0, 0.0):
            try:
                answer = self._session.request(method, url, json=body, headers=headers, timeout=REQUEST_SECONDS)
            except OSError as error:
                raise RemoteError(f"{method} {url}: {error}") from error
            # On SQLite the audit entry of a call and the start of a task in the same server can wait for each other
            # until the database gives up; the server then answers 500. Asking again is safe where it changes nothing.
            if answer.status_code < 500 or (method == "POST" and not repeated_ok):
                break
            time.sleep(pause)
        if answer.status_code == 409 and repeated_ok:
            return None
        if answer.status_code == 404 and missing_ok:
            return None
        if answer.status_code >= 400:
            raise RemoteError(f"{method} {url}: status {answer.status_code}: {answer.text[:300]}")
        return answer.json()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _log_line(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    text = f"{item.get('level', '')} {item.get('event', '')}".strip()
    for detail in item.get("error_detail") or ():
        text += f"\n    {detail.get('exc_type')}: {detail.get('exc_value')}"
    return text
