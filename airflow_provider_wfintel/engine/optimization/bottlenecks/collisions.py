"""Schedule collision: other DAGs hold slots while this one runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named
from airflow_provider_wfintel.engine.optimization.simulation import Deployment
from airflow_provider_wfintel.engine.optimization.simulation.held import left_by, slots_held, windows_of

__all__ = ["DETECTOR"]

_LEAST_SLOTS = 0.5


def _find(case: Case) -> Iterable[Candidate]:
    """The run with the slots that others leave it, and with all of them."""
    if not case.others.tries:
        return
    pools, dags = slots_held(windows_of(case.history), case.others)
    busy = sum(dags.values())
    if busy < _LEAST_SLOTS:
        return
    names = sorted(dags, key=lambda name: -dags[name])
    yield Candidate(
        f"while it runs, other DAGs hold {busy:.1f} slots on average ({named(names)})",
        (),
        ((case.workload, case.deployment),),
        (case.workload, _left(case, pools, busy)),
    )


def _left(case: Case, pools: dict[str, float], busy: float) -> Deployment:
    """The deployment without the slots that others hold."""
    wants: dict[str, int] = defaultdict(lambda: 1)
    for task in case.workload.tasks:
        wants[task.pool] = max(wants[task.pool], task.pool_slots)
    return left_by(case.deployment, wants, pools, busy)


DETECTOR = Detector("schedule collides with other DAGs", _find, "stagger-starts")
