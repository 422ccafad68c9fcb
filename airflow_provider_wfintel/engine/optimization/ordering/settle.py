"""Choosing among orders that are as short as each other: the one that start-up costs least.

Where tasks are short, many orders reach the same makespan as long as starting a task costs nothing, and differ a lot
once it does: an order by length keeps all slots in step, so that all processes start at the same time and wait for the
cores together.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean

from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph
from airflow_provider_wfintel.engine.optimization.ordering.list_schedule import by_key, list_schedule
from airflow_provider_wfintel.engine.optimization.ordering.order import Ordering
from airflow_provider_wfintel.engine.optimization.ordering.ranks import RANKS

__all__ = ["settle"]

_AS_SHORT = 1.0005
_WORTH = 0.99
"""Smaller differences are within what the phases of the scheduler's loop do."""
_VARIANTS = 40
_SIMULATED_TASKS = 24_000
_SHAKES = (0.01, 0.03, 0.1, 0.3, 1.0)
_RUNS = 3


def settle(graph: TaskGraph, ordering: Ordering) -> Ordering:
    """An order whose makespan is at most 0.05 % longer, and shorter with the start-up costs of a usual deployment.

    The order itself is handed back if none is. The number of orders that are tried falls with the size of the graph.
    """
    tries = min(_VARIANTS, _SIMULATED_TASKS // (_RUNS * max(1, len(graph.ids))))
    most = min(ordering.makespan * _AS_SHORT, ordering.default_makespan)
    place = {name: task for task, name in enumerate(graph.ids)}
    first = [place[name] for name in ordering.order]
    best, least = first, _WORTH * _with_start_up(graph, ordering.slots, first) if tries else 0.0
    for order in _variants(graph, ordering.slots, first, tries):
        if list_schedule(graph, ordering.slots, order).makespan <= most:
            found = _with_start_up(graph, ordering.slots, order)
            if found < least:
                best, least = order, found
    if best is first:
        return ordering
    makespan = list_schedule(graph, ordering.slots, best).makespan
    names = tuple(graph.ids[task] for task in best)
    return replace(ordering, order=names, makespan=makespan, method=f"{ordering.method}, settled")


def _variants(graph: TaskGraph, slots: int, order: list[int], tries: int) -> Iterator[list[int]]:
    """The orders by formula, and the order with its starts shaken, early ones more than late ones."""
    for rank in RANKS[:tries]:
        yield by_key([-number for number in rank.numbers(graph, slots)])
    chance = random.Random(7).random  # noqa: S311 - a fixed seed, nothing secret
    schedule = list_schedule(graph, slots, order)
    starts = [end - seconds for end, seconds in zip(schedule.ends, graph.seconds, strict=True)]
    for turn in range(tries - len(RANKS)):
        amount = _SHAKES[turn % len(_SHAKES)]
        # What comes last decides how well the slots end together: it is moved least.
        yield by_key([start + amount * (schedule.makespan - start) * (chance() - 0.5) for start in starts])


def _with_start_up(graph: TaskGraph, slots: int, order: list[int]) -> float:
    """Mean makespan of a few simulated runs with that order on so many slots, seconds."""
    from airflow_provider_wfintel.engine.optimization.simulation.model import Deployment, SimulatedTask, Workload
    from airflow_provider_wfintel.engine.optimization.simulation.monte_carlo import simulate

    weights = {task: float(len(order) - position) for position, task in enumerate(order)}
    tasks = tuple(
        SimulatedTask(
            name,
            graph.seconds[task],
            upstream=tuple(graph.ids[parent] for parent in graph.parents[task]),
            priority_weight=weights[task],
        )
        for task, name in enumerate(graph.ids)
    )
    home = Deployment(parallelism=2 * slots, max_active_tasks=slots, pools=(), late_share=0.0)
    return fmean(simulate(Workload(tasks), home, runs=_RUNS).makespans)
