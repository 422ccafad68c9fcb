"""Use case: when the running and coming runs of a DAG will be over, and whether they miss their deadline."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import (
    DagForecast,
    DagShape,
    FinishPredictor,
    RunForecast,
    forecast_dag,
    learn,
    past_runs,
    shape_of_history,
)
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.monitoring.kept_forecasts import KeptForecast
    from airflow_provider_wfintel.engine.model import RunHistory

__all__ = [
    "LEARNED_RUNS",
    "DeploymentForecast",
    "RunningRun",
    "dags_that_run",
    "forecast",
    "learned_predictor",
    "running_forecasts",
]

LEARNED_RUNS = 120
_LIVE_SECONDS = 0.1
"""Runs that the collector has not foreseen yet are foreseen for so long; the others have no forecast then."""
_RECENT_RUNS = 60
_PAGE = 500


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


@dataclass(frozen=True, slots=True)
class RunningRun:
    """A run that goes on with its forecast; without one where no task of the DAG has run yet."""

    dag_id: str
    run_id: str
    forecast: RunForecast | None
    deadline_seconds: float | None


def running_forecasts(
    session: Session, *, now: datetime, dag_ids: Collection[str], all_live: bool = False
) -> Sequence[RunningRun]:
    """The forecasts of all runs that go on, those most likely to be late first.

    They are those that the collector made last. What it has not foreseen yet is foreseen now, for a tenth of a second.

    Args:
        session: a session on the metadata database.
        now: the present.
        dag_ids: only of these DAGs.
        all_live: make all of them now, however long it takes.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.app.monitoring.kept_forecasts import kept_forecasts

    found: list[RunningRun] = []
    kept = {} if all_live else kept_forecasts(session, now=now)
    going = {name: runs for name, runs in dags_that_run(session).items() if name in dag_ids}
    began = time.monotonic()
    for dag_id, run_ids in sorted(going.items()):
        known = kept.get(dag_id)
        if known is None and (all_live or time.monotonic() - began < _LIVE_SECONDS):
            known = _made_now(session, dag_id, now)
        by_run = {} if known is None else {item.run_id: _as_of(item, now) for item in known.running}
        deadline = None if known is None else known.deadline_seconds
        found += [RunningRun(dag_id, run_id, by_run.get(run_id), deadline) for run_id in sorted(run_ids)]
    return sorted(found, key=lambda item: (-_odds(item), item.dag_id, item.run_id))


def _made_now(session: Session, dag_id: str, now: datetime) -> KeptForecast | None:
    from airflow_provider_wfintel.app.monitoring.kept_forecasts import KeptForecast

    try:
        answer = forecast(session, dag_id, now=now)
    except UserInputError:
        return None  # no task of it has run yet
    return KeptForecast(now.isoformat(), answer.deadline_seconds, answer.forecast.running)


def _as_of(item: RunForecast, now: datetime) -> RunForecast:
    """The forecast with the time that has gone by since: its moments count from when the run was due."""
    return replace(item, elapsed=(now - datetime.fromisoformat(item.due)).total_seconds())


def dags_that_run(session: Session) -> Mapping[str, frozenset[str]]:
    """The runs that go on, as of the collector's last look, by DAG.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.executions import Executions

    rows, after, found = Executions(session), "", dict[str, set[str]]()
    while page := rows.open_runs(after, limit=_PAGE):
        for _, run in page:
            found.setdefault(run.dag_id, set()).add(run.run_id)
        after = page[-1][0]
    return {dag_id: frozenset(run_ids) for dag_id, run_ids in found.items()}


def _odds(item: RunningRun) -> float:
    known = item.forecast.forecast.miss_probability if item.forecast is not None else None
    return -1.0 if known is None else known


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
