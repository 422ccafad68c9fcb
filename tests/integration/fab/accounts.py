"""Service accounts with as few rights as `docs/how-to/least-privilege.md` says, in the words of FAB; their calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.integration.api_things import MONITORING, OPTIMIZATION, OWN, SESSIONS, TEXT, THING

Right = tuple[str, str]
"""The name of an action and of what it is done to, as FAB has them: `can_read`, `DAG Runs`."""
READ, EDIT = "can_read", "can_edit"
_TASK = f"/api/v2/dags/{THING}/dagRuns/r/taskInstances/t"
_EVENT = {"kind": "run.failed", "dag_id": THING, "run_id": "r", "at": "2026-03-02T06:00:00Z"}


@dataclass(frozen=True)
class Call:
    """A request that the account makes. It is refused if the status says so or the answer has not what is needed."""

    name: str
    method: str
    path: str
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    needs: str = ""


@dataclass(frozen=True)
class Account:
    """A row of the page: a name, the rights that it names, the calls that must then work."""

    name: str
    rights: tuple[Right, ...]
    calls: tuple[Call, ...]


_OF_DAG = {"dag_id": THING}
ACCOUNTS = (
    Account(
        "looks",
        ((READ, "DAGs"), (READ, "DAG Runs"), (READ, "Task Instances")),
        (
            Call("health", "GET", f"{MONITORING}/health", query=_OF_DAG, needs=f'"{THING}"'),
            Call("anomalies", "GET", f"{MONITORING}/anomalies", query=_OF_DAG),
            Call("report", "GET", f"{MONITORING}/report", query=_OF_DAG),
            Call("analyze", "POST", f"{OPTIMIZATION}/analyze", {"dag_id": THING}),
            Call("dags", "GET", "/api/v2/dags", query={"paused": False}),
        ),
    ),
    Account(
        "waits for services",
        ((READ, "Connections"),),
        (Call("service", "GET", f"{MONITORING}/services/{THING}"),),
    ),
    Account(
        "looks at services",
        ((READ, "DAGs"), (READ, "Connections"), (EDIT, "Connections")),
        (
            Call("list", "GET", f"{MONITORING}/services", needs=f'"{THING}"'),
            Call("record", "POST", f"{MONITORING}/services", {"checks": []}),
        ),
    ),
    Account(
        "diagnoses",
        ((READ, "DAGs"), (READ, "DAG Runs"), (READ, "Task Instances"), (READ, "Task Logs")),
        (
            Call("try", "GET", f"{_TASK}/tries/1"),
            Call("log", "GET", f"{_TASK}/logs/1"),
        ),
    ),
    Account(
        "tells",
        ((EDIT, "DAGs"),),
        (
            Call("alert", "POST", f"{MONITORING}/alerts", _EVENT),
            Call("generate", "POST", f"{OWN}/workflows/automation/generate", {"user_input": TEXT}),
        ),
    ),
    Account(
        "fits",
        ((READ, "DAGs"), (READ, "DAG Runs"), (EDIT, "DAGs")),
        (Call("refit", "POST", f"{MONITORING}/refit", {}, needs=f'"{THING}"'),),
    ),
    Account(
        "resolves",
        (
            (READ, "DAGs"), (READ, "DAG Runs"), (READ, "Task Instances"), (READ, "Task Logs"),
            (EDIT, "DAG Runs"), (EDIT, "Task Instances"), (EDIT, "DAGs"),
        ),
        (
            Call("failed", "GET", "/api/v2/dags/~/dagRuns/~/taskInstances", query={"state": "failed"}),
            Call("open", "POST", SESSIONS, {"dag_id": THING, "run_id": "r", "task_id": "t"}),
            Call("sessions", "GET", SESSIONS, query=_OF_DAG, needs=f'"{THING}"'),
            Call("resolve", "POST", f"{SESSIONS}/{THING}/resolve", {}),
            Call("verify", "POST", f"{SESSIONS}/{THING}/verify"),
            Call("close", "POST", f"{SESSIONS}/{THING}/close", {}),
            Call("pause", "PATCH", f"/api/v2/dags/{THING}", {"is_paused": True}),
        ),
    ),
)  # fmt: skip


def calls_of(name: str) -> tuple[Call, ...]:
    """What the account of that name calls."""
    return next(account.calls for account in ACCOUNTS if account.name == name)
