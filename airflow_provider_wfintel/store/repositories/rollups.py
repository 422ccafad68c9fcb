"""Figures by DAG and window of time: hours and days in UTC, computed from runs and tries, read by overviews."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, tuple_
from sqlalchemy.orm import Session

from airflow_provider_wfintel.engine.model import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.monitoring.service import TaskTotals, WindowFigures
from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.repositories.execution_rows import (
    RUN_COLUMNS,
    TRY_COLUMNS,
    after_place,
    place_of,
    run_of_row,
    try_of_row,
)
from airflow_provider_wfintel.store.repositories.spans import Spans
from airflow_provider_wfintel.store.repositories.sums import (
    ALL_TIME,
    DAY,
    DEPLOYMENT,
    EPOCH,
    FIGURES,
    HOUR,
    KEY,
    TOTAL,
    Sums,
    add_sums,
    start_of,
    summed_columns,
    sums_of_row,
)
from airflow_provider_wfintel.store.tables import MonitoringMetric, WorkflowExecution
from airflow_provider_wfintel.store.upsert import among, upsert_many

__all__ = ["ALL_TIME", "DAY", "DEPLOYMENT", "HOUR", "TOTAL", "Rollups", "Sums", "Touched", "Window", "start_of"]

_FETCHED = 1000
"""Rows of tries and runs that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Window:
    """The figures of one DAG (or the deployment) in one window."""

    dag_id: str
    seconds: int
    start: datetime
    figures: WindowFigures


@dataclass(frozen=True, slots=True)
class Touched:
    """What was written since: the hours by DAG, the place up to which was looked, whether there is more."""

    hours: frozenset[tuple[str, datetime]]
    until: str
    more: bool


