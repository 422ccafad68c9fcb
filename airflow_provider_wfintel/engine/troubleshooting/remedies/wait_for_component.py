"""Wait until Airflow's own parts are healthy again, then run the task again."""

from __future__ import annotations

from datetime import timedelta

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Probe
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import backoff_until, clear_of, why_no_rerun

__all__ = ["WaitForComponent"]

_COMPONENTS = {
    "metadata_db_error": "metadatabase",
    "api_server_unreachable": "metadatabase",
    "executor_failure": "scheduler",
    "heartbeat_lost": "scheduler",
    "dag_not_found": "dag_processor",
    "trigger_failure": "triggerer",
}


class WaitForComponent:
    """Ask Airflow's health, and clear the task once the part that was missing is there."""

    name = "wait_for_component"
    title = "wait for Airflow to be healthy, then run the task again"
    serves = ("restart_component", "clear_rerun")
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits failures of Airflow's own processes, unless the cause is a lasting one."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        component = _COMPONENTS.get(case.diagnosis.label)
        if component is None:
            return Inapplicable("no part of Airflow was at fault")
        if case.diagnosis.transient is False:
            return Inapplicable("the cause does not pass by itself: the same would happen again")
        return RemedyPlan(
            self.name,
            (clear_of(case),),
            because=f"{case.diagnosis.label}: Airflow's {component} has to be there first",
            not_before=backoff_until(case),
            gate=Probe("component", component),
            give_up_at=case.now + timedelta(seconds=case.bounds.wait_seconds),
            fallback="escalate",
            reruns=(case.target.task_id,),
        )
