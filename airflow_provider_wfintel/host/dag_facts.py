"""What Airflow knows of DAGs beside their runs: tags, owners, pause, versions, deadlines and dependencies.

Only Airflow's own tables are read, no DAG code. They are no public interface: `COLUMNS` lists what is read here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "COLUMNS",
    "DagRecord",
    "VersionChange",
    "deadline_seconds",
    "groups_of_dags",
    "read_dags",
    "run_deadlines",
    "teams_of",
    "upstream_of",
    "versions_of",
    "versions_since",
    "with_open_deadlines",
]

COLUMNS: dict[str, tuple[str, ...]] = {
    "dag": ("dag_id", "owners", "is_paused", "is_stale", "next_dagrun_create_after", "bundle_name"),
    "dag_bundle_team": ("dag_bundle_name", "team_name"),
    "dag_tag": ("name", "dag_id"),
    "dag_version": ("dag_id", "version_number", "created_at"),
    "serialized_dag": ("id", "dag_id", "last_updated"),
    "deadline_alert": ("serialized_dag_id", "reference", "interval"),
    "deadline": ("dagrun_id", "deadline_time"),
}
"""What is read, by table."""


_FEW = 100
"""For more DAGs than this, reading all and leaving some out is quicker than naming them."""


@dataclass(frozen=True, slots=True)
class DagRecord:
    """Tags, owners, pause, whether its file is gone, when its next run is due (with a schedule), and the DAG's team."""

    dag_id: str
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    paused: bool = False
    stale: bool = False
    next_due: datetime | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class VersionChange:
    """When a version of a DAG came."""

    number: int
    at: datetime


def read_dags(session: Session, dag_ids: Collection[str] | None = None) -> Mapping[str, DagRecord]:
    """The DAGs that Airflow knows, by id.

    Args:
        session: a session on the metadata database.
        dag_ids: only these, as a set if they are many; None: all.
    """
    from airflow.models.dag import DagModel, DagTag

    dags = select(
        DagModel.dag_id, DagModel.owners, DagModel.is_paused, DagModel.is_stale, DagModel.next_dagrun_create_after
    )
    tags = select(DagTag.dag_id, DagTag.name).order_by(DagTag.dag_id, DagTag.name)
    if dag_ids is not None and len(dag_ids) <= _FEW:
        dags, tags = dags.where(DagModel.dag_id.in_(dag_ids)), tags.where(DagTag.dag_id.in_(dag_ids))
    by_dag: dict[str, list[str]] = {}
    for row in session.execute(tags):
        by_dag.setdefault(row.dag_id, []).append(row.name)
    teams = teams_of(session, dag_ids)
    return {
        row.dag_id: DagRecord(
            row.dag_id,
            tuple(by_dag.get(row.dag_id, ())),
            _owners(row.owners or ""),
            bool(row.is_paused),
            bool(row.is_stale),
            row.next_dagrun_create_after,
            teams.get(row.dag_id, ""),
        )
        for row in session.execute(dags)
        if dag_ids is None or row.dag_id in dag_ids
    }


