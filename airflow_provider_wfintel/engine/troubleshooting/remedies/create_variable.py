"""Set a missing Variable to the default that the policy approves."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import RemoveVariable, SetVariable
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import clear_of, why_no_rerun

__all__ = ["CreateVariable"]

# Of the environment of a process Airflow's Variables are no part.
_NAMED = re.compile(
    r"(?<!environment )(?<!env )variable[ :=]+(?:with key )?[`'\"]?([A-Za-z0-9_.\-]{1,250})[`'\"]?", re.IGNORECASE
)


class CreateVariable:
    """Set it and run the task again. A value that the policy does not declare is never made up."""

    name = "create_variable"
    title = "set the missing Variable to its approved default"
    serves = ("create_variable",)
    changes = "settings"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a missing Variable that the message names and the policy declares."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label != "missing_variable":
            return Inapplicable("no Variable is missing")
        named = [item for found in _NAMED.finditer(case.evidence_text()) if (item := found.group(1))]
        key = next((item for item in named if item in case.bounds.variables), "")
        if not key:
            return Inapplicable("the policy approves no default for the missing Variable")
        value = case.bounds.variables[key]
        return RemedyPlan(
            self.name,
            (SetVariable(key, value), clear_of(case)),
            because=f"the policy approves a default for the Variable {key}",
            fallback="escalate",
            reruns=(case.target.task_id,),
            undo=(RemoveVariable(key, value),),
            only_adds=True,
        )
