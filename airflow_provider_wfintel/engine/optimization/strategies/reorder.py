"""Priority weights for a workload, judged by the simulator: with pools, sensors and start-up costs.

The orders of the ordering room know neither; here they are candidates, beside those with waiting sensors last, and the
best is improved by moving single tasks as long as a budget of simulated task starts lasts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.optimization.ordering import order_tasks
from airflow_provider_wfintel.engine.optimization.ordering.list_schedule import by_key
from airflow_provider_wfintel.engine.optimization.ordering.ranks import RANKS
from airflow_provider_wfintel.engine.optimization.simulation import (
    Deployment,
    Workload,
    graph_of,
    simulate,
    slots_of,
    with_weights,
)
from airflow_provider_wfintel.engine.optimization.simulation.scheduler import Scheduler

__all__ = ["Reordering", "reorder"]

DEFAULT_BUDGET = 20_000
_ORDER_BUDGET = 200_000
_CHECK_RUNS = 25
_WORTH = 0.02
"""Less than this is within what the phases of the scheduler's loop do to one order or another."""


@dataclass(frozen=True, slots=True)
class Reordering:
    """New weights for a workload, or none if nothing is better by two percent.

    Attributes:
        weights: `priority_weight` of each task, for `weight_rule="absolute"`; empty if the present ones stay.
        before: median simulated makespan with the present weights, seconds.
        after: the same with the new ones.
    """

    weights: tuple[tuple[str, int], ...]
    before: float
    after: float


def reorder(workload: Workload, deployment: Deployment, *, budget: int = DEFAULT_BUDGET) -> Reordering:
    """Find priority weights that shorten the simulated run; never worse than the present ones in simulation.

    Args:
        workload: with present weights.
        deployment: where it runs.
        budget: starts of tasks that may be simulated to improve the order. Work is counted, not time, so the same
            input has the same answer.
    """
    present = simulate(workload, deployment, runs=_CHECK_RUNS).makespan
    if not workload.tasks:
        return Reordering((), present, present)
    calm = replace(deployment, late_share=0.0)
    size = sum(max(1, task.instances) for task in workload.tasks)
    best, length = min(
        ((order, _length(workload, calm, order)) for order in _candidates(workload, deployment)),
        key=lambda item: item[1],
    )
    chance = random.Random(7)  # noqa: S311 - a fixed seed, nothing secret
    for _ in range(budget // size):
        moved = _moved(best, chance)
        found = _length(workload, calm, moved)
        # Moves that change nothing are taken as well: they lead across flat ground.
        if found <= length:
            best, length = moved, found
    weights = _weights(workload, best)
    after = simulate(with_weights(workload, dict(weights)), deployment, runs=_CHECK_RUNS).makespan
    if after < present * (1 - _WORTH):
        return Reordering(weights, present, after)
    return Reordering((), present, present)


def _candidates(workload: Workload, deployment: Deployment) -> Iterator[Sequence[int]]:
    graph = graph_of(workload)
    slots = slots_of(workload, deployment)
    place = {name: number for number, name in enumerate(graph.ids)}
    orders: list[Sequence[int]] = [by_key([-task.priority_weight for task in workload.tasks])]
    orders += [by_key([-value for value in rank.numbers(graph, slots)]) for rank in RANKS]
    orders.append([place[name] for name in order_tasks(graph, slots, budget=_ORDER_BUDGET).order])
    waits = [task.kind == "poke" for task in workload.tasks]
    for order in orders:
        yield order
        if any(waits):
            # A sensor that pokes holds its slot until the thing is there, however early it starts: others first.
            yield sorted(order, key=waits.__getitem__)


def _moved(order: Sequence[int], chance: random.Random) -> list[int]:
    moved = list(order)
    task = moved.pop(chance.randrange(len(moved)))
    moved.insert(chance.randrange(len(moved) + 1), task)
    return moved


def _length(workload: Workload, deployment: Deployment, order: Sequence[int]) -> float:
    return Scheduler(with_weights(workload, dict(_weights(workload, order))), deployment).run().makespan


def _weights(workload: Workload, order: Sequence[int]) -> tuple[tuple[str, int], ...]:
    return tuple((workload.tasks[task].task_id, len(order) - position) for position, task in enumerate(order))
