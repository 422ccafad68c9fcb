"""The order of tasks: `>>`, `<<`, `chain`, `cross_downstream`, `set_upstream`, and outputs handed to other tasks."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.build import (
    EdgeLabel,
    GroupBuild,
    LinkNote,
    TaskBuild,
    XComValue,
)
from airflow_provider_wfintel.engine.optimization.understanding.statements import Statements
from airflow_provider_wfintel.engine.optimization.understanding.values import Unknown, is_concrete

__all__ = ["Links", "walk_tasks"]


class Links(Statements):
    """The part of the reader that knows how tasks are ordered."""

    def shift(self, left: Any, right: Any, node: ast.BinOp) -> Any:
        """`left >> right` or `left << right`; its value is the right side, as in Airflow."""
        if is_concrete(left) and is_concrete(right) and isinstance(left, int):
            return left >> right if isinstance(node.op, ast.RShift) else left << right
        if isinstance(left, EdgeLabel):
            return right
        forward = isinstance(node.op, ast.RShift)
        self.link(left, right, "shift", node) if forward else self.link(right, left, "shift", node)
        return left if isinstance(right, EdgeLabel) else right

    def link(self, upstream: Any, downstream: Any, how: str, node: ast.AST) -> None:
        """Every task of the one side before every task of the other."""
        if isinstance(upstream, EdgeLabel) or isinstance(downstream, EdgeLabel):
            return
        if not _all_tasks(upstream) or not _all_tasks(downstream):
            self.doubtful(f"the order at line {getattr(node, 'lineno', 0)} names what is no known task")
        site = self.site(node)
        if self.doubt:
            self.doubtful(f"whether the order at line {getattr(node, 'lineno', 0)} holds is not known")
        for first in _edge(upstream, last=True):
            for second in _edge(downstream, last=False):
                if first is not second:
                    first.dag.links.append(LinkNote(first, second, how, site))

    def chain(self, items: Sequence[Any], node: ast.AST) -> None:
        """`chain(a, [b, c], d)`; two lists beside each other are linked pair by pair, as in Airflow."""
        parts = [item for item in items if not isinstance(item, EdgeLabel)]
        for one, two in pairwise(parts):
            if isinstance(one, list | tuple) and isinstance(two, list | tuple) and len(one) == len(two):
                for first, second in zip(one, two, strict=True):
                    self.link(first, second, "call", node)
            else:
                self.link(one, two, "call", node)


def walk_tasks(value: Any) -> Iterator[TaskBuild]:
    """All tasks in a value; of a group, all its tasks."""
    if isinstance(value, TaskBuild):
        yield value
    elif isinstance(value, GroupBuild):
        yield from value.tasks
    elif isinstance(value, XComValue):
        yield value.task
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from walk_tasks(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from walk_tasks(item)


def _edge(value: Any, *, last: bool) -> Iterator[TaskBuild]:
    """The tasks that a link from (`last`) or to the value touches: of a group, its leaves or roots."""
    if isinstance(value, GroupBuild):
        inside = set(map(id, value.tasks))
        ends = {id(link.upstream if last else link.downstream): link for link in value.dag.links}
        for task in value.tasks:
            linked = any(
                id(link.downstream if last else link.upstream) in inside
                for link in value.dag.links
                if (link.upstream if last else link.downstream) is task
            )
            if id(task) not in ends or not linked:
                yield task
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _edge(item, last=last)
    else:
        yield from walk_tasks(value)


def _all_tasks(value: Any) -> bool:
    if isinstance(value, list | tuple | set | frozenset):
        return all(_all_tasks(item) for item in value)
    return isinstance(value, TaskBuild | XComValue | GroupBuild | EdgeLabel) and not isinstance(value, Unknown)