class Rollups:
    """The table of figures. The collector writes it, overviews read it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def touched(self, place: str, *, limit: int) -> Touched:
        """The hours in which something ended, or had ended before it changed, of rows that were written after a place.

        Args:
            place: up to which everything was seen; empty: nothing.
            limit: rows to look at.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        columns = (table.batch, table.execution_id, table.dag_id, table.ended_at, table.ended_before)
        query = select(*columns).where(after_place(place)).order_by(table.batch, table.execution_id).limit(limit)
        with store_errors():
            rows = self._session.execute(query).all()
        hours = {
            (row.dag_id, start_of(ended, HOUR)) for row in rows for ended in (row.ended_at, row.ended_before) if ended
        }
        until = place_of(rows[-1].batch, rows[-1].execution_id) if rows else place
        return Touched(frozenset(hours), until, len(rows) == limit)

    def ended_between(
        self, since: datetime, until: datetime, dag_ids: Collection[str]
    ) -> tuple[Iterable[TaskTry], Iterable[WorkflowRun]]:
        """The tries and runs of some DAGs that ended from `since` on and before `until`.

        They are fetched while they are gone through, some at a time: a busy hour is never in memory as a whole. Go
        through the tries first, then through the runs, before the session ends.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        within = (
            table.ended_at >= since,
            table.ended_at < until,
            among(self._session, table.dag_id, dag_ids),
        )
        tries = select(*TRY_COLUMNS).where(table.kind == "try", *within)
        runs = select(*RUN_COLUMNS).where(table.kind == "run", *within)
        return (try_of_row(row) for row in self._fetched(tries)), (run_of_row(row) for row in self._fetched(runs))

    def _fetched(self, query: Select[Any]) -> Iterator[Row[Any]]:
        with store_errors():
            yield from self._session.execute(query.execution_options(yield_per=_FETCHED))

    def keep(self, windows: Iterable[Window]) -> None:
        """Store windows in place of what was there for them.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        now = utc_now()
        rows = [_row(window, now) for window in windows]
        with store_errors():
            upsert_many(self._session, MonitoringMetric, rows, key=KEY, change=_replaced)

    def keep_days(self, windows: Sequence[Window]) -> None:
        """As `keep` for days, and add to the sums of all days what has become more or less.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        dag_ids = {window.dag_id for window in windows}
        before = self._days_of(windows)
        self.keep(windows)
        table = MonitoringMetric
        with store_errors():
            known = set(
                self._session.scalars(
                    select(table.dag_id).where(
                        table.window_seconds == TOTAL, among(self._session, table.dag_id, dag_ids)
                    )
                )
            )
        after = self._days_of(windows)
        changes = {key: one.minus(before.get(key, Sums())) for key, one in after.items() if before.get(key) != one}
        by_dag: dict[str, list[Sums]] = {}
        for (dag_id, _), change in changes.items():
            by_dag.setdefault(dag_id, []).append(change)
        more = {dag_id: Sums.added(parts) for dag_id, parts in by_dag.items() if dag_id in known}
        new = dag_ids - known
        if new:
            where = [table.window_seconds.in_((DAY, ALL_TIME)), among(self._session, table.dag_id, new)]
            more |= self._summed(where)
        with store_errors():
            self._keep_sums(more, TOTAL)
        Spans(self._session).add(changes)

    def make_totals(self) -> None:
        """Compute the sums of all days of every DAG, where there are none: figures of a version that had no such rows.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        have = select(table.dag_id).where(table.window_seconds == TOTAL)
        where = [table.window_seconds.in_((DAY, ALL_TIME)), table.dag_id != DEPLOYMENT, table.dag_id.not_in(have)]
        with store_errors():
            self._keep_sums(self._summed(where), TOTAL)

    def _days_of(self, windows: Sequence[Window]) -> Mapping[tuple[str, datetime], Sums]:
        """What is stored of these windows."""
        table, by_start = MonitoringMetric, dict[datetime, set[str]]()
        for window in windows:
            by_start.setdefault(window.start, set()).add(window.dag_id)
        columns = [getattr(table, name) for name in FIGURES]
        found = {}
        for start, names in by_start.items():
            query = select(table.dag_id, *columns).where(
                table.window_seconds == DAY, table.window_start == start, among(self._session, table.dag_id, names)
            )
            with store_errors():
                found.update({(row.dag_id, start): sums_of_row(row) for row in self._session.execute(query)})
        return found

    def windows(
        self, seconds: int, since: datetime, until: datetime, dag_ids: Collection[str] | None = None
    ) -> tuple[Window, ...]:
        """The windows of a length that start from `since` on and before `until`, with their distributions, by start.

        Args:
            seconds: length of the windows.
            since: first start.
            until: end, not included.
            dag_ids: only of these; None: of all DAGs, without the deployment's own.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        query = select(table).where(
            table.window_seconds == seconds, table.window_start >= since, table.window_start < until
        )
        query = query.where(
            among(self._session, table.dag_id, dag_ids) if dag_ids is not None else table.dag_id != DEPLOYMENT
        )
        with store_errors():
            rows = self._session.scalars(
                query.order_by(table.window_start, table.dag_id).execution_options(populate_existing=True)
            ).all()
        return tuple(Window(row.dag_id, seconds, row.window_start, _figures(row)) for row in rows)

    def sums(
        self, seconds: int, since: datetime, until: datetime, dag_ids: Collection[str] | None = None
    ) -> Mapping[str, Sums]:
        """The columns by DAG, summed over the windows that start within a time; that of `DEPLOYMENT` is left out.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        within = [table.window_seconds == seconds, table.window_start >= since, table.window_start < until]
        within.append(
            among(self._session, table.dag_id, dag_ids) if dag_ids is not None else table.dag_id != DEPLOYMENT
        )
        return self._summed(within)

    def run_sums(
        self, seconds: int, since: datetime, until: datetime, dag_ids: Collection[str] | None = None
    ) -> Mapping[str, Sums]:
        """As `sums`, of runs, failed runs and makespans alone: a third of the work.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        query = (
            select(table.dag_id, func.sum(table.runs), func.sum(table.failed_runs), func.sum(table.makespan_seconds))
            .where(table.window_seconds == seconds, table.window_start >= since, table.window_start < until)
            .where(self._named(dag_ids))
            .group_by(table.dag_id)
        )
        with store_errors():
            return {
                dag_id: Sums(runs=int(runs), failed_runs=int(failed), makespan_seconds=float(makespan))
                for dag_id, runs, failed, makespan in self._session.connection().execute(query)
            }

    def sums_and_series(
        self, seconds: int, since: datetime, until: datetime, dag_ids: Collection[str] | None = None
    ) -> tuple[Mapping[str, Sums], Sequence[tuple[datetime, Sums]]]:
        """As `sums` and `by_window`, on PostgreSQL from one look at the windows.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        if self._session.get_bind().dialect.name != "postgresql":
            return self.sums(seconds, since, until, dag_ids), self.by_window(seconds, since, until, dag_ids)
        table = MonitoringMetric
        query = (
            select(table.dag_id, table.window_start, *summed_columns())
            .where(table.window_seconds == seconds, table.window_start >= since, table.window_start < until)
            .where(self._named(dag_ids))
            .group_by(func.grouping_sets(tuple_(table.dag_id), tuple_(table.window_start)))
        )
        by_dag, series = dict[str, Sums](), list[tuple[datetime, Sums]]()
        with store_errors():
            for row in self._session.execute(query):
                if row.dag_id is None:
                    series.append((row.window_start, sums_of_row(row)))
                else:
                    by_dag[row.dag_id] = sums_of_row(row)
        return by_dag, sorted(series, key=lambda item: item[0])

    def totals(self) -> Mapping[str, Sums]:
        """The columns by DAG, summed over all days there ever were: what counters show.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        columns = [getattr(table, name) for name in FIGURES]
        query = select(table.dag_id, *columns).where(table.window_seconds == TOTAL)
        with store_errors():
            found = {dag_id: Sums(*figures) for dag_id, *figures in self._session.connection().execute(query)}
        # Before the first round of a version that keeps them there are none.
        return found or self._summed([table.window_seconds.in_((DAY, ALL_TIME)), table.dag_id != DEPLOYMENT])

    def by_window(
        self, seconds: int, since: datetime, until: datetime, dag_ids: Collection[str] | None = None
    ) -> Sequence[tuple[datetime, Sums]]:
        """The columns by start of the window, summed over DAGs.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        query = (
            select(table.window_start, *summed_columns())
            .where(table.window_seconds == seconds, table.window_start >= since, table.window_start < until)
            .where(self._named(dag_ids))
            .group_by(table.window_start)
            .order_by(table.window_start)
        )
        with store_errors():
            return [(row.window_start, sums_of_row(row)) for row in self._session.execute(query)]

    def last_success(
        self, seconds: int, starts: Collection[datetime], dag_ids: Collection[str]
    ) -> Mapping[datetime, datetime]:
        """The last success of some DAGs in some windows, by the start of the window.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        query = (
            select(table.window_start, func.max(table.last_success_at))
            .where(table.window_seconds == seconds, table.window_start.in_(starts), self._named(dag_ids))
            .group_by(table.window_start)
        )
        with store_errors():
            rows = self._session.execute(query).all() if starts else []
        return {start: last for start, last in rows if last is not None}

    def drop_before(self, moment: datetime, *, seconds: int) -> int:
        """Delete windows of a length that start before `moment`; days leave their sums in the window of all time.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        old = (table.window_seconds == seconds, table.window_start < moment)
        with store_errors():
            if seconds == DAY:
                self._keep_sums(self._summed([*old, table.dag_id != DEPLOYMENT]), ALL_TIME)
            done = self._session.execute(delete(table).where(*old), execution_options={"synchronize_session": False})
        deleted = int(done.rowcount)  # type: ignore[attr-defined]
        if seconds == DAY and deleted:
            Spans(self._session).drop_before(moment)
        return deleted

    def _named(self, dag_ids: Collection[str] | None) -> ColumnElement[bool]:
        column = MonitoringMetric.dag_id
        return column != DEPLOYMENT if dag_ids is None else among(self._session, column, dag_ids)

    def _summed(self, within: Sequence[Any]) -> Mapping[str, Sums]:
        table = MonitoringMetric
        query = select(table.dag_id, *summed_columns()).where(*within).group_by(table.dag_id)
        with store_errors():
            return {row.dag_id: sums_of_row(row) for row in self._session.execute(query)}

    def _keep_sums(self, sums: Mapping[str, Sums], seconds: int) -> None:
        add_sums(self._session, {(dag_id, seconds, EPOCH): one for dag_id, one in sums.items()})


