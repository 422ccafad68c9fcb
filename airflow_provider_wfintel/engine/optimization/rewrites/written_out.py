"""Comprehensions within tasks, written out as loops: `return [load(x) for x in items]` has turns like a `for` loop."""

from __future__ import annotations

import ast

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, indented
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue

__all__ = ["written_out"]


def written_out(draft: Draft, task: TaskModel) -> Draft | None:
    """The draft with the comprehension of a task's function as a loop; None if it has none that does work.

    Only a step on the way: whoever finds no use for the loop leaves the file as it was.
    """
    function = task.build.function
    if not isinstance(function, FunctionValue) or function.module != MAIN or not task.known or task.role != "work":
        return None
    node = function.node
    if not isinstance(node, ast.FunctionDef) or any(isinstance(item, ast.For) for item in node.body):
        return None
    for statement in node.body:
        lines = _loop(draft, statement)
        if lines is not None and statement.lineno > node.lineno:
            edits = Edits()
            edits.replaced[statement.lineno] = lines
            return draft.with_source(apply_edits(draft.source, edits))
    return None


def _loop(draft: Draft, statement: ast.stmt) -> list[str] | None:
    """The statement as a loop."""
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.ListComp) or len(value.generators) != 1:
        return None
    source, turn = value.generators[0], value.elt
    if source.ifs or source.is_async or not any(isinstance(item, ast.Call) for item in ast.walk(turn)):
        return None
    head = f"for {segment(draft.source, source.target)} in {segment(draft.source, source.iter)}:"
    made = segment(draft.source, turn)
    if isinstance(statement, ast.Expr):
        return [f"{head}\n{indented(made)}"]
    if isinstance(statement, ast.Return):
        name = fresh_name(draft.file.tree, "results")
        return [f"{name} = []", f"{head}\n{indented(f'{name}.append({made})')}", f"return {name}"]
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        name = statement.targets[0].id
        return [f"{name} = []", f"{head}\n{indented(f'{name}.append({made})')}"]
    return None
