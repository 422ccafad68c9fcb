"""Reading run history in the form in which Airflow's REST API v2 lists task instances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast, get_args

from airflow_provider_wfintel.engine.model import RunHistory, TaskState, TaskTry
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["read_history", "seconds_of"]

_FORM = 'expected {"task_instances": [{"dag_id", "dag_run_id", "task_id", "start_date", "end_date", …}]} or that list'
_STATES = frozenset(get_args(TaskState))


def read_history(data: object) -> RunHistory:
    """The tries of a list of task instances (one page, or a list of pages, or the bare list), oldest first.

    Raises:
        SpecError: the data do not have that form.
    """
    rows = [_try(row, number) for number, row in enumerate(_rows(data), start=1)]
    return RunHistory(tries=tuple(sorted(rows, key=lambda item: (item.started_at, item.task_id, item.map_index))))


def seconds_of(time: str) -> float | None:
    """An ISO time as seconds since 1970, or None for no time.

    Raises:
        SpecError: it is no ISO time.
    """
    if not time:
        return None
    try:
        # Python 3.10 does not read the letter that REST answers end with.
        return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
    except ValueError as error:
        raise SpecError(f"{time!r} is no time", hint="expected ISO 8601, such as 2026-11-30T06:00:00+00:00") from error


def _rows(data: object) -> list[object]:
    if isinstance(data, Mapping):
        data = data.get("task_instances")
    if not isinstance(data, list):
        raise SpecError("the history holds no list of task instances", hint=_FORM)
    rows: list[object] = []
    for item in data:
        if isinstance(item, Mapping) and "task_instances" in item:
            rows.extend(_rows(item))
        else:
            rows.append(item)
    return rows


def _try(row: object, number: int) -> TaskTry:
    if not isinstance(row, Mapping) or not isinstance(row.get("task_id"), str):
        raise SpecError(f"task instance {number} of the history has no task_id", hint=_FORM)
    state = row.get("state")
    duration = row.get("duration")
    return TaskTry(
        try_id=_text(row, "id") or f"row-{number}",
        dag_id=_text(row, "dag_id"),
        run_id=_text(row, "dag_run_id") or _text(row, "run_id"),
        task_id=row["task_id"],
        map_index=_whole(row, "map_index", -1),
        try_number=_whole(row, "try_number", 1),
        max_tries=_whole(row, "max_tries", 0),
        state=cast("TaskState", state) if state in _STATES else "none",
        operator=_text(row, "operator_name") or _text(row, "operator"),
        scheduled_at=_time(row, "scheduled_when"),
        queued_at=_time(row, "queued_when"),
        started_at=_time(row, "start_date"),
        ended_at=_time(row, "end_date"),
        duration=float(duration) if isinstance(duration, int | float) and not isinstance(duration, bool) else None,
        pool=_text(row, "pool") or "default_pool",
        pool_slots=_whole(row, "pool_slots", 1),
        queue=_text(row, "queue"),
        priority_weight=_whole(row, "priority_weight", 1),
        hostname=_text(row, "hostname"),
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _time(row: Mapping[str, Any], key: str) -> str:
    time = _text(row, key)
    seconds_of(time)
    return time


def _whole(row: Mapping[str, Any], key: str, default: int) -> int:
    value = row.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default
