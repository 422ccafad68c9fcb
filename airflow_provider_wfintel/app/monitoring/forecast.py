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
    "keep_learned",
    "learned_predictor",
    "running_forecasts",
    "take_in_later_runs",
]

LEARNED_RUNS = 120
_LIVE_SECONDS = 0.1
"""Runs that the collector has not foreseen yet are foreseen for so long; the others have no forecast then."""
_RECENT_RUNS = 60
_PAGE = 500
_SUGGESTED = "suggested_deadline"
"""Beside the state of the predictor: the deadline that suited the DAG when it was kept."""


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
    from airflow_provider_wfintel.host.dag_facts import deadline_seconds, read_dags, run_deadlines
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    deadline = deadline_seconds(session, [dag_id]).get(dag_id)
    states, dag = DagStates(session), read_dags(session, [dag_id]).get(dag_id)
    shape, history, predictor, suggested = _learned_so_far(session, dag_id, deadline)
    going = {run.run_id: run for run in history.runs if run.state in ("running", "queued")}
    exact = {
        run_id: (at - datetime.fromisoformat(going[run_id].run_after)).total_seconds()
        for run_id, at in run_deadlines(session, dag_id, list(going)).items()
        if going[run_id].run_after
    }
    due = dag.next_due.isoformat() if dag is not None and dag.next_due is not None and not dag.paused else ""
    found = forecast_dag(
        shape,
        history,
        now.isoformat(),
        deadline=deadline,
        next_due=due,
        predictor=predictor,
        run_deadlines=exact,
        suggested_deadline=suggested,
    )
    known = states.get([dag_id]).get(dag_id)
    failure = known.health.get("failure_probability") if known is not None else None
    return DeploymentForecast(found, deadline, failure)


def _learned_so_far(
    session: Session, dag_id: str, deadline: float | None
) -> tuple[DagShape, RunHistory, FinishPredictor, float | None]:
    """Shape and history of a DAG, what forecasts know of it, and the suggested deadline if it was found before.

    Of a DAG whose tasks are as they were when its forecasts were learned, tries are read of later runs alone.
    """
    from airflow_provider_wfintel.host.dag_facts import upstream_of
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates
    from airflow_provider_wfintel.store.repositories.executions import Executions

    stored, until = DagStates(session).predictor(dag_id)
    upstream, executions = upstream_of(session, dag_id), Executions(session)
    known = _stored_predictor(stored)
    if stored is not None and known is not None and until is not None:
        history = executions.history(dag_id, last=_RECENT_RUNS, tries_after=until)
        if _is_shape_of(known.shape, history, upstream):
            suggested = stored.get(_SUGGESTED)
            predictor = _taken_in(known, known.shape, history, until, deadline)
            return known.shape, history, predictor, suggested if isinstance(suggested, int | float) else None
    history = executions.history(dag_id, last=_RECENT_RUNS)
    shape = shape_of_history(dag_id, history, upstream)
    return shape, history, learned_predictor(shape, history, stored, until, deadline=deadline), None


def _is_shape_of(shape: DagShape, history: RunHistory, upstream: Mapping[str, Collection[str]]) -> bool:
    """Whether tasks and dependencies are still those of the shape."""
    names = set(shape.task_ids)
    if any(item.task_id not in names for item in history.tries):
        return False
    if not upstream:
        return not any(shape.parents)
    above = zip(shape.task_ids, shape.parents, strict=True)
    parents = {task: {shape.task_ids[parent] for parent in row} for task, row in above}
    return parents == {task: set(waits_for) for task, waits_for in upstream.items()}


def keep_learned(session: Session, dag_id: str, predictor: FinishPredictor, until: datetime) -> None:
    """Keep what forecasts of a DAG know, with the deadline that suits it; the caller commits.

    Args:
        session: a session on the metadata database.
        dag_id: the DAG.
        predictor: what was learned.
        until: when the newest run in it was due.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    state = predictor.as_json() | {_SUGGESTED: predictor.deadline_for()}
    DagStates(session).keep_predictor(dag_id, state, until)


def take_in_later_runs(session: Session, dag_id: str, *, fewest: int) -> bool:
    """Let what is kept of a DAG's forecasts take in the runs that came since; whether there were at least `fewest`.

    Fewer change little, and are taken in by each forecast. The caller commits.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
        UserInputError: no task of the DAG has run yet.
    """
    from airflow_provider_wfintel.host.dag_facts import deadline_seconds
    from airflow_provider_wfintel.store.repositories.dag_states import DagStates

    stored, until = DagStates(session).predictor(dag_id)
    known = _stored_predictor(stored)
    if known is None or until is None:
        return False
    _, history, predictor, _ = _learned_so_far(session, dag_id, deadline_seconds(session, [dag_id]).get(dag_id))
    if predictor.runs - known.runs < fewest:
        return False
    dues = [run.run_after or run.queued_at for run in history.runs if run.state == "success"]
    newest = max((datetime.fromisoformat(due) for due in dues if due), default=until)
    keep_learned(session, dag_id, predictor, max(until, newest))
    return True


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
    known = _stored_predictor(stored)
    if known is None or until is None:
        return learn(shape, history, deadline=deadline)
    return _taken_in(known, shape, history, until, deadline)


def _stored_predictor(stored: dict[str, object] | None) -> FinishPredictor | None:
    """The stored predictor; None if there is none, or one of another version."""
    if stored is None:
        return None
    try:
        return FinishPredictor.from_json(stored)
    except UserInputError:
        return None


def _taken_in(
    predictor: FinishPredictor, shape: DagShape, history: RunHistory, until: datetime, deadline: float | None
) -> FinishPredictor:
    """The predictor with the runs that were due later."""
    predictor.reshape(shape)
    dues = {run.run_id: run.run_after or run.queued_at for run in history.runs}
    later = tuple(run for run in history.runs if dues[run.run_id] and datetime.fromisoformat(dues[run.run_id]) > until)
    for run_id, run in past_runs(shape, replace(history, runs=later), deadline=deadline):
        predictor.observe(run, run_id=run_id)
    return predictor
