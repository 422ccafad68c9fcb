"""Proof that a rewritten DAG keeps every order that the original one needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from airflow_provider_wfintel.engine.optimization.proof.order import bits, closure, is_passage, needed_order
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel

__all__ = ["lost_orders"]


def lost_orders(
    before: DagModel,
    after: DagModel,
    hosts: Mapping[str, str],
    order_within: Mapping[str, Sequence[str]],
    merged: Mapping[str, str],
) -> list[str]:
    """Orders that the original needed and the rewritten DAG does not guarantee, in words; empty if none is lost.

    Args:
        before: the original DAG.
        after: the rewritten one.
        hosts: for every original task, the task that does its work now.
        order_within: for tasks that do the work of several, their names in the order in which it is done.
        merged: original tasks whose work another original task does, being the same.
    """
    try:
        reach = closure(len(after.tasks), [(after.index[one], after.index[two]) for one, two in after.edges])
    except ValueError as error:
        return [f"the rewritten DAG has a cycle: {error}"]
    order = needed_order(before)
    lost = []
    for task in before.tasks:
        if is_passage(task) or task.task_id in merged:
            continue
        here = hosts.get(task.task_id)
        if here is None:
            lost.append(f"the work of {task.task_id} is gone")
            continue
        for first in bits(order.needed[task.position] | order.direct[task.position]):
            other = before.tasks[first]
            there = hosts.get(other.task_id)
            if is_passage(other):
                continue
            if there is None or not _guaranteed(other.task_id, task.task_id, there, here, after, reach, order_within):
                lost.append(f"nothing guarantees {other.task_id} before {task.task_id}")
    return lost


def _guaranteed(
    first: str,
    second: str,
    there: str,
    here: str,
    after: DagModel,
    reach: tuple[int, ...],
    order_within: Mapping[str, Sequence[str]],
) -> bool:
    if there == here:
        inside = list(order_within.get(here, ()))
        return first in inside and second in inside and inside.index(first) < inside.index(second)
    if there not in after.index or here not in after.index:
        return False
    return bool(reach[after.index[here]] >> after.index[there] & 1)
