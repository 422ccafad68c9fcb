"""Slots that other DAGs hold while a DAG runs, counted in the history, and what is left of a deployment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.model import RunHistory
from airflow_provider_wfintel.engine.optimization.simulation.history_file import seconds_of
from airflow_provider_wfintel.engine.optimization.simulation.model import Deployment

__all__ = ["left_by", "slots_held", "windows_of"]

Window = tuple[float, float]


def windows_of(history: RunHistory) -> list[Window]:
    """Begin and end of the recorded runs, POSIX seconds."""
    spans: dict[str, list[float]] = defaultdict(list)
    for item in history.tries:
        start, stop = seconds_of(item.started_at), seconds_of(item.ended_at)
        if start is not None and stop is not None:
            spans[item.run_id] += [start, stop]
    return [(min(times), max(times)) for times in spans.values() if max(times) > min(times)]


def slots_held(windows: Sequence[Window], others: RunHistory) -> tuple[dict[str, float], dict[str, float]]:
    """Slots that tries held on average in these times: by pool, and by DAG."""
    spans = [
        (start, stop, item)
        for item in others.tries
        if (start := seconds_of(item.started_at)) is not None and (stop := seconds_of(item.ended_at)) is not None
    ]
    pools: dict[str, float] = defaultdict(float)
    dags: dict[str, float] = defaultdict(float)
    for begin, end in windows:
        for start, stop, item in spans:
            share = max(0.0, min(end, stop) - max(begin, start)) / (end - begin) / len(windows)
            if share > 0:
                pools[item.pool] += share * item.pool_slots
                dags[item.dag_id] += share
    return dict(pools), dict(dags)


def left_by(deployment: Deployment, wants: Mapping[str, int], pools: Mapping[str, float], busy: float) -> Deployment:
    """The deployment without the slots that others hold; every task can still run.

    Args:
        deployment: with all of its slots.
        wants: by pool, the most slots that one task takes; 1 for pools that are not named.
        pools: by pool, the slots that others hold.
        busy: places in `parallelism` that others hold.
    """
    sizes = tuple(
        (name, max(wants.get(name, 1), round(size - pools.get(name, 0.0)))) for name, size in deployment.pools
    )
    return replace(deployment, pools=sizes, parallelism=max(1, round(deployment.parallelism - busy)))
