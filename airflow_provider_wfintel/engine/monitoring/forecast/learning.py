"""Forecasts of a DAG from its history: learn from past runs, then say when running and coming runs will be over."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from airflow_provider_wfintel.engine.model import RunHistory
from airflow_provider_wfintel.engine.monitoring.forecast.calibration import STAGES, stage
from airflow_provider_wfintel.engine.monitoring.forecast.from_history import (
    due_time,
    parsed_time,
    past_runs,
    run_progress,
    tries_by_run,
)
from airflow_provider_wfintel.engine.monitoring.forecast.predictor import FinishPredictor
from airflow_provider_wfintel.engine.monitoring.forecast.values import (
    DagShape,
    Forecast,
    PastRun,
    RunProgress,
    TaskProgress,
)

__all__ = ["DagForecast", "RunForecast", "forecast_dag", "learn"]

FIRST_REHEARSED = 5


@dataclass(frozen=True, slots=True)
class RunForecast:
    """The forecast of one run that goes on. Times of `forecast` count from `due` (ISO)."""

    run_id: str
    due: str
    elapsed: float
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class DagForecast:
    """Forecasts of a DAG: its running runs, its next run (due at `next_due`), and the deadline that would suit it.

    `next_run` is None before the first successful run, `suggested_deadline` (seconds after the run is due) with fewer
    than 20.
    """

    dag_id: str
    running: tuple[RunForecast, ...]
    next_run: Forecast | None
    next_due: str
    suggested_deadline: float | None


def learn(shape: DagShape, history: RunHistory, *, deadline: float | None = None) -> FinishPredictor:
    """A predictor that has seen all successful runs of the DAG.

    Each run is forecast before it is learned from, as it was at the start and after each third of its tasks, so that
    the quantiles are calibrated from the first real forecast on.
    """
    predictor = FinishPredictor(shape)
    for run_id, run in past_runs(shape, history, deadline=deadline):
        if predictor.runs >= FIRST_REHEARSED:
            for progress in _stages(run):
                predictor.predict(progress, run_id=run_id)
        predictor.observe(run, run_id=run_id)
    return predictor


def forecast_dag(
    shape: DagShape,
    history: RunHistory,
    now: str,
    *,
    deadline: float | None = None,
    next_due: str = "",
    predictor: FinishPredictor | None = None,
    run_deadlines: Mapping[str, float] | None = None,
    suggested_deadline: float | None = None,
) -> DagForecast:
    """Forecasts of the running runs and of the next run of a DAG.

    Args:
        shape: tasks and dependencies of the DAG.
        history: past and running runs with their tries.
        now: the present, ISO.
        deadline: seconds after a run is due until which it must be over.
        next_due: when the next run is due, ISO; if it is not known, the usual distance after the last one.
        predictor: one that has learned already; else it learns from the history.
        run_deadlines: deadlines of single runs, by run id, in place of `deadline`.
        suggested_deadline: the deadline that suits the DAG, if it is known: finding it takes seven forecasts.

    Raises:
        UserInputError: a time of the history is none, or a run has no due time.
    """
    predictor = predictor or learn(shape, history, deadline=deadline)
    tries = tries_by_run(history.tries, shape.dag_id)
    running = []
    for run in history.runs:
        if run.dag_id == shape.dag_id and run.state in ("running", "queued"):
            limit = (run_deadlines or {}).get(run.run_id, deadline)
            progress = run_progress(shape, run, tries.get(run.run_id, ()), now, deadline=limit)
            forecast = predictor.predict(progress, run_id=run.run_id, explain=True)
            if forecast is not None:
                running.append(RunForecast(run.run_id, due_time(run), progress.elapsed, forecast))
    due = parsed_time(next_due) if next_due else _next_due(shape.dag_id, history, now)
    return DagForecast(
        shape.dag_id,
        tuple(running),
        predictor.next_run(due.weekday(), deadline=deadline),
        due.isoformat(),
        predictor.deadline_for() if suggested_deadline is None else suggested_deadline,
    )


def _stages(run: PastRun) -> Iterator[RunProgress]:
    """The run as it was at the start and when each further stage began."""
    ends = sorted(e for s, e in zip(run.start, run.end, strict=True) if s is not None and e is not None)
    yield _at(run, 0.0)
    reached = 0
    for count, end in enumerate(ends[:-1], start=1):
        now = stage(count, len(ends))
        if now > reached:
            reached = now
            yield _at(run, end)
        if reached == STAGES - 1:
            return


def _at(run: PastRun, elapsed: float) -> RunProgress:
    tasks = []
    for start, end in zip(run.start, run.end, strict=True):
        if start is None or end is None or start > elapsed or elapsed == 0.0:
            tasks.append(TaskProgress("pending"))
        elif end <= elapsed:
            tasks.append(TaskProgress("done", start, end))
        else:
            tasks.append(TaskProgress("running", start))
    return RunProgress(run.weekday, elapsed, tuple(tasks), run.deadline)


def _next_due(dag_id: str, history: RunHistory, now: str) -> datetime:
    """The last due time and the usual distance of due times after it; now, if there is none."""
    dues = sorted(parsed_time(due_time(run)) for run in history.runs if run.dag_id == dag_id and due_time(run))
    if len(dues) < 2:
        return parsed_time(now)
    apart = statistics.median((b - a).total_seconds() for a, b in zip(dues[-30:], dues[-29:], strict=False))
    return dues[-1] + timedelta(seconds=apart)
