"""Give a task more time when Airflow ended it at its execution timeout."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.raising import plan_of_value, raised
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import why_no_rerun

__all__ = ["RaiseExecutionTimeout"]


class RaiseExecutionTimeout:
    """Raise `execution_timeout` by the run-time plan, within the bounds of the policy."""

    name = "raise_execution_timeout"
    title = "raise the execution timeout within bounds"
    serves = ("raise_timeout",)
    changes = "task"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a task that ran into its own limit, if the limit is known and may grow."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label != "execution_timeout":
            return Inapplicable("no execution timeout ended it")
        was = case.number("execution_timeout")
        if not was:
            return Inapplicable("the execution timeout of the task is not known")
        bounds = case.bounds
        value = raised(case, self.name, was, factor=bounds.timeout_factor, most=bounds.timeout_seconds)
        if value is None:
            return Inapplicable("the timeout is at its bound: something else makes the task slow")
        because = f"the task needed more than {was:g} s"
        return plan_of_value(case, self.name, "execution_timeout_seconds", round(value, 3), was, because=because)
