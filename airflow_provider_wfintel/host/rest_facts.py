"""Facts around a try over Airflow's REST API, for processes without the metadata database.

The names are those of `TryFacts`, which `fact_tables` reads where the database can be reached.

What the caller may not read, or an old server does not know, is left out.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.host.fact_events import CHANGES, change_name
from airflow_provider_wfintel.host.remedies.calls import API, Call, dag_path, instance_path
from airflow_provider_wfintel.host.remedies.situation import read_situation

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Target

__all__ = ["read_facts_over_rest"]

log = logging.getLogger(__name__)

_NEAR = timedelta(minutes=5)
_LONGEST = timedelta(days=7)
_SUCCESSES = 50
_MOST = 50
_FAILED = ("failed", "up_for_retry")
_COMPONENTS = {"scheduler": "scheduler", "triggerer": "triggerer", "dag_processor": "dag-processor"}


def read_facts_over_rest(call: Call, target: Target, found: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by the names of `TryFacts`, and those that remedies read; the source of the DAG is not among them.

    Args:
        call: makes the calls, such as `WfIntelHook.request`.
        target: the try.
        found: what Airflow says of the try.
    """
    facts = read_situation(call, target, found)
    facts.pop("source", None)
    end = _moment(found.get("end_date"))
    for part in (_successes, _earlier, _changes, _siblings, _down):
        try:
            facts |= part(call, target, facts, end)
        except (RemoteError, KeyError, TypeError, ValueError) as error:
            log.info("not known of %s: %s", target.task_id, error)
    return facts


def _successes(call: Call, target: Target, facts: Mapping[str, Any], end: datetime | None) -> dict[str, Any]:
    params: dict[str, Any] = {
        "task_id": target.task_id, "state": "success", "order_by": "-end_date", "limit": _SUCCESSES,
    }  # fmt: skip
    if end:
        params["end_date_lte"] = end.isoformat()
    items = call("GET", f"{dag_path(target.dag_id)}/dagRuns/~/taskInstances", params=params)["task_instances"]
    values = [float(item["duration"]) for item in items if item.get("duration") is not None]
    if not values:
        return {}
    out: dict[str, Any] = {
        "typical": {"median": round(median(values), 3), "longest": round(max(values), 3), "count": len(values)},
        "last_success": items[0]["end_date"],
    }
    before = (items[0].get("dag_version") or {}).get("version_number")
    after = facts.get("dag_version")
    if before and after and before != after:
        out["source_change"] = {"before": before, "after": after}
    return out


def _earlier(call: Call, target: Target, facts: Mapping[str, Any], end: datetime | None) -> dict[str, Any]:  # noqa: ARG001
    path = f"{instance_path(target.dag_id, target.run_id, target.task_id, target.map_index)}/tries"
    tries = call("GET", path)["task_instances"]
    return {
        "earlier_attempts": [
            {"try_number": item["try_number"], "state": item.get("state") or "", "duration": item.get("duration")}
            for item in tries
            if item["try_number"] < target.try_number
        ]
    }


def _changes(call: Call, target: Target, facts: Mapping[str, Any], end: datetime | None) -> dict[str, Any]:  # noqa: ARG001
    if end is None:
        return {}
    first = max(_moment(facts.get("last_success")) or end - _LONGEST, end - _LONGEST)
    params = {
        "included_events": sorted(CHANGES), "after": first.isoformat(), "before": end.isoformat(),
        "order_by": "event_log_id", "limit": _MOST,
    }  # fmt: skip
    rows = call("GET", f"{API}/eventLogs", params=params)["event_logs"]
    return {
        "changes": [
            {
                "kind": CHANGES[row["event"]],
                "name": change_name(CHANGES[row["event"]], row.get("extra")),
                "event": row["event"],
                "when": row.get("when") or "",
                "owner": row.get("owner") or "",
            }
            for row in rows
            if row["event"] in CHANGES
        ]
    }


def _siblings(call: Call, target: Target, facts: Mapping[str, Any], end: datetime | None) -> dict[str, Any]:  # noqa: ARG001
    if end is None:
        return {}
    params = {
        "state": list(_FAILED), "end_date_gte": (end - _NEAR).isoformat(), "end_date_lte": (end + _NEAR).isoformat(),
        "limit": _MOST,
    }  # fmt: skip
    items = call("GET", f"{API}/dags/~/dagRuns/~/taskInstances", params=params)["task_instances"]
    names = {(item["dag_id"], item["task_id"]) for item in items} - {(target.dag_id, target.task_id)}
    return {"siblings": [f"{dag_id}.{task_id}" for dag_id, task_id in sorted(names)]}


def _down(call: Call, target: Target, facts: Mapping[str, Any], end: datetime | None) -> dict[str, Any]:  # noqa: ARG001
    """Components that are not healthy now; REST tells nothing of the past."""
    health = call("GET", f"{API}/monitor/health")
    down = [name for key, name in _COMPONENTS.items() if (health.get(key) or {}).get("status") not in ("healthy", None)]
    return {"components_down": down} if down else {}


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str) or not text:
        return None
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
