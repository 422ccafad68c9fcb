"""Use case: are the services well that DAGs of this deployment talk to?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.model import ServiceCheck

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["ServiceStatus", "bad_services_near", "check_services", "history", "keep_checks", "services_in_use"]

_DAY = timedelta(days=1)
_NEAR = timedelta(minutes=15)
_KEPT = timedelta(days=30)
"""Looks are kept that long: at one look every ten minutes, 4,320 rows for each connection."""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A connection that DAGs use, and what is known of the service behind it.

    Attributes:
        conn_id: the connection.
        dag_ids: the DAGs that name it.
        last: the last look; None if nobody has looked.
        looks: how often it was looked at within a day; looks that showed nothing do not count.
        ok: how often all was well.
        mean_latency_seconds: mean time until a TCP connection stood, within a day.
    """

    conn_id: str
    dag_ids: tuple[str, ...]
    last: ServiceCheck | None = None
    looks: int = 0
    ok: int = 0
    mean_latency_seconds: float | None = None


def services_in_use(
    session: Session,
    *,
    now: datetime,
    dag_ids: frozenset[str] | None = None,
    may_see: Callable[[str], bool] = lambda _conn_id: True,
) -> tuple[ServiceStatus, ...]:
    """The connections that DAGs name, with the last look at each.

    Args:
        session: a session on the metadata database.
        now: the present.
        dag_ids: the DAGs that the caller may read; None: all.
        may_see: whether the caller may see a connection.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.host.connections_in_use import connections_in_use
    from airflow_provider_wfintel.store.repositories.service_checks import ServiceChecks, Tally

    used: dict[str, tuple[str, ...]] = {}
    for conn_id, names in connections_in_use(session).items():
        seen = tuple(name for name in names if dag_ids is None or name in dag_ids)
        if seen and may_see(conn_id):
            used[conn_id] = seen
    checks = ServiceChecks(session)
    last, tallies = checks.last(list(used)), checks.tallies(list(used), now - _DAY)
    found = []
    for conn_id, names in used.items():
        tally = tallies.get(conn_id, Tally())
        found.append(
            ServiceStatus(conn_id, names, last.get(conn_id), tally.looks, tally.ok, tally.mean_latency_seconds)
        )
    return tuple(found)


def check_services(conn_ids: Sequence[str]) -> tuple[ServiceCheck, ...]:
    """Look at services now, from this machine. Only for workers and the command line. Nothing is ever raised."""
    from airflow_provider_wfintel.host.services.check import check_connections

    return check_connections(conn_ids)


def keep_checks(session: Session, checks: Sequence[ServiceCheck], *, now: datetime) -> int:
    """Store looks, tell the alerts, delete looks older than 30 days; returns how many were stored. The caller commits.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.alerting.services import tell_services
    from airflow_provider_wfintel.store.repositories.service_checks import ServiceChecks

    store = ServiceChecks(session)
    store.drop_before(now - _KEPT)
    tell_services(session, checks, now=now)
    return store.keep(checks)


def history(session: Session, conn_id: str, *, since: datetime, limit: int = 1000) -> tuple[ServiceCheck, ...]:
    """Looks at one connection since then, the newest first.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.service_checks import ServiceChecks

    return ServiceChecks(session).history(conn_id, since, limit=limit)


def bad_services_near(session: Session, conn_ids: Sequence[str], moment: datetime) -> tuple[ServiceCheck, ...]:
    """Of the connections, those whose last look within fifteen minutes around a moment was a bad one.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.service_checks import ServiceChecks

    return ServiceChecks(session).bad_between(conn_ids, moment - _NEAR, moment + _NEAR)
