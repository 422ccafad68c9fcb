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
        if case.diagnosis.label == "execution_timeout" and self._ran_again(case):
            return Inapplicable("it hit its time limit again: the limit or the work has to change")
        return RemedyPlan(
            self.name,
            (clear_of(case),),
            because=f"{case.diagnosis.label} usually passes by itself",
            not_before=backoff_until(case),
            fallback="escalate",
            reruns=(case.target.task_id,),
        )

    def _ran_again(self, case: Case) -> bool:
        """Whether a rerun of this task in this run has failed before."""
        run = case.target.run_id
        return any(item.reruns and item.run_id == run and item.status == "failed" for item in case.past)
