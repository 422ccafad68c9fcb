"""Facts beside the log of a try, from Airflow's own tables: one `TryFacts` for one try.

Belongs to `airflow_tables`, with the same rule: what is read is listed in `FACT_COLUMNS`, and a test compares that with
the database. A fact that cannot be read is left out; the others are still worth something. Searches use keys and
indexed columns, and are bounded.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, tuple_

from airflow_provider_wfintel.engine.model import EarlierTry, EventRow, TryFacts, TypicalDuration
from airflow_provider_wfintel.host.context import Visible
from airflow_provider_wfintel.host.fact_changes import ChangeReader
from airflow_provider_wfintel.host.fact_dag import DagReader
from airflow_provider_wfintel.host.fact_deployment import DeploymentReader
from airflow_provider_wfintel.host.moments import seconds_between, text_of, utc

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.model import TaskTry

__all__ = ["FACT_COLUMNS", "read_facts"]

_TRY = (
    "dag_id", "run_id", "task_id", "map_index", "try_number", "max_tries", "state", "operator", "custom_operator_name",
    "scheduled_dttm", "queued_dttm", "start_date", "end_date", "duration", "pool", "pool_slots", "queue", "hostname",
    "dag_version_id",
)  # fmt: skip
FACT_COLUMNS: dict[str, tuple[str, ...]] = {
    "task_instance": ("id", "last_heartbeat_at", *_TRY),
    "task_instance_history": ("task_instance_id", *_TRY),
    "task_instance_note": ("ti_id", "content"),
    "dag_run": ("id", "dag_id", "run_id", "state", "run_type", "start_date"),
    "dag_run_note": ("dag_run_id", "content"),
    "log": ("id", "dttm", "event", "dag_id", "run_id", "task_id", "map_index", "try_number", "owner", "extra"),
    "dag": ("dag_id", "is_paused", "is_stale", "bundle_name", "relative_fileloc"),
    "dag_version": ("id", "version_number"),
    "dag_code": ("dag_version_id", "source_code", "last_updated"),
    "import_error": ("bundle_name", "filename", "stacktrace"),
    "slot_pool": ("pool", "slots", "include_deferred"),
    "job": ("job_type", "start_date", "latest_heartbeat"),
}
"""What is read, by table."""

_MOST_EVENTS = 200
_MOST_SUCCESSES = 50
_MOST_SIBLINGS = 50
_NEAR = timedelta(minutes=5)
_FAILED = ("failed", "up_for_retry")
_WAITING = frozenset({"", "none", "scheduled", "queued", "up_for_reschedule"})
_HEARTBEAT_DEFAULT = 300.0
ENTERED = {
    "scheduled": "scheduled_dttm", "queued": "queued_dttm", "running": "start_date", "restarting": "start_date",
}  # fmt: skip
"""The column that says when a try came into a state that it should leave."""
_MOVES = ("scheduled_dttm", "queued_dttm", "start_date", "end_date", "last_heartbeat_at")
"""What moves in a run: a heartbeat is a sign of life, too."""


def read_facts(session: Session, item: TaskTry, visible: Visible | None = None) -> TryFacts | None:
    """What is known of a try beside its log; None if there is no such try.

    Args:
        session: a session on the metadata database; nothing is written.
        item: the try: its DAG, run, task, map index and number are looked at.
        visible: what the caller may see: other DAGs, connections, pools, and sources of DAGs.
    """
    return _Reader(session, visible or Visible()).read(item)


class _Reader:
    def __init__(self, session: Session, visible: Visible) -> None:
        from airflow.models.dagrun import DagRun, DagRunNote
        from airflow.models.log import Log
        from airflow.models.taskinstance import TaskInstance, TaskInstanceNote
        from airflow.models.taskinstancehistory import TaskInstanceHistory

        self._session = session
        self._visible = visible
        self._now: Table = TaskInstance.__table__
        self._past: Table = TaskInstanceHistory.__table__
        self._notes: Table = TaskInstanceNote.__table__
        self._run: Table = DagRun.__table__
        self._run_notes: Table = DagRunNote.__table__
        self._log: Table = Log.__table__

    def read(self, item: TaskTry) -> TryFacts | None:
        row = self._row(item)
        if row is None:
            return None
        run = self._run_row(item)
        end = utc(row.end_date)
        until = end or datetime.now(timezone.utc)
        success = self._last_success(item, until)
        dag = DagReader(self._session, self._visible)
        deployment = DeploymentReader(self._session, self._visible)
        state = row.state or "none"
        since = utc(success.end_date) if success else None
        return TryFacts(
            **self._own(row, state),
            note=self._note(row[0]),
            run_state=run.state if run else "",
            run_type=run.run_type if run else "",
            run_note=self._run_note(run.id) if run else "",
            **self._waits(row, state, until),
            **self._stillness(item, row, state, run),
            **self._heartbeat(row, state, end),
            **deployment.pool(row.pool),
            components_down=deployment.components_down(until),
            **dag.task(row.dag_version_id, item.task_id),
            **dag.state(item.dag_id),
            upstream=self._upstream(item, dag.upstream_of(row.dag_version_id, item.task_id)),
            typical=self._typical(item, until),
            last_success=text_of(since),
            source_change=dag.source_change(success, row, since) if success else None,
            changes=ChangeReader(self._session, self._visible).changes(since, until),
            earlier_attempts=self._earlier(item),
            siblings=self._siblings(item, until) if end or state in _FAILED else (),
            events=self._events(item),
        )

    def _own(self, row: Any, state: str) -> dict[str, Any]:
        started = row.start_date if state not in _WAITING else None
        return {
            "dag_id": row.dag_id,
            "run_id": row.run_id,
            "task_id": row.task_id,
            "map_index": row.map_index,
            "try_number": row.try_number or 0,
            "try_id": str(row[0]),
            "state": state,
            "max_tries": row.max_tries,
            "will_retry": state == "up_for_retry",
            "operator": row.custom_operator_name or row.operator or "",
            "queue": row.queue or "",
            "hostname": row.hostname or "",
            "scheduled_at": text_of(row.scheduled_dttm),
            "queued_at": text_of(row.queued_dttm),
            "start_date": text_of(started) or None,
            "end_date": text_of(row.end_date) or None,
            "duration": row.duration,
            "pool": row.pool or "",
            "pool_slots": row.pool_slots,
        }

    def _row(self, item: TaskTry) -> Any:
        for table, key in ((self._now, "id"), (self._past, "task_instance_id")):
            columns = [table.c[key], *(table.c[name] for name in _TRY)]
            if table is self._now:
                columns.append(table.c.last_heartbeat_at)
            query = select(*columns).where(self._same(table, item), table.c.try_number == item.try_number)
            row = self._session.execute(query.limit(1)).first()
            if row is not None:
                return row
        return None

    def _same(self, table: Table, item: TaskTry) -> Any:
        names = ("dag_id", "run_id", "task_id", "map_index")
        return tuple_(*(table.c[name] for name in names)) == tuple(getattr(item, name) for name in names)

    def _run_row(self, item: TaskTry) -> Any:
        run = self._run
        query = select(run.c.id, run.c.state, run.c.run_type, run.c.start_date)
        return self._session.execute(query.where(run.c.dag_id == item.dag_id, run.c.run_id == item.run_id)).first()

    def _note(self, key: Any) -> str:
        return self._session.scalar(select(self._notes.c.content).where(self._notes.c.ti_id == key)) or ""

    def _run_note(self, row: int) -> str:
        notes = self._run_notes
        return self._session.scalar(select(notes.c.content).where(notes.c.dag_run_id == row)) or ""

    @staticmethod
    def _waits(row: Any, state: str, until: datetime) -> dict[str, Any]:
        started = utc(row.start_date) if state not in _WAITING else None
        return {
            "queued_seconds": seconds_between(row.queued_dttm, started or until),
            "scheduled_seconds": seconds_between(row.scheduled_dttm, started or until),
        }

    def _stillness(self, item: TaskTry, row: Any, state: str, run: Any) -> dict[str, Any]:
        """For how long the try is in a state that it should leave, and for how long nothing has moved in its run."""
        now = datetime.now(timezone.utc)
        found: dict[str, Any] = {}
        since = getattr(row, ENTERED[state]) if state in ENTERED else None
        if since is not None:
            found["seconds_in_state"] = seconds_between(since, now)
        if run is not None and run.state == "running":
            table = self._now
            moments = [func.max(table.c[name]) for name in _MOVES]
            query = select(*moments).where(table.c.dag_id == item.dag_id, table.c.run_id == item.run_id)
            moved = [utc(value) for value in (*self._session.execute(query).one(), run.start_date) if value is not None]
            found["run_quiet_seconds"] = seconds_between(max(moved), now) if moved else None
        return found

    @staticmethod
    def _heartbeat(row: Any, state: str, end: datetime | None) -> dict[str, Any]:
        from airflow.configuration import conf

        limit = conf.getfloat("scheduler", "task_instance_heartbeat_timeout", fallback=_HEARTBEAT_DEFAULT)
        beat = getattr(row, "last_heartbeat_at", None)
        if end is None and state == "running":
            end = datetime.now(timezone.utc)
        # A try that never ran may carry the heartbeat of the one before.
        known = beat is not None and end is not None and row.start_date is not None and utc(beat) >= utc(row.start_date)
        return {
            "seconds_since_heartbeat": seconds_between(beat, end) if known else None,
            "heartbeat_timeout": limit,
        }

    def _successes(self, item: TaskTry, until: datetime) -> Any:
        table = self._now
        return (
            select(table.c.duration, table.c.end_date, table.c.dag_version_id)
            .where(
                table.c.dag_id == item.dag_id,
                table.c.task_id == item.task_id,
                table.c.state == "success",
                table.c.end_date <= until,
                table.c.duration.is_not(None),
            )
            .order_by(table.c.end_date.desc())
        )

    def _last_success(self, item: TaskTry, until: datetime) -> Any:
        return self._session.execute(self._successes(item, until).limit(1)).first()

    def _typical(self, item: TaskTry, until: datetime) -> TypicalDuration | None:
        from statistics import median

        query = self._successes(item, until).limit(_MOST_SUCCESSES)
        values = [float(row.duration) for row in self._session.execute(query)]
        return TypicalDuration(round(median(values), 3), round(max(values), 3), len(values)) if values else None

    def _earlier(self, item: TaskTry) -> tuple[EarlierTry, ...]:
        past = self._past
        query = select(past.c.try_number, past.c.state, past.c.duration).where(
            self._same(past, item), past.c.try_number < item.try_number
        )
        rows = self._session.execute(query.order_by(past.c.try_number))
        return tuple(EarlierTry(row.try_number, row.state or "", row.duration) for row in rows)

    def _upstream(self, item: TaskTry, names: frozenset[str]) -> tuple[tuple[str, str], ...]:
        if not names:
            return ()
        table = self._now
        query = select(table.c.task_id, table.c.state, func.count()).where(
            table.c.dag_id == item.dag_id, table.c.run_id == item.run_id, table.c.task_id.in_(sorted(names))
        )
        worst: dict[str, str] = {}
        for row in self._session.execute(query.group_by(table.c.task_id, table.c.state)):
            state = row.state or "none"
            worst[row.task_id] = min(state, worst.get(row.task_id, state), key=_badness)
        return tuple(sorted(worst.items()))

    def _siblings(self, item: TaskTry, until: datetime) -> tuple[str, ...]:
        """Tasks that failed near the time; a retried try has its row in the history."""
        found: set[str] = set()
        for table in (self._now, self._past):
            columns = (table.c.dag_id, table.c.task_id)
            query = select(*columns).where(
                table.c.state.in_(_FAILED),
                table.c.end_date.between(until - _NEAR, until + _NEAR),
                or_(table.c.dag_id != item.dag_id, table.c.task_id != item.task_id),
            )
            if self._visible.dag_ids is not None:
                query = query.where(table.c.dag_id.in_(sorted(self._visible.dag_ids)))
            rows = self._session.execute(query.distinct().limit(_MOST_SIBLINGS))
            found.update(f"{row.dag_id}.{row.task_id}" for row in rows)
        return tuple(sorted(found))[:_MOST_SIBLINGS]

    def _events(self, item: TaskTry) -> tuple[EventRow, ...]:
        """Rows about the try, and about its run as a whole, oldest first."""
        table = self._log
        own = (table.c.task_id == item.task_id) & or_(
            table.c.map_index.is_(None), table.c.map_index == item.map_index, table.c.map_index == -1
        )
        own &= or_(table.c.try_number.is_(None), table.c.try_number == item.try_number)
        query = select(table.c.event, table.c.dttm, table.c.try_number, table.c.owner, table.c.extra).where(
            table.c.dag_id == item.dag_id, table.c.run_id == item.run_id, or_(own, table.c.task_id.is_(None))
        )
        rows = list(self._session.execute(query.order_by(table.c.id.desc()).limit(_MOST_EVENTS)))
        return tuple(
            EventRow(row.event, text_of(row.dttm), row.try_number, row.owner or "", row.extra or "")
            for row in reversed(rows)
        )


_BAD = ("failed", "upstream_failed", "removed", "up_for_retry", "skipped", "none", "scheduled", "queued", "running")


def _badness(state: str) -> int:
    return _BAD.index(state) if state in _BAD else len(_BAD)
