"""Give a task that ran out of memory more of it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.raising import plan_of_value, raised
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import why_no_rerun

__all__ = ["RaiseMemory"]


class RaiseMemory:
    """Raise the memory limit of the task's container by the run-time plan, within the bounds of the policy."""

    name = "raise_memory"
    title = "give the task more memory, within bounds"
    serves = ("increase_memory",)
    changes = "task"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a task that is known to run in a pod of its own with a memory limit that may grow."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label != "oom_killed":
            return Inapplicable("memory did not run out")
        was = case.number("memory_mb")
        if not was:
            return Inapplicable("the task has no memory limit of its own that is known: it shares its machine's memory")
        value = raised(case, self.name, was, factor=case.bounds.memory_factor, most=case.bounds.memory_mb)
        if value is None:
            return Inapplicable("the memory is at its bound")
        because = f"{was:g} MB were not enough"
        return plan_of_value(case, self.name, "memory_mb", int(value), int(was), because=because)
