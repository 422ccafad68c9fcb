"""Routes of sessions of failed tries: open, resolve within the policy, verify, undo, close."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timezone
from typing import Annotated, Any

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, HTTPException, Query, Request, status

from airflow_provider_wfintel.api.audit import audited
from airflow_provider_wfintel.api.datamodels.sessions import (
    AttemptBody,
    CloseBody,
    OpenBody,
    ProposalBody,
    RateBody,
    RatesBody,
    ResolutionBody,
    ResolveBody,
    SessionBody,
    SessionDetailBody,
    SessionsBody,
    SimilarBody,
    Status,
)
from airflow_provider_wfintel.api.in_process import OF_AIRFLOW, calls_of
from airflow_provider_wfintel.api.once import ONCE, WriteRoute
from airflow_provider_wfintel.api.paging import Page, paged
from airflow_provider_wfintel.api.places import server_place
from airflow_provider_wfintel.api.rates import COSTLY
from airflow_provider_wfintel.api.security import may_on_dag, may_read_logs_of, of_own_teams
from airflow_provider_wfintel.app.troubleshooting.history import (
    SessionDetail,
    SuccessRate,
    list_sessions,
    session_detail,
    success_rates,
)
from airflow_provider_wfintel.app.troubleshooting.opening import open_session
from airflow_provider_wfintel.app.troubleshooting.resolving import resolve_session, session_named
from airflow_provider_wfintel.app.troubleshooting.settings import current_policy
from airflow_provider_wfintel.app.troubleshooting.verifying import close_session, undo_session, verify_session
from airflow_provider_wfintel.config import read_settings
from airflow_provider_wfintel.exceptions import UserInputError
from airflow_provider_wfintel.store.repositories.troubleshooting import SessionFilter, SessionRecord

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/troubleshooting", tags=["troubleshooting"], route_class=WriteRoute)

_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)


@router.get("/sessions")
def list_all(
    user: GetUserDep,
    session: SessionDep,
    page: Annotated[Page, Depends(paged(50, 100))],
    state: Annotated[Status | None, Query(alias="status")] = None,
    dag_id: Annotated[str, Query(max_length=250)] = "",
    task_id: Annotated[str, Query(max_length=250)] = "",
    run_id: Annotated[str, Query(max_length=250)] = "",
    label: Annotated[str, Query(max_length=64)] = "",
) -> SessionsBody:
    """Sessions of the DAGs whose logs the caller may read, the newest first."""
    wanted = SessionFilter(may_read_logs_of(user), dag_id, task_id, run_id, state or "", label)
    found, total = list_sessions(session, wanted, limit=page.rows, offset=page.offset, after=page.after)
    shown, following = page.cut(found, lambda item: ((item.opened_at or _NEVER).isoformat(), item.session_id))
    return SessionsBody(sessions=[_session(item) for item in shown], total=total, next_cursor=following)


@router.post(
    "/sessions",
    dependencies=[audited("session.open"), COSTLY, ONCE],
    responses=OF_AIRFLOW,
)
def open_one(body: OpenBody, request: Request, user: GetUserDep, session: SessionDep) -> SessionDetailBody:
    """Diagnose the present try of a task instance that failed, and keep that. Nothing is changed in Airflow."""
    if not may_on_dag(body.dag_id, user, change=False):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to read the DAG's task logs")
    with calls_of(request) as call:
        record = open_session(session, server_place(call, session), **body.model_dump())
    return _detail(session_detail(session, record.session_id, visible=may_read_logs_of(user)))


@router.get("/sessions/{session_id}")
def get_one(session_id: str, user: GetUserDep, session: SessionDep) -> SessionDetailBody:
    """A session with its attempts and similar cases."""
    _permitted(session, session_id, user, change=False)
    return _detail(session_detail(session, session_id, visible=may_read_logs_of(user)))


@router.post(
    "/sessions/{session_id}/resolve", dependencies=[audited("session.resolve"), COSTLY, ONCE], responses=OF_AIRFLOW
)
def resolve(
    session_id: str, body: ResolveBody, request: Request, user: GetUserDep, session: SessionDep
) -> ResolutionBody:
    """Say what would be done about a failed try, or do what the policy allows or the caller names."""
    _permitted(session, session_id, user, change=True)
    with calls_of(request) as call:
        found = resolve_session(
            session,
            server_place(call, session),
            session_id,
            policy=current_policy(read_settings().remedy_policy_file),
            actor=user.get_id(),
            remedy=body.remedy,
            dry_run=body.mode == "dry_run",
        )
    return ResolutionBody(
        session=_session(found.session),
        outcome=found.outcome,
        reason=found.reason,
        remedy=found.remedy,
        steps=list(found.steps),
        due_at=found.due_at,
        offers=[dict(item) for item in found.offers],  # type: ignore[misc]  # pydantic checks them
        misfits=dict(found.misfits),
        proposals=[ProposalBody(title=title, text=text) for title, text in found.proposals],
    )


@router.post(
    "/sessions/{session_id}/verify", dependencies=[audited("session.verify"), COSTLY, ONCE], responses=OF_AIRFLOW
)
def verify(session_id: str, request: Request, user: GetUserDep, session: SessionDep) -> SessionBody:
    """Look what came of the remedy that acted."""
    _permitted(session, session_id, user, change=True)
    with calls_of(request) as call:
        return _session(verify_session(session, server_place(call, session), session_id))


@router.post(
    "/sessions/{session_id}/undo",
    dependencies=[audited("session.undo"), COSTLY, ONCE],
    responses=OF_AIRFLOW,
)
def undo(session_id: str, request: Request, user: GetUserDep, session: SessionDep) -> SessionBody:
    """Take back what the session's remedies have set. What was run again stays run."""
    _permitted(session, session_id, user, change=True)
    with calls_of(request) as call:
        return _session(undo_session(session, server_place(call, session), session_id, actor=user.get_id()))


