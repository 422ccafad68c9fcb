"""After a poll: what real runs show is stored with the plans that were applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll, is_due

__all__ = ["STATE", "JudgePlans"]

STATE = "plan_outcomes"


@dataclass(frozen=True, slots=True)
class JudgePlans:
    """The step. `every`: least time between two of its rounds."""

    every: timedelta = timedelta(minutes=30)

    def __call__(self, work: AfterPoll) -> None:
        """Measure every applied plan, if it is time to."""
        from airflow_provider_wfintel.app.optimization_plans import measure_plans
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        now = work.clock()
        with work.sessions() as session:
            if not is_due(now, LearnedStates(session).get(STATE).get("at", ""), self.every):
                return
            measure_plans(session, now=now)
            LearnedStates(session).keep(STATE, {"at": now.isoformat()})
            work.keep(session)
