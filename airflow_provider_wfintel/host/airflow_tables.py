"""Every query on Airflow's own run tables: `task_instance`, `task_instance_history`, `dag_run` and `log`.

They are no public interface. What is read here is listed in `COLUMNS`; a test and the collector's start compare it
with the database. Only keys and indexed columns are searched, except in `changed_tries` and `changed_runs`: Airflow has
no index on `updated_at`, so these two read a whole table and are asked seldom.

Every try has a UUID of version 7 (RFC 9562, section 5.7), so keys grow with time: reading on from the last key brings
what is new, by the primary key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, inspect, or_, select, tuple_

from airflow_provider_wfintel.engine.model import EventNote, RunChange, TaskTry, TryChange, WorkflowRun

if TYPE_CHECKING:
    from sqlalchemy import Select, Table
    from sqlalchemy.orm import Session

__all__ = ["COLUMNS", "EVENTS", "AirflowTables", "first_key_at", "missing_columns", "time_of_key"]

_TRY = (
    "dag_id", "run_id", "task_id", "map_index", "try_number", "max_tries", "state", "operator", "custom_operator_name",
    "scheduled_dttm", "queued_dttm", "start_date", "end_date", "duration", "pool", "pool_slots", "queue",
    "priority_weight", "hostname", "dag_version_id", "updated_at",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "task_instance": ("id", *_TRY),
    "task_instance_history": ("task_instance_id", *_TRY),
    "dag_run": (
        "id", "dag_id", "run_id", "state", "run_type", "logical_date", "run_after", "queued_at", "start_date",
        "end_date", "updated_at",
    ),
    "log": ("id", "dttm", "event", "dag_id", "run_id", "task_id", "map_index", "try_number", "owner"),
}  # fmt: skip
"""What is read, by table."""

EVENTS = (
    "heartbeat timeout", "state mismatch", "failed to fetch task", "patch_task_instance", "patch_dag_run",
    "post_clear_task_instances", "clear_dag_run", "update_hitl_detail",
)  # fmt: skip
"""Entries of the event log that tell something which the rows of tries do not."""

# Not yet begun: the dates in such a row, if any, are those of the try before.
_WAITING = frozenset({"none", "scheduled", "queued", "up_for_retry", "restarting"})
_OVER = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})
_RUN_OVER = frozenset({"success", "failed"})


def first_key_at(moment: datetime) -> str:
    """The smallest key that a try made at `moment` can have."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return str(UUID(int=milliseconds << 80))


def time_of_key(key: str) -> datetime:
    """When a try with that key was made, by the clock of who made it."""
    return datetime.fromtimestamp((UUID(key).int >> 80) / 1000, tz=timezone.utc)


def missing_columns(session: Session, wanted: Mapping[str, Sequence[str]] = COLUMNS) -> tuple[str, ...]:
    """The `table.column` names of those that are read that the database does not have, sorted."""
    inspector = inspect(session.connection())
    present = set(inspector.get_table_names())
    missing: list[str] = []
    for table, columns in wanted.items():
        there = {column["name"] for column in inspector.get_columns(table)} if table in present else set()
        missing.extend(f"{table}.{column}" for column in columns if column not in there)
    return tuple(sorted(missing))


