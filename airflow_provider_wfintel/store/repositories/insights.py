"""Findings about performance and about ourselves, one row for each however often it is found."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.paging import Place, beyond
from airflow_provider_wfintel.store.tables import PerformanceInsight
from airflow_provider_wfintel.store.upsert import among, upsert

__all__ = ["Insight", "Insights", "StoredInsight"]


@dataclass(frozen=True, slots=True)
class Insight:
    """One finding.

    Attributes:
        subject: what it is about beside DAG, task and run, so that two findings of a kind are told apart.
        evidence: JSON values that show it.
    """

    kind: str
    message: str
    severity: str = "info"
    dag_id: str = ""
    task_id: str = ""
    run_id: str = ""
    subject: str = ""
    value: float | None = None
    expected: float | None = None
    samples: int = 0
    evidence: Sequence[Any] = ()

    @property
    def fingerprint(self) -> str:
        """Equal for two sightings of the same finding."""
        words = "\n".join((self.kind, self.dag_id, self.task_id, self.run_id, self.subject))
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredInsight:
    """A finding as it is kept: `open` while it is seen, `gone` when it is no more, `dismissed` by a person."""

    fingerprint: str
    kind: str
    dag_id: str
    task_id: str
    run_id: str
    severity: str
    status: str
    message: str
    value: float | None
    expected: float | None
    samples: int
    evidence: Sequence[Any]
    first_seen_at: datetime
    last_seen_at: datetime


_STORED = tuple(StoredInsight.__dataclass_fields__)


class Insights:
    """Keeps findings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, insight: Insight, *, now: datetime) -> None:
        """Store a finding, or say that it was seen again.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {
            "fingerprint": insight.fingerprint,
            "kind": insight.kind,
            "dag_id": insight.dag_id,
            "task_id": insight.task_id,
            "run_id": insight.run_id,
            "severity": insight.severity,
            "status": "open",
            "message": insight.message,
            "value": insight.value,
            "expected": insight.expected,
            "samples": insight.samples,
            "evidence": list(insight.evidence),
            "first_seen_at": now,
            "last_seen_at": now,
        }
        changing = ("severity", "message", "value", "expected", "samples", "evidence", "last_seen_at")
        with store_errors():
            upsert(
                self._session,
                PerformanceInsight,
                row,
                key=("fingerprint",),
                change=lambda stored, offered: {
                    **{name: offered[name] for name in changing},
                    "status": case((stored.status == "dismissed", stored.status), else_=offered.status),
                },
            )

    def stored(
        self,
        *,
        dag_ids: Collection[str] | None = None,
        fingerprints: Collection[str] | None = None,
        kind_prefix: str = "",
        not_kind_prefix: str = "",
        status: str = "",
        since: datetime | None = None,
        limit: int = 200,
        offset: int = 0,
        after: Place | None = None,
    ) -> Sequence[StoredInsight]:
        """Findings, those seen last first.

        Args:
            dag_ids: only of these DAGs; None: of all, and those about no DAG.
            fingerprints: only these.
            kind_prefix: only kinds that begin so.
            not_kind_prefix: no kinds that begin so; empty: any.
            status: only with this status.
            since: only those seen since.
            limit: at most so many.
            offset: how many to leave out.
            after: only those after this place.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = PerformanceInsight
        query = select(*(getattr(table, name) for name in _STORED))
        if dag_ids is not None:
            query = query.where(among(self._session, table.dag_id, dag_ids))
        if fingerprints is not None:
            query = query.where(table.fingerprint.in_(sorted(fingerprints)))
        if kind_prefix:
            query = query.where(table.kind.startswith(kind_prefix, autoescape=True))
        if not_kind_prefix:
            query = query.where(~table.kind.startswith(not_kind_prefix, autoescape=True))
        if status:
            query = query.where(table.status == status)
        if since is not None:
            query = query.where(table.last_seen_at >= since)
        if after is not None:
            query = query.where(beyond(table.last_seen_at, table.fingerprint, after))
        query = query.order_by(table.last_seen_at.desc(), table.fingerprint).limit(limit).offset(offset)
        with store_errors():
            return [StoredInsight(*row) for row in self._session.execute(query)]

    def close_unseen(self, kinds: Collection[str], *, before: datetime) -> int:
        """Mark open findings of these kinds that were not seen since as gone.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = PerformanceInsight
        with store_errors():
            done = self._session.execute(
                update(table)
                .where(table.kind.in_(sorted(kinds)), table.status == "open", table.last_seen_at < before)
                .values(status="gone"),
                execution_options={"synchronize_session": False},
            )
        return int(done.rowcount)  # type: ignore[attr-defined]

    def drop_before(self, moment: datetime) -> int:
        """Delete findings that were seen last before `moment`.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            done = self._session.execute(
                delete(PerformanceInsight).where(PerformanceInsight.last_seen_at < moment),
                execution_options={"synchronize_session": False},
            )
        return int(done.rowcount)  # type: ignore[attr-defined]

    def of_kind(self, kind: str) -> tuple[Insight, ...]:
        """All findings of a kind, oldest first. `subject` is not kept and comes back empty.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = PerformanceInsight
        query = select(table).where(table.kind == kind).order_by(table.first_seen_at, table.fingerprint)
        with store_errors():
            rows = self._session.scalars(query.execution_options(populate_existing=True)).all()
        return tuple(
            Insight(
                kind=row.kind,
                message=row.message,
                severity=row.severity,
                dag_id=row.dag_id,
                task_id=row.task_id,
                run_id=row.run_id,
                value=row.value,
                expected=row.expected,
                samples=row.samples,
                evidence=tuple(row.evidence),
            )
            for row in rows
        )
