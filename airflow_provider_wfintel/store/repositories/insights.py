"""Findings about performance and about ourselves, one row for each however often it is found."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import PerformanceInsight
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["Insight", "Insights"]


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
                change=lambda _stored, offered: {name: offered[name] for name in changing},
            )

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
