"""Use case: when the running and coming runs of a DAG will be over, and whether they miss their deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import (
    DagForecast,
    DagShape,
    FinishPredictor,
    forecast_dag,
    learn,
    past_runs,
    shape_of_history,
)
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.model import RunHistory

__all__ = ["LEARNED_RUNS", "DeploymentForecast", "forecast", "learned_predictor"]

LEARNED_RUNS = 120
_RECENT_RUNS = 60


@dataclass(frozen=True, slots=True)
class DeploymentForecast:
    """A forecast with the deadline that it was judged against, and how likely the next run fails."""

    forecast: DagForecast
    deadline_seconds: float | None
    failure_probability: float | None


def forecast(session: Session, dag_id: str, *, now: datetime) -> DeploymentForecast:
    """The forecast of a DAG's running runs and of its next run.

    What was learned at the last refit is gone on from, if there is any; nothing is written.

    Args:
        session: a session on the metadata database.
        dag_id: the DAG.
        now: the present.

    Raises:
        UserInputError: no task of the DAG has run yet.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.host.dag_facts import deadline_seconds, read_dags, run_deadlines, upstream_of
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates
    from airflow_provider_wfintel.store.repositories.executions import Executions

    history = Executions(session).history(dag_id, last=_RECENT_RUNS)
    shape = shape_of_history(dag_id, history, upstream_of(session, dag_id))
    deadline = deadline_seconds(session, [dag_id]).get(dag_id)
    states, dag = DagStates(session), read_dags(session, [dag_id]).get(dag_id)
    stored, until = states.predictor(dag_id)
    predictor = learned_predictor(shape, history, stored, until, deadline=deadline)
    going = {run.run_id: run for run in history.runs if run.state in ("running", "queued")}
    exact = {
        run_id: (at - datetime.fromisoformat(going[run_id].run_after)).total_seconds()
        for run_id, at in run_deadlines(session, dag_id, list(going)).items()
        if going[run_id].run_after
    }
    due = dag.next_due.isoformat() if dag is not None and dag.next_due is not None and not dag.paused else ""
    found = forecast_dag(
        shape, history, now.isoformat(), deadline=deadline, next_due=due, predictor=predictor, run_deadlines=exact
    )
    known = states.get([dag_id]).get(dag_id)
    failure = known.health.get("failure_probability") if known is not None else None
    return DeploymentForecast(found, deadline, failure)


def learned_predictor(
    shape: DagShape,
    history: RunHistory,
    stored: dict[str, object] | None,
    until: datetime | None,
    *,
    deadline: float | None = None,
) -> FinishPredictor:
    """A predictor that knows all runs of the history: the stored one with those that came later, or a new one.

    Args:
        shape: tasks and dependencies of the DAG as they are now.
        history: runs and tries.
        stored: state of a predictor.
        until: when the newest run in that state was due.
        deadline: seconds after a run is due.
    """
    if stored is None or until is None:
        return learn(shape, history, deadline=deadline)
    try:
        predictor = FinishPredictor.from_json(stored)
    except UserInputError:
        return learn(shape, history, deadline=deadline)  # of another version
    predictor.reshape(shape)
    dues = {run.run_id: run.run_after or run.queued_at for run in history.runs}
    for run_id, run in past_runs(shape, history, deadline=deadline):
        if dues[run_id] and datetime.fromisoformat(dues[run_id]) > until:
            predictor.observe(run, run_id=run_id)
    return predictor
