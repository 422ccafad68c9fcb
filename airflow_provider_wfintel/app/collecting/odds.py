"""After a poll: forecasts of the runs that go on, for lists of them, and their odds of missing a deadline, for alerts.

Of a DAG that was never refitted, what its forecasts learned is kept: learning takes ten times as long as forecasting.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll, is_due

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.monitoring.forecast import DeploymentForecast

__all__ = ["STATE", "TellOdds"]

STATE = "deadline-odds"
_BY = "collector"
_LATER_RUNS = 10
"""When so many runs have come since, what forecasts learned is kept anew: until then each answer takes them in."""


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
        """Foresee the runs that go on; tell the odds of those that have a deadline."""
        from airflow_provider_wfintel.app.monitoring.forecast import dags_that_run
        from airflow_provider_wfintel.app.monitoring.kept_forecasts import as_kept, keep_forecasts
        from airflow_provider_wfintel.host.dag_facts import with_open_deadlines
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        now, began = work.clock(), time.monotonic()
        with work.sessions() as session:
            state = LearnedStates(session).get(STATE)
            after, at = str(state.get("after", "")), str(state.get("at", ""))
            if not after and not is_due(now, at, self.every):
                return
            running = frozenset(dags_that_run(session))
            timed = with_open_deadlines(session, running)
            waiting = sorted(name for name in running if name > after)
            done, made = "", dict[str, dict[str, Any]]()
            for dag_id in waiting:
                if _learned(session, dag_id):
                    work.keep(session)  # foreseeing takes long, and in SQLite nobody else may write meanwhile
                found = _foreseen(session, dag_id, now)
                if found is not None:
                    made[dag_id] = as_kept(found, now)
                    if dag_id in timed:
                        _tell(session, dag_id, found, now)
                        work.keep(session)
                done = dag_id
                if time.monotonic() - began > self.budget_seconds:
                    break
            left = bool(waiting) and done != waiting[-1]
            keep_forecasts(session, made, running=running)
            LearnedStates(session).keep(STATE, {"at": now.isoformat(), "after": done if left else ""})
            work.keep(session)


def _learned(session: Session, dag_id: str) -> bool:
    """Whether the forecasts of a DAG have been learned just now: the first time, or from many runs that came since."""
    from airflow_provider_wfintel.app.monitoring.forecast import take_in_later_runs
    from airflow_provider_wfintel.app.monitoring.refit import learn_forecasts
    from airflow_provider_wfintel.exceptions import UserInputError
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    try:
        if DagStates(session).predictor(dag_id)[0] is not None:
            return take_in_later_runs(session, dag_id, fewest=_LATER_RUNS)
        learn_forecasts(session, dag_id)
    except UserInputError:
        return False  # no run of it has succeeded yet: there is nothing to keep
    return True


def _foreseen(session: Session, dag_id: str, now: datetime) -> DeploymentForecast | None:
    """The forecast of a DAG; None if no task of it has run yet."""
    from airflow_provider_wfintel.app.monitoring.forecast import forecast
    from airflow_provider_wfintel.exceptions import UserInputError

    try:
        return forecast(session, dag_id, now=now)
    except UserInputError:
        return None


def _tell(session: Session, dag_id: str, found: DeploymentForecast, now: datetime) -> None:
    from airflow_provider_wfintel.app.alerting.say import tell
    from airflow_provider_wfintel.engine.monitoring.service import seen_of_forecast
    from airflow_provider_wfintel.host.airflow_dags import labels_of

    labels, at = labels_of(session, [dag_id]).get(dag_id), now.timestamp()
    seen = (
        seen_of_forecast(item.forecast, dag_id=dag_id, run_id=item.run_id, at=at, labels=labels)
        for item in found.forecast.running
    )
    tell(session, [item for item in seen if item is not None], by=_BY, now=now)
