"""Loop chains: a loop hangs each of its tasks behind the one of the turn before."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.needless import REWRITE, candidates_of

__all__ = ["DETECTOR"]


def _find(case: Case) -> Iterable[Candidate]:
    return candidates_of(case, "loop", lambda false: f"{len(false)} dependencies only follow the turns of a loop")


DETECTOR = Detector("chain made by a loop", _find, REWRITE)