class AirflowTables:
    """Airflow's run tables, read through one session. Nothing is ever written to them."""

    def __init__(self, session: Session) -> None:
        from airflow.models.dagrun import DagRun
        from airflow.models.log import Log
        from airflow.models.taskinstance import TaskInstance
        from airflow.models.taskinstancehistory import TaskInstanceHistory

        self._session = session
        self._now: Table = TaskInstance.__table__
        self._past: Table = TaskInstanceHistory.__table__
        self._run: Table = DagRun.__table__
        self._log: Table = Log.__table__

    def tries_after(self, key: str, *, limit: int) -> list[TryChange]:
        """Present tries with a greater key than `key` (empty: all), by key."""
        return self._tries_after(self._now, key, "", limit)

    def past_tries_after(self, key: str, *, until: str, limit: int) -> list[TryChange]:
        """Tries that were retried or cleared, with a greater key than `key` and none greater than `until`, by key."""
        return self._tries_after(self._past, key, until, limit)

    def tries(self, keys: Sequence[str]) -> list[TryChange]:
        """The tries with these keys, present or past. A key without a row is in neither table."""
        found = self._tries_with(self._now, keys)
        # In this order: a try that is moved to the past between the two reads is found by the second.
        left = set(keys) - {change.item.try_id for change in found}
        return [*found, *self._tries_with(self._past, sorted(left))]

    def tries_of_runs(self, keys: Iterable[tuple[str, str]]) -> list[TryChange]:
        """All tries of the runs with these `(dag_id, run_id)`: present ones, then past ones."""
        wanted, found = sorted(set(keys)), []
        for table in (self._now, self._past) if wanted else ():
            of_runs = tuple_(table.c.dag_id, table.c.run_id).in_(wanted)
            found.extend(self._read(table, self._select(table).where(of_runs)))
        return found

    def still_there(self, items: Iterable[TaskTry]) -> set[tuple[str, str, str, int]]:
        """Those of the tries' `(dag_id, run_id, task_id, map_index)` that have a present try."""
        table = self._now
        columns = (table.c.dag_id, table.c.run_id, table.c.task_id, table.c.map_index)
        wanted = [(item.dag_id, item.run_id, item.task_id, item.map_index) for item in items]
        query = select(*columns).where(tuple_(*columns).in_(wanted))
        return {(row[0], row[1], row[2], row[3]) for row in self._session.execute(query)} if wanted else set()

    def changed_tries(self, since: datetime, after: str, *, limit: int) -> list[tuple[datetime, str]]:
        """When which present tries changed, oldest first.

        Only keys: there is no index on `updated_at`, so each question reads the whole table, and a page of keys is as
        long as hundreds of pages of rows. `tries` reads the rows.

        Args:
            since: those that changed later, or at that time with a greater key than `after`.
            after: a key.
            limit: at most so many.
        """
        table = self._now
        later = or_(
            table.c.updated_at > since,
            (table.c.updated_at == since) & (table.c.id > UUID(after or str(UUID(int=0)))),
        )
        query = select(table.c.updated_at, table.c.id).where(later).order_by(table.c.updated_at, table.c.id)
        return [(row[0], str(row[1])) for row in self._session.execute(query.limit(limit))]

    def runs_after(self, row: int, *, limit: int) -> list[RunChange]:
        """Runs with a greater row number than `row`, by it."""
        table = self._run
        return self._read_runs(self._select(table).where(table.c.id > row).order_by(table.c.id).limit(limit))

    def runs(self, keys: Iterable[tuple[str, str]]) -> list[RunChange]:
        """The runs with these `(dag_id, run_id)`."""
        wanted = sorted(set(keys))
        table = self._run
        query = self._select(table).where(tuple_(table.c.dag_id, table.c.run_id).in_(wanted))
        return self._read_runs(query) if wanted else []

    def runs_in(self, rows: Sequence[int]) -> list[RunChange]:
        """The runs with these row numbers."""
        return self._read_runs(self._select(self._run).where(self._run.c.id.in_(rows))) if rows else []

    def changed_runs(self, since: datetime, after: int, *, limit: int) -> list[tuple[datetime, int]]:
        """When which runs (row numbers) changed: later than `since`, or at that time and behind `after`, oldest first.

        See `changed_tries`; `runs_in` reads the rows.
        """
        table = self._run
        later = or_(table.c.updated_at > since, (table.c.updated_at == since) & (table.c.id > after))
        query = select(table.c.updated_at, table.c.id).where(later).order_by(table.c.updated_at, table.c.id)
        return [(row[0], row[1]) for row in self._session.execute(query.limit(limit))]

    def notes_after(self, row: int, *, limit: int) -> list[EventNote]:
        """Entries of the event log of the kinds in `EVENTS` with a greater row number than `row`, by it."""
        table = self._log
        query = self._select(table).where(table.c.id > row, table.c.event.in_(EVENTS), table.c.dag_id.is_not(None))
        rows = self._session.execute(query.order_by(table.c.id).limit(limit)).mappings()
        return [
            EventNote(
                row=item["id"],
                event=item["event"],
                at=_text(item["dttm"]),
                dag_id=item["dag_id"],
                run_id=item["run_id"] or "",
                task_id=item["task_id"] or "",
                map_index=-1 if item["map_index"] is None else item["map_index"],
                try_number=item["try_number"] or 0,
                owner=item["owner"] or "",
            )
            for item in rows
        ]

    def last_change(self) -> datetime | None:
        """The newest `updated_at` of tries and runs; None if there is none. Reads whole tables."""
        found = [self._session.scalar(select(func.max(table.c.updated_at))) for table in (self._now, self._run)]
        return max((moment for moment in found if moment is not None), default=None)

    def missing_run_numbers(self, after: int) -> int:
        """How many row numbers of runs above `after` are not there, up to the greatest that is.

        Numbers are also skipped when a transaction is rolled back, so this is an upper bound of the runs deleted. Where
        no run was ever read (`after` is 0) it counts from the least that is there: earlier numbers may be of years ago.
        """
        number = self._run.c.id
        query = select(func.count(), func.min(number), func.max(number)).where(number > after)
        count, least, greatest = self._session.execute(query).one()
        return int(greatest) - (after or int(least) - 1) - int(count) if count else 0

    def count(self) -> int:
        """How many tries there are, present and past."""
        tables = (self._now, self._past)
        return sum(self._session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)

    def _tries_after(self, table: Table, key: str, until: str, limit: int) -> list[TryChange]:
        column = _key(table)
        query = self._select(table).order_by(column).limit(limit)
        if key:
            query = query.where(column > UUID(key))
        if until:
            query = query.where(column <= UUID(until))
        return self._read(table, query)

    def _tries_with(self, table: Table, keys: Sequence[str]) -> list[TryChange]:
        if not keys:
            return []
        return self._read(table, self._select(table).where(_key(table).in_([UUID(key) for key in keys])))

    def _select(self, table: Table) -> Select[Any]:
        return select(*(table.c[name] for name in COLUMNS[table.name]))

    def _read(self, table: Table, query: Select[Any]) -> list[TryChange]:
        past = table is self._past
        return [_try(row, past) for row in self._session.execute(query)]

    def _read_runs(self, query: Select[Any]) -> list[RunChange]:
        return [_run(row) for row in self._session.execute(query)]


