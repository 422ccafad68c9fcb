"""One call of Airflow's REST API, whoever makes it: a task's hook, the command line, or the api-server in process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from urllib.parse import quote

from airflow_provider_wfintel.exceptions import RemoteError

__all__ = ["API", "Call", "dag_path", "instance_path", "pages", "run_path"]

API = "/api/v2"
_PAGE = 100
_MOST = 10_000
"""Items of one list; a server that goes on for ever must not."""


class Call(Protocol):
    """Makes a call and gives the decoded JSON body (None if it is empty). `WfIntelHook.request` is one."""

    def __call__(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None) -> Any:
        """Make it.

        Raises:
            RemoteError: no answer or an error status, which the error carries.
        """
        ...


def dag_path(dag_id: str) -> str:
    """The path of a DAG."""
    return f"{API}/dags/{quote(dag_id, safe='')}"


def run_path(dag_id: str, run_id: str) -> str:
    """The path of a run."""
    return f"{dag_path(dag_id)}/dagRuns/{quote(run_id, safe='')}"


def instance_path(dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> str:
    """The path of a task instance; -1 for a task that is not mapped."""
    path = f"{run_path(dag_id, run_id)}/taskInstances/{quote(task_id, safe='')}"
    return path if map_index < 0 else f"{path}/{map_index}"


def pages(call: Call, path: str, key: str, **params: Any) -> Iterator[dict[str, Any]]:
    """All items of a list.

    Raises:
        RemoteError: see `Call`, or the answer holds no list of that name.
    """
    offset = 0
    while offset < _MOST:
        answer = call("GET", path, params={**params, "limit": _PAGE, "offset": offset})
        items = answer.get(key) if isinstance(answer, dict) else None
        if not isinstance(items, list):
            raise RemoteError(f"the answer to {path} has no list {key!r}", hint="is the server an Airflow 3?")
        yield from items
        offset += len(items)
        if not items or offset >= int(answer.get("total_entries") or 0):
            return
