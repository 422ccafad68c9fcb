"""How this deployment likes its services to be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import ServiceMapping
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["LearnedMapping", "ServiceMappings"]


@dataclass(frozen=True, slots=True)
class LearnedMapping:
    """One way to carry out an action. `weight` is the expected share of people who accept it, 0 to 1."""

    service: str
    action: str
    operator: str
    target_service: str
    connection_id: str
    accepted: int
    rejected: int
    weight: float


class ServiceMappings:
    """Votes on operators and the connections that people chose."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def vote(
        self,
        service: str,
        action: str,
        operator: str,
        *,
        accepted: bool,
        target_service: str = "",
        connection_id: str = "",
    ) -> None:
        """Count one vote. An accepting vote with a connection makes it the preferred one.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {
            "service": service,
            "action": action,
            "target_service": target_service,
            "operator": operator,
            "connection_id": connection_id if accepted else "",
            "accepted": int(accepted),
            "rejected": int(not accepted),
            "updated_at": utc_now(),
        }
        keep_connection = not (accepted and connection_id)
        with store_errors():
            upsert(
                self._session,
                ServiceMapping,
                row,
                key=("service", "action", "target_service", "operator"),
                change=lambda stored, offered: {
                    "accepted": stored.accepted + offered.accepted,
                    "rejected": stored.rejected + offered.rejected,
                    "connection_id": stored.connection_id if keep_connection else offered.connection_id,
                    "updated_at": offered.updated_at,
                },
            )

    def of(self, service: str, action: str = "", *, target_service: str = "") -> tuple[LearnedMapping, ...]:
        """What is known of a service, the most accepted first; ties by the operator's name.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(ServiceMapping).where(ServiceMapping.service == service)
        if action:
            query = query.where(ServiceMapping.action == action)
        if target_service:
            query = query.where(ServiceMapping.target_service == target_service)
        return self._read(query)

    def all(self) -> tuple[LearnedMapping, ...]:
        """What is known of all services, the most accepted first; ties by the operator's name.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        return self._read(select(ServiceMapping))

    def _read(self, query: Select[Any]) -> tuple[LearnedMapping, ...]:
        with store_errors():
            rows = self._session.scalars(query.execution_options(populate_existing=True)).all()
        found = (
            LearnedMapping(
                service=row.service,
                action=row.action,
                operator=row.operator,
                target_service=row.target_service,
                connection_id=row.connection_id,
                accepted=row.accepted,
                rejected=row.rejected,
                weight=row.weight,
            )
            for row in rows
        )
        return tuple(sorted(found, key=lambda item: (-item.weight, item.operator, item.service, item.action)))