def _key(table: Table) -> Any:
    return table.c[COLUMNS[table.name][0]]


def _try(row: Any, past: bool) -> TryChange:
    state = row.state or "none"
    begun = past or state not in _WAITING
    over = past or state in _OVER
    # Tasks that never ran have no end; they are over since their row changed last.
    ended = (row.end_date or row.updated_at or row.start_date) if over else None
    item = TaskTry(
        try_id=str(row[0]),
        dag_id=row.dag_id,
        run_id=row.run_id,
        task_id=row.task_id,
        map_index=row.map_index,
        try_number=row.try_number or 0,
        max_tries=max(0, row.max_tries or 0),
        state=state,  # type: ignore[arg-type]  # Airflow has no others
        operator=row.custom_operator_name or row.operator or "",
        scheduled_at=_text(row.scheduled_dttm),
        queued_at=_text(row.queued_dttm),
        started_at=_text(row.start_date) if begun else "",
        ended_at=_text(ended),
        duration=row.duration if over else None,
        pool=row.pool,
        pool_slots=row.pool_slots,
        queue=row.queue or "",
        priority_weight=1 if row.priority_weight is None else row.priority_weight,
        hostname=row.hostname or "",
        dag_version="" if row.dag_version_id is None else str(row.dag_version_id),
    )
    return TryChange(item, _text(row.updated_at), superseded=past)


def _run(row: Any) -> RunChange:
    state = row.state or "queued"
    ended = (row.end_date or row.updated_at) if state in _RUN_OVER else None
    run = WorkflowRun(
        dag_id=row.dag_id,
        run_id=row.run_id,
        state=state,  # type: ignore[arg-type]
        run_type=row.run_type,
        logical_date=_text(row.logical_date),
        run_after=_text(row.run_after),
        queued_at=_text(row.queued_at),
        started_at=_text(row.start_date),
        ended_at=_text(ended),
    )
    return RunChange(run, row.id, _text(row.updated_at))


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(timezone.utc).isoformat()
