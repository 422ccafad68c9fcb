"""Run the task on the newest version of its DAG: the code was mended since."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import clear_of, why_no_rerun

__all__ = ["RunLatestVersion"]


class RunLatestVersion:
    """Clear the task with the newest version of the DAG."""

    name = "run_latest_version"
    title = "run again on the newest version of the DAG"
    serves = ("fix_code", "fix_template", "fix_sql", "fix_config", "install_dependency", "pin_versions", "fix_schema")
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a failure in the code if a newer version of the DAG exists than the one that failed."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.fix_location != "code":
            return Inapplicable("the cause does not lie in the code")
        ran, latest = case.number("dag_version"), case.number("latest_dag_version")
        if ran is None or latest is None or latest <= ran:
            return Inapplicable("there is no newer version of the DAG than the one that failed")
        return RemedyPlan(
            self.name,
            (clear_of(case, latest_version=True),),
            because=f"version {ran:g} failed; the DAG has version {latest:g} now",
            fallback="escalate",
            reruns=(case.target.task_id,),
        )
