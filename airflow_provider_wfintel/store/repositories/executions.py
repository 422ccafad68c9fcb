"""Runs and tries, one row each, however often and in which order they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.engine.model import (
    DagRunState,
    EventNote,
    RunChange,
    RunHistory,
    TaskTry,
    TryChange,
    WorkflowRun,
)
from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.repositories.execution_rows import (
    TRY_COLUMNS,
    after_place,
    place_of,
    row_of_run,
    row_of_try,
    run_key,
    run_of_row,
    try_of_row,
)
from airflow_provider_wfintel.store.tables import WorkflowExecution
from airflow_provider_wfintel.store.upsert import upsert_many

__all__ = ["EndedRow", "Executions", "run_key"]

_RUN_STATES = frozenset(get_args(DagRunState))
_GONE = "removed"

# What Airflow says of a try or run. All other columns are ours and outlive every rewrite.
_FROM_AIRFLOW = (
    "task_id", "map_index", "try_number", "max_tries", "state", "operator", "run_type", "logical_date", "run_after",
    "scheduled_at", "queued_at", "started_at", "ended_at", "duration", "pool", "pool_slots", "queue",
    "priority_weight", "hostname", "dag_version", "changed_at", "superseded", "batch",
)  # fmt: skip


def _change(stored: Any, offered: Any) -> dict[str, Any]:
    return {
        **{name: offered[name] for name in _FROM_AIRFLOW},
        "ended_before": func.coalesce(stored.ended_at, stored.ended_before),
    }


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A try or run that is over, with the place of its row; `fingerprint` is that of its exception, if it is known."""

    batch: int
    key: str
    item: TaskTry | WorkflowRun
    superseded: bool = False
    fingerprint: str = ""


