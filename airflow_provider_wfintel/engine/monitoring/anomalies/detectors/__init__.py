"""The detectors, one per file. A new one is a file with a `DETECTOR` and its name in `DETECTORS`."""

from __future__ import annotations

from typing import TypeAlias

from airflow_provider_wfintel.engine.monitoring.anomalies.detector import Detector, Ruled
from airflow_provider_wfintel.engine.monitoring.anomalies.detectors import (
    drift,
    late_start,
    level_shift,
    missing_run,
    row_drop,
    spike,
    too_short,
    variance,
)

__all__ = ["DETECTORS", "AnyDetector"]

AnyDetector: TypeAlias = Detector | Ruled

DETECTORS: tuple[AnyDetector, ...] = (
    missing_run.DETECTOR,
    late_start.DETECTOR,
    too_short.DETECTOR,
    row_drop.DETECTOR,
    spike.DETECTOR,
    level_shift.DETECTOR,
    drift.DETECTOR,
    variance.DETECTOR,
)
