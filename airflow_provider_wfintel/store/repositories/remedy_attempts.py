"""Audit rows of remedies: reserved before anything is done, changed only from the state that was seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import RemedyAttempt
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["AttemptRecord", "Outcome", "RemedyAttempts", "Usage"]

_SPENDING = ("reserved", "applied", "verified", "failed", "interrupted", "undone")
"""A remedy that may have acted counts: neither one that was refused nor one that still waits."""


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One row, see `store.tables.RemedyAttempt`."""

    attempt_id: str
    session_id: str | None
    try_id: str
    remedy: str
    attempt_number: int
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    label: str
    reruns: bool
    mode: str
    status: str
    actor: str
    requested_at: datetime
    reason: str = ""
    change: Mapping[str, Any] = field(default_factory=dict)
    undo: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    applied_at: datetime | None = None
    verified_at: datetime | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """How many remedies may have acted since a moment, and when one last did on the task."""

    task: int
    dag: int
    deployment: int
    last_on_task: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Verified outcomes of a remedy for a class of failure."""

    label: str
    remedy: str
    helped: int
    failed: int


class RemedyAttempts:
    """Keeps attempts. The caller commits, and must do so between a reservation and the act."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reserve(self, record: AttemptRecord) -> bool:
        """Take the number of an attempt on a try; False if somebody else has it.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {name: getattr(record, name) for name in AttemptRecord.__slots__}
        row |= {"change": dict(record.change), "undo": dict(record.undo)}
        with store_errors():
            upsert(
                self._session, RemedyAttempt, row, key=("try_id", "attempt_number"), change=lambda _stored, _offered: {}
            )
            query = select(RemedyAttempt.attempt_id).where(
                RemedyAttempt.try_id == record.try_id, RemedyAttempt.attempt_number == record.attempt_number
            )
            return self._session.scalar(query) == record.attempt_id

    def swap(self, attempt_id: str, before: str, after: str, **values: Any) -> bool:
        """Set the status if it still is what was seen; False if somebody else was quicker.

        Raises:
            StoreError: see `reserve`.
        """
        with store_errors():
            done = self._session.execute(
                update(RemedyAttempt)
                .where(RemedyAttempt.attempt_id == attempt_id, RemedyAttempt.status == before)
                .values(status=after, **values),
                execution_options={"synchronize_session": False},
            )
            return bool(done.rowcount)  # type: ignore[attr-defined]

    def get(self, attempt_id: str) -> AttemptRecord | None:
        """The attempt of that id.

        Raises:
            StoreError: see `reserve`.
        """
        found = self._all(RemedyAttempt.attempt_id == attempt_id)
        return found[0] if found else None

    def of_try(self, try_id: str) -> tuple[AttemptRecord, ...]:
        """All attempts on a try, the first one first.

        Raises:
            StoreError: see `reserve`.
        """
        return self._all(RemedyAttempt.try_id == try_id)

    def of_task(self, dag_id: str, task_id: str, since: datetime) -> tuple[AttemptRecord, ...]:
        """All attempts on a task, in whatever run, since a moment, the oldest first.

        Raises:
            StoreError: see `reserve`.
        """
        return self._all(
            RemedyAttempt.dag_id == dag_id, RemedyAttempt.task_id == task_id, RemedyAttempt.requested_at >= since
        )

    def usage(self, dag_id: str, task_id: str, since: datetime, *, but: str = "") -> Usage:
        """What may have acted since a moment, without the attempt `but`; what only waited, even in vain, has not.

        Raises:
            StoreError: see `reserve`.
        """
        table = RemedyAttempt
        # A wait that was given up is over at once, without an act; other failures may have done something.
        in_vain = (table.status == "failed") & table.applied_at.is_(None) & table.verified_at.is_not(None)
        spending = [table.status.in_(_SPENDING), ~in_vain, table.requested_at >= since, table.attempt_id != but]
        on_dag, on_task = table.dag_id == dag_id, (table.dag_id == dag_id) & (table.task_id == task_id)
        count = select(func.count()).select_from(table)
        with store_errors():
            return Usage(
                task=self._session.scalar(count.where(*spending, on_task)) or 0,
                dag=self._session.scalar(count.where(*spending, on_dag)) or 0,
                deployment=self._session.scalar(count.where(*spending)) or 0,
                last_on_task=self._session.scalar(
                    select(func.max(table.applied_at)).where(on_task, table.attempt_id != but)
                ),
            )

    def outcomes(self, dag_ids: Collection[str] | None = None) -> tuple[Outcome, ...]:
        """Verified outcomes by class and remedy.

        Args:
            dag_ids: only of these DAGs; None: of all.

        Raises:
            StoreError: see `reserve`.
        """
        table = RemedyAttempt
        query = (
            select(table.label, table.remedy, table.status, func.count())
            .where(table.verified_at.is_not(None), table.status.in_(("verified", "failed")))
            .group_by(table.label, table.remedy, table.status)
            .order_by(table.label, table.remedy)
        )
        if dag_ids is not None:
            query = query.where(table.dag_id.in_(dag_ids))
        found: dict[tuple[str, str], dict[str, int]] = {}
        with store_errors():
            for label, remedy, status, count in self._session.execute(query):
                found.setdefault((label, remedy), {})[status] = count
        return tuple(
            Outcome(label, remedy, counts.get("verified", 0), counts.get("failed", 0))
            for (label, remedy), counts in found.items()
        )

    def _all(self, *conditions: Any) -> tuple[AttemptRecord, ...]:
        query = (
            select(RemedyAttempt)
            .where(*conditions)
            .order_by(RemedyAttempt.requested_at, RemedyAttempt.attempt_number)
            .execution_options(populate_existing=True)
        )
        with store_errors():
            return tuple(
                AttemptRecord(**{name: getattr(row, name) for name in AttemptRecord.__slots__})
                for row in self._session.scalars(query)
            )
