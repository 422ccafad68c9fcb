"""Run history: what happened, one value per try and per run. Times are ISO 8601 with offset, durations seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["DagRunState", "RunHistory", "TaskState", "TaskTry", "WorkflowRun"]

TaskState: TypeAlias = Literal[
    "removed", "scheduled", "queued", "running", "success", "restarting", "failed", "up_for_retry",
    "up_for_reschedule", "upstream_failed", "skipped", "deferred", "awaiting_input", "none",
]  # fmt: skip
DagRunState: TypeAlias = Literal["queued", "running", "success", "failed"]


@dataclass(frozen=True, slots=True)
class TaskTry:
    """One try of a task instance. `try_id` is the UUID that Airflow gives every try: the natural key."""

    try_id: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1
    try_number: int = 1
    max_tries: int = 0
    state: TaskState = "none"
    operator: str = ""
    scheduled_at: str = ""
    queued_at: str = ""
    started_at: str = ""
    ended_at: str = ""
    duration: float | None = None
    pool: str = "default_pool"
    pool_slots: int = 1
    queue: str = ""
    priority_weight: int = 1
    hostname: str = ""
    dag_version: str = ""
    peak_rss_bytes: int | None = None
    cpu_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """One DAG run. `rows` is how many rows its tasks reported, if any did."""

    dag_id: str
    run_id: str
    state: DagRunState = "queued"
    run_type: str = ""
    logical_date: str = ""
    run_after: str = ""
    queued_at: str = ""
    started_at: str = ""
    ended_at: str = ""
    rows: float | None = None


@dataclass(frozen=True, slots=True)
class RunHistory:
    """Runs and tries of one or more DAGs, oldest first."""

    runs: tuple[WorkflowRun, ...] = ()
    tries: tuple[TaskTry, ...] = ()
