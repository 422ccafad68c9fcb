"""Forecasts: the finish of a run, the odds of missing its deadline, the task to blame, what the next run will take."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.forecast.from_history import (
    dag_shape,
    past_runs,
    run_progress,
    shape_of_history,
)
from airflow_provider_wfintel.engine.monitoring.forecast.learning import (
    DagForecast,
    RunForecast,
    forecast_dag,
    learn,
)
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
    "DagForecast",
    "DagShape",
    "FinishPredictor",
    "Forecast",
    "PastRun",
    "RunForecast",
    "RunProgress",
    "TaskProgress",
    "dag_shape",
    "forecast_dag",
    "learn",
    "past_runs",
    "run_progress",
    "shape_of_history",
]
