"""False edges: orders between tasks that share no data."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.needless import REWRITE, candidates_of

__all__ = ["DETECTOR"]


def _find(case: Case) -> Iterable[Candidate]:
    return candidates_of(case, "other", lambda false: f"{len(false)} dependencies join tasks that share no data")


DETECTOR = Detector("order without shared data", _find, REWRITE)
