"""Facts about the deployment at the time of a try: its pool, and which components were alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.host.context import Visible

__all__ = ["DeploymentReader"]

_COMPONENTS = {"SchedulerJob": "scheduler", "DagProcessorJob": "dag-processor", "TriggererJob": "triggerer"}
# Airflow's own limit of `[scheduler] scheduler_health_check_threshold`; those of the others are the same or longer.
_SILENT = timedelta(seconds=30)
_OCCUPIED = ("running", "queued")


class DeploymentReader:
    """Reads `slot_pool` and `job`."""

    def __init__(self, session: Session, visible: Visible) -> None:
        from airflow.jobs.job import Job
        from airflow.models.pool import Pool
        from airflow.models.taskinstance import TaskInstance

        self._session = session
        self._visible = visible
        self._pool: Table = Pool.__table__
        self._job: Table = Job.__table__
        self._tries: Table = TaskInstance.__table__

    def pool(self, name: str) -> dict[str, Any]:
        """Whether the pool is there and how many slots it has, now."""
        if not name or (self._visible.pools is not None and name not in self._visible.pools and self._exists(name)):
            return {}
        pool = self._pool
        row = self._session.execute(select(pool.c.slots, pool.c.include_deferred).where(pool.c.pool == name)).first()
        if row is None:
            return {"pool_exists": False}
        states = (*_OCCUPIED, "deferred") if row.include_deferred else _OCCUPIED
        tries = self._tries
        used = self._session.scalar(
            select(func.coalesce(func.sum(tries.c.pool_slots), 0)).where(
                tries.c.pool == name, tries.c.state.in_(states)
            )
        )
        # -1 stands for no limit.
        total = None if row.slots < 0 else int(row.slots)
        return {
            "pool_exists": True,
            "pool_total_slots": total,
            "pool_open_slots": None if total is None else max(0, total - int(used or 0)),
        }

    def _exists(self, name: str) -> bool:
        return self._session.scalar(select(self._pool.c.pool).where(self._pool.c.pool == name)) is not None

    def components_down(self, moment: datetime) -> tuple[str, ...]:
        """Components that ran once and of which none had a heartbeat around the moment.

        A component that never reported is not listed: not every deployment has a triggerer.
        """
        job = self._job
        seen = set(self._session.scalars(select(job.c.job_type).where(job.c.job_type.in_(_COMPONENTS)).distinct()))
        alive = set(
            self._session.scalars(
                select(job.c.job_type)
                .where(
                    job.c.job_type.in_(_COMPONENTS),
                    job.c.start_date <= moment,
                    job.c.latest_heartbeat >= moment - _SILENT,
                )
                .distinct()
            )
        )
        return tuple(sorted(_COMPONENTS[name] for name in seen - alive))
