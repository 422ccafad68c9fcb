"""The successful runs of a DAG with their makespans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import TimedRun

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["timed_runs"]


def timed_runs(session: Session, dag_id: str, *, last: int = 120) -> Sequence[TimedRun]:
    """The newest runs that succeeded, oldest first.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    found = []
    for item in DagStates(session).last_ended(dag_id, last=last):
        run = item.run
        if run.state == "success" and run.started_at and run.ended_at:
            began = datetime.fromisoformat(run.started_at).timestamp()
            found.append(TimedRun(began, datetime.fromisoformat(run.ended_at).timestamp() - began))
    return found
