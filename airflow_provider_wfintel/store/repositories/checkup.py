"""Questions on the state of our own tables: who collects, how old is the oldest row, which workers are measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import AlertMessage, Lease, WorkflowExecution

__all__ = ["Checkup", "LeaseRow", "Measured", "Undelivered"]

_COUNTED = 100_000
"""Fewer rows than this are counted."""


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A lease as it stands."""

    holder: str
    token: int
    acquired_at: datetime
    expires_at: datetime
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """Tries of one machine that ran and ended, and how many of them have what the listener measures."""

    hostname: str
    tries: int
    measured: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Messages for one receiver that wait longer than they should, and why."""

    receiver: str
    messages: int
    since: datetime
    last_error: str


class Checkup:
    """Reads through one session. Every method raises `StoreError` if the database cannot be reached."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lease(self, name: str) -> LeaseRow | None:
        """The lease of that name; None if nobody has ever had it."""
        query = select(Lease.holder, Lease.token, Lease.acquired_at, Lease.expires_at, Lease.state)
        with store_errors():
            row = self._session.execute(query.where(Lease.name == name)).first()
        return None if row is None else LeaseRow(*row)

    def executions(self) -> tuple[int, datetime | None]:
        """How many runs and tries there are, and when the one ended that ended first.

        Many rows in PostgreSQL are not counted: its own estimate, as of the last vacuum, takes no time.
        """
        table = WorkflowExecution
        with store_errors():
            count = self._estimated(table.__tablename__)
            if count < _COUNTED:
                count = self._session.scalar(select(func.count()).select_from(table)) or 0
            # One question for each kind: each is the first entry of an index.
            ends = [
                self._session.scalar(
                    select(table.ended_at)
                    .where(table.kind == kind, table.ended_at.is_not(None))
                    .order_by(table.ended_at)
                    .limit(1)
                )
                for kind in ("try", "run")
            ]
        return int(count), min((end for end in ends if end is not None), default=None)

    def _estimated(self, name: str) -> int:
        if self._session.get_bind().dialect.name != "postgresql":
            return 0
        query = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)")
        return int(self._session.scalar(query, {"name": name}) or 0)

    def measured(self, since: datetime, until: datetime) -> tuple[Measured, ...]:
        """By machine, the tries that ran and ended in that time."""
        table = WorkflowExecution
        query = (
            select(table.hostname, func.count(), func.count(table.peak_rss_bytes))
            .where(
                table.kind == "try",
                table.ended_at >= since,
                table.ended_at <= until,
                table.started_at.is_not(None),
                table.state.in_(("success", "failed", "skipped")),
            )
            .group_by(table.hostname)
            .order_by(table.hostname)
        )
        with store_errors():
            return tuple(Measured(row[0], int(row[1]), int(row[2])) for row in self._session.execute(query))

    def undelivered(self, before: datetime) -> tuple[Undelivered, ...]:
        """By receiver, the messages that were made before that moment and are not delivered."""
        table = AlertMessage
        query = (
            select(table.receiver, func.count(), func.min(table.made_at), func.max(table.last_error))
            .where(table.status != "sent", table.made_at < before)
            .group_by(table.receiver)
            .order_by(table.receiver)
        )
        with store_errors():
            return tuple(Undelivered(row[0], int(row[1]), row[2], row[3] or "") for row in self._session.execute(query))
