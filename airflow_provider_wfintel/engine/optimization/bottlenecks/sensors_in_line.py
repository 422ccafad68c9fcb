"""Sensors one behind the other, though each waits for something else."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.needless import REWRITE, candidates_of

__all__ = ["DETECTOR"]


def _find(case: Case) -> Iterable[Candidate]:
    return candidates_of(case, "sensors", lambda false: f"{len(false)} sensors wait for sensors")


DETECTOR = Detector("sensors in line", _find, REWRITE)
