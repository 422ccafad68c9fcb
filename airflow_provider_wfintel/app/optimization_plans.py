"""Use case: accept a plan, withdraw it, and say what it did to real runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from airflow_provider_wfintel.app.plan_file import entries, put_entry, take_entry
from airflow_provider_wfintel.engine.optimization.service import LEAST_RUNS, Outcome, makespans_of, outcome_of
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.paging import Place
    from airflow_provider_wfintel.store.repositories.optimizations import KeptPlan, PlanStatus

__all__ = ["Action", "act_on_plan", "dag_of_plan", "measure_plans", "outcome_of_plan", "results"]

Action: TypeAlias = Literal["run_time", "patched", "withdraw", "reject"]
"""`run_time`: put its values into the plan file; `patched`: a person has applied its patch; `withdraw`: take the DAG's
values out of the plan file; `reject`: it is not wanted."""
_RUNS = 1000
_APPLIED: tuple[PlanStatus, ...] = ("applied", "measured")


def act_on_plan(
    session: Session, dag_id: str, action: Action, *, optimization_id: str = "", plan_file: Path | None = None
) -> dict[str, Any]:
    """Accept or withdraw a plan; the caller may edit the DAG.

    Args:
        session: a session on the metadata database.
        dag_id: the DAG; a plan of another one is refused.
        action: what is done.
        optimization_id: the plan; for `withdraw` it may be left out: then all applied plans of the DAG are withdrawn.
        plan_file: the file that the cluster policy reads.

    Raises:
        UserInputError: there is no such plan, it has nothing to set, or there is no plan file.
        TargetNotWritableError: the plan file cannot be written.
        StoreError: the tables are missing or the database cannot be reached.
    """
    if action == "withdraw":
        return _withdraw(session, dag_id, optimization_id, plan_file)
    plan = _plan(session, dag_id, optimization_id)
    if action == "reject":
        return _noted(session, plan, "rejected")
    if action == "patched":
        if not plan.patch:
            raise UserInputError("the plan has no patch", hint="apply it as run-time values")
        return _noted(session, plan, "applied")
    entry = plan.plan.get("run_time_entry") or {}
    if not entry.get("tasks"):
        raise UserInputError("the plan sets nothing at run time", hint="apply its patch to the DAG file")
    if plan_file is None:
        raise UserInputError(
            "no plan file is configured", hint="set [wfintel] plan_file where DAGs are parsed and in the api-server"
        )
    written = put_entry(plan_file, dag_id, {**entry, "plan": f"{plan.strategy} {plan.optimization_id[:8]}"})
    return {**_noted(session, plan, "applied"), "written": written}


def _withdraw(session: Session, dag_id: str, optimization_id: str, plan_file: Path | None) -> dict[str, Any]:
    """Take the values out of the file and note it on every applied plan of the DAG (or on the one that is named)."""
    from airflow_provider_wfintel.store.base import utc_now
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    if optimization_id:
        _plan(session, dag_id, optimization_id)
    taken = plan_file is not None and take_entry(plan_file, dag_id)
    repository = Optimizations(session)
    reverted = []
    for plan in repository.of([dag_id], statuses=_APPLIED):
        if not optimization_id or plan.optimization_id == optimization_id:
            repository.set_status(plan.optimization_id, "reverted", now=utc_now())
            reverted.append(plan.optimization_id)
    return {"dag_id": dag_id, "optimization_id": optimization_id, "status": "reverted" if reverted else "nothing",
            "reverted": reverted, "taken_out_of_plan_file": taken, "written": {}}  # fmt: skip


def _plan(session: Session, dag_id: str, optimization_id: str) -> KeptPlan:
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    plan = Optimizations(session).get(optimization_id) if optimization_id else None
    if plan is None or plan.dag_id != dag_id:
        raise UserInputError(
            f"there is no plan {optimization_id!r} of DAG {dag_id!r}", hint="analyze the DAG again, or list the results"
        )
    return plan


def _noted(session: Session, plan: KeptPlan, status: Literal["applied", "rejected"]) -> dict[str, Any]:
    from airflow_provider_wfintel.store.base import utc_now
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    Optimizations(session).set_status(plan.optimization_id, status, now=utc_now())
    return {"dag_id": plan.dag_id, "optimization_id": plan.optimization_id, "status": status, "reverted": [],
            "taken_out_of_plan_file": False, "written": {}}  # fmt: skip


def dag_of_plan(session: Session, optimization_id: str) -> str:
    """The DAG that a plan is for.

    Raises:
        UserInputError: there is no such plan.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    plan = Optimizations(session).get(optimization_id)
    if plan is None:
        raise UserInputError(f"there is no plan {optimization_id!r}", hint="list them with `plan list`")
    return plan.dag_id


