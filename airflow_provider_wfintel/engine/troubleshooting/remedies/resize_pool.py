"""Give a pool more slots when a task needs more than it has, or fewer when a service is overrun."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Action, SetPool
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import backoff_until, clear_of

__all__ = ["ResizePool"]

_OVERRUN = frozenset({"too_many_connections", "rate_limited", "quota_exceeded", "lock_conflict"})


class ResizePool:
    """Up to what the task needs; down to half, for a pool of its own that overruns a service."""

    name = "resize_pool"
    title = "resize the pool"
    serves = ("reduce_concurrency", "create_pool")
    changes = "settings"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a pool that can never hold the task, and one that lets too many tasks at a service."""
        name = str(case.facts.get("pool") or "")
        slots, needed = case.number("pool_total_slots"), int(case.number("pool_slots") or 1)
        if not name or slots is None or case.facts.get("pool_exists") is False:
            return Inapplicable("the pool and its slots are not known")
        has = int(slots)
        if 0 <= has < needed:
            wanted, because = needed, f"the task needs {needed} slots, the pool {name} has {has}"
        elif case.diagnosis.label in _OVERRUN and case.ended:
            if name == "default_pool":
                return Inapplicable("the default pool is shared by tasks that have nothing to do with it")
            wanted = max(needed, case.bounds.concurrency, has // 2)
            because = f"{case.diagnosis.label}: fewer tasks of the pool {name} at once"
            if has < 0 or wanted >= has:
                return Inapplicable(f"the pool {name} has {has} slots, which cannot be fewer")
        else:
            return Inapplicable("the size of the pool is not the cause")
        if wanted > case.bounds.pool_slots:
            return Inapplicable(f"{wanted} slots are more than the policy allows ({case.bounds.pool_slots})")
        actions: tuple[Action, ...] = (SetPool(name, wanted, has),)
        return RemedyPlan(
            self.name,
            (*actions, clear_of(case)) if case.ended else actions,
            because=because,
            success="next_try" if case.ended else "moves_on",
            not_before=backoff_until(case) if case.ended and wanted < has else None,
            fallback="lower_concurrency",
            reruns=(case.target.task_id,) if case.ended else (),
            undo=(SetPool(name, has, wanted),),
        )
