"""Failed tries from identification to verification, and every remedy that was tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
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

__all__ = ["RemedyAttempt", "TroubleshootingSession"]


class TroubleshootingSession(Base):
    """One failed try and what was found out about it. There is one session per try."""

    __tablename__ = "wfintel_troubleshooting_sessions"
    __table_args__ = (
        Index(None, "opened_at"),
        Index(None, "dag_id", "opened_at"),
        Index(None, "label", "opened_at"),
        Index(None, "phase", "updated_at"),
        Index(None, "status", "due_at"),
    )

    session_id: Mapped[Uuid] = mapped_column(default=new_id)
    try_id: Mapped[Key36] = mapped_column(unique=True)
    dag_id: Mapped[DagId]
    run_id: Mapped[RunId]
    task_id: Mapped[TaskId]
    map_index: Mapped[int] = mapped_column(default=-1)
    try_number: Mapped[int] = mapped_column(default=1)
    phase: Mapped[Word]
    """`identification`, `analysis`, `diagnosis`, `resolution`, `verification` or `closed`."""
    status: Mapped[Word] = mapped_column(default="in_progress")
    """`in_progress`, `resolved`, `auto_resolved`, `escalated`, `manual_intervention_required` or `closed`."""
    label: Mapped[str] = mapped_column(String(64), default="")
    confidence: Mapped[float] = mapped_column(default=0.0)
    transient: Mapped[bool | None]
    ranked: Mapped[list[Any]] = mapped_column(default=list)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    remedies: Mapped[list[Any]] = mapped_column(default=list)
    explanation: Mapped[LongText] = mapped_column(default="")
    diagnosis: Mapped[Json] = mapped_column(default=dict)
    """The whole diagnosis as JSON; the columns beside it are for queries."""
    facts: Mapped[Json] = mapped_column(default=dict)
    """What was known beside the log when the session was opened, secrets masked."""
    due_at: Mapped[datetime | None]
    """When a remedy that waits is to be looked at again; none: nothing waits."""
    outcome: Mapped[Word] = mapped_column(default="")
    """What came of the last remedy: `helped`, `failed_again`, `moved_on` or `undone`; empty: nothing yet."""
    reason: Mapped[LongText] = mapped_column(default="")
    """Why the session has its status, in words."""
    catalog_version: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[Name] = mapped_column(default="")


class RemedyAttempt(Base):
    """The audit row of one remedy: who asked, what changed, how to undo it, what came of it. Never deleted alone."""

    __tablename__ = "wfintel_remedy_attempts"
    __table_args__ = (
        # One attempt at a time on a try: whoever comes second finds the number taken.
        UniqueConstraint("try_id", "attempt_number"),
        Index(None, "dag_id", "task_id", "requested_at"),
        Index(None, "label", "remedy", "status"),
        Index(None, "requested_at"),
    )

    attempt_id: Mapped[Uuid] = mapped_column(default=new_id)
    session_id: Mapped[str | None] = mapped_column(
        String(36), ForeignKey(TroubleshootingSession.session_id, ondelete="SET NULL"), index=True
    )
    try_id: Mapped[Key36]
    remedy: Mapped[str] = mapped_column(String(64))
    attempt_number: Mapped[int] = mapped_column(default=1)
    dag_id: Mapped[DagId]
    run_id: Mapped[RunId]
    task_id: Mapped[TaskId]
    map_index: Mapped[int] = mapped_column(default=-1)
    label: Mapped[str] = mapped_column(String(64), default="")
    """The class of failure that it was for."""
    reruns: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[Word]
    """`policy` (the policy allowed it) or `approved` (a person asked for it)."""
    status: Mapped[Word]
    """`reserved` (about to act), `waiting`, `applied`, `verified`, `failed`, `refused`, `interrupted` or `undone`."""
    actor: Mapped[Name]
    reason: Mapped[LongText] = mapped_column(default="")
    change: Mapped[Json]
    undo: Mapped[Json]
    result: Mapped[Json | None]
    requested_at: Mapped[datetime] = mapped_column(default=utc_now)
    applied_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
