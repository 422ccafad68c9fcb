"""Forecasts: the finish of a run, the odds of missing its deadline, the task to blame, what the next run will take."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.forecast.from_history import dag_shape, past_runs, run_progress
from airflow_provider_wfintel.engine.monitoring.forecast.predictor import FinishPredictor
from airflow_provider_wfintel.engine.monitoring.forecast.values import (
    Blame,
    DagShape,
    Forecast,
    PastRun,
    RunProgress,
    TaskProgress,
)

__all__ = [
    "Blame",
    "DagShape",
    "FinishPredictor",
    "Forecast",
    "PastRun",
    "RunProgress",
    "TaskProgress",
    "dag_shape",
    "past_runs",
    "run_progress",
]
