"""Create the pool that a task names and that does not exist."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Action, RemovePool, SetPool
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import clear_of

__all__ = ["CreatePool"]

_NAMED = re.compile(r"pool[ :=]+[`'\"]?([A-Za-z0-9_.\-]{1,256})[`'\"]?", re.IGNORECASE)


class CreatePool:
    """Create it with the size that the policy gives new pools, and run the task if it is failed."""

    name = "create_pool"
    title = "create the missing pool"
    serves = ("create_pool",)
    changes = "settings"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a pool that Airflow was asked for and does not have; its name is known from the task or the message."""
        if case.diagnosis.label != "missing_pool":
            return Inapplicable("no pool is missing")
        if case.facts.get("pool_exists") is True:
            return Inapplicable(f"the pool {case.facts.get('pool')} exists")
        if case.facts.get("pool_exists") is None:
            return Inapplicable("whether the pool exists is not known")
        name = str(case.facts.get("pool") or "") or self._named(case)
        if not name:
            return Inapplicable("the name of the pool is not known")
        needed = int(case.number("pool_slots") or 1)
        slots = max(case.bounds.new_pool_slots, needed)
        if slots > case.bounds.pool_slots:
            return Inapplicable(f"{slots} slots are more than the policy allows ({case.bounds.pool_slots})")
        actions: tuple[Action, ...] = (SetPool(name, slots),)
        return RemedyPlan(
            self.name,
            (*actions, clear_of(case)) if case.ended else actions,
            because=f"the task names the pool {name}, which does not exist",
            success="next_try" if case.ended else "moves_on",
            fallback="escalate",
            reruns=(case.target.task_id,) if case.ended else (),
            undo=(RemovePool(name, slots),),
        )

    def _named(self, case: Case) -> str:
        found = _NAMED.search(case.evidence_text())
        return found.group(1) if found else ""