def _replaced(_stored: Any, offered: Any) -> dict[str, Any]:
    return {name: offered[name] for name in (*FIGURES, "detail", "updated_at")}


def _row(window: Window, now: datetime) -> dict[str, Any]:
    figures, total = window.figures, window.figures.total
    return {
        "dag_id": window.dag_id,
        "window_seconds": window.seconds,
        "window_start": window.start,
        "runs": figures.runs,
        "failed_runs": figures.failed_runs,
        "tries": total.tries,
        "failed_tries": total.failed,
        "retries": total.retries,
        "makespan_seconds": figures.makespan_seconds,
        "task_seconds": total.run_seconds,
        "wait_seconds": total.wait_seconds,
        "slot_seconds": total.slot_seconds,
        "cost": total.cost,
        "last_success_at": datetime.fromisoformat(figures.last_success) if figures.last_success else None,
        "detail": figures.detail(),
        "updated_at": now,
    }


def _figures(row: MonitoringMetric) -> WindowFigures:
    total = TaskTotals(
        row.tries, row.failed_tries, row.retries, row.task_seconds, row.wait_seconds, row.slot_seconds, row.cost
    )
    last = row.last_success_at.isoformat() if row.last_success_at else ""
    figures = WindowFigures(row.runs, row.failed_runs, row.makespan_seconds, last, total)
    figures.take_detail(row.detail)
    return figures
