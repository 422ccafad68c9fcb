"""Looks at services: the last of each, and how it went before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.engine.model import ServiceCheck
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import ServiceCheckRow
from airflow_provider_wfintel.store.upsert import upsert_many

__all__ = ["ServiceChecks", "Tally"]

_COLUMNS = tuple(ServiceCheck.__dataclass_fields__)
_BAD = ("refused", "unreachable", "missing")


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a service was looked at in a time, how often all was well, and the mean latency in seconds."""

    looks: int = 0
    ok: int = 0
    mean_latency_seconds: float | None = None


class ServiceChecks:
    """Reads and writes through one session. Every method raises `StoreError` if the database cannot be reached."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, checks: Iterable[ServiceCheck]) -> int:
        """Store looks; the same look twice is one. Returns how many were handed in."""
        rows = [{name: _value(item, name) for name in _COLUMNS} for item in checks]
        with store_errors():
            upsert_many(
                self._session,
                ServiceCheckRow,
                rows,
                key=("conn_id", "checked_at"),
                change=lambda _stored, offered: {"state": offered.state, "message": offered.message},
            )
        return len(rows)

    def last(self, conn_ids: Sequence[str]) -> dict[str, ServiceCheck]:
        """The last look at each of the connections."""
        table = ServiceCheckRow
        newest = (
            select(table.conn_id, func.max(table.checked_at).label("at"))
            .where(table.conn_id.in_(conn_ids))
            .group_by(table.conn_id)
            .subquery()
        )
        query = select(table).join(newest, (table.conn_id == newest.c.conn_id) & (table.checked_at == newest.c.at))
        with store_errors():
            return {row.conn_id: _check(row) for row in self._session.scalars(query)} if conn_ids else {}

    def tallies(self, conn_ids: Sequence[str], since: datetime) -> dict[str, Tally]:
        """For each of the connections that was looked at since then, how that went; `unknown` does not count."""
        table = ServiceCheckRow
        query = (
            select(
                table.conn_id,
                func.count(),
                func.sum(case((table.state == "ok", 1), else_=0)),
                func.avg(table.latency_seconds),
            )
            .where(table.conn_id.in_(conn_ids), table.checked_at >= since, table.state != "unknown")
            .group_by(table.conn_id)
        )
        with store_errors():
            rows = self._session.execute(query).all() if conn_ids else []
        return {row[0]: Tally(int(row[1]), int(row[2]), None if row[3] is None else float(row[3])) for row in rows}

    def history(self, conn_id: str, since: datetime, *, limit: int = 1000) -> tuple[ServiceCheck, ...]:
        """Looks at one connection since then, the newest first."""
        table = ServiceCheckRow
        query = select(table).where(table.conn_id == conn_id, table.checked_at >= since)
        with store_errors():
            rows = self._session.scalars(query.order_by(table.checked_at.desc()).limit(limit)).all()
        return tuple(_check(row) for row in rows)

    def bad_between(self, conn_ids: Sequence[str], first: datetime, last: datetime) -> tuple[ServiceCheck, ...]:
        """For each of the connections the last look of that time, if it was a bad one."""
        table = ServiceCheckRow
        query = (
            select(table)
            .where(table.conn_id.in_(conn_ids), table.checked_at.between(first, last), table.state != "unknown")
            .order_by(table.checked_at)
        )
        with store_errors():
            rows = self._session.scalars(query).all() if conn_ids else []
        newest = {row.conn_id: _check(row) for row in rows}
        return tuple(item for _, item in sorted(newest.items()) if item.state in _BAD)

    def drop_before(self, moment: datetime) -> int:
        """Delete looks before that moment; returns how many."""
        with store_errors():
            done = self._session.execute(
                delete(ServiceCheckRow).where(ServiceCheckRow.checked_at < moment),
                execution_options={"synchronize_session": False},
            )
        return int(done.rowcount)  # type: ignore[attr-defined]


def _value(item: ServiceCheck, name: str) -> object:
    value = getattr(item, name)
    return datetime.fromisoformat(value) if name == "checked_at" else value


def _check(row: ServiceCheckRow) -> ServiceCheck:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return ServiceCheck(**{**values, "checked_at": row.checked_at.isoformat()})