@router.post("/sessions/{session_id}/close", dependencies=[audited("session.close"), ONCE])
def close(session_id: str, body: CloseBody, user: GetUserDep, session: SessionDep) -> SessionBody:
    """End a session, or hand it on. A remedy that waits is withdrawn."""
    _permitted(session, session_id, user, change=True)
    return _session(close_session(session, session_id, actor=user.get_id(), status=body.status, reason=body.reason))


@router.get("/rates")
def rates(
    user: GetUserDep,
    session: SessionDep,
    page: Annotated[Page, Depends(paged(1000, 1000))],
) -> RatesBody:
    """How often each remedy helped against each class of failure, by verified outcomes; with teams, of the own ones."""
    found = sorted(success_rates(session, of_own_teams(user)), key=_name_of_rate)
    shown, following = page.of(found, _name_of_rate)
    return RatesBody(rates=[RateBody(**asdict(item), rate=item.rate) for item in shown], next_cursor=following)


def _name_of_rate(item: SuccessRate) -> str:
    return f"{item.label}\n{item.remedy}"


def _permitted(session: Any, session_id: str, user: Any, *, change: bool) -> SessionRecord:
    """The session, if the caller may have it. A session that is not theirs is as one that does not exist."""
    try:
        record = session_named(session, session_id)
    except UserInputError:
        record = None
    if record is None or not may_on_dag(record.dag_id, user, change=False):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "there is no such session")
    if change and not may_on_dag(record.dag_id, user, change=True):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to change task instances of the DAG")
    return record


def _session(record: SessionRecord) -> SessionBody:
    names = [name for name in SessionBody.model_fields if name not in ("steps", "offers")]
    return SessionBody.model_validate(
        {
            **{name: getattr(record, name) for name in names},
            "steps": list(record.diagnosis.get("steps", ())),
            "offers": [dict(item) for item in record.remedies],
        }
    )


def _detail(found: SessionDetail) -> SessionDetailBody:
    attempts = [
        AttemptBody(
            **{name: getattr(item, name) for name in AttemptBody.model_fields if name not in ("steps", "undoable")},
            steps=list(item.change.get("words", ())),
            undoable=bool(item.undo.get("steps")),
        )
        for item in found.attempts
    ]
    similar = [SimilarBody(**asdict(item)) for item in found.similar]
    return SessionDetailBody(session=_session(found.session), attempts=attempts, similar=similar)
