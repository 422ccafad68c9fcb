"""Run what failed before the task again; the task follows by itself."""

from __future__ import annotations

from collections.abc import Mapping

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import ClearTasks
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan

__all__ = ["RerunUpstream"]


class RerunUpstream:
    """Clear the upstream tasks that failed, with all that could not run because of them."""

    name = "rerun_upstream"
    title = "run the failed upstream again"
    serves = ("rerun_upstream",)
    changes = "run"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits if failed upstream tasks are known that would pass now, as far as their own diagnoses tell."""
        upstream = case.facts.get("upstream")
        if not case.ended:
            return Inapplicable("the task instance is not failed")
        states = upstream if isinstance(upstream, Mapping) else {}
        failed = tuple(sorted(name for name, state in states.items() if state == "failed"))
        if not failed:
            return Inapplicable("no upstream task is failed")
        hopeless = case.facts.get("upstream_permanent")
        if isinstance(hopeless, list | tuple) and set(hopeless) & set(failed):
            return Inapplicable(f"{', '.join(sorted(set(hopeless) & set(failed)))} would fail again")
        target = case.target
        note = "Run again because a task behind it could not run (wfintel)"
        return RemedyPlan(
            self.name,
            (ClearTasks(target.dag_id, target.run_id, failed, note=note),),
            because=f"{', '.join(failed)} failed before it",
            fallback="escalate",
            reruns=failed,
        )
