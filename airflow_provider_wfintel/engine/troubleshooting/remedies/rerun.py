"""What all remedies share that run a task again: whether that can help, and after which pause."""

from __future__ import annotations

import re
import zlib
from datetime import datetime, timedelta

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import ClearTasks
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case

__all__ = ["backoff_until", "clear_of", "why_no_rerun"]

_PATIENCE = {"rate_limited": 2.0, "quota_exceeded": 10.0, "too_many_connections": 2.0, "upstream_service_error": 2.0}
"""Factors on the pause for causes that need longer than a dropped connection."""
_RETRY_AFTER = re.compile(
    r"\bretry[- _]?after\W{1,4}(\d{1,6})\b|\b(?:retry|try again)\s+(?:in|after)\s+(\d{1,6})\s*s", re.IGNORECASE
)
_SPREAD = 0.1


def why_no_rerun(case: Case) -> str:
    """Why the task is not to be run again; empty if it may be."""
    state = case.facts.get("state")
    if state in ("up_for_retry", "up_for_reschedule", "running", "queued", "scheduled", "deferred", "restarting"):
        return f"the task instance is {state}: Airflow goes on with it by itself"
    if not case.ended:
        return f"the task instance is {state or 'of unknown state'}, not failed"
    return ""


def clear_of(case: Case, *, latest_version: bool = False) -> ClearTasks:
    """The clear of the failed task instance and of what could not run because of it."""
    target = case.target
    return ClearTasks(
        target.dag_id,
        target.run_id,
        (target.task_id,),
        map_index=target.map_index,
        latest_version=latest_version,
        note=f"Run again after {case.diagnosis.label} (wfintel)",
    )


def backoff_until(case: Case) -> datetime | None:
    """When to run again: what the server asked for, or a pause that doubles with each rerun; None: at once.

    The pause is spread by a tenth, the same for the same try, so that tasks that failed together do not come back
    together.
    """
    asked = _RETRY_AFTER.search(case.evidence_text())
    if asked:
        seconds = float(asked.group(1) or asked.group(2))
    else:
        before = sum(1 for item in case.past if item.reruns and item.run_id == case.target.run_id)
        seconds = case.bounds.backoff_seconds * _PATIENCE.get(case.diagnosis.label, 1.0) * 2.0 ** min(before, 20)
    seconds = min(seconds, case.bounds.wait_seconds)
    seconds *= 1 + _SPREAD * (zlib.crc32(case.target.try_id.encode()) % 1000) / 1000
    until = (_ended_at(case) or case.now) + timedelta(seconds=seconds)
    return until if until > case.now else None


def _ended_at(case: Case) -> datetime | None:
    value = case.facts.get("end_date")
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
