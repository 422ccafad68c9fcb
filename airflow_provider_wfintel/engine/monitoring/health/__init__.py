"""Health scores: 100 x (1 - probability that the next run fails or misses its deadline), with reasons."""

from __future__ import annotations

from airflow_provider_wfintel.engine.monitoring.health.from_history import outcome_of, outcomes, track_history
from airflow_provider_wfintel.engine.monitoring.health.groups import group_health
from airflow_provider_wfintel.engine.monitoring.health.recalibration import (
    Recalibration,
    ReliabilityRow,
    reliability,
)
from airflow_provider_wfintel.engine.monitoring.health.tracker import HealthTracker
from airflow_provider_wfintel.engine.monitoring.health.values import GroupHealth, HealthScore, Reason, RunOutcome

__all__ = [
    "GroupHealth",
    "HealthScore",
    "HealthTracker",
    "Reason",
    "Recalibration",
    "ReliabilityRow",
    "RunOutcome",
    "group_health",
    "outcome_of",
    "outcomes",
    "reliability",
    "track_history",
]
