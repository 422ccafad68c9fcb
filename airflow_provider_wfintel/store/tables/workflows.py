"""What runs and what ran: DAGs as they were generated or seen, their runs and tries, plans to improve them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import (
    Base,
    DagId,
    Json,
    Key36,
    LongText,
    Name,
    RunId,
    TaskId,
    Uuid,
    Word,
    new_id,
    utc_now,
)

__all__ = ["Workflow", "WorkflowExecution", "WorkflowOptimization"]


class Workflow(Base):
    """A DAG: the words it was generated from, if any, and its picture (`WorkflowSpec` as JSON)."""

    __tablename__ = "wfintel_workflows"

    dag_id: Mapped[DagId] = mapped_column(primary_key=True)
    origin: Mapped[Word]
    """`generated` by us or `deployed` by somebody else."""
    description: Mapped[LongText] = mapped_column(default="")
    request_text: Mapped[LongText] = mapped_column(default="")
    spec: Mapped[Json]
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the canonical JSON of `spec`: equal fingerprints mean equal DAGs."""
    file_path: Mapped[str] = mapped_column(String(2000), default="")
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the file as we wrote it; empty if we did not."""
    dag_version: Mapped[Key36] = mapped_column(default="")
    created_by: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now, index=True)


class WorkflowOptimization(Base):
    """A plan to improve a DAG, the figures before, those predicted and those measured after."""

    __tablename__ = "wfintel_workflow_optimization"
    __table_args__ = (
        UniqueConstraint("dag_id", "strategy", "fingerprint_before", "plan_hash"),
        Index(None, "dag_id", "created_at"),
    )

    optimization_id: Mapped[Uuid] = mapped_column(default=new_id)
    dag_id: Mapped[DagId]
    strategy: Mapped[Word]
    status: Mapped[Word]
    """`proposed`, `applied`, `measured`, `reverted` or `rejected`."""
    fingerprint_before: Mapped[str] = mapped_column(String(64))
    fingerprint_after: Mapped[str] = mapped_column(String(64), default="")
    plan_hash: Mapped[str] = mapped_column(String(64))
    plan: Mapped[Json]
    before: Mapped[Json]
    predicted: Mapped[Json]
    measured: Mapped[Json | None]
    patch: Mapped[LongText] = mapped_column(default="")
    created_by: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    applied_at: Mapped[datetime | None]
    measured_at: Mapped[datetime | None]


class WorkflowExecution(Base):
    """A DAG run or one try of a task instance.

    The key of a try is the UUID that Airflow gives every try; that of a run is derived from `dag_id` and
    `run_id`, so writing the same event twice changes nothing.
    """

    __tablename__ = "wfintel_workflow_executions"
    __table_args__ = (
        Index(None, "dag_id", "run_id"),
        Index(None, "dag_id", "task_id", "ended_at"),
        Index(None, "dag_id", "run_after"),
        Index(None, "kind", "ended_at"),
        Index(None, "batch", "execution_id"),
    )

    execution_id: Mapped[Uuid]
    kind: Mapped[Word]
    """`run` or `try`."""
    dag_id: Mapped[DagId]
    run_id: Mapped[RunId]
    task_id: Mapped[TaskId] = mapped_column(default="")
    map_index: Mapped[int] = mapped_column(default=-1)
    try_number: Mapped[int] = mapped_column(default=0)
    max_tries: Mapped[int] = mapped_column(default=0)
    state: Mapped[Word]
    operator: Mapped[str] = mapped_column(String(1000), default="")
    run_type: Mapped[str] = mapped_column(String(50), default="")
    logical_date: Mapped[datetime | None]
    run_after: Mapped[datetime | None]
    scheduled_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    duration: Mapped[float | None]
    """Seconds."""
    pool: Mapped[str] = mapped_column(String(256), default="")
    pool_slots: Mapped[int] = mapped_column(default=1)
    queue: Mapped[str] = mapped_column(String(256), default="")
    priority_weight: Mapped[int] = mapped_column(default=1)
    hostname: Mapped[str] = mapped_column(String(1000), default="")
    dag_version: Mapped[Key36] = mapped_column(default="")
    peak_rss_bytes: Mapped[int | None] = mapped_column(BigInteger())
    cpu_seconds: Mapped[float | None]
    error_fingerprint: Mapped[str] = mapped_column(String(64), default="")
    optimization_id: Mapped[str | None] = mapped_column(
        String(36), ForeignKey(WorkflowOptimization.optimization_id, ondelete="SET NULL"), index=True
    )
    """The applied plan under which this ran: what `measured` is computed from."""
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ended_before: Mapped[datetime | None]
    """The end that the row had before it changed last: what was computed for that time is no longer right."""
    changed_at: Mapped[datetime]
    """Airflow's `updated_at` of the row."""
    superseded: Mapped[bool] = mapped_column(default=False)
    """Whether another try had taken its place when the row was written: a failure that was retried or cleared."""
    batch: Mapped[int] = mapped_column(BigInteger(), default=0)
    """Number of the collector's transaction that wrote the row last; it grows, so what is new can be read by it."""
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)
