"""What remedies need to know of a try and around it, over Airflow's REST API.

Nothing is guessed: what cannot be read, because the caller may not or the server does not say, is left out, and the
remedy that needs it does not fit.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Target
from airflow_provider_wfintel.engine.troubleshooting.remedies.memory import megabytes
from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.host.remedies.calls import API, Call, dag_path, instance_path, pages, run_path
from airflow_provider_wfintel.host.remedies.plan_values import PlanValues

__all__ = ["find_earlier_try", "find_target", "read_log", "read_situation"]

log = logging.getLogger(__name__)

_MOST_PARTS = 200
_RUNS = 25
_ACTIVE = frozenset({"running", "queued", "scheduled", "restarting", "deferred", "up_for_retry", "up_for_reschedule"})
_EVENT_FIELDS = ("when", "event", "try_number", "owner", "extra")
_ENTERED = {
    "scheduled": "scheduled_when", "queued": "queued_when", "running": "start_date", "restarting": "start_date",
}  # fmt: skip
_MOVES = ("scheduled_when", "queued_when", "start_date", "end_date")
_BAD_FIRST = ("failed", "upstream_failed", "removed", "skipped", "success")


def find_target(
    call: Call, dag_id: str, run_id: str, task_id: str, map_index: int = -1
) -> tuple[Target, dict[str, Any]]:
    """The task instance's present try, and what Airflow says of it.

    Raises:
        RemoteError: there is none, or the caller may not see it.
    """
    found = call("GET", instance_path(dag_id, run_id, task_id, map_index))
    number = int(found.get("try_number") or 0)
    return Target(str(found["id"]), dag_id, run_id, task_id, map_index, number), found


def find_earlier_try(
    call: Call, dag_id: str, run_id: str, task_id: str, map_index: int, try_number: int
) -> tuple[Target, dict[str, Any]]:
    """A try of a task instance by its number, the present one or an earlier one.

    Airflow gives no id for earlier tries, so the target of one has none, and no remedy can act on it.

    Raises:
        RemoteError: there is none, or the caller may not see it.
    """
    target, found = find_target(call, dag_id, run_id, task_id, map_index)
    if target.try_number == try_number:
        return target, found
    earlier = call("GET", f"{instance_path(dag_id, run_id, task_id, map_index)}/tries/{try_number}")
    return Target("", dag_id, run_id, task_id, map_index, try_number), earlier


def read_log(call: Call, target: Target) -> str:
    """The log of a try as lines of JSON, also if it is stored remotely.

    Raises:
        RemoteError: see `Call`.
    """
    lines: list[str] = []
    token: str | None = None
    path = f"{instance_path(target.dag_id, target.run_id, target.task_id)}/logs/{max(1, target.try_number)}"
    for _ in range(_MOST_PARTS):
        more = {"token": token} if token else {}
        answer = call("GET", path, params={"map_index": target.map_index, "full_content": True, **more})
        content = answer.get("content") if isinstance(answer, dict) else None
        if not isinstance(content, list):
            raise RemoteError(f"the answer for {target.task_id} holds no log", hint="is the server an Airflow 3?")
        lines += [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in content]
        token = answer.get("continuation_token")
        if not token or not content:
            break
    return "\n".join(lines)


def read_situation(
    call: Call, target: Target, found: Mapping[str, Any], plan: PlanValues | None = None
) -> dict[str, Any]:
    """Facts by the names that remedies and the diagnosis read.

    Args:
        call: makes the calls.
        target: the try.
        found: what Airflow says of the task instance.
        plan: run-time values that remedies have set before; what the DAG file itself says counts, not they.
    """
    facts: dict[str, Any] = {
        name: found[name]
        for name in ("state", "try_number", "max_tries", "operator", "pool", "pool_slots", "queue", "hostname",
                     "start_date", "end_date", "duration")
        if found.get(name) is not None
    }  # fmt: skip
    ran = (found.get("dag_version") or {}).get("version_number")
    if ran is not None:
        facts["dag_version"] = ran
    facts |= _memory(found) | _in_state(found)
    for part in (_dag, _task, _run, _pool, _events):
        facts |= _readable(part, call, target, facts)
    _file_values(facts, (plan or PlanValues(None)).get(target.dag_id, target.task_id))
    return facts


def _in_state(found: Mapping[str, Any]) -> dict[str, Any]:
    """For how long the try is in a state that it should leave, by the server's times and this process's clock."""
    since = _moment(found.get(_ENTERED.get(str(found.get("state")), "")))
    return {} if since is None else {"seconds_in_state": _since(since)}


def _since(moment: datetime) -> float:
    return round(max(0.0, (datetime.now(timezone.utc) - moment).total_seconds()), 3)


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str) or not text:
        return None
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _memory(found: Mapping[str, Any]) -> dict[str, Any]:
    """The memory limit of the task's own container, which its rendered fields tell."""
    resources = (found.get("rendered_fields") or {}).get("container_resources")
    limits = resources.get("limits") if isinstance(resources, Mapping) else None
    amount = megabytes(limits.get("memory")) if isinstance(limits, Mapping) else None
    return {"memory_mb": amount} if amount else {}


