"""What makes the runs of a DAG slow, ranked by what removing each would save."""

from __future__ import annotations

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Bottleneck, Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.find import DETECTORS, find_bottlenecks
from airflow_provider_wfintel.engine.optimization.bottlenecks.paths import critical_path, schedule_of, slack_of

__all__ = [
    "DETECTORS",
    "Bottleneck",
    "Candidate",
    "Case",
    "Detector",
    "critical_path",
    "find_bottlenecks",
    "schedule_of",
    "slack_of",
]
