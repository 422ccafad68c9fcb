"""Front door of monitoring. Nothing above this floor imports past it."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.forecast import (
    Blame,
    DagShape,
    FinishPredictor,
    Forecast,
    PastRun,
    RunProgress,
    TaskProgress,
    dag_shape,
    past_runs,
    run_progress,
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
