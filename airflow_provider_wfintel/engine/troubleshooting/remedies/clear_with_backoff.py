"""Run the task again after a pause: for causes that pass by themselves."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import backoff_until, clear_of, why_no_rerun

__all__ = ["ClearWithBackoff"]


class ClearWithBackoff:
    """Clear the failed task instance once the pause is over."""

    name = "clear_with_backoff"
    title = "run the task again after a pause"
    serves = ("retry_backoff", "clear_rerun", "resubmit_job")
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits if the try is over, and the cause is not one that would only come again."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.transient is False:
            return Inapplicable("the cause does not pass by itself: the same would happen again")
        if case.diagnosis.label == "upstream_failed":
            return Inapplicable("the task did not run: what failed before it has to run again")
        if case.diagnosis.label == "cancelled_externally":
            return Inapplicable("somebody ended it on purpose")
        return RemedyPlan(
            self.name,
            (clear_of(case),),
            because=f"{case.diagnosis.label} usually passes by itself",
            not_before=backoff_until(case),
            fallback="escalate",
            reruns=(case.target.task_id,),
        )
