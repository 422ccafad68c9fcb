"""Sessions of failed tries: one per try, from identification to the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import new_id, utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.paging import Place, beyond
from airflow_provider_wfintel.store.tables import RemedyAttempt, TroubleshootingSession
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["ENDED", "STATUSES", "SessionFilter", "SessionRecord", "TroubleshootingSessions"]

STATUSES = ("in_progress", "resolved", "auto_resolved", "escalated", "manual_intervention_required", "closed")
ENDED = frozenset({"resolved", "auto_resolved", "closed"})
"""Nothing more happens in a session of these."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One row, see `store.tables.TroubleshootingSession`."""

    session_id: str
    try_id: str
    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    try_number: int
    phase: str
    status: str
    label: str = ""
    confidence: float = 0.0
    transient: bool | None = None
    ranked: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    remedies: tuple[Mapping[str, Any], ...] = ()
    explanation: str = ""
    diagnosis: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    outcome: str = ""
    reason: str = ""
    catalog_version: str = ""
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions are wanted; what is empty does not narrow. `visible`: only of these DAGs (None: of all)."""

    visible: Collection[str] | None = None
    dag_id: str = ""
    task_id: str = ""
    run_id: str = ""
    status: str = ""
    label: str = ""


class TroubleshootingSessions:
    """Keeps sessions. The caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, record: SessionRecord) -> SessionRecord:
        """Keep a new session, or give back the one that the try has already.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        now = utc_now()
        row = {name: getattr(record, name) for name in SessionRecord.__slots__}
        row |= {"session_id": record.session_id or new_id(), "opened_at": now, "updated_at": now}
        row |= {name: list(row[name]) for name in ("ranked", "evidence", "remedies")}
        row |= {name: dict(row[name]) for name in ("diagnosis", "facts")}
        with store_errors():
            upsert(self._session, TroubleshootingSession, row, key=("try_id",), change=lambda _stored, _offered: {})
        found = self.of_try(record.try_id)
        assert found is not None  # noqa: S101 - it was just written
        return found

    def get(self, session_id: str) -> SessionRecord | None:
        """The session of that id.

        Raises:
            StoreError: see `open`.
        """
        return self._one(TroubleshootingSession.session_id == session_id)

    def of_try(self, try_id: str) -> SessionRecord | None:
        """The session of a try.

        Raises:
            StoreError: see `open`.
        """
        return self._one(TroubleshootingSession.try_id == try_id)

    def change(self, session_id: str, **values: Any) -> None:
        """Set columns of a session.

        Raises:
            StoreError: see `open`.
        """
        with store_errors():
            self._session.execute(
                update(TroubleshootingSession)
                .where(TroubleshootingSession.session_id == session_id)
                .values(updated_at=utc_now(), **values),
                execution_options={"synchronize_session": False},
            )

    def find(
        self, wanted: SessionFilter, *, limit: int = 50, offset: int = 0, after: Place | None = None
    ) -> tuple[SessionRecord, ...]:
        """Sessions, the newest first, from a place on.

        Raises:
            StoreError: see `open`.
        """
        query = (
            self._narrowed(select(TroubleshootingSession), wanted)
            .order_by(TroubleshootingSession.opened_at.desc(), TroubleshootingSession.session_id)
            .limit(limit)
            .offset(offset)
            .execution_options(populate_existing=True)
        )
        if after is not None:
            query = query.where(beyond(TroubleshootingSession.opened_at, TroubleshootingSession.session_id, after))
        with store_errors():
            return tuple(_record(row) for row in self._session.scalars(query))

    def count(self, wanted: SessionFilter) -> int:
        """How many sessions there are.

        Raises:
            StoreError: see `open`.
        """
        query = self._narrowed(select(func.count()).select_from(TroubleshootingSession), wanted)
        with store_errors():
            return int(self._session.scalar(query) or 0)

    def outcomes(self, since: datetime, visible: Collection[str] | None = None) -> Mapping[tuple[str, str], int]:
        """How many sessions were opened since a moment, by `(label, status)`.

        Args:
            since: the moment.
            visible: only of these DAGs; None: all.

        Raises:
            StoreError: see `open`.
        """
        table = TroubleshootingSession
        query = select(table.label, table.status, func.count()).where(table.opened_at >= since)
        query = self._narrowed(query, SessionFilter(visible=visible)).group_by(table.label, table.status)
        with store_errors():
            return {(label, status): int(count) for label, status, count in self._session.execute(query)}

    def drop_before(self, horizon: datetime, *, limit: int) -> int:
        """Delete sessions that were last changed before a moment, with the audit rows of their remedies, oldest first.

        One that waits for a later moment stays. What old outcomes taught about remedies goes with them.

        Returns:
            How many sessions were deleted, `limit` at most.

        Raises:
            StoreError: see `open`.
        """
        table = TroubleshootingSession
        waits = table.due_at.is_not(None) & (table.due_at >= horizon)
        query = select(table.session_id).where(table.updated_at < horizon, ~waits)
        with store_errors():
            names = list(self._session.scalars(query.order_by(table.updated_at).limit(limit)))
            if names:
                once = {"synchronize_session": False}
                for model in (RemedyAttempt, TroubleshootingSession):
                    self._session.execute(delete(model).where(model.session_id.in_(names)), execution_options=once)
            return len(names)

    def _narrowed(self, query: Any, wanted: SessionFilter) -> Any:
        if wanted.visible is not None:
            query = query.where(TroubleshootingSession.dag_id.in_(sorted(wanted.visible)))
        for name in ("dag_id", "task_id", "run_id", "status", "label"):
            value = getattr(wanted, name)
            if value:
                query = query.where(getattr(TroubleshootingSession, name) == value)
        return query

    def _one(self, condition: Any) -> SessionRecord | None:
        query = select(TroubleshootingSession).where(condition).execution_options(populate_existing=True)
        with store_errors():
            row = self._session.scalars(query).first()
            return None if row is None else _record(row)


def _record(row: TroubleshootingSession) -> SessionRecord:
    values = {name: getattr(row, name) for name in SessionRecord.__slots__}
    return SessionRecord(**{**values, **{name: tuple(values[name]) for name in ("ranked", "evidence", "remedies")}})
