"""What all remedies share that set a run-time value of a task: how far it may be raised, and the steps around it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import DropPlanValue, Reparse, SetPlanValue
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import clear_of

__all__ = ["plan_of_value", "raised"]


def raised(case: Case, remedy: str, was: float, *, factor: float, most: float) -> float | None:
    """The next value: the file's, times the factor's root for each time it was raised; None if the bound is reached.

    Two steps reach the bound, so that the first one stays moderate.
    """
    before = sum(1 for item in case.past if item.remedy == remedy and item.status in ("applied", "verified", "failed"))
    if before >= 2:
        return None
    value = min(was * factor ** ((before + 1) / 2), most)
    return value if value > was else None


def plan_of_value(
    case: Case, remedy: str, field: str, value: str | int | float, was: str | int | float | None, *, because: str
) -> RemedyPlan | Inapplicable:
    """Set the value by the run-time plan, have the DAG parsed, run the task again with it."""
    target = case.target
    return RemedyPlan(
        remedy,
        (
            SetPlanValue(target.dag_id, target.task_id, field, value, was),
            Reparse(target.dag_id),
            clear_of(case, latest_version=True),
        ),
        because=because,
        fallback="escalate",
        reruns=(target.task_id,),
        undo=(DropPlanValue(target.dag_id, target.task_id, field), Reparse(target.dag_id)),
    )
