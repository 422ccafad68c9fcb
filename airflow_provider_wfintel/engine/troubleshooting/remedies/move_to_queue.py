"""Send a task to another queue: workers with more memory, more disk or another network."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.raising import plan_of_value
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import why_no_rerun

__all__ = ["MoveToQueue"]


class MoveToQueue:
    """Set the queue that the policy declares for the class of failure, by the run-time plan."""

    name = "move_to_queue"
    title = "move the task to another queue"
    serves = ("increase_memory", "free_disk")
    changes = "task"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a class of failure for which the policy declares a queue in which the task is not yet."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        queue = case.bounds.queues.get(case.diagnosis.label, "")
        if not queue:
            return Inapplicable(f"the policy declares no queue against {case.diagnosis.label}")
        was = str(case.facts.get("queue") or "")
        if was == queue:
            return Inapplicable(f"the task is in the queue {queue} already")
        because = f"the policy sends tasks with {case.diagnosis.label} to the queue {queue}"
        return plan_of_value(case, self.name, "queue", queue, was or None, because=because)
