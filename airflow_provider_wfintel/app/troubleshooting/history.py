"""What sessions teach: success rates of remedies, and similar past cases with what helped."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.troubleshooting.resolving import session_named

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.paging import Place
    from airflow_provider_wfintel.store.repositories.remedy_attempts import AttemptRecord
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionFilter, SessionRecord

__all__ = ["SessionDetail", "SimilarCase", "SuccessRate", "list_sessions", "session_detail", "success_rates"]

_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A past session of the same cause that was resolved, and the remedy that helped (empty: a person)."""

    session_id: str
    dag_id: str
    task_id: str
    status: str
    closed_at: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """A session with its attempts and similar cases."""

    session: SessionRecord
    attempts: tuple[AttemptRecord, ...]
    similar: tuple[SimilarCase, ...]


@dataclass(frozen=True, slots=True)
class SuccessRate:
    """Verified outcomes of a remedy for a class of failure."""

    label: str
    remedy: str
    helped: int
    failed: int

    @property
    def rate(self) -> float:
        """The share that helped."""
        return self.helped / (self.helped + self.failed)


def list_sessions(
    session: Session, wanted: SessionFilter, *, limit: int, offset: int = 0, after: Place | None = None
) -> tuple[tuple[SessionRecord, ...], int]:
    """Sessions, the newest first, and how many there are in all.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

    sessions = TroubleshootingSessions(session)
    return sessions.find(wanted, limit=limit, offset=offset, after=after), sessions.count(wanted)


def session_detail(session: Session, session_id: str, *, visible: Collection[str] | None = None) -> SessionDetail:
    """A session with all that belongs to it; similar cases only of the DAGs that the caller may see.

    Raises:
        UserInputError: there is no such session.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts

    record = session_named(session, session_id)
    attempts = RemedyAttempts(session).of_try(record.try_id)
    return SessionDetail(record, attempts, _similar(session, record, visible))


def _similar(
    session: Session, record: SessionRecord, visible: Collection[str] | None, most: int = 5
) -> tuple[SimilarCase, ...]:
    """Resolved sessions of the same cause: of the same task first, then of the same DAG, then the newest."""
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionFilter, TroubleshootingSessions

    sessions, attempts = TroubleshootingSessions(session), RemedyAttempts(session)
    found = [
        item
        for status in ("auto_resolved", "resolved")
        for item in sessions.find(SessionFilter(visible, label=record.label, status=status), limit=_LOOKED_AT)
        if item.session_id != record.session_id
    ]
    found.sort(key=lambda item: item.closed_at.isoformat() if item.closed_at else "", reverse=True)
    found.sort(key=lambda item: (item.dag_id, item.task_id) != (record.dag_id, record.task_id))
    return tuple(
        SimilarCase(
            item.session_id,
            item.dag_id,
            item.task_id,
            item.status,
            item.closed_at.isoformat() if item.closed_at else "",
            next((one.remedy for one in attempts.of_try(item.try_id) if one.status == "verified"), ""),
        )
        for item in found[:most]
    )


def success_rates(session: Session, dag_ids: Collection[str] | None = None) -> tuple[SuccessRate, ...]:
    """Verified outcomes by class and remedy, of some DAGs or of all.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts

    return tuple(
        SuccessRate(item.label, item.remedy, item.helped, item.failed)
        for item in RemedyAttempts(session).outcomes(dag_ids)
    )
