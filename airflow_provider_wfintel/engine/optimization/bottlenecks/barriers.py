"""Barriers: a task that does nothing makes all of one stage wait for all of the stage before it."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.needless import REWRITE, candidates_of

__all__ = ["DETECTOR"]


def _find(case: Case) -> Iterable[Candidate]:
    return candidates_of(case, "barrier", lambda false: f"{len(false)} dependencies lead through tasks that do nothing")


DETECTOR = Detector("barrier between stages", _find, REWRITE)
