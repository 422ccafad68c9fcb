"""The order of tasks for a number of slots: the best of a portfolio and a search, never worse than the default."""

from __future__ import annotations

from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.ordering.bounds import lower_bound
from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph
from airflow_provider_wfintel.engine.optimization.ordering.improve import Search
from airflow_provider_wfintel.engine.optimization.ordering.list_schedule import by_key, list_schedule
from airflow_provider_wfintel.engine.optimization.ordering.ranks import DEFAULT_RANK, RANKS
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["DEFAULT_BUDGET", "Ordering", "default_makespan", "makespan_of", "order_tasks"]

DEFAULT_BUDGET = 2_000_000
"""Tasks and dependencies that the search may pass: 2,000 passes over a graph of 400 tasks and 600 dependencies."""
_LEAST_PASSES = 2 * len(RANKS)
_MOST_PASSES = 5_000


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order of all tasks of a graph for a number of slots. Makespans are seconds without start-up costs.

    Attributes:
        slots: tasks that run at once.
        order: task ids, first starts first.
        makespan: of this order.
        default_makespan: of Airflow's default (`weight_rule="downstream"`, all weights 1).
        bound: no order can be shorter than this.
        method: what found the order; `default` when nothing was better.
        evaluations: schedules that were computed to find it.
    """

    slots: int
    order: tuple[str, ...]
    makespan: float
    default_makespan: float
    bound: float
    method: str
    evaluations: int

    @property
    def priority_weights(self) -> dict[str, int]:
        """`priority_weight` of each task, for `weight_rule="absolute"`: from the number of tasks down to 1."""
        return {name: len(self.order) - position for position, name in enumerate(self.order)}

    @property
    def gain(self) -> float:
        """Share of the default makespan that the order saves."""
        return 1 - self.makespan / self.default_makespan if self.default_makespan > 0 else 0.0


def order_tasks(graph: TaskGraph, slots: int, *, budget: int = DEFAULT_BUDGET) -> Ordering:
    """Order the tasks of a graph so that its run on `slots` slots is short.

    The same input gives the same order: the budget counts work, not time. The result is never longer than the
    default order, and is the default order itself if nothing is shorter.

    Args:
        graph: the tasks, with expected run times.
        slots: tasks that run at once (pool, `max_active_tasks` and worker slots, whichever is least).
        budget: tasks and dependencies that the search may pass; more finds shorter orders, slower.

    Raises:
        SpecError: `slots` is less than 1.
    """
    if slots < 1:
        raise SpecError(f"{slots} slots cannot run anything", hint="give 1 or more")
    bound = lower_bound(graph, slots)
    if not graph.ids:
        return Ordering(slots, (), 0.0, 0.0, 0.0, DEFAULT_RANK.name, 0)
    passes = min(_MOST_PASSES, max(_LEAST_PASSES, budget // graph.size))
    search = Search(graph, slots, bound, passes)
    default = search.offer(DEFAULT_RANK.name, _by_rank(graph, slots, 0)).schedule.makespan
    offered = []
    for at, rank in enumerate(RANKS[1:], start=1):
        if not search.done:
            offered.append(search.offer(rank.name, _by_rank(graph, slots, at)))
    for candidate in sorted(offered, key=lambda item: item.schedule.makespan):
        search.justify(candidate)
    best = search.run()
    names = tuple(graph.ids[task] for task in best.order)
    return Ordering(slots, names, best.schedule.makespan, default, bound, best.name, search.evaluations)


def _by_rank(graph: TaskGraph, slots: int, at: int) -> list[int]:
    return by_key([-number for number in RANKS[at].numbers(graph, slots)])


def makespan_of(graph: TaskGraph, slots: int, order: tuple[str, ...]) -> float:
    """Seconds that a run of the graph takes in an order, without start-up costs."""
    place = {name: position for position, name in enumerate(order)}
    numbers = sorted(range(len(graph.ids)), key=lambda task: place[graph.ids[task]])
    return list_schedule(graph, slots, numbers).makespan


def default_makespan(graph: TaskGraph, slots: int) -> float:
    """Seconds that a run of the graph takes in Airflow's default order, without start-up costs."""
    return list_schedule(graph, slots, _by_rank(graph, slots, 0)).makespan