class Executions:
    """What ran. The collector writes, everybody else reads."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(self, tries: Iterable[TryChange] = (), runs: Iterable[RunChange] = (), *, batch: int = 0) -> int:
        """Insert tries and runs, or bring their rows up to date; returns how many were given.

        Args:
            tries: tries as Airflow's tables have them.
            runs: runs, likewise.
            batch: number of this transaction; rows that are changed get it, rows that stay as they are do not.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        now = utc_now()
        # Two values of one try would be two changes of one row in one statement, which PostgreSQL refuses: last wins.
        rows = {
            row["execution_id"]: {**row, "batch": batch}
            for row in (*(row_of_try(t, now) for t in tries), *(row_of_run(r, now) for r in runs))
        }
        with store_errors():
            upsert_many(
                self._session,
                WorkflowExecution,
                list(rows.values()),
                key=("execution_id",),
                change=_change,
                unless_same=("state", "changed_at", "try_number", "ended_at", "started_at"),
            )
        return len(rows)

    def last_batch(self) -> int:
        """The greatest number of a batch that was written; 0 if there is none.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            return self._session.scalar(select(func.max(WorkflowExecution.batch))) or 0

    def ended_after(self, batch: int, key: str, *, since: datetime, limit: int) -> tuple[EndedRow, ...]:
        """Tries and runs that are over and were written after a place, in the order in which they were written.

        Args:
            batch: number of the batch of the place.
            key: the key of the row in that batch; empty: before all of its rows.
            since: what ended earlier is left out.
            limit: how many at most.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        later = or_(table.batch > batch, (table.batch == batch) & (table.execution_id > key))
        query = (
            select(table)
            .where(later, table.batch >= batch, table.ended_at >= since, table.kind.in_(("try", "run")))
            .order_by(table.batch, table.execution_id)
            .limit(limit)
        )
        with store_errors():
            rows = self._session.scalars(query.execution_options(populate_existing=True)).all()
        return tuple(_ended(row) for row in rows)

    def ended(self, keys: Sequence[str]) -> tuple[EndedRow, ...]:
        """Those of the tries with these keys that are over.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = select(table).where(table.execution_id.in_(keys), table.kind == "try", table.ended_at.is_not(None))
        with store_errors():
            rows = self._session.scalars(query.execution_options(populate_existing=True)).all() if keys else []
        return tuple(_ended(row) for row in rows)

    def open_tries(self, after: str, *, limit: int) -> tuple[TaskTry, ...]:
        """Tries that were not over when last looked at, with a greater key than `after`, by key.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(*TRY_COLUMNS)
            .where(table.kind == "try", table.ended_at.is_(None), table.execution_id > after)
            .order_by(table.execution_id)
            .limit(limit)
        )
        with store_errors():
            return tuple(try_of_row(row) for row in self._session.execute(query))

    def open_runs(self, after: str, *, limit: int) -> tuple[tuple[str, WorkflowRun], ...]:
        """Runs that were not over when last looked at, each with its key, with a greater key than `after`, by key.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(table)
            .where(table.kind == "run", table.ended_at.is_(None), table.execution_id > after)
            .order_by(table.execution_id)
            .limit(limit)
        )
        with store_errors():
            return tuple((row.execution_id, run_of_row(row)) for row in self._session.scalars(query))

    def failed_tasks(self, runs: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], frozenset[str]]:
        """The tasks that failed for good in these runs, each a pair of DAG and run id.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table, keys, found = WorkflowExecution, sorted(runs), dict[tuple[str, str], set[str]]()
        for start in range(0, len(keys), 200):
            query = select(table.dag_id, table.run_id, table.task_id).where(
                tuple_(table.dag_id, table.run_id).in_(keys[start : start + 200]),
                table.kind == "try",
                table.state == "failed",
                table.superseded.is_(False),
            )
            with store_errors():
                for row in self._session.execute(query):
                    found.setdefault((row.dag_id, row.run_id), set()).add(row.task_id)
        return {run: frozenset(tasks) for run, tasks in found.items()}

    def forget(self, keys: Sequence[str]) -> None:
        """Delete rows of tries that never were: Airflow gave the task instance another UUID before it ran.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        if keys:
            with store_errors():
                self._session.execute(delete(WorkflowExecution).where(WorkflowExecution.execution_id.in_(keys)))

    def close_lost(self, keys: Sequence[str], *, now: datetime) -> None:
        """Close rows whose source is gone from Airflow's tables: state `removed`, the last known one in `details`.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        with store_errors():
            rows = self._session.execute(
                select(table.execution_id, table.state, table.details).where(table.execution_id.in_(keys))
            ).all()
            for row in rows:
                details = {**row.details, "lost": {"last_state": row.state, "noticed_at": now.isoformat()}}
                self._session.execute(
                    update(table)
                    .where(table.execution_id == row.execution_id)
                    .values(state=_GONE, ended_at=now, details=details),
                    execution_options={"synchronize_session": False},
                )

    def add_notes(self, notes: Iterable[EventNote]) -> int:
        """Keep entries of Airflow's event log with the try or run that they are about; returns how many found one.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        found = 0
        with store_errors():
            for note in notes:
                row = self._session.execute(_subject_of(note)).first()
                if row is None:
                    continue
                kept = {str(item["row"]): item for item in row.details.get("events", ())}
                kept[str(note.row)] = {"row": note.row, "event": note.event, "at": note.at, "owner": note.owner}
                details = {**row.details, "events": list(kept.values())[-20:]}
                self._session.execute(
                    update(WorkflowExecution)
                    .where(WorkflowExecution.execution_id == row.execution_id)
                    .values(details=details),
                    execution_options={"synchronize_session": False},
                )
                found += 1
        return found

    def tries_that_ran(self, place: str, *, since: datetime, limit: int) -> tuple[Sequence[TaskTry], str]:
        """Tries that began and ended, written after a place; and the place up to which was looked.

        Args:
            place: see `place_of`; empty: from the first row on.
            since: what ended earlier is left out.
            limit: how many at most.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(*TRY_COLUMNS, table.batch)
            .where(after_place(place), table.kind == "try", table.ended_at >= since, table.started_at.is_not(None))
            .order_by(table.batch, table.execution_id)
            .limit(limit)
        )
        with store_errors():
            rows = self._session.execute(query).all()
        until = place_of(rows[-1].batch, rows[-1].execution_id) if rows else place
        return [try_of_row(row) for row in rows], until

    def add_measures(
        self,
        try_id: str,
        *,
        peak_rss_bytes: int | None = None,
        cpu_seconds: float | None = None,
        error_fingerprint: str = "",
    ) -> bool:
        """Keep what was measured in the process of a try; False if the try is not known (yet).

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            done = self._session.execute(
                update(WorkflowExecution)
                .where(WorkflowExecution.execution_id == try_id)
                .values(
                    peak_rss_bytes=peak_rss_bytes,
                    cpu_seconds=cpu_seconds,
                    error_fingerprint=error_fingerprint[:64],
                ),
                execution_options={"synchronize_session": False},
            )
        return bool(done.rowcount)  # type: ignore[attr-defined]

    def known_runs(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], bool]:
        """Of the runs with these `(dag_id, run_id)`, those that are known, and whether they are over.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        wanted = {run_key(*key): key for key in keys}
        table = WorkflowExecution
        query = select(table.execution_id, table.ended_at).where(table.execution_id.in_(sorted(wanted)))
        with store_errors():
            rows = self._session.execute(query).all() if wanted else []
        return {wanted[row.execution_id]: row.ended_at is not None for row in rows}

    def history(self, dag_id: str, *, last: int = 500, tries_after: datetime | None = None) -> RunHistory:
        """The newest runs of a DAG with all of their tries, oldest first.

        Args:
            dag_id: the DAG.
            last: how many runs at most.
            tries_after: only with the tries of runs that were due later, or are not over; None: with those of all.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        newest = (
            select(table)
            .where(table.dag_id == dag_id, table.kind == "run", table.state.in_(_RUN_STATES))
            .order_by(table.run_after.desc(), table.execution_id.desc())
            .limit(last)
        )
        with store_errors():
            runs = [run_of_row(row) for row in reversed(self._session.scalars(newest).all())]
            places = {run.run_id: place for place, run in enumerate(runs)}
            tries: list[TaskTry] = []
            for start in range(0, len(runs), 200):
                names = [run.run_id for run in runs[start : start + 200] if _is_after(run, tries_after)]
                query = select(*TRY_COLUMNS).where(table.dag_id == dag_id, table.kind == "try", table.run_id.in_(names))
                tries.extend(try_of_row(row) for row in self._session.execute(query))
        tries.sort(key=lambda item: (places[item.run_id], item.task_id, item.map_index, item.try_number, item.try_id))
        return RunHistory(tuple(runs), tuple(tries))

    def tries_between(self, begin: str, end: str, *, limit: int = 20_000) -> tuple[TaskTry, ...]:
        """Tries of all DAGs that ended between two moments (ISO 8601 with offset), oldest first.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        first, last = (datetime.fromisoformat(text) for text in (begin, end))
        query = (
            select(*TRY_COLUMNS)
            .where(table.kind == "try", table.ended_at >= first, table.ended_at <= last)
            .order_by(table.ended_at.desc())
            .limit(limit)
        )
        with store_errors():
            return tuple(reversed([try_of_row(row) for row in self._session.execute(query)]))

    def runs_due(
        self, since: datetime, until: datetime, *, dag_ids: Collection[str] | None, limit: int
    ) -> Sequence[tuple[str, datetime, datetime, datetime | None]]:
        """DAG, due time, start and end of the runs that became due in a time and have started, the newest first.

        Args:
            since: where the time looked at begins.
            until: where it ends.
            dag_ids: only these DAGs; None: all.
            limit: at most so many runs.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(table.dag_id, table.run_after, table.started_at, table.ended_at)
            .where(
                table.kind == "run", table.run_after >= since, table.run_after < until, table.started_at.is_not(None)
            )
            .order_by(table.run_after.desc())
            .limit(limit)
        )
        if dag_ids is not None:
            query = query.where(table.dag_id.in_(sorted(dag_ids)))
        with store_errors():
            rows = self._session.execute(query).all()
        return [(row.dag_id, row.run_after, row.started_at, row.ended_at) for row in rows]

    def drop_before(self, moment: datetime, *, limit: int) -> int:
        """Delete rows that ended before `moment`, at most `limit`; returns how many were deleted.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        old = select(table.execution_id).where(
            table.kind.in_(("try", "run")), table.ended_at.is_not(None), table.ended_at < moment
        )
        with store_errors():
            keys = self._session.scalars(old.limit(limit)).all()
            self.forget(keys)
        return len(keys)


def _is_after(run: WorkflowRun, moment: datetime | None) -> bool:
    """Whether a run is not over, or was due after a moment; one whose due time is not known counts as later."""
    due = run.run_after or run.queued_at
    return moment is None or not run.ended_at or not due or datetime.fromisoformat(due) > moment


def _ended(row: WorkflowExecution) -> EndedRow:
    return EndedRow(
        row.batch,
        row.execution_id,
        try_of_row(row) if row.kind == "try" else run_of_row(row),
        superseded=row.superseded,
        fingerprint=row.error_fingerprint,
    )


def _subject_of(note: EventNote) -> Any:
    """The query for the row that an entry of the event log is about: the try, or the newest one, or the run."""
    table = WorkflowExecution
    query = select(table.execution_id, table.details)
    if not note.task_id:
        return query.where(table.execution_id == run_key(note.dag_id, note.run_id))
    query = query.where(
        table.dag_id == note.dag_id,
        table.run_id == note.run_id,
        table.kind == "try",
        table.task_id == note.task_id,
        table.map_index == note.map_index,
    )
    if note.try_number:
        query = query.where(table.try_number == note.try_number)
    return query.order_by(table.try_number.desc(), table.execution_id.desc()).limit(1)
