"""After a poll: sessions of failed tries that are older than the time of retention go, with their audit rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll, is_due

__all__ = ["STATE", "DropSessions"]

STATE = "old_sessions"


@dataclass(frozen=True, slots=True)
class DropSessions:
    """The step.

    Attributes:
        every: least time between two of its rounds.
        batch: sessions that one transaction deletes at most.
    """

    every: timedelta = timedelta(hours=6)
    batch: int = 500

    def __call__(self, work: AfterPoll) -> None:
        """Delete what nobody has touched since the time of retention, if it is time to look."""
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
        from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

        if work.retention is None:
            return
        now = work.clock()
        with work.sessions() as session:
            if not is_due(now, LearnedStates(session).get(STATE).get("at", ""), self.every):
                return
            while TroubleshootingSessions(session).drop_before(now - work.retention, limit=self.batch) == self.batch:
                work.keep(session)
            LearnedStates(session).keep(STATE, {"at": now.isoformat()})
            work.keep(session)
