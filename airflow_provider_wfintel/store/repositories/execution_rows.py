"""Runs and tries between the model's values and rows of the table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, or_

from airflow_provider_wfintel.engine.model import RunChange, TaskTry, TryChange, WorkflowRun
from airflow_provider_wfintel.store.tables import WorkflowExecution

__all__ = [
    "ROWS",
    "RUN_COLUMNS",
    "TRY_COLUMNS",
    "after_place",
    "place_of",
    "row_of_run",
    "row_of_try",
    "run_key",
    "run_of_row",
    "try_of_row",
]

ROWS = "rows"
"""Under this name a run's `details` hold the rows that its tasks reported, by task."""
_RUNS = UUID("6f6d1d6e-0b0e-5c36-9d9b-2f0b8f1d7a11")  # the name space of the keys of runs
TRY_COLUMNS = tuple(
    getattr(WorkflowExecution, name)
    for name in (
        "execution_id", "dag_id", "run_id", "task_id", "map_index", "try_number", "max_tries", "state", "operator",
        "scheduled_at", "queued_at", "started_at", "ended_at", "duration", "pool", "pool_slots", "queue",
        "priority_weight", "hostname", "dag_version", "peak_rss_bytes", "cpu_seconds",
    )
)  # fmt: skip
"""What of a try's row is read."""

RUN_COLUMNS = tuple(
    getattr(WorkflowExecution, name)
    for name in (
        "dag_id", "run_id", "state", "run_type", "logical_date", "run_after", "queued_at", "started_at", "ended_at",
        "details",
    )
)  # fmt: skip
"""What of a run's row is read."""


def run_key(dag_id: str, run_id: str) -> str:
    """The key of a run's row: a UUID of its two names, since Airflow gives runs none."""
    return str(uuid5(_RUNS, f"{dag_id}\n{run_id}"))


def place_of(batch: int, key: str) -> str:
    """Where a row stands in the order of writing, as text that sorts likewise."""
    return f"{batch:019d}:{key}"


def after_place(place: str) -> Any:
    """The condition on rows that were written after a place; empty: on all."""
    table = WorkflowExecution
    number, _, key = place.partition(":")
    batch = int(number or -1)
    # The second part is implied by the first and lets the database search the index.
    return and_(or_(table.batch > batch, and_(table.batch == batch, table.execution_id > key)), table.batch >= batch)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def row_of_try(change: TryChange, now: datetime) -> dict[str, Any]:
    """The row of a try that was read at `now`."""
    item = change.item
    return {
        "execution_id": item.try_id,
        "kind": "try",
        "dag_id": item.dag_id,
        "run_id": item.run_id,
        "task_id": item.task_id,
        "map_index": item.map_index,
        "try_number": item.try_number,
        "max_tries": item.max_tries,
        "state": item.state,
        "operator": item.operator[:1000],
        "run_type": "",
        "logical_date": None,
        "run_after": None,
        "scheduled_at": _moment(item.scheduled_at),
        "queued_at": _moment(item.queued_at),
        "started_at": _moment(item.started_at),
        "ended_at": _moment(item.ended_at),
        "duration": item.duration,
        "pool": item.pool,
        "pool_slots": item.pool_slots,
        "queue": item.queue,
        "priority_weight": item.priority_weight,
        "hostname": item.hostname,
        "dag_version": item.dag_version,
        "changed_at": _moment(change.changed_at) or now,
        "superseded": change.superseded,
        "recorded_at": now,
        "details": {},
    }


def row_of_run(change: RunChange, now: datetime) -> dict[str, Any]:
    """The row of a run that was read at `now`."""
    run = change.run
    started, ended = _moment(run.started_at), _moment(run.ended_at)
    return {
        "execution_id": run_key(run.dag_id, run.run_id),
        "kind": "run",
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "task_id": "",
        "map_index": -1,
        "try_number": 0,
        "max_tries": 0,
        "state": run.state,
        "operator": "",
        "run_type": run.run_type,
        "logical_date": _moment(run.logical_date),
        "run_after": _moment(run.run_after),
        "scheduled_at": None,
        "queued_at": _moment(run.queued_at),
        "started_at": started,
        "ended_at": ended,
        "duration": (ended - started).total_seconds() if started and ended else None,
        "pool": "",
        "pool_slots": 0,
        "queue": "",
        "priority_weight": 1,
        "hostname": "",
        "dag_version": "",
        "changed_at": _moment(change.changed_at) or now,
        "superseded": False,
        "recorded_at": now,
        "details": {},
    }


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def try_of_row(row: Any) -> TaskTry:
    """The try of a row with the columns `TRY_COLUMNS`."""
    return TaskTry(
        try_id=row.execution_id,
        dag_id=row.dag_id,
        run_id=row.run_id,
        task_id=row.task_id,
        map_index=row.map_index,
        try_number=row.try_number,
        max_tries=row.max_tries,
        state=row.state,
        operator=row.operator,
        scheduled_at=_text(row.scheduled_at),
        queued_at=_text(row.queued_at),
        started_at=_text(row.started_at),
        ended_at=_text(row.ended_at),
        duration=row.duration,
        pool=row.pool,
        pool_slots=row.pool_slots,
        queue=row.queue,
        priority_weight=row.priority_weight,
        hostname=row.hostname,
        dag_version=row.dag_version,
        peak_rss_bytes=row.peak_rss_bytes,
        cpu_seconds=row.cpu_seconds,
    )


def run_of_row(row: Any) -> WorkflowRun:
    """The run of a row, or of one with the columns `RUN_COLUMNS`."""
    return WorkflowRun(
        dag_id=row.dag_id,
        run_id=row.run_id,
        state=row.state,  # what Airflow calls it; lost runs are asked for by nobody
        run_type=row.run_type,
        logical_date=_text(row.logical_date),
        run_after=_text(row.run_after),
        queued_at=_text(row.queued_at),
        started_at=_text(row.started_at),
        ended_at=_text(row.ended_at),
        rows=sum(reported.values()) if (reported := (row.details or {}).get(ROWS)) else None,
    )
