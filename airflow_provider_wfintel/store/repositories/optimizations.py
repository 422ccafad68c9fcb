"""Plans to improve DAGs: what was proposed, what was accepted, and the figures before, predicted and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import new_id
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.paging import Place, beyond
from airflow_provider_wfintel.store.tables import WorkflowOptimization
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["KeptPlan", "Optimizations", "PlanStatus"]

PlanStatus: TypeAlias = Literal["proposed", "applied", "measured", "reverted", "rejected"]


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """One plan.

    Attributes:
        fingerprint: of the DAG that it was made for.
        plan_hash: of what it changes: the same changes of the same DAG are one plan.
        plan: what it changes, as JSON values.
        before, predicted, measured: figures, as JSON values.
        patch: the changes to the DAG file as a diff.
    """

    dag_id: str
    strategy: str
    fingerprint: str
    plan_hash: str
    plan: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    predicted: Mapping[str, Any] = field(default_factory=dict)
    patch: str = ""
    created_by: str = ""
    optimization_id: str = ""
    status: PlanStatus = "proposed"
    measured: Mapping[str, Any] | None = None
    created_at: datetime | None = None
    applied_at: datetime | None = None
    measured_at: datetime | None = None


class Optimizations:
    """Keeps plans."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, plan: KeptPlan, *, now: datetime) -> KeptPlan:
        """Store a proposed plan. The same plan again gets the figures of today and keeps its id and status.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {
            "optimization_id": new_id(),
            "dag_id": plan.dag_id,
            "strategy": plan.strategy,
            "status": "proposed",
            "fingerprint_before": plan.fingerprint,
            "fingerprint_after": "",
            "plan_hash": plan.plan_hash,
            "plan": dict(plan.plan),
            "before": dict(plan.before),
            "predicted": dict(plan.predicted),
            "measured": None,
            "patch": plan.patch,
            "created_by": plan.created_by,
            "created_at": now,
        }
        with store_errors():
            # An applied plan keeps the figures that it was applied with: they are what it is judged by.
            upsert(
                self._session,
                WorkflowOptimization,
                row,
                key=("dag_id", "strategy", "fingerprint_before", "plan_hash"),
                change=lambda _stored, offered: {"plan_hash": offered.plan_hash},
            )
            self._session.execute(
                update(WorkflowOptimization)
                .where(*_same(plan), WorkflowOptimization.status == "proposed")
                .values({name: row[name] for name in ("plan", "before", "predicted", "patch")}),
                execution_options={"synchronize_session": False},
            )
            found = self._session.scalars(
                select(WorkflowOptimization).where(*_same(plan)).execution_options(populate_existing=True)
            ).one()
        return _plan_of(found)

    def get(self, optimization_id: str) -> KeptPlan | None:
        """The plan with that id, or None.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(WorkflowOptimization).where(WorkflowOptimization.optimization_id == optimization_id)
        with store_errors():
            row = self._session.scalars(query.execution_options(populate_existing=True)).first()
        return None if row is None else _plan_of(row)

    def of(
        self,
        dag_ids: Iterable[str] | None = None,
        *,
        statuses: Iterable[PlanStatus] = (),
        limit: int = 100,
        offset: int = 0,
        after: Place | None = None,
    ) -> tuple[KeptPlan, ...]:
        """Plans, the newest first, from a place on; of some DAGs, or of all for None.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = WorkflowOptimization
        query = select(table).order_by(table.created_at.desc(), table.optimization_id).limit(limit).offset(offset)
        if after is not None:
            query = query.where(beyond(table.created_at, table.optimization_id, after))
        if dag_ids is not None:
            query = query.where(table.dag_id.in_(sorted(set(dag_ids))))
        if wanted := list(statuses):
            query = query.where(table.status.in_(wanted))
        with store_errors():
            return tuple(
                _plan_of(row) for row in self._session.scalars(query.execution_options(populate_existing=True))
            )

    def set_status(self, optimization_id: str, status: PlanStatus, *, now: datetime) -> None:
        """Note that a plan was applied, reverted or rejected.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        values: dict[str, Any] = {"status": status}
        if status == "applied":
            values.update(applied_at=now, measured=None, measured_at=None)
        self._update(optimization_id, values)

    def set_measured(self, optimization_id: str, measured: Mapping[str, Any], *, now: datetime) -> None:
        """Keep what real runs under the plan showed.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        self._update(optimization_id, {"status": "measured", "measured": dict(measured), "measured_at": now})

    def _update(self, optimization_id: str, values: Mapping[str, Any]) -> None:
        table = WorkflowOptimization
        with store_errors():
            self._session.execute(
                update(table).where(table.optimization_id == optimization_id).values(dict(values)),
                execution_options={"synchronize_session": False},
            )


def _same(plan: KeptPlan) -> tuple[Any, ...]:
    table = WorkflowOptimization
    return (
        table.dag_id == plan.dag_id,
        table.strategy == plan.strategy,
        table.fingerprint_before == plan.fingerprint,
        table.plan_hash == plan.plan_hash,
    )


def _plan_of(row: WorkflowOptimization) -> KeptPlan:
    return KeptPlan(
        dag_id=row.dag_id,
        strategy=row.strategy,
        fingerprint=row.fingerprint_before,
        plan_hash=row.plan_hash,
        plan=row.plan,
        before=row.before,
        predicted=row.predicted,
        patch=row.patch,
        created_by=row.created_by,
        optimization_id=row.optimization_id,
        status=row.status,  # type: ignore[arg-type]  # written by this class only
        measured=row.measured,
        created_at=row.created_at,
        applied_at=row.applied_at,
        measured_at=row.measured_at,
    )
