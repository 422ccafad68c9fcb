"""Lists that a function takes by `xcom_pull`, handed to it as an argument: its loop can then be expanded over them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, char_column
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue

__all__ = ["handed_over"]

_INSTANCE = {"ti", "task_instance"}


@dataclass(frozen=True, slots=True)
class _Pull:
    """One `xcom_pull` of a function: the call, the task it names, and the statement that binds its value (if one does)."""

    call: ast.Call
    task_id: str
    bound: ast.Assign | None


def handed_over(draft: Draft, task: TaskModel) -> Draft | None:
    """The draft in which the function of a task gets the list that it pulls as its argument; None if it pulls none.

    Only a step on the way: whoever finds no use for it leaves the file as it was.
    """
    function, call = task.build.function, task.build.site.node
    if not isinstance(function, FunctionValue) or function.module != MAIN or not isinstance(call, ast.Call):
        return None
    node = function.node
    if not isinstance(node, ast.FunctionDef) or not task.known or task.role != "work" or call.args:
        return None
    if any(item.arg in ("op_args", "op_kwargs", None) for item in call.keywords):
        return None
    pull = _pull(node)
    given = None if pull is None else _output(draft, task, pull.task_id)
    header = draft.source.splitlines()[node.lineno - 1]
    if pull is None or given is None or node.body[0].lineno == node.lineno or not header.rstrip().endswith(":"):
        return None
    target = pull.bound.targets[0] if pull.bound is not None else None
    name = target.id if isinstance(target, ast.Name) else fresh_name(draft.file.tree, "items")
    edits = Edits()
    edits.keywords[char_column(draft.source, call)] = (
        {name: given} if task.build.kind == "taskflow" else {"op_args": f"[{given}]"}
    )
    lines = draft.source.splitlines(keepends=True)
    if pull.bound is not None:
        edits.replaced[pull.bound.lineno] = []
    elif not _put(lines, pull.call, name):
        return None
    opened, closed = header.index("("), header.rindex(")")
    lines[node.lineno - 1] = f"{header[: opened + 1]}{name}{header[closed:]}\n"
    return draft.with_source(apply_edits("".join(lines), edits))


def _put(lines: list[str], call: ast.Call, name: str) -> bool:
    """Put a name in the place of a call that stands on one line."""
    line = lines[call.lineno - 1].encode()
    if call.end_lineno != call.lineno or call.end_col_offset is None:
        return False
    lines[call.lineno - 1] = (line[: call.col_offset] + name.encode() + line[call.end_col_offset :]).decode()
    return True


def _pull(node: ast.FunctionDef) -> _Pull | None:
    """The only use that a function makes of the context: to pull the list which one of its loops goes over."""
    spec = node.args
    names = {item.arg for item in (*spec.args, *spec.kwonlyargs)}
    if spec.posonlyargs or spec.vararg or not names <= _INSTANCE or (bool(names) is (spec.kwarg is not None)):
        return None
    context = names | ({spec.kwarg.arg} if spec.kwarg is not None else set())
    pulls = [item for item in ast.walk(node) if isinstance(item, ast.Call) and _is_pull(item, context)]
    uses = sum(isinstance(item, ast.Name) and item.id in context for item in ast.walk(node))
    if len(pulls) != 1 or uses != 1:
        return None
    call = pulls[0]
    wanted = [*call.args, *(item.value for item in call.keywords if item.arg == "task_ids")]
    others = [item for item in call.keywords if item.arg != "task_ids"]
    if len(wanted) != 1 or others or not isinstance(wanted[0], ast.Constant) or not isinstance(wanted[0].value, str):
        return None
    bound = next((item for item in node.body if isinstance(item, ast.Assign) and item.value is call), None)
    loops = [item for item in node.body if isinstance(item, ast.For)]
    if bound is None:
        return _Pull(call, wanted[0].value, None) if any(item.iter is call for item in loops) else None
    target = bound.targets[0]
    if len(bound.targets) != 1 or not isinstance(target, ast.Name):
        return None
    over = any(isinstance(item.iter, ast.Name) and item.iter.id == target.id for item in loops)
    return _Pull(call, wanted[0].value, bound) if over else None


def _is_pull(call: ast.Call, context: set[str]) -> bool:
    """`ti.xcom_pull(…)`, `context["ti"].xcom_pull(…)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "xcom_pull":
        return False
    owner = call.func.value
    if isinstance(owner, ast.Subscript) and isinstance(owner.slice, ast.Constant) and owner.slice.value in _INSTANCE:
        owner = owner.value
    return isinstance(owner, ast.Name) and owner.id in context


def _output(draft: Draft, task: TaskModel, task_id: str) -> str | None:
    """An expression for the output of another task where this one is made."""
    if task_id not in draft.dag.index:
        return None
    other = draft.dag.task(task_id).build
    mine, theirs = task.build.site, other.site
    if not other.variable or other.expanded is not None or theirs.items or mine.items or mine.block is not theirs.block:
        return None
    if mine.statement is None or theirs.statement is None or theirs.statement.lineno >= mine.statement.lineno:
        return None
    return other.variable if other.kind == "taskflow" else f"{other.variable}.output"
