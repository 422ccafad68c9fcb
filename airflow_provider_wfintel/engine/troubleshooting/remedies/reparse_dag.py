"""Have the DAG's file parsed again, then run the task again: for a DAG that was not found for a moment."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Reparse
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import backoff_until, clear_of, why_no_rerun

__all__ = ["ReparseDag"]


class ReparseDag:
    """Ask for the file to be parsed and clear the task."""

    name = "reparse_dag"
    title = "parse the DAG's file again, then run the task again"
    serves = ("clear_rerun", "restart_component")
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a DAG that a worker did not find although the scheduler knows it."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label != "dag_not_found":
            return Inapplicable("the DAG was found")
        if case.diagnosis.transient is False:
            return Inapplicable("the DAG is gone for good")
        return RemedyPlan(
            self.name,
            (Reparse(case.target.dag_id), clear_of(case)),
            because="the worker did not find the DAG that the scheduler has",
            not_before=backoff_until(case),
            fallback="escalate",
            reruns=(case.target.task_id,),
        )
