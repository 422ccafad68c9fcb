"""What is known of DAGs as a whole, and the few facts about their runs from which it is learned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from airflow_provider_wfintel.engine.model import WorkflowRun
from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.repositories.execution_rows import after_place, place_of, run_of_row
from airflow_provider_wfintel.store.tables import DagState, WorkflowExecution
from airflow_provider_wfintel.store.upsert import among, upsert

__all__ = ["DagHealth", "DagStates", "EndedRun", "KnownDag"]

_OVER = ("success", "failed")


@dataclass(frozen=True, slots=True)
class EndedRun:
    """A run that is over, the tries beyond the first of each of its tasks, and the place of its row."""

    run: WorkflowRun
    retries: int
    place: str


@dataclass(frozen=True, slots=True)
class DagHealth:
    """The health of a DAG as it is shown: score, deadline, reasons, without what it was computed from."""

    dag_id: str
    score: float | None
    runs: int
    deadline_seconds: float | None
    health: Mapping[str, Any]
    updated_at: datetime


@dataclass(slots=True)
class KnownDag:
    """All of a DAG's row but the forecasts' memory. See `DagState` for what the fields mean."""

    dag_id: str
    runs: int = 0
    score: float | None = None
    deadline_seconds: float | None = None
    seen: str = ""
    last_due_at: datetime | None = None
    next_slot_at: datetime | None = None
    health: dict[str, Any] = field(default_factory=dict)
    tracker: dict[str, Any] | None = None
    stream: dict[str, Any] | None = None


_FIELDS = tuple(KnownDag.__dataclass_fields__)
_SHOWN = tuple(DagHealth.__dataclass_fields__)


class DagStates:
    """The table of DAGs. The collector writes it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, dag_ids: Collection[str]) -> Mapping[str, KnownDag]:
        """What is known of these DAGs, by id.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(*(getattr(DagState, name) for name in _FIELDS)).where(
            among(self._session, DagState.dag_id, dag_ids)
        )
        with store_errors():
            return {row.dag_id: KnownDag(*row) for row in self._session.execute(query)}

    def keep(self, known: KnownDag) -> None:
        """Store what is known of a DAG; the forecasts' memory stays.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {**asdict(known), "updated_at": utc_now()}
        with store_errors():
            upsert(
                self._session,
                DagState,
                row,
                key=("dag_id",),
                change=lambda _stored, offered: {name: offered[name] for name in row if name != "dag_id"},
            )

    def health(
        self,
        dag_ids: Collection[str] | None = None,
        *,
        limit: int | None = None,
        offset: int = 0,
        after: tuple[float, str] | None = None,
    ) -> Sequence[DagHealth]:
        """The health of DAGs that have a score, the worst first.

        Args:
            dag_ids: only these; None: all.
            limit: so many at most; None: all.
            offset: so many of the worst are left out.
            after: score and id of a DAG: only those that come after it in this order.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(*(getattr(DagState, name) for name in _SHOWN)).where(DagState.score.is_not(None))
        if dag_ids is not None:
            query = query.where(among(self._session, DagState.dag_id, dag_ids))
        if after is not None:
            query = query.where(tuple_(DagState.score, DagState.dag_id) > after)
        query = query.order_by(DagState.score, DagState.dag_id).offset(offset or None).limit(limit)
        with store_errors():
            return [DagHealth(*row) for row in self._session.execute(query)]

    def scores(self, dag_ids: Collection[str] | None = None) -> Mapping[str, float]:
        """The scores of DAGs that have one, by id, without the reasons.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(DagState.dag_id, DagState.score).where(DagState.score.is_not(None))
        if dag_ids is not None:
            query = query.where(among(self._session, DagState.dag_id, dag_ids))
        with store_errors():
            return {row[0]: float(row[1] or 0.0) for row in self._session.connection().execute(query)}

    def told(self, dag_ids: Collection[str] | None = None) -> list[tuple[float, bool]]:
        """What was said before runs of these DAGs, and whether they were bad.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(DagState.tracker["told"]).where(DagState.score.is_not(None))
        if dag_ids is not None:
            query = query.where(among(self._session, DagState.dag_id, dag_ids))
        with store_errors():
            found = self._session.scalars(query.order_by(DagState.dag_id)).all()
        return [(float(said), bool(came)) for rows in found for said, came in rows or ()]

    def waiting_for_a_slot(self, now: datetime, *, limit: int) -> Sequence[str]:
        """DAGs whose next run should have come by now, those that wait longest first.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(DagState.dag_id).where(DagState.next_slot_at <= now).order_by(DagState.next_slot_at).limit(limit)
        with store_errors():
            return self._session.scalars(query).all()

    def predictor(self, dag_id: str) -> tuple[dict[str, Any] | None, datetime | None]:
        """The memory of the DAG's forecasts, and when the newest run in it was due.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(DagState.predictor, DagState.predictor_until).where(DagState.dag_id == dag_id)
        with store_errors():
            row = self._session.execute(query).first()
        return (None, None) if row is None else (row.predictor, row.predictor_until)

    def keep_predictor(self, dag_id: str, predictor: Mapping[str, Any], until: datetime) -> None:
        """Store the memory of a DAG's forecasts.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {"dag_id": dag_id, "runs": 0, "health": {}, "predictor": dict(predictor), "predictor_until": until}
        with store_errors():
            upsert(
                self._session,
                DagState,
                {**row, "updated_at": utc_now()},
                key=("dag_id",),
                change=lambda _stored, offered: {name: offered[name] for name in ("predictor", "predictor_until")},
            )

    def after(self, dag_id: str, *, limit: int) -> Sequence[str]:
        """Ids of known DAGs after an id, in order.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(DagState.dag_id).where(DagState.dag_id > dag_id).order_by(DagState.dag_id).limit(limit)
        with store_errors():
            return self._session.scalars(query).all()

    def last_dues(self) -> Mapping[str, datetime]:
        """When the newest run was due, of DAGs whose runs have a rhythm.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(DagState.dag_id, DagState.last_due_at).where(DagState.next_slot_at.is_not(None))
        with store_errors():
            return {row.dag_id: row.last_due_at for row in self._session.execute(query) if row.last_due_at}

    def sensors(self, dag_ids: Collection[str], *, since: datetime) -> Mapping[str, frozenset[str]]:
        """Tasks of these DAGs whose operator is a sensor by its name, among the tries that ended since.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(table.dag_id, table.task_id)
            .where(table.kind == "try", table.ended_at >= since, table.operator.like("%Sensor%"))
            .where(among(self._session, table.dag_id, dag_ids))
            .distinct()
        )
        found: dict[str, set[str]] = {}
        with store_errors():
            for row in self._session.execute(query):
                found.setdefault(row.dag_id, set()).add(row.task_id)
        return {dag_id: frozenset(tasks) for dag_id, tasks in found.items()}

    def forget(self, dag_ids: Collection[str]) -> None:
        """Delete what is known of DAGs: it is learned anew from their history.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            self._session.execute(
                delete(DagState).where(among(self._session, DagState.dag_id, dag_ids)),
                execution_options={"synchronize_session": False},
            )

    def ended_since(self, place: str, *, limit: int) -> tuple[list[EndedRun], str, bool]:
        """Runs that are over and were written after a place; the place of the last; whether there are more.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(table)
            .where(after_place(place), table.kind == "run", table.state.in_(_OVER), table.ended_at.is_not(None))
            .order_by(table.batch, table.execution_id)
            .limit(limit)
        )
        with store_errors():
            rows = self._session.scalars(query.execution_options(populate_existing=True)).all()
        found = self._with_retries(rows)
        return found, found[-1].place if found else place, len(found) == limit

    def last_ended(self, dag_id: str, *, last: int) -> list[EndedRun]:
        """The newest runs of a DAG that are over, in the order in which they were due.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = (
            select(table)
            .where(table.dag_id == dag_id, table.kind == "run", table.state.in_(_OVER), table.ended_at.is_not(None))
            .order_by(table.run_after.desc())
            .limit(last)
        )
        with store_errors():
            rows = self._session.scalars(query.execution_options(populate_existing=True)).all()
        return self._with_retries(list(reversed(rows)))

    def task_count(self, dag_id: str, run_ids: Collection[str]) -> int:
        """How many tasks have tries in these runs.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = select(func.count(func.distinct(table.task_id))).where(
            table.dag_id == dag_id, table.kind == "try", table.run_id.in_(sorted(run_ids))
        )
        with store_errors():
            return int(self._session.scalar(query) or 0)

    def has_run_after(self, dag_id: str, moment: datetime) -> bool:
        """Whether there is a scheduled run of the DAG that was due later, whatever its state.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowExecution
        query = select(table.execution_id).where(
            table.dag_id == dag_id, table.kind == "run", table.run_type == "scheduled", table.run_after > moment
        )
        with store_errors():
            return self._session.execute(query.limit(1)).first() is not None

    def _with_retries(self, rows: Sequence[WorkflowExecution]) -> list[EndedRun]:
        table = WorkflowExecution
        retries: dict[tuple[str, str], int] = {}
        keys = sorted({(row.dag_id, row.run_id) for row in rows})
        for start in range(0, len(keys), 200):
            query = (
                select(table.dag_id, table.run_id, func.count())
                .where(
                    tuple_(table.dag_id, table.run_id).in_(keys[start : start + 200]),
                    table.kind == "try",
                    table.try_number > 1,
                )
                .group_by(table.dag_id, table.run_id)
            )
            with store_errors():
                retries.update({(row[0], row[1]): row[2] for row in self._session.execute(query)})
        return [
            EndedRun(run_of_row(row), retries.get((row.dag_id, row.run_id), 0), place_of(row.batch, row.execution_id))
            for row in rows
        ]
