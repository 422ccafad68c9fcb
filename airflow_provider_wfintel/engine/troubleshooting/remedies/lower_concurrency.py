"""Run fewer copies of a mapped task at once."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.raising import plan_of_value
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun import why_no_rerun

__all__ = ["LowerConcurrency"]

_OVERRUN = frozenset(
    {"too_many_connections", "rate_limited", "quota_exceeded", "lock_conflict", "oom_killed", "connection_timeout",
     "heartbeat_lost"}
)  # fmt: skip
_FIRST = 8


class LowerConcurrency:
    """Halve `max_active_tis_per_dagrun` of the mapped task by the run-time plan, down to what the policy allows."""

    name = "lower_concurrency"
    title = "run fewer copies of the mapped task at once"
    serves = ("reduce_concurrency",)
    changes = "task"
    undoable = True

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a mapped task whose copies overran something together."""
        if reason := why_no_rerun(case):
            return Inapplicable(reason)
        if case.diagnosis.label not in _OVERRUN:
            return Inapplicable("nothing was overrun")
        if not (case.facts.get("is_mapped") or case.target.map_index >= 0):
            return Inapplicable("the task is not mapped")
        limit = case.number("max_active_tis_per_dagrun")
        copies = case.number("mapped_copies")
        now = int(limit or min(copies or _FIRST, _FIRST))
        lowered = max(case.bounds.concurrency, now // 2)
        if lowered >= now:
            return Inapplicable(f"no more than {now} copies run at once already")
        because = f"{case.diagnosis.label}: {now} copies at once were too many"
        return plan_of_value(
            case,
            self.name,
            "max_active_tis_per_dagrun",
            lowered,
            None if limit is None else int(limit),
            because=because,
        )
