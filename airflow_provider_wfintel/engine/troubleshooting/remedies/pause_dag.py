"""Circuit breaker: pause a DAG whose runs fail one after the other."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import PauseDag
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan

__all__ = ["PauseFailingDag"]


class PauseFailingDag:
    """Stop new runs until a person has looked. Undo lets the DAG go on."""

    name = "pause_dag"
    title = "pause the DAG that fails again and again"
    serves = ()
    changes = "settings"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a DAG with as many failed runs in a row as the policy names, for a cause that does not pass."""
        failed = case.number("consecutive_failures")
        if failed is None or failed < case.bounds.breaker_failures:
            return Inapplicable(f"fewer than {case.bounds.breaker_failures} runs in a row are known to have failed")
        if case.facts.get("dag_paused") is True:
            return Inapplicable("the DAG is paused")
        if case.diagnosis.transient:
            return Inapplicable("the cause passes by itself")
        dag_id = case.target.dag_id
        return RemedyPlan(
            self.name,
            (PauseDag(dag_id),),
            because=f"{failed:g} runs of {dag_id} in a row failed",
            success="done",
            fallback="escalate",
            undo=(PauseDag(dag_id, paused=False),),
        )
