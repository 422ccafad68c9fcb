"""Drops work that is done twice: identical extracts, and tasks that only hand on what they are given (couriers).

Two extracts are identical if they call the same code with the same values, read nothing that the DAG itself makes, and
leave the same files. Rows that are added to tables are no such thing: adding them once is not the same as twice.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.proof.conflicts import conflict_masks
from airflow_provider_wfintel.engine.optimization.proof.order import (
    Order,
    bits,
    needed_order,
    reduce_order,
    short,
    topological_order,
)
from airflow_provider_wfintel.engine.optimization.rewrites.call_source import settings_of
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.relayout import Relayout, relayout
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, indented, loaded
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.understanding.build import TaskBuild, XComValue
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue, is_concrete

__all__ = ["COURIERS", "REWRITE", "carries", "repeated"]

Edge = tuple[str, str]


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    dag = draft.dag
    if dag.doubts:
        return []
    merged = repeated(dag)
    if not merged:
        return []
    order = needed_order(dag)
    gone = sum(1 << dag.index[name] for name in merged)
    if any(mask & gone for mask in order.direct):
        return []
    wanted = _orders_without(dag, order, merged)
    source = _without(draft, merged, wanted)
    if source is None:
        return []
    examples = sorted(merged.items())[:4]
    return [
        Proposal(
            "drop-repeated-work",
            f"do {len(set(merged.values()))} extract{'s' if len(set(merged.values())) > 1 else ''} once instead of {len(merged) + len(set(merged.values()))} times",
            "the same data are fetched again and again",
            "the tasks call the same code with the same values, read nothing that this DAG makes, and leave the same data",
            tuple(f"{name} is {other}: both write {_written(dag.task(name))}" for name, other in examples),
            draft.with_source(tidy(draft.source, source), merged={**draft.merged, **_originals(draft, merged)}),
            effort="low",
            risk="medium",
            risk_note="whoever read the second copy now reads the first, which is a little older",
            tasks=(*merged, *dict.fromkeys(merged.values())),
        )
    ]


def _written(task: TaskModel) -> str:
    return ", ".join(sorted(short(item) for item in task.writes if not item.startswith("xcom:")))


def _originals(draft: Draft, merged: Mapping[str, str]) -> dict[str, str]:
    """The same by original tasks."""
    return {
        part.task_id: draft.parts_of(other)[0].task_id
        for name, other in merged.items()
        for part in draft.parts_of(name)
    }


def repeated(dag: DagModel) -> dict[str, str]:
    """Tasks that do again what an earlier one does, and that one."""
    first: dict[object, TaskModel] = {}
    merged: dict[str, str] = {}
    users = _Users(dag)
    for task in dag.tasks:
        key = _identity(task, users)
        if key is None:
            continue
        if key in first:
            merged[task.task_id] = first[key].task_id
        else:
            first[key] = task
    return {name: other for name, other in merged.items() if not _changed_between(dag, merged, other)}


def _changed_between(dag: DagModel, merged: Mapping[str, str], kept: str) -> bool:
    """Whether a task that is none of the repeated ones changes what they make: doing it again may undo that."""
    same = {kept, *(name for name, other in merged.items() if other == kept)}
    made = {item for item in dag.task(kept).writes if not item.startswith("xcom:")}
    return any(made & (task.writes | task.appends) for task in dag.tasks if task.task_id not in same)


class _Users:
    """Which tasks read and make what, so that a DAG of thousands of tasks takes no square of them."""

    def __init__(self, dag: DagModel) -> None:
        self.readers: dict[str, set[str]] = defaultdict(set)
        self.makers: dict[str, set[str]] = defaultdict(set)
        for task in dag.tasks:
            for item in task.reads:
                self.readers[item].add(task.task_id)
            for item in task.writes | task.appends:
                self.makers[item].add(task.task_id)


def _identity(task: TaskModel, users: _Users) -> object | None:
    """What makes two tasks the same work, or None if it cannot be told."""
    build = task.build
    made = {item for item in task.writes if not item.startswith("xcom:")}
    if not task.known or task.role != "work" or task.gates or build.expanded is not None or not made:
        return None
    if not all(item.startswith("file:") for item in made) or not isinstance(build.function, FunctionValue):
        return None
    if not is_concrete([build.call_args, build.call_kwargs]) or task.trigger_rule != "all_success":
        return None
    own = {task.task_id}
    if users.readers[f"xcom:{task.task_id}"] - own:
        return None
    if any(users.makers[item] - own for item in task.reads - made):
        return None
    return id(build.function.node), _values(build), settings_of(task)


def _values(build: TaskBuild) -> str:
    """The arguments that the function uses; others make no difference."""
    node = build.function.node
    everything = repr((build.call_args, sorted(build.call_kwargs.items())))
    if isinstance(node, ast.Lambda) or node.args.vararg or node.args.kwarg or node.args.posonlyargs:
        return everything
    names = [item.arg for item in node.args.args]
    used = loaded(node.body)
    given = {**dict(zip(names, build.call_args, strict=False)), **build.call_kwargs}
    return repr(sorted((name, value) for name, value in given.items() if name in used))


def _orders_without(dag: DagModel, order: Order, merged: Mapping[str, str]) -> frozenset[Edge]:
    """The fewest direct dependencies when the repeated tasks are gone and the kept ones stand for them."""
    conflicts = conflict_masks(dag)
    gone = sum(1 << dag.index[name] for name in merged)
    needed = list(order.needed)
    for position in range(len(dag.tasks)):
        mask = needed[position]
        for other in bits(mask & gone):
            kept = dag.index[merged[dag.tasks[other].task_id]]
            reads = bool(conflicts[position] >> kept & 1)
            if reads or not dag.tasks[position].known:
                mask |= 1 << kept
        needed[position] = mask & ~gone & ~(1 << position)
    for name in merged:
        needed[dag.index[name]] = 0
    edges = reduce_order(replace(order, needed=tuple(needed)), topological_order(dag))
    return frozenset((dag.tasks[one].task_id, dag.tasks[two].task_id) for one, two in edges)


def _without(draft: Draft, merged: Mapping[str, str], wanted: frozenset[Edge]) -> str | None:
    """The file without the repeated tasks."""
    dag = draft.dag
    sites: dict[int, list[TaskModel]] = defaultdict(list)
    for task in dag.tasks:
        sites[id(task.build.site.node)].append(task)
    mixed = [
        tasks for tasks in sites.values()
        if any(task.task_id in merged for task in tasks) and any(task.task_id not in merged for task in tasks)
    ]  # fmt: skip
    if not mixed:
        return relayout(Relayout(draft.file, dag, wanted, frozenset(merged)))
    edits = Edits()
    for tasks in mixed:
        if not _once(draft, tasks, edits):
            return None
    changed = draft.with_source(apply_edits(draft.source, edits))
    kept = {task.task_id for task in changed.dag.tasks}
    left = frozenset(name for name in merged if name in kept)
    if changed.dag.doubts:
        return None
    return relayout(Relayout(changed.file, changed.dag, wanted, left))


def _once(draft: Draft, tasks: list[TaskModel], edits: Edits) -> bool:
    """Let a statement in a loop make a task only if the loop has not made the same one before."""
    site = tasks[0].build.site
    statement, call = site.statement, site.node
    if (
        not isinstance(statement, ast.Assign)
        or statement.value is not call
        or not isinstance(call, ast.Call)
        or not site.items
    ):
        return False
    if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
        return False
    targets = {item.id for loop, _ in site.items for item in ast.walk(loop.target) if isinstance(item, ast.Name)}  # type: ignore[attr-defined]
    arguments = [item.value for item in call.keywords if item.arg != "task_id"] + list(call.args)
    names = sorted(targets & loaded(arguments))
    key = f"({', '.join(names)},)" if len(names) > 1 else (names[0] if names else '"once"')
    variable = statement.targets[0].id
    store = fresh_name(draft.file.tree, f"{variable}_by_source")
    outermost = site.items[0][0].lineno
    edits.add_before(outermost, f"{store} = {{}}")
    made = f"{store}[{key}] = {segment(draft.source, call)}"
    edits.replaced[statement.lineno] = [f"if {key} not in {store}:\n{indented(made)}", f"{variable} = {store}[{key}]"]
    return True


def _propose_couriers(draft: Draft, around: Surroundings) -> list[Proposal]:
    """Tasks that return their only argument as it is."""
    dag = draft.dag
    if dag.doubts:
        return []
    found: dict[int, list[TaskModel]] = defaultdict(list)
    for task in dag.tasks:
        if carries(task):
            found[id(task.build.site.node)].append(task)
    ordering = {
        link.site.statement.lineno for link in dag.links if link.site.statement is not None and link.how != "xcom"
    }
    edits = Edits()
    gone: dict[str, str] = {}
    for tasks in found.values():
        site = tasks[0].build.site
        call, statement = site.node, site.statement
        if not isinstance(call, ast.Call) or statement is None or statement.lineno in ordering:
            continue
        given = [*call.args, *(item.value for item in call.keywords)]
        old = segment(draft.source, statement)
        edits.replaced[statement.lineno] = [
            old.replace(segment(draft.source, call), segment(draft.source, given[0]), 1)
        ]
        gone.update({task.task_id: _giver(task) for task in tasks})
    if not gone:
        return []
    wanted = {edge for edge in dag.edges if not gone.keys() & set(edge)}
    implied: set[Edge] = set()
    for one, two in dag.edges:
        if one in gone and two not in gone:
            giver = gone[one]
            while giver in gone:
                giver = gone[giver]
            wanted.add((giver, two))
            if f"xcom:{one}" in dag.task(two).reads:
                implied.add((giver, two))
    source = relayout(Relayout(draft.file, dag, frozenset(wanted), frozenset(gone), edits, implied=frozenset(implied)))
    if source is None:
        return []
    return [
        Proposal(
            "drop-couriers",
            f"hand values on directly instead of through {len(gone)} task{'s' if len(gone) > 1 else ''}",
            "a task that only returns what it is given costs a second and a process",
            "the task returns its argument as it is and touches nothing else",
            tuple(f"{name} returns what {giver} gives" for name, giver in sorted(gone.items())[:4]),
            draft.with_source(tidy(draft.source, source), merged={**draft.merged, **_originals(draft, gone)}),
            effort="low",
            risk="low",
            tasks=tuple(gone),
        )
    ]


def carries(task: TaskModel) -> bool:
    """Whether the task returns its only argument, the output of another task, as it is."""
    build = task.build
    function = build.function
    if (
        build.kind != "taskflow"
        or not isinstance(function, FunctionValue)
        or not isinstance(function.node, ast.FunctionDef)
    ):
        return False
    parameters = [item.arg for item in function.node.args.args]
    values = [*build.call_args, *build.call_kwargs.values()]
    if len(parameters) != 1 or len(values) != 1 or not isinstance(values[0], XComValue) or build.expanded is not None:
        return False
    if values[0].key != "return_value" or task.trigger_rule != "all_success" or build.operator != "task":
        return False
    if any(not item.startswith("xcom:") for item in task.data):
        return False
    body = [item for item in function.node.body if not _says_only(item)]
    last = body[0] if len(body) == 1 else None
    return isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and last.value.id == parameters[0]


def _says_only(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Expr):
        return False
    if isinstance(statement.value, ast.Constant):
        return True
    function = statement.value.func if isinstance(statement.value, ast.Call) else None
    return (isinstance(function, ast.Name) and function.id == "print") or (
        isinstance(function, ast.Attribute) and function.attr in ("debug", "info")
    )


def _giver(task: TaskModel) -> str:
    value = next(iter([*task.build.call_args, *task.build.call_kwargs.values()]))
    return str(value.task.task_id)


REWRITE = Rewrite("drop-repeated-work", frozenset({"performance", "cost", "hybrid"}), _propose)
COURIERS = Rewrite("drop-couriers", frozenset({"performance", "cost", "hybrid", "reliability"}), _propose_couriers)
