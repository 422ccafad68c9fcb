"""Rows that the tasks of runs reported, kept with the runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.repositories.execution_rows import ROWS, after_place, place_of, run_key
from airflow_provider_wfintel.store.tables import WorkflowExecution

__all__ = ["ReportedRows"]


class ReportedRows:
    """Reads and writes through one session; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ended_since(self, place: str, *, limit: int) -> tuple[Sequence[tuple[str, str]], str]:
        """DAG id and run id of runs that are over and were written after a place; the place of the last.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(table.batch, table.execution_id, table.dag_id, table.run_id)
            .where(after_place(place), table.kind == "run", table.ended_at.is_not(None))
            .order_by(table.batch, table.execution_id)
            .limit(limit)
        )
        with store_errors():
            rows = self._session.execute(query).all()
        until = place_of(rows[-1].batch, rows[-1].execution_id) if rows else place
        return [(row.dag_id, row.run_id) for row in rows], until

    def known(self, runs: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Those of the runs that have a row.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        keys = {run_key(*run): run for run in runs}
        with store_errors():
            query = select(WorkflowExecution.execution_id).where(WorkflowExecution.execution_id.in_(sorted(keys)))
            return frozenset(keys[key] for key in self._session.scalars(query)) if keys else frozenset()

    def keep(self, rows: Mapping[tuple[str, str], Mapping[str, float]]) -> None:
        """Keep what tasks reported, by run and task, beside what other tasks of the run did. Runs must be known.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        keys = {run_key(*run): told for run, told in rows.items()}
        with store_errors():
            query = select(table.execution_id, table.details).where(table.execution_id.in_(sorted(keys)))
            for key, details in self._session.execute(query).all() if keys else ():
                told = {**(details or {}).get(ROWS, {}), **keys[key]}
                self._session.execute(
                    update(table).where(table.execution_id == key).values(details={**(details or {}), ROWS: told}),
                    execution_options={"synchronize_session": False},
                )