def _readable(
    part: Callable[[Call, Target, Mapping[str, Any]], dict[str, Any]],
    call: Call,
    target: Target,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    try:
        return part(call, target, facts)
    except RemoteError as error:
        log.info("not known of %s: %s", target.task_id, error.message)
        return {}


def _dag(call: Call, target: Target, facts: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - one form for all
    dag = call("GET", f"{dag_path(target.dag_id)}/details")
    latest = dag.get("latest_dag_version") or {}
    out = {
        "dag_tags": [tag["name"] for tag in dag.get("tags") or ()],
        "dag_owners": list(dag.get("owners") or ()),
        "dag_paused": bool(dag.get("is_paused")),
        "source_path": dag.get("relative_fileloc") or dag.get("fileloc"),
    }
    if latest.get("version_number") is not None:
        out["latest_dag_version"] = latest["version_number"]
    try:
        source = call("GET", f"{API}/dagSources/{quote(target.dag_id, safe='')}")
        out["source"] = source.get("content") if isinstance(source, dict) else None
    except RemoteError as error:
        log.info("no source of %s: %s", target.dag_id, error.message)
    return out


def _task(call: Call, target: Target, facts: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    tasks = call("GET", f"{dag_path(target.dag_id)}/tasks")["tasks"]
    own: dict[str, Any] = next((item for item in tasks if item["task_id"] == target.task_id), {})
    above = {item["task_id"] for item in tasks if target.task_id in (item.get("downstream_task_ids") or ())}
    states: dict[str, str] = {}
    active = 0
    copies = 0
    moved: list[datetime] = []
    for item in pages(call, f"{run_path(target.dag_id, target.run_id)}/taskInstances", "task_instances"):
        state = item.get("state") or "none"
        active += state in _ACTIVE
        copies += item["task_id"] == target.task_id
        moved += [moment for name in _MOVES if (moment := _moment(item.get(name))) is not None]
        if item["task_id"] in above:
            states[item["task_id"]] = _worse(states.get(item["task_id"]), state)
    out: dict[str, Any] = {"upstream": states, "run_active_tasks": active, "owner": own.get("owner")}
    if moved:
        out["run_quiet_seconds"] = _since(max(moved))
    if own:
        out["is_mapped"] = bool(own.get("is_mapped")) or target.map_index >= 0
        out["mapped_copies"] = copies
    limit = _seconds(own.get("execution_timeout"))
    if limit:
        out["execution_timeout"] = limit
    return out


def _worse(one: str | None, other: str) -> str:
    return min((one or other, other), key=lambda state: _BAD_FIRST.index(state) if state in _BAD_FIRST else 9)


def _run(call: Call, target: Target, facts: Mapping[str, Any]) -> dict[str, Any]:
    run = call("GET", run_path(target.dag_id, target.run_id))
    params = {"order_by": "-run_after", "limit": _RUNS}
    runs = call("GET", f"{dag_path(target.dag_id)}/dagRuns", params=params)["dag_runs"]
    failures = 0
    for item in runs:
        if item["state"] in ("running", "queued"):
            continue
        if item["state"] != "failed":
            break
        failures += 1
    out = {"run_state": run.get("state"), "consecutive_failures": failures}
    started = _moment(run.get("start_date"))
    if run.get("state") != "running":
        # Of a run that is over it is no news that nothing moves.
        return {**out, "run_quiet_seconds": None}
    quiet = facts.get("run_quiet_seconds")
    if started is not None and (quiet is None or _since(started) < quiet):
        out["run_quiet_seconds"] = _since(started)
    return out


def _pool(call: Call, target: Target, facts: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    name = str(facts.get("pool") or "")
    if not name:
        return {}
    try:
        pool = call("GET", f"{API}/pools/{quote(name, safe='')}")
    except RemoteError as error:
        if error.status == 404:
            return {"pool_exists": False}
        raise
    return {"pool_exists": True, "pool_total_slots": pool["slots"], "pool_open_slots": pool.get("open_slots")}


def _events(call: Call, target: Target, facts: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    params = {
        "dag_id": target.dag_id, "run_id": target.run_id, "task_id": target.task_id, "order_by": "event_log_id",
    }  # fmt: skip
    rows = pages(call, f"{API}/eventLogs", "event_logs", **params)
    return {
        "events": [
            {name: row.get(name) for name in _EVENT_FIELDS}
            for row in rows
            if row.get("map_index") in (None, target.map_index) and row.get("try_number") in (None, target.try_number)
        ]
    }


def _file_values(facts: dict[str, Any], planned: Mapping[str, Mapping[str, Any]]) -> None:
    """Where a remedy has set a value, the one of the DAG file: bounds are multiples of that."""
    for field, name in (
        ("execution_timeout_seconds", "execution_timeout"),
        ("sensor_timeout_seconds", "sensor_timeout"),
        ("memory_mb", "memory_mb"),
        ("queue", "queue"),
    ):
        was = planned.get(field, {}).get("was")
        if was is not None:
            facts[name] = was


def _seconds(value: Any) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, Mapping) and "seconds" in value:
        parts = {name: float(value.get(name) or 0) for name in ("days", "seconds", "microseconds")}
        return timedelta(**parts).total_seconds()
    return None
