"""Lets each instance of a mapped task work through a group of items, where one item costs more to start than to run."""

from __future__ import annotations

import ast

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Part, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.fuse_chain import work_seconds
from airflow_provider_wfintel.engine.optimization.rewrites.text import indented, taken_names
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue

__all__ = ["REWRITE"]

_TINY_SECONDS = 1.5
_LEAST = 8
_GROUPS = (2, 4, 8)


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts:
        return []
    found = []
    for task in draft.dag.tasks:
        if task.instances < _LEAST or work_seconds(draft, task, around) > _TINY_SECONDS or not _plain(draft, task):
            continue
        if any(part.task_id in around.failing for part in draft.parts_of(task.task_id)):
            continue
        ways = [groups for groups in _GROUPS if task.instances >= 2 * groups]
        proposals = [_proposal(draft, task, groups) for groups in ways]
        found += [proposal for proposal in proposals if proposal is not None]
    return found


def _plain(draft: Draft, task: TaskModel) -> bool:
    """Whether the task is a function of one mapped parameter that returns nothing and is used once."""
    build, over = task.build, task.build.expanded
    function = build.function
    if build.operator not in ("task", "task.python") or not isinstance(over, dict) or len(over) != 1 or task.gates:
        return False
    if not isinstance(function, FunctionValue) or not isinstance(function.node, ast.FunctionDef) or build.call_kwargs:
        return False
    node = function.node
    if (
        [item.arg for item in node.args.args] != list(over)
        or node.args.kwonlyargs
        or node.args.kwarg
        or node.args.vararg
    ):
        return False
    if not all(isinstance(items, list | tuple) for items in over.values()):
        return False  # the output of another task cannot be cut into groups where the task is made
    inner = [item for statement in node.body for item in ast.walk(statement)]
    if any(isinstance(item, ast.Return | ast.Yield | ast.YieldFrom) for item in inner):
        return False
    uses = sum(isinstance(item, ast.Name) and item.id == node.name for item in ast.walk(draft.file.tree))
    read = any(f"xcom:{task.task_id}" in other.reads for other in draft.dag.tasks if other is not task)
    return uses == 1 and not read and build.group is None


def _proposal(draft: Draft, task: TaskModel, groups: int) -> Proposal | None:
    call, function = task.build.site.node, task.build.function
    statement = task.build.site.statement
    if not isinstance(call, ast.Call) or not isinstance(function, FunctionValue) or statement is None:
        return None
    node = function.node
    if not isinstance(node, ast.FunctionDef) or len(call.keywords) != 1:
        return None
    name = node.args.args[0].arg
    batch = f"{name}s" if f"{name}s" not in taken_names(draft.file.tree) else f"{name}_batch"
    items = segment(draft.source, call.keywords[0].value)
    edits = Edits()
    decorators = [f"@{segment(draft.source, item)}" for item in node.decorator_list]
    body = "\n".join(indented(segment(draft.source, item)) for item in node.body)
    turns = indented(f"for {name} in {batch}:\n{body}")
    edits.replaced[node.lineno] = ["\n".join([*decorators, f"def {node.name}({batch}):", turns])]
    old = segment(draft.source, call)
    listed = items if isinstance(call.keywords[0].value, ast.Name | ast.List) else f"list({items})"
    new = f"{segment(draft.source, call.func)}({batch}=[{listed}[start::{groups}] for start in range({groups})])"
    edits.replaced[statement.lineno] = [segment(draft.source, statement).replace(old, new, 1)]
    share = task.instances / groups
    parts = tuple(Part(part.task_id, part.share * share) for part in draft.parts_of(task.task_id))
    return Proposal(
        "group-mapped",
        f"let {groups} instances of {task.task_id} work through its {task.instances} items",
        "each instance costs more to start than to run",
        "every item is worked on by the same code as before; only how many share a process changes",
        (f"{task.instances} items of at most {_TINY_SECONDS:g} s",),
        draft.with_source(apply_edits(draft.source, edits), parts={**draft.parts, task.task_id: parts}),
        effort="low",
        risk="low",
        risk_note="a retry repeats the whole group",
        tasks=(task.task_id,),
    )


REWRITE = Rewrite("group-mapped", frozenset({"performance", "cost", "hybrid"}), _propose, 0.12)