def outcome_of_plan(session: Session, plan: KeptPlan, *, least: int = LEAST_RUNS) -> Outcome | None:
    """What real runs before and after a plan was applied show; None if it is not applied.

    As many runs before as the history holds are compared with those that started after it. Runs of a later plan of the
    same DAG count to that one.
    """
    from airflow_provider_wfintel.app.collect import history
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    if plan.applied_at is None or plan.status not in _APPLIED:
        return None
    runs = history(session, plan.dag_id, last=_RUNS)
    moments = sorted(
        item.applied_at.timestamp() for item in Optimizations(session).of([plan.dag_id]) if item.applied_at is not None
    )
    begin = plan.applied_at.timestamp()
    earlier = [moment for moment in moments if moment < begin]
    later = [moment for moment in moments if moment > begin]
    before = makespans_of(runs, since=earlier[-1] if earlier else None, before=begin)
    after = makespans_of(runs, since=begin, before=later[0] if later else None)
    return outcome_of(before, after, least=least)


def measure_plans(session: Session, *, now: datetime, least: int = LEAST_RUNS) -> int:
    """Store what real runs show for every applied plan that has enough of them; returns how many were stored.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    repository = Optimizations(session)
    plans = repository.of(statuses=_APPLIED, limit=500)
    # All is read before the first write: in SQLite nobody else can write from then on.
    outcomes = [(plan.optimization_id, outcome_of_plan(session, plan, least=least)) for plan in plans]
    found = [(key, outcome) for key, outcome in outcomes if outcome and outcome.verdict != "too few runs"]
    for key, outcome in found:
        repository.set_measured(key, _figures(outcome), now=now)
    return len(found)


def results(
    session: Session,
    dag_ids: Iterable[str] | None,
    *,
    plan_file: Path | None = None,
    limit: int = 50,
    offset: int = 0,
    after: Place | None = None,
) -> list[dict[str, Any]]:
    """Plans with their figures before, predicted and measured, the newest first. Nothing is changed.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.optimizations import Optimizations

    in_file = entries(plan_file) if plan_file is not None else {}
    found = []
    for plan in Optimizations(session).of(dag_ids, limit=limit, offset=offset, after=after):
        outcome = outcome_of_plan(session, plan)
        found.append(
            {
                "optimization_id": plan.optimization_id,
                "dag_id": plan.dag_id,
                "strategy": plan.strategy,
                "status": plan.status,
                "created_by": plan.created_by,
                "created_at": _text(plan.created_at),
                "applied_at": _text(plan.applied_at),
                "measured_at": _text(plan.measured_at),
                "changes": [item["title"] for item in plan.plan.get("run_time_changes", ())],
                "rewrites": [item["title"] for item in plan.plan.get("rewrites", ())],
                "before": dict(plan.before),
                "predicted": dict(plan.predicted),
                "measured": _figures(outcome) if outcome is not None else plan.measured,
                "offer_revert": outcome is not None and outcome.revert,
                "in_plan_file": plan.dag_id in in_file and plan.status in _APPLIED,
                "patch": plan.patch,
            }
        )
    return found


def _figures(outcome: Outcome) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(outcome).items()}


def _text(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
