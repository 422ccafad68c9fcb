"""Sessions of failed tries over REST: collect what failed, open, resolve, verify."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

__all__ = ["TroubleshootingHook"]

_SESSIONS = "/wfintel/api/workflows/troubleshooting/sessions"
_SECONDS = 150.0
"""A remedy may wait for a DAG to be parsed again."""


class TroubleshootingHook(WfIntelHook):
    """`WfIntelHook` with the sessions of failed tries.

    The user of the connection needs to read task logs; to resolve, to change task instances and whatever a remedy
    changes (pools, Variables, connections, DAGs): Airflow asks for each.
    """

    hook_name = "Workflow Intelligence troubleshooting"

    def __init__(
        self, wfintel_conn_id: str = WfIntelHook.default_conn_name, *, timeout: float | None = _SECONDS
    ) -> None:
        super().__init__(wfintel_conn_id, timeout=timeout)

    def failed_tries(
        self, since: datetime, *, dag_id: str = "~", but_dags: tuple[str, ...] = (), most: int = 200
    ) -> list[dict[str, Any]]:
        """Task instances that are failed for good, by the end of their try, the oldest first.

        Those that could not run because of them (`upstream_failed`) are no failures of their own and not among them.

        Args:
            since: only tries that ended at or after this moment.
            dag_id: the DAG; `~`: all that the user may see.
            but_dags: DAGs to leave out.
            most: the most that are given; the next call may begin at the end of the last.

        Raises:
            RemoteError: the server does not answer, or the user may not read task instances.
        """
        path = f"/dags/{quote(dag_id, safe='~')}/dagRuns/~/taskInstances"
        found = self.iterate(
            path, "task_instances", state="failed", end_date_gte=since.isoformat(), order_by="end_date"
        )
        keys: list[dict[str, Any]] = []
        for item in found:
            if item["dag_id"] in but_dags:
                continue
            keys.append(
                {
                    "dag_id": item["dag_id"],
                    "run_id": item["dag_run_id"],
                    "task_id": item["task_id"],
                    "map_index": item["map_index"],
                }
            )
            if len(keys) >= most:
                break
        return keys

    def sessions(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """Sessions, the newest first; `status`, `dag_id`, `task_id`, `run_id` and `label` narrow them.

        Raises:
            RemoteError: see `failed_tries`.
        """
        yield from self._pages(_SESSIONS, "sessions", "total", 100, filters)

    def open_session(
        self, dag_id: str, run_id: str, task_id: str, map_index: int = -1, *, error_logs: str | None = None
    ) -> dict[str, Any]:
        """Diagnose the present try of a task instance; a second call gives the same session.

        Raises:
            RemoteError: it did not fail, does not exist, or the user may not read its logs.
        """
        body: dict[str, Any] = {"dag_id": dag_id, "run_id": run_id, "task_id": task_id, "map_index": map_index}
        if error_logs is not None:
            body["error_logs"] = error_logs
        return dict(self.request("POST", _SESSIONS, json=body, repeatable=True))

    def open_sessions(
        self, failures: Sequence[Mapping[str, Any]], *, seconds: float = float("inf")
    ) -> list[dict[str, Any]]:
        """Diagnose tries, one after the other, and log what each came to.

        One that cannot be looked into, as after somebody cleared it, is left out with a warning.

        Args:
            failures: what `failed_tries` gives.
            seconds: no further one is begun after this time.

        Returns:
            Those for which there was no time.

        Raises:
            RemoteError: the server does not answer, or the user may not read logs.
        """
        until = time.monotonic() + seconds
        for place, failure in enumerate(failures):
            if time.monotonic() > until:
                return [dict(item) for item in failures[place:]]
            try:
                found = self.open_session(**failure)["session"]
            except RemoteError as error:
                if error.status not in (404, 422):
                    raise
                self.log.warning("not looked into: %s: %s", failure, error.message)
                continue
            self.log.info("%s (%.0f %%): %s", found["label"], 100 * found["confidence"], found["explanation"])
        return []

    def session(self, session_id: str) -> dict[str, Any]:
        """A session with its attempts and similar cases.

        Raises:
            RemoteError: there is none that the user may see.
        """
        return dict(self.request("GET", f"{_SESSIONS}/{session_id}"))

    def resolve(self, session_id: str, *, remedy: str = "", dry_run: bool = False) -> dict[str, Any]:
        """Do what the policy allows, or the named remedy, or say what would be done.

        The server acts at most once per try, so that a call whose answer was lost is repeated.

        Raises:
            RemoteError: the remedy does not fit, or the user may not do it.
        """
        body = {"mode": "dry_run" if dry_run else "apply", "remedy": remedy}
        return dict(self._post(session_id, "resolve", body))

    def verify(self, session_id: str) -> dict[str, Any]:
        """Look what came of the remedy that acted.

        Raises:
            RemoteError: see `resolve`.
        """
        return dict(self._post(session_id, "verify"))

    def undo(self, session_id: str) -> dict[str, Any]:
        """Take back what the session's remedies have set.

        Raises:
            RemoteError: nothing can be taken back, or the user may not do it.
        """
        return dict(self._post(session_id, "undo"))

    def close_session(self, session_id: str, *, status: str = "closed", reason: str = "") -> dict[str, Any]:
        """End a session by a person's word.

        Raises:
            RemoteError: see `resolve`.
        """
        return dict(self._post(session_id, "close", {"status": status, "reason": reason}))

    def _post(self, session_id: str, what: str, body: Mapping[str, Any] | None = None) -> Any:
        path = f"{_SESSIONS}/{quote(session_id, safe='')}/{what}"
        return self.request("POST", path, json=None if body is None else dict(body), repeatable=True)
