"""What Airflow's tables say of DAGs beside their runs: tags, owners, who waits for whose data, deadlines.

They are no public interface. What is read here is listed in `COLUMNS`, which a test compares with the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from airflow_provider_wfintel.engine.monitoring.service import DagLabels

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["COLUMNS", "PendingDeadline", "deadlines_around", "labels_of"]

COLUMNS: dict[str, tuple[str, ...]] = {
    "dag": ("dag_id", "owners"),
    "dag_tag": ("dag_id", "name"),
    "task_outlet_asset_reference": ("dag_id", "asset_id"),
    "dag_schedule_asset_reference": ("dag_id", "asset_id"),
    "deadline": ("id", "dagrun_id", "deadline_time", "missed"),
}
"""What is read, by table."""


@dataclass(frozen=True, slots=True)
class PendingDeadline:
    """A deadline of a run (Airflow's deadline alerts). Airflow deletes it once the run has ended in time."""

    key: str
    dag_id: str
    run_id: str
    due: datetime
    ended: datetime | None
    missed: bool


def labels_of(session: Session, dag_ids: Collection[str]) -> dict[str, DagLabels]:
    """Tags, owners, team and data dependencies of DAGs; a DAG that Airflow does not know has none.

    Args:
        session: a session on the metadata database.
        dag_ids: the DAGs.
    """
    from airflow.models.asset import DagScheduleAssetReference, TaskOutletAssetReference
    from airflow.models.dag import DagModel, DagTag

    from airflow_provider_wfintel.host.dag_facts import teams_of

    wanted = sorted(set(dag_ids))
    if not wanted:
        return {}
    owners = dict(session.execute(select(DagModel.dag_id, DagModel.owners).where(DagModel.dag_id.in_(wanted))).all())
    tags: dict[str, list[str]] = defaultdict(list)
    for dag_id, name in session.execute(
        select(DagTag.dag_id, DagTag.name).where(DagTag.dag_id.in_(wanted)).order_by(DagTag.name)
    ):
        tags[dag_id].append(name)
    made, read = TaskOutletAssetReference, DagScheduleAssetReference
    pairs = (
        select(made.dag_id, read.dag_id).join(read, read.asset_id == made.asset_id).where(made.dag_id != read.dag_id)
    )
    teams = teams_of(session, wanted)
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for maker, reader in session.execute(pairs.where(made.dag_id.in_(wanted) | read.dag_id.in_(wanted)).distinct()):
        before[reader].add(maker)
        after[maker].add(reader)
    return {
        dag_id: DagLabels(
            tags=tuple(tags[dag_id]),
            owners=tuple(part.strip() for part in (owners.get(dag_id) or "").split(",") if part.strip()),
            upstream_dags=tuple(sorted(before[dag_id])),
            waiting_dags=len(after[dag_id]),
            team=teams.get(dag_id, ""),
        )
        for dag_id in wanted
    }


def deadlines_around(session: Session, since: datetime, *, limit: int) -> tuple[PendingDeadline, ...]:
    """Deadlines at or after `since`, past and coming ones, the earliest first.

    Args:
        session: a session on the metadata database.
        since: earlier ones are left out.
        limit: how many at most.
    """
    from airflow.models.dagrun import DagRun
    from airflow.models.deadline import Deadline

    query = (
        select(Deadline.id, DagRun.dag_id, DagRun.run_id, Deadline.deadline_time, DagRun.end_date, Deadline.missed)
        .join(DagRun, DagRun.id == Deadline.dagrun_id)
        .where(Deadline.deadline_time >= since)
        .order_by(Deadline.deadline_time, Deadline.id)
        .limit(limit)
    )
    return tuple(
        PendingDeadline(str(key), dag_id, run_id, due, ended, missed)
        for key, dag_id, run_id, due, ended, missed in session.execute(query)
    )
