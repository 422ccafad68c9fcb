"""Verify, undo and close a session: what came of a remedy, taking it back, a person's last word."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.troubleshooting.acting import undo_steps
from airflow_provider_wfintel.app.troubleshooting.resolving import session_named
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.troubleshooting.place import Place
    from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import TryState
    from airflow_provider_wfintel.store.repositories.remedy_attempts import AttemptRecord
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionRecord

__all__ = ["close_session", "undo_session", "verify_session"]

_FAILED = frozenset({"failed", "upstream_failed"})


def verify_session(session: Session, place: Place, session_id: str, *, now: datetime | None = None) -> SessionRecord:
    """Look what came of the remedy that acted. As long as the next try runs, nothing changes.

    The success of the next try ends the session as `auto_resolved`, or `resolved` if a person asked for the remedy. If
    it fails, the session is closed: the new try has a session of its own, which knows what was tried.

    Raises:
        UserInputError: there is no such session.
        RemoteError: Airflow does not answer, or the caller may not see the task instance.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.base import utc_now
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts
    from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

    record = session_named(session, session_id)
    attempts = RemedyAttempts(session).of_try(record.try_id)
    acted = next((item for item in reversed(attempts) if item.status == "applied"), None)
    if acted is None:
        return record
    state = place.actions.current_try(record.dag_id, record.run_id, record.task_id, record.map_index)
    helped = _helped(record, acted, state)
    if helped is None:
        return record
    moment = now or utc_now()
    seen = {**(acted.result or {}), "next_state": state.state if state else "gone"}
    RemedyAttempts(session).swap(
        acted.attempt_id, "applied", "verified" if helped else "failed", verified_at=moment, result=seen
    )
    status = ("resolved" if acted.mode == "approved" else "auto_resolved") if helped else "closed"
    TroubleshootingSessions(session).change(
        session_id,
        phase="closed",
        status=status,
        outcome="helped" if helped else "failed_again",
        closed_at=moment,
        closed_by=acted.actor,
        due_at=None,
    )
    session.commit()
    return session_named(session, session_id)


def _helped(record: SessionRecord, attempt: AttemptRecord, state: TryState | None) -> bool | None:
    """Whether the remedy helped; None as long as it cannot be told."""
    if state is None:
        return False
    if attempt.change.get("success") == "moves_on":
        stuck = record.facts.get("state")
        return False if state.state in _FAILED else (True if state.state != stuck else None)
    if state.try_id == record.try_id:
        # The clear was taken back, or never took hold.
        return False if state.state in _FAILED else None
    if state.state in _FAILED:
        return False
    return True if state.state == "success" else None


def undo_session(
    session: Session, place: Place, session_id: str, *, actor: str, now: datetime | None = None
) -> SessionRecord:
    """Take back what the session's remedies have set. What was run again stays run.

    Raises:
        UserInputError: there is no such session, nothing that can be taken back, or somebody changed it since.
        RemoteError: Airflow refused or does not answer; what was taken back before that is noted.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.base import utc_now
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts
    from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

    record = session_named(session, session_id)
    attempts = RemedyAttempts(session)
    undoable = [
        item
        for item in reversed(attempts.of_try(record.try_id))
        if item.status in ("applied", "verified", "failed", "interrupted") and undo_steps(item)
    ]
    if not undoable:
        raise UserInputError("nothing of this session can be taken back", hint="a rerun cannot; see the attempts")
    moment = now or utc_now()
    for item in undoable:
        said = [place.actions.perform(step).words for step in undo_steps(item)]
        result: dict[str, Any] = {**(item.result or {}), "undone_by": actor, "undo": said}
        attempts.swap(item.attempt_id, item.status, "undone", undone_at=moment, result=result)
        session.commit()
    TroubleshootingSessions(session).change(session_id, outcome="undone")
    session.commit()
    return session_named(session, session_id)


def close_session(
    session: Session,
    session_id: str,
    *,
    actor: str,
    status: str = "closed",
    reason: str = "",
    now: datetime | None = None,
) -> SessionRecord:
    """End a session by a person's word. A remedy that waits is withdrawn.

    Args:
        session: a session on the metadata database; committed here.
        session_id: the session.
        actor: who says so.
        status: `closed`, `resolved` (the person put it right) or `escalated` (to somebody else; stays open).
        reason: why, in words.
        now: this moment, for tests.

    Raises:
        UserInputError: there is no such session or status.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.base import utc_now
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts
    from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

    if status not in ("closed", "resolved", "escalated"):
        raise UserInputError(f"{status!r} ends no session", hint="closed, resolved or escalated")
    record = session_named(session, session_id)
    moment = now or utc_now()
    attempts = RemedyAttempts(session)
    for item in attempts.of_try(record.try_id):
        if item.status == "waiting":
            attempts.swap(item.attempt_id, "waiting", "refused", result={"why": f"withdrawn by {actor}: {reason}"})
    ended: dict[str, Any] = (
        {"phase": "closed", "closed_at": moment, "closed_by": actor} if status != "escalated" else {}
    )
    TroubleshootingSessions(session).change(session_id, status=status, reason=reason, due_at=None, **ended)
    session.commit()
    return session_named(session, session_id)
