"""Mark a task instance failed that holds slots and is no longer alive."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import MarkTask
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan

__all__ = ["FreeStuckTask"]


class FreeStuckTask:
    """Marking it failed frees its slots; whether it runs again is a case of its own."""

    name = "free_stuck_task"
    title = "mark the stuck task failed and free its slots"
    serves = ()
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a task instance that is running or queued and has given no sign of life for the policy's time."""
        state = case.facts.get("state")
        if state not in ("running", "queued", "restarting"):
            return Inapplicable("the task instance holds no slot")
        silent = case.number("seconds_since_heartbeat" if state == "running" else "seconds_in_state")
        if silent is None or silent < case.bounds.stuck_seconds:
            return Inapplicable(f"no sign that it is stuck for {case.bounds.stuck_seconds:g} s or longer")
        target = case.target
        return RemedyPlan(
            self.name,
            (MarkTask(target.dag_id, target.run_id, target.task_id, target.map_index),),
            because=f"it is {state} and gave no sign of life for {silent:g} s",
            success="done",
            fallback="escalate",
        )