def groups_of_dags(session: Session, dag_ids: Collection[str]) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The DAGs of each tag, owner and team: under `tags`, `owners` and `teams` the ids of DAGs by name.

    Args:
        session: a session on the metadata database.
        dag_ids: the DAGs that count, as a set or mapping.
    """
    from airflow.models.dag import DagModel, DagTag

    tags: dict[str, list[str]] = {}
    owners: dict[str, list[str]] = {}
    teams: dict[str, list[str]] = {}
    # The plain connection: for thousands of DAGs the session's rows take longer than the question.
    connection = session.connection()
    for dag_id, name in connection.execute(select(DagTag.dag_id, DagTag.name).order_by(DagTag.dag_id)):
        if dag_id in dag_ids:
            tags.setdefault(name, []).append(dag_id)
    for dag_id, text in connection.execute(select(DagModel.dag_id, DagModel.owners)):
        for name in _owners(text or "") if dag_id in dag_ids else ():
            owners.setdefault(name, []).append(dag_id)
    for dag_id, name in teams_of(session, dag_ids).items():
        teams.setdefault(name, []).append(dag_id)
    return {"tags": tags, "owners": owners, "teams": teams}


@lru_cache(maxsize=1024)
def _owners(text: str) -> tuple[str, ...]:
    """The owners that Airflow keeps as one text; few of them own thousands of DAGs."""
    return tuple(sorted({name.strip() for name in text.split(",") if name.strip()}))


def teams_of(session: Session, dag_ids: Collection[str] | None = None) -> Mapping[str, str]:
    """The team of each DAG whose bundle belongs to one; nothing unless `[core] multi_team` is on.

    Args:
        session: a session on the metadata database.
        dag_ids: only these, as a set if they are many; None: all.
    """
    from airflow.configuration import conf
    from airflow.models.dag import DagModel
    from airflow.models.team import dag_bundle_team_association_table as of_bundle

    if not conf.getboolean("core", "multi_team", fallback=False):
        return {}
    query = select(DagModel.dag_id, of_bundle.c.team_name).join(
        of_bundle, of_bundle.c.dag_bundle_name == DagModel.bundle_name
    )
    if dag_ids is not None and len(dag_ids) <= _FEW:
        query = query.where(DagModel.dag_id.in_(dag_ids))
    return {row.dag_id: row.team_name for row in session.execute(query) if dag_ids is None or row.dag_id in dag_ids}


def versions_of(session: Session, dag_id: str, *, last: int = 20) -> Sequence[VersionChange]:
    """The newest versions of a DAG, oldest first."""
    from airflow.models.dag_version import DagVersion

    query = (
        select(DagVersion.version_number, DagVersion.created_at)
        .where(DagVersion.dag_id == dag_id)
        .order_by(DagVersion.version_number.desc())
        .limit(last)
    )
    return [VersionChange(row.version_number, row.created_at) for row in reversed(session.execute(query).all())]


def versions_since(
    session: Session, dag_ids: Collection[str], moment: datetime
) -> Mapping[str, Sequence[tuple[int, float]]]:
    """Number and moment (seconds since the epoch) of versions after the first that came since, by DAG id."""
    from airflow.models.dag_version import DagVersion

    query = (
        select(DagVersion.dag_id, DagVersion.version_number, DagVersion.created_at)
        .where(DagVersion.dag_id.in_(dag_ids), DagVersion.created_at >= moment, DagVersion.version_number > 1)
        .order_by(DagVersion.dag_id, DagVersion.version_number)
    )
    found: dict[str, list[tuple[int, float]]] = {}
    for row in session.execute(query):
        found.setdefault(row.dag_id, []).append((row.version_number, row.created_at.timestamp()))
    return found


def upstream_of(session: Session, dag_id: str) -> Mapping[str, tuple[str, ...]]:
    """The tasks of a DAG with the tasks that each waits for, from its newest serialized form; empty without one."""
    from airflow.models.serialized_dag import SerializedDagModel

    row = session.scalar(
        select(SerializedDagModel)
        .where(SerializedDagModel.dag_id == dag_id)
        .order_by(SerializedDagModel.last_updated.desc())
        .limit(1)
    )
    found: dict[str, list[str]] = {}
    for task in (row.data or {}).get("dag", {}).get("tasks", ()) if row is not None else ():
        values = task.get("__var", task)
        name = values.get("task_id")
        if not name:
            continue
        found.setdefault(name, [])
        for below in values.get("downstream_task_ids", ()):
            found.setdefault(below, []).append(name)
    return {task: tuple(sorted(above)) for task, above in found.items()}


def with_open_deadlines(session: Session, dag_ids: Collection[str]) -> frozenset[str]:
    """Those of the DAGs with runs that go on and have a deadline."""
    from airflow.models.dagrun import DagRun
    from airflow.models.deadline import Deadline

    query = (
        select(DagRun.dag_id)
        .join(Deadline, Deadline.dagrun_id == DagRun.id)
        .where(DagRun.state.in_(("running", "queued")))
        .distinct()
    )
    return frozenset(name for name in session.scalars(query) if name in dag_ids)


def deadline_seconds(session: Session, dag_ids: Collection[str] | None = None) -> Mapping[str, float]:
    """Seconds after a run is due until which it must be over, by DAG id, where a deadline alert says so.

    Counted from the due time (`run_after`): a deadline from the queue time is taken as if runs were queued when they
    are due, one from the logical date as in the newest run. Of several the earliest counts. Fixed moments, averages
    and references of one's own say nothing about runs in general; those of runs that go on are in `run_deadlines`.
    """
    from airflow.models.dagrun import DagRun
    from airflow.models.deadline_alert import DeadlineAlert
    from airflow.models.serialized_dag import SerializedDagModel

    newest = (
        select(SerializedDagModel.dag_id, func.max(SerializedDagModel.last_updated).label("at"))
        .group_by(SerializedDagModel.dag_id)
        .subquery()
    )
    query = (
        select(SerializedDagModel.dag_id, DeadlineAlert.reference, DeadlineAlert.interval)
        .join(DeadlineAlert, DeadlineAlert.serialized_dag_id == SerializedDagModel.id)
        .join(newest, (newest.c.dag_id == SerializedDagModel.dag_id) & (newest.c.at == SerializedDagModel.last_updated))
    )
    if dag_ids is not None:
        query = query.where(SerializedDagModel.dag_id.in_(dag_ids))
    found: dict[str, float] = {}
    for row in session.execute(query):
        seconds = _interval(row.interval)
        kind = row.reference.get("reference_type", "") if isinstance(row.reference, dict) else ""
        if seconds is None or kind not in ("DagRunQueuedAtDeadline", "DagRunLogicalDateDeadline"):
            continue
        if kind == "DagRunLogicalDateDeadline":
            run = session.execute(
                select(DagRun.logical_date, DagRun.run_after)
                .where(DagRun.dag_id == row.dag_id, DagRun.logical_date.is_not(None))
                .order_by(DagRun.id.desc())
                .limit(1)
            ).first()
            if run is not None:
                seconds += (run.logical_date - run.run_after).total_seconds()
        if seconds > 0:
            found[row.dag_id] = min(found.get(row.dag_id, seconds), seconds)
    return found


def run_deadlines(session: Session, dag_id: str, run_ids: Collection[str]) -> Mapping[str, datetime]:
    """The earliest deadline of each of these runs, by run id, where Airflow keeps one: as long as the run goes on."""
    from airflow.models.dagrun import DagRun
    from airflow.models.deadline import Deadline

    query = (
        select(DagRun.run_id, func.min(Deadline.deadline_time).label("at"))
        .join(Deadline, Deadline.dagrun_id == DagRun.id)
        .where(DagRun.dag_id == dag_id, DagRun.run_id.in_(run_ids))
        .group_by(DagRun.run_id)
    )
    return {row.run_id: row.at for row in session.execute(query)}


def _interval(value: Any) -> float | None:
    """Seconds of a serialized interval: a number, or `{"__data__": seconds}`; None if it is computed at run time."""
    data = value.get("__data__") if isinstance(value, dict) else value
    return float(data) if isinstance(data, int | float) and not isinstance(data, bool) else None
