"""Alerts as people see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.engine.monitoring.service import AlertView
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.paging import Place, beyond
from airflow_provider_wfintel.store.tables import Alert, AlertMessage
from airflow_provider_wfintel.store.upsert import upsert_many

__all__ = ["AlertFilter", "Alerts", "Delivery", "StoredAlert"]

_ALERTS = UUID("2f6a1f0e-3f0c-5d5e-8b1c-7a1f1f4f5f60")  # the name space of the ids of alerts
_CHANGING = (
    "incident", "run_id", "severity", "status", "title", "body", "last_seen_at", "acknowledged_at", "acknowledged_by",
    "silenced_until", "resolved_at", "resolved_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are asked for; what is empty does not narrow.

    Attributes:
        dag_ids: alerts of these DAGs and those that are about no DAG; None: all.
    """

    dag_ids: frozenset[str] | None = None
    dag_id: str = ""
    status: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    rule: str = ""
    incident: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """One alert as it is kept."""

    alert_id: str
    rule: str
    kind: str
    incident: str
    dag_id: str
    task_id: str
    run_id: str
    map_index: int
    severity: str
    status: str
    title: str
    body: Mapping[str, Any]
    started_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    silenced_until: datetime | None
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message."""

    receiver: str
    kind: str
    status: str
    attempts: int
    last_error: str
    made_at: datetime
    sent_at: datetime | None


class Alerts:
    """Alerts. Who runs the machine writes, everybody else reads. The caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(self, views: Iterable[AlertView]) -> None:
        """Insert alerts, or bring their rows up to date.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        rows = [_row(view) for view in views]
        with store_errors():
            upsert_many(
                self._session,
                Alert,
                rows,
                key=("alert_key",),
                change=lambda stored, offered: {
                    **{name: offered[name] for name in _CHANGING},
                    # Who took it on first stays; what ended knows to which incident it belonged.
                    "acknowledged_at": func.coalesce(stored.acknowledged_at, offered.acknowledged_at),
                },
            )

    def one(self, alert_id: str) -> StoredAlert | None:
        """The alert with this id.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            row = self._session.scalars(
                select(Alert).where(Alert.alert_id == alert_id).execution_options(populate_existing=True)
            ).first()
        return None if row is None else _stored(row)

    def find(
        self, wanted: AlertFilter, *, limit: int, offset: int = 0, after: Place | None = None
    ) -> tuple[tuple[StoredAlert, ...], int]:
        """A page of alerts, the newest first, from a place on, and how many there are in all.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        where = _where(wanted)
        query = (
            select(Alert)
            .where(*where, *([] if after is None else [beyond(Alert.last_seen_at, Alert.alert_id, after)]))
            .order_by(Alert.last_seen_at.desc(), Alert.alert_id)
            .limit(limit)
            .offset(offset)
            .execution_options(populate_existing=True)
        )
        with store_errors():
            total = self._session.scalar(select(func.count()).select_from(Alert).where(*where)) or 0
            rows = self._session.scalars(query).all()
        return tuple(_stored(row) for row in rows), total

    def dags_of_incidents(self, incidents: Collection[str]) -> frozenset[str]:
        """The DAGs that alerts of these incidents are about, while they go on.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(Alert.dag_id).where(Alert.incident.in_(sorted(incidents)), Alert.status != "resolved").distinct()
        with store_errors():
            return frozenset(name for name in self._session.scalars(query) if name) if incidents else frozenset()

    def deliveries(self, incidents: Collection[str]) -> tuple[Delivery, ...]:
        """The messages about these incidents, oldest first.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertMessage
        query = (
            select(table)
            .where(table.incident.in_(sorted(incidents)))
            .order_by(table.made_at, table.message_key)
            .execution_options(populate_existing=True)
        )
        with store_errors():
            rows = self._session.scalars(query).all() if incidents else []
        return tuple(
            Delivery(row.receiver, row.kind, row.status, row.attempts, row.last_error, row.made_at, row.sent_at)
            for row in rows
        )

    def drop_before(self, moment: datetime) -> int:
        """Delete alerts that were over before `moment`; returns how many.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            done = self._session.execute(
                delete(Alert).where(Alert.resolved_at < moment), execution_options={"synchronize_session": False}
            )
        return int(done.rowcount)  # type: ignore[attr-defined]


def _where(wanted: AlertFilter) -> list[Any]:
    where: list[Any] = []
    if wanted.dag_ids is not None:
        where.append(or_(Alert.dag_id == "", Alert.dag_id.in_(sorted(wanted.dag_ids))))
    for column, values in ((Alert.status, wanted.status), (Alert.severity, wanted.severity)):
        if values:
            where.append(column.in_(values))
    for column, value in ((Alert.dag_id, wanted.dag_id), (Alert.rule, wanted.rule), (Alert.incident, wanted.incident)):
        if value:
            where.append(column == value)
    if wanted.since is not None:
        where.append(Alert.last_seen_at >= wanted.since)
    return where


def _row(view: AlertView) -> dict[str, Any]:
    last_seen = _moment(view.last_seen)
    return {
        "alert_id": str(uuid5(_ALERTS, view.key)),
        "alert_key": view.key,
        "rule": view.rule,
        "kind": view.kind,
        "incident": view.incident,
        "dag_id": view.dag_id,
        "task_id": view.task_id,
        "run_id": view.run_id,
        "map_index": view.map_index,
        "severity": view.severity,
        "status": view.status,
        "title": view.title[:500],
        "body": dict(view.body),
        "started_at": _moment(view.since),
        "last_seen_at": last_seen,
        "acknowledged_at": last_seen if view.acknowledged_by else None,
        "acknowledged_by": view.acknowledged_by,
        "silenced_until": None if view.silenced_until is None else _moment(view.silenced_until),
        "resolved_at": None if view.resolved_at is None else _moment(view.resolved_at),
        "resolved_by": view.resolved_by,
    }


def _stored(row: Alert) -> StoredAlert:
    return StoredAlert(
        alert_id=row.alert_id,
        rule=row.rule,
        kind=row.kind,
        incident=row.incident,
        dag_id=row.dag_id,
        task_id=row.task_id,
        run_id=row.run_id,
        map_index=row.map_index,
        severity=row.severity,
        status=row.status,
        title=row.title,
        body=row.body,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        silenced_until=row.silenced_until,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.utc)
