"""Reading a workflow in JSON and proposing a layout for it.

The form is `{"name", "tasks": [{"id", "runtime_s", "parents": [ids], "reads"?: [...], "writes"?: [...]}]}`. Where a
task has both `reads` and `writes`, they are taken as complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airflow_provider_wfintel.engine.optimization.ordering.bounds import simple_bound
from airflow_provider_wfintel.engine.optimization.ordering.data_edges import DataSets, Untangled, untangle
from airflow_provider_wfintel.engine.optimization.ordering.graph import TaskGraph, build_graph
from airflow_provider_wfintel.engine.optimization.ordering.list_schedule import by_key
from airflow_provider_wfintel.engine.optimization.ordering.order import (
    DEFAULT_BUDGET,
    Ordering,
    default_makespan,
    makespan_of,
    order_tasks,
)
from airflow_provider_wfintel.engine.optimization.ordering.ranks import RANKS
from airflow_provider_wfintel.engine.optimization.ordering.settle import settle
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["Layout", "WorkflowFile", "propose_layout", "read_workflow"]

_FORM = 'expected {"name": …, "tasks": [{"id": …, "runtime_s": …, "parents": […]}]}'


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A workflow as its file describes it; `data` holds the tasks of which all reads and writes are given."""

    name: str
    graph: TaskGraph
    data: dict[str, DataSets]


@dataclass(frozen=True, slots=True)
class Layout:
    """A proposed layout of a workflow.

    Attributes:
        name: of the workflow.
        untangled: the graph that is proposed, or None if the file says nothing about data: then the graph stays.
        orderings: one order for each number of slots.
        default_makespans: seconds that the graph of the file takes in Airflow's default order, for the same slots.
        general: the order to use for any other number of slots.
    """

    name: str
    untangled: Untangled | None
    orderings: tuple[Ordering, ...]
    default_makespans: tuple[float, ...]
    general: tuple[str, ...]

    def as_proposal(self) -> dict[str, Any]:
        """The layout as JSON data: priorities (higher starts first) and, if any were judged, dependencies."""
        proposal: dict[str, Any] = {"priorities": _weights(self.general)}
        proposal["by_slots"] = {
            str(item.slots): {"priorities": item.priority_weights} for item in self.orderings if item.order
        }
        if self.untangled is not None:
            graph = self.untangled.graph
            proposal["dependencies"] = {
                name: [graph.ids[parent] for parent in parents]
                for name, parents in zip(graph.ids, graph.parents, strict=True)
            }
        return proposal


def _weights(order: Sequence[str]) -> dict[str, int]:
    return {name: len(order) - position for position, name in enumerate(order)}


def read_workflow(data: object, name: str) -> WorkflowFile:
    """A workflow from JSON data.

    Args:
        data: what the file holds.
        name: what it is called if it does not say so itself.

    Raises:
        SpecError: the data do not have the form, or the graph contradicts itself.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("tasks"), list):
        raise SpecError(f"workflow {name!r} has no list of tasks", hint=_FORM)
    name = data["name"] if isinstance(data.get("name"), str) and data["name"] else name
    seconds: dict[str, float] = {}
    upstream: dict[str, list[str]] = {}
    sets: dict[str, DataSets] = {}
    for number, task in enumerate(data["tasks"], start=1):
        task_id, value, parents = _task(task, f"task {number} of workflow {name!r}")
        if task_id in seconds:
            raise SpecError(f"workflow {name!r} has two tasks {task_id!r}", hint="give every task an id of its own")
        seconds[task_id], upstream[task_id] = value, parents
        if "reads" in task and "writes" in task:
            sets[task_id] = DataSets(_names(task, "reads", task_id), _names(task, "writes", task_id))
    return WorkflowFile(name, build_graph(seconds, upstream), sets)


def _task(task: object, where: str) -> tuple[str, float, list[str]]:
    if not isinstance(task, Mapping) or not isinstance(task.get("id"), str):
        raise SpecError(f"{where} has no id", hint=_FORM)
    value = task.get("runtime_s")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SpecError(f"{where} has no run time", hint='expected "runtime_s": seconds')
    _names(task, "parents", where)
    return task["id"], float(value), list(dict.fromkeys(task.get("parents", ())))


def _names(task: Mapping[str, Any], key: str, where: str) -> frozenset[str]:
    names = task.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SpecError(f"{key!r} of {where} is no list of names", hint=_FORM)
    return frozenset(names)


def propose_layout(workflow: WorkflowFile, slots: Sequence[int], *, budget: int = DEFAULT_BUDGET) -> Layout:
    """Propose dependencies and an order for each number of slots.

    Dependencies are dropped only if they are proven false, see `untangle`; if nothing is known about data, all stay.

    Args:
        workflow: what to lay out.
        slots: numbers of slots; one order is made for each.
        budget: of each order, see `order_tasks`.

    Raises:
        SpecError: no slots are given, or less than 1.
    """
    if not slots:
        raise SpecError("no number of slots is given", hint="give at least one, such as 16")
    untangled = untangle(workflow.graph, workflow.data) if workflow.data else None
    graph = untangled.graph if untangled is not None else workflow.graph
    orderings = tuple(settle(graph, order_tasks(graph, count, budget=budget)) for count in slots)
    defaults = tuple(default_makespan(workflow.graph, count) for count in slots)
    return Layout(workflow.name, untangled, orderings, defaults, _general_order(graph, orderings))


def _general_order(graph: TaskGraph, orderings: Sequence[Ordering]) -> tuple[str, ...]:
    """The order that is nearest to the bounds over all numbers of slots."""
    candidates = {item.order: None for item in orderings}
    for rank in RANKS:
        keys = [-number for number in rank.numbers(graph, orderings[0].slots)]
        candidates[tuple(graph.ids[task] for task in by_key(keys))] = None

    def distance(order: tuple[str, ...]) -> float:
        counts = (item.slots for item in orderings)
        return sum(makespan_of(graph, count, order) / (simple_bound(graph, count) or 1.0) for count in counts)

    return min(candidates, key=distance)
