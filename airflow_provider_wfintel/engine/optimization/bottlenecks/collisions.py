"""Schedule collision: other DAGs hold slots while this one runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named
from airflow_provider_wfintel.engine.optimization.simulation import Deployment
from airflow_provider_wfintel.engine.optimization.simulation.history_file import seconds_of

__all__ = ["DETECTOR", "held_by_others"]

_LEAST_SLOTS = 0.5


def held_by_others(case: Case) -> tuple[dict[str, float], dict[str, float]]:
    """Slots that other DAGs held on average while this one ran: by pool, and by DAG."""
    windows = _windows(case)
    pools: dict[str, list[float]] = defaultdict(list)
    dags: dict[str, list[float]] = defaultdict(list)
    for begin, end in windows:
        by_pool: dict[str, float] = defaultdict(float)
        by_dag: dict[str, float] = defaultdict(float)
        for item in case.others.tries:
            start, stop = seconds_of(item.started_at), seconds_of(item.ended_at)
            if start is None or stop is None:
                continue
            share = max(0.0, min(end, stop) - max(begin, start)) / (end - begin)
            if share > 0:
                by_pool[item.pool] += share * item.pool_slots
                by_dag[item.dag_id] += share
        for found, kept in ((by_pool, pools), (by_dag, dags)):
            for name, value in found.items():
                kept[name].append(value)
    count = max(1, len(windows))
    return tuple({name: sum(values) / count for name, values in kept.items()} for kept in (pools, dags))  # type: ignore[return-value]


def _windows(case: Case) -> list[tuple[float, float]]:
    """Begin and end of the recorded runs."""
    spans: dict[str, list[float]] = defaultdict(list)
    for item in case.history.tries:
        start, stop = seconds_of(item.started_at), seconds_of(item.ended_at)
        if start is not None and stop is not None:
            spans[item.run_id] += [start, stop]
    return [(min(times), max(times)) for times in spans.values() if max(times) > min(times)]


def _find(case: Case) -> Iterable[Candidate]:
    """The run with the slots that others leave it, and with all of them."""
    if not case.others.tries:
        return
    pools, dags = held_by_others(case)
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
    """The deployment without the slots that others hold; every task can still run."""
    wants: dict[str, int] = defaultdict(lambda: 1)
    for task in case.workload.tasks:
        wants[task.pool] = max(wants[task.pool], task.pool_slots)
    sizes = tuple((name, max(wants[name], round(size - pools.get(name, 0.0)))) for name, size in case.deployment.pools)
    return replace(case.deployment, pools=sizes, parallelism=max(1, round(case.deployment.parallelism - busy)))


DETECTOR = Detector("schedule collides with other DAGs", _find, "stagger-starts")
