"""Lists that a loop fills and a task hands on: as a mapped task it hands on the values one by one, in the same order.

A mapped task whose every instance returns a value gives those who take its output the same values in the same order, as
a sequence that is read lazily. Those who do more with it than go through it get it as a list.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.understanding.build import XComValue
from airflow_provider_wfintel.engine.optimization.understanding.effects import xcom_resource
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue, as_term

__all__ = ["Collected", "Taker", "collected", "takers"]

_GOES_THROUGH = {"list", "tuple", "sorted", "set", "len", "enumerate", "sum", "max", "min", "zip", "map", "filter"}
"""Functions that take any sequence."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A list that takes one value in every turn of a loop and is what the task returns.

    Attributes:
        value: the expression that every turn adds.
        statements: the ones that make, fill and return the list.
    """

    value: ast.expr
    statements: tuple[ast.stmt, ast.stmt, ast.Return]


@dataclass(frozen=True, slots=True)
class Taker:
    """A function that takes the output and has to see it as a list; `place` is the first statement of its work."""

    parameter: str
    place: ast.stmt


def collected(node: ast.FunctionDef, loop: ast.For) -> Collected | None:
    """The list that a loop fills, if the function does nothing else with it and returns it."""
    last = node.body[-1]
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name):
        return None
    name = last.value.id
    made = next((item for item in node.body if _makes_empty(item, name)), None)
    added = loop.body[-1]
    if made is None or node.body.index(made) > node.body.index(loop) or not isinstance(added, ast.Expr):
        return None
    call = added.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "append":
        return None
    owner = call.func.value
    if not isinstance(owner, ast.Name) or owner.id != name or len(call.args) != 1 or call.keywords:
        return None
    uses = sum(isinstance(item, ast.Name) and item.id == name for item in ast.walk(node))
    return Collected(call.args[0], (made, added, last)) if uses == 3 else None


def _makes_empty(statement: ast.stmt, name: str) -> bool:
    """Whether the statement is `name = []`."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return False
    value = statement.value
    empty = (isinstance(value, ast.List) and not value.elts) or (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "list" and not value.args
    )
    return empty and isinstance(target, ast.Name) and target.id == name


def takers(draft: Draft, task: TaskModel, turns: int) -> list[Taker] | None:
    """Who has to be changed for the output to come from a mapped task; None if somebody could not bear it.

    Every value has to be known and none may be `None`: Airflow stores no `None`, so the sequence would be shorter.
    """
    values = task.returns
    if not isinstance(values, list) or len(values) != turns or turns <= 1:
        return None
    if any(item is None or as_term(item) is None for item in values) or task.argument("multiple_outputs"):
        return None
    found: list[Taker] = []
    for other in draft.dag.tasks:
        if other is task or xcom_resource(task.task_id) not in other.reads:
            continue
        changes = _changes(draft, task, other)
        if changes is None:
            return None
        found += [item for item in changes if item not in found]
    return found


def _changes(draft: Draft, task: TaskModel, other: TaskModel) -> list[Taker] | None:
    """What has to change in one task that takes the output."""
    build = other.build
    if any(effect.why.startswith("template") for effect in other.effects if effect.resource == _output(task)):
        return None
    if _within(build.arguments, task) or not isinstance(build.function, FunctionValue):
        return None
    over = build.expanded if isinstance(build.expanded, dict) else {}
    if any(not _is_output(item, task) and _within(item, task) for item in over.values()):
        return None
    node = build.function.node
    if not isinstance(node, ast.FunctionDef) or build.function.module != MAIN:
        return None
    names = [item.arg for item in node.args.args]
    given = {**dict(zip(names, build.call_args, strict=False)), **build.call_kwargs}
    found = []
    for name, value in given.items():
        if _is_output(value, task):
            if name not in names or build.kind != "taskflow" or _calls(draft, node.name) != 1:
                return None
            if not _only_gone_through(node.body, name):
                place = _first(node)
                if place is None:
                    return None
                found.append(Taker(name, place))
        elif _within(value, task):
            return None
    return found


def _output(task: TaskModel) -> str:
    return xcom_resource(task.task_id)


def _is_output(value: object, task: TaskModel) -> bool:
    return isinstance(value, XComValue) and value.task is task.build and value.key == "return_value" and not value.maps


def _within(value: object, task: TaskModel) -> bool:
    """Whether the output is somewhere in the value."""
    if isinstance(value, XComValue):
        return value.task is task.build
    if isinstance(value, dict):
        return any(_within(item, task) for key, item in value.items() if key != "dag")
    return isinstance(value, list | tuple | set) and any(_within(item, task) for item in value)


def _calls(draft: Draft, name: str) -> int:
    return sum(isinstance(item, ast.Name) and item.id == name for item in ast.walk(draft.file.tree))


def _only_gone_through(body: Sequence[ast.stmt], name: str) -> bool:
    """Whether the parameter is only gone through, so that any sequence will do."""
    fits: set[int] = set()
    for item in (item for statement in body for item in ast.walk(statement)):
        if isinstance(item, ast.For | ast.comprehension):
            fits.add(id(item.iter))
        elif isinstance(item, ast.Call) and isinstance(item.func, ast.Name) and item.func.id in _GOES_THROUGH:
            fits |= {id(given) for given in item.args}
        elif isinstance(item, ast.Starred):
            fits.add(id(item.value))
    uses = [
        item for statement in body for item in ast.walk(statement) if isinstance(item, ast.Name) and item.id == name
    ]
    return all(id(item) in fits for item in uses)


def _first(node: ast.FunctionDef) -> ast.stmt | None:
    """The first statement behind the description of a function, if it has a line of its own."""
    for statement in node.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        return statement if statement.lineno > node.lineno else None
    return None
