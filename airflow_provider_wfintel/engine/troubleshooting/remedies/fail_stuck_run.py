"""Mark a run failed that cannot go on."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import MarkRun
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan

__all__ = ["FailStuckRun"]


class FailStuckRun:
    """A run without progress blocks the next ones; failed, it lets them start."""

    name = "fail_stuck_run"
    title = "mark the stuck run failed"
    serves = ()
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a running run in which nothing has moved for the policy's time and no task is active."""
        if case.facts.get("run_state") != "running":
            return Inapplicable("the run is not running")
        quiet, active = case.number("run_quiet_seconds"), case.number("run_active_tasks")
        if quiet is None or quiet < case.bounds.stuck_seconds or active is None or active > 0:
            return Inapplicable("the run is not known to be stuck")
        return RemedyPlan(
            self.name,
            (MarkRun(case.target.dag_id, case.target.run_id),),
            because=f"nothing has moved in the run for {quiet:g} s and no task of it is active",
            success="done",
            fallback="escalate",
        )
