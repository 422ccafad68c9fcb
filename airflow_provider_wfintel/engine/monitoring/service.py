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
from airflow_provider_wfintel.engine.monitoring.health import (
    GroupHealth,
    HealthScore,
    HealthTracker,
    Reason,
    Recalibration,
    ReliabilityRow,
    RunOutcome,
    group_health,
    reliability,
)

__all__ = [
    "Blame",
    "DagShape",
    "FinishPredictor",
    "Forecast",
    "GroupHealth",
    "HealthScore",
    "HealthTracker",
    "PastRun",
    "Reason",
    "Recalibration",
    "ReliabilityRow",
    "RunOutcome",
    "RunProgress",
    "TaskProgress",
    "dag_shape",
    "group_health",
    "past_runs",
    "reliability",
    "run_progress",
]
