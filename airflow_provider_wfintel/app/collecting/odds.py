"""After a poll: the odds that runs which go on miss their deadline, for the alerts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll, is_due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.monitoring.service import Seen

__all__ = ["STATE", "TellOdds"]

STATE = "deadline-odds"
_BY = "collector"


@dataclass(frozen=True, slots=True)
class TellOdds:
    """The step.

    Attributes:
        every: least time between two of its rounds.
        budget_seconds: after this time it goes on with the DAGs that are left after the next poll.
    """

    every: timedelta = timedelta(seconds=60)
    budget_seconds: float = 5.0

    def __call__(self, work: AfterPoll) -> None:
        """Tell the odds of the runs that go on and have a deadline."""
        from airflow_provider_wfintel.app.monitoring.forecast import dags_that_run
        from airflow_provider_wfintel.host.dag_facts import with_open_deadlines
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        now, began = work.clock(), time.monotonic()
        with work.sessions() as session:
            state = LearnedStates(session).get(STATE)
            after, at = str(state.get("after", "")), str(state.get("at", ""))
            if not after and not is_due(now, at, self.every):
                return
            running = dags_that_run(session)
            waiting = sorted(name for name in with_open_deadlines(session, running) if name > after)
            done = ""
            for dag_id in waiting:
                _tell(session, dag_id, now)
                done = dag_id
                if time.monotonic() - began > self.budget_seconds:
                    break
            left = bool(waiting) and done != waiting[-1]
            LearnedStates(session).keep(STATE, {"at": now.isoformat(), "after": done if left else ""})
            work.keep(session)


def _tell(session: Session, dag_id: str, now: datetime) -> None:
    from airflow_provider_wfintel.app.alerting.say import tell
    from airflow_provider_wfintel.exceptions import UserInputError

    try:
        events = list(_seen(session, dag_id, now))
    except UserInputError:
        return  # no task of it has run yet
    tell(session, events, by=_BY, now=now)


def _seen(session: Session, dag_id: str, now: datetime) -> Iterable[Seen]:
    from airflow_provider_wfintel.app.monitoring.forecast import forecast
    from airflow_provider_wfintel.engine.monitoring.service import seen_of_forecast
    from airflow_provider_wfintel.host.airflow_dags import labels_of

    labels = labels_of(session, [dag_id]).get(dag_id)
    for item in forecast(session, dag_id, now=now).forecast.running:
        found = seen_of_forecast(item.forecast, dag_id=dag_id, run_id=item.run_id, at=now.timestamp(), labels=labels)
        if found is not None:
            yield found
