"""What the metadata database tells about the deployment: itself, its clock, and which components are alive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.exceptions import StoreError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Heartbeat", "ask_nothing", "clock_of_database", "database_of", "heartbeats"]

_KINDS = {"SchedulerJob": "scheduler", "DagProcessorJob": "dag-processor", "TriggererJob": "triggerer"}
_CLOCKS = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')",
    "postgresql": "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')",
    "mysql": "SELECT date_format(utc_timestamp(6), '%Y-%m-%dT%H:%i:%s.%f')",
}


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last sign of life of a component.

    Attributes:
        component: `scheduler`, `dag-processor` or `triggerer`.
        hostname: its machine.
        at: when it was, by the clock of that machine.
        running: whether it says that it runs; one that was killed says so for ever.
    """

    component: str
    hostname: str
    at: datetime
    running: bool


def ask_nothing(session: Session) -> None:
    """A query without work.

    Raises:
        StoreError: the database cannot be reached.
    """
    from sqlalchemy import text

    with _database_errors():
        session.execute(text("SELECT 1")).scalar()


def database_of(session: Session) -> tuple[str, str]:
    """Its dialect and version.

    Raises:
        StoreError: the database cannot be reached.
    """
    with _database_errors():
        dialect = session.connection().dialect
    return dialect.name, ".".join(map(str, dialect.server_version_info or ()))


def clock_of_database(session: Session) -> datetime:
    """The present by the clock of the database, in UTC. SQLite has the clock of this process.

    Raises:
        StoreError: the database cannot be reached.
    """
    from sqlalchemy import text

    with _database_errors():
        said = session.execute(text(_CLOCKS[session.connection().dialect.name])).scalar_one()
    # Before Python 3.11 only three or six digits of a second are read; SQLite says three, the others six.
    return datetime.fromisoformat(str(said)).replace(tzinfo=timezone.utc)


def heartbeats(session: Session) -> tuple[Heartbeat, ...]:
    """The last sign of life of each component on each machine.

    Raises:
        StoreError: the database cannot be reached.
    """
    from airflow.jobs.job import Job
    from sqlalchemy import func, select

    table = Job.__table__
    query = (
        select(table.c.job_type, table.c.hostname, table.c.state, func.max(table.c.latest_heartbeat).label("at"))
        .where(table.c.job_type.in_(_KINDS), table.c.latest_heartbeat.is_not(None))
        .group_by(table.c.job_type, table.c.hostname, table.c.state)
    )
    with _database_errors():
        rows = session.execute(query).all()
    return tuple(
        Heartbeat(_KINDS[row.job_type], row.hostname or "", _in_utc(row.at), row.state == "running") for row in rows
    )


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


@contextmanager
def _database_errors() -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(
            f"the database refused the work ({type(error).__name__})",
            hint="see that the database is up and migrated (`airflow db check`, `airflow db migrate`)",
        ) from error
