"""Use case: when the DAGs of this deployment run in the week, and which of them start at the same time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.monitoring.service import ScheduleMap

__all__ = ["week_of_runs"]

_MOST_RUNS = 100_000


def week_of_runs(
    session: Session, *, now: datetime, days: float = 28.0, zone: str = "UTC", dag_ids: Collection[str] | None = None
) -> ScheduleMap:
    """Runs by the hours of the week, from the runs that became due in the last days.

    Args:
        session: a session on the metadata database.
        now: the present.
        days: how far back.
        zone: IANA name of the zone whose hours and days count.
        dag_ids: only these DAGs; None: all.

    Raises:
        UserInputError: there is no such zone.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from zoneinfo import available_timezones

    from airflow_provider_wfintel.engine.monitoring.service import RunSpan, schedule_map
    from airflow_provider_wfintel.store.repositories.executions import Executions

    if zone not in available_timezones():
        raise UserInputError(f"{zone!r} is no time zone", hint="give an IANA name such as Europe/Berlin")
    since = now - timedelta(days=days)
    found = Executions(session).runs_due(since, now, dag_ids=dag_ids, limit=_MOST_RUNS)
    return schedule_map((RunSpan(*row) for row in found), since=since, until=now, zone=zone)
