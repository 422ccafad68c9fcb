"""Services that DAGs talk to: how they are, how they were, and what workers saw. Nothing is connected to from here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Annotated

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, HTTPException, Path, Query, status

from airflow_provider_wfintel.api.audit import audited
from airflow_provider_wfintel.api.datamodels.services import (
    KeptBody,
    ServiceCheckBody,
    ServiceChecksBody,
    ServiceHistoryBody,
    ServicesBody,
    ServiceStatusBody,
)
from airflow_provider_wfintel.api.once import ONCE, WriteRoute
from airflow_provider_wfintel.api.paging import Page, paged
from airflow_provider_wfintel.api.security import may_on_connection, readable_dags
from airflow_provider_wfintel.app import service_health
from airflow_provider_wfintel.app.service_health import ServiceStatus
from airflow_provider_wfintel.engine.model import ServiceCheck

__all__ = ["router"]

router = APIRouter(prefix="/api/workflows/monitoring/services", tags=["services"], route_class=WriteRoute)


@router.get("")
def find(
    session: SessionDep,
    user: GetUserDep,
    readable: Annotated[frozenset[str], Depends(readable_dags)],
    page: Annotated[Page, Depends(paged(500, 1000))],
) -> ServicesBody:
    """List the connections that DAGs use, with the last look: those that the caller may read, of such DAGs."""
    found = service_health.services_in_use(
        session,
        now=datetime.now(timezone.utc),
        dag_ids=readable,
        may_see=lambda conn_id: may_on_connection(conn_id, user, change=False),
    )
    shown, following = page.of(found, lambda item: item.conn_id)
    return ServicesBody(services=[_status(item) for item in shown], next_cursor=following)


@router.get("/{conn_id}")
def history(
    session: SessionDep,
    user: GetUserDep,
    conn_id: Annotated[str, Path(min_length=1, max_length=250)],
    hours: Annotated[float, Query(gt=0.0, le=720.0)] = 24.0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> ServiceHistoryBody:
    """Looks at one connection, the newest first. The caller must be allowed to read it."""
    if not may_on_connection(conn_id, user, change=False):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to read the connection")
    since = datetime.now(timezone.utc) - timedelta(hours=hours)
    found = service_health.history(session, conn_id, since=since, limit=limit)
    return ServiceHistoryBody(conn_id=conn_id, since=since, checks=[_look(item) for item in found])


@router.post("", dependencies=[audited("services.keep"), ONCE])
def keep(session: SessionDep, user: GetUserDep, body: ServiceChecksBody) -> KeptBody:
    """Store what a worker has seen. The caller must be allowed to edit each of the connections."""
    named: set[str | None] = {item.conn_id for item in body.checks}
    for conn_id in named or {None}:
        if not may_on_connection(conn_id, user, change=True):
            raise HTTPException(status.HTTP_403_FORBIDDEN, "this needs the permission to edit the connections")
    now = datetime.now(timezone.utc)
    checks = [
        ServiceCheck(**{**item.model_dump(), "checked_at": item.checked_at.isoformat()})
        for item in body.checks
        if item.checked_at <= now + timedelta(minutes=5)
    ]
    return KeptBody(kept=service_health.keep_checks(session, checks, now=now))


def _status(item: ServiceStatus) -> ServiceStatusBody:
    values = asdict(item) | {"dag_ids": list(item.dag_ids)}
    return ServiceStatusBody.model_validate(values)


def _look(item: ServiceCheck) -> ServiceCheckBody:
    return ServiceCheckBody.model_validate(asdict(item))
