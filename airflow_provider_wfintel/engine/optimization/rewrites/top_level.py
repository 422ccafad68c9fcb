"""Moves work out of the top level of a DAG file, where every task process and every parse pays for it.

A value that only functions of tasks use is computed when the first of them asks. A value that shapes the DAG is
written down, if its computation does nothing but wait and compute.
"""

from __future__ import annotations

import ast

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, taken_names
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue, is_concrete

__all__ = ["REWRITE"]

_LONGEST_LITERAL = 2000


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    found = []
    for statement, what, seconds in draft.file.top_level:
        source = _deferred(draft, statement) or _written_down(draft, statement, what) or _dropped(draft, statement)
        if source is None:
            continue
        found.append(
            Proposal(
                "defer-top-level-code",
                f"take the work of line {statement.lineno} out of the top level of the file",
                "every task process imports the file, so each pays for what its top level does",
                _proof(draft, statement),
                (f"line {statement.lineno}: {what}" + (f", {seconds:g} s" if seconds else ""),),
                draft.with_source(tidy(draft.source, source)),
                effort="low",
                risk="low",
                tasks=(),
            )
        )
    return found


def _proof(draft: Draft, statement: ast.stmt) -> str:
    if _deferred(draft, statement) is not None:
        return "only functions that tasks call use the value, and they get the same value"
    return "it does nothing but wait, and its result is the same every time"


def _deferred(draft: Draft, statement: ast.stmt) -> str | None:
    """The value as a function that computes it at the first call, where only tasks use it."""
    if (
        not isinstance(statement, ast.Assign)
        or len(statement.targets) != 1
        or not isinstance(statement.targets[0], ast.Name)
    ):
        return None
    name = statement.targets[0].id
    inside = _uses_within_tasks(draft, name)
    if not inside:
        return None
    function = fresh_name(draft.file.tree, name.lower() if name.lower() != name else f"load_{name}")
    edits = Edits()
    value = segment(draft.source, statement.value)
    edits.replaced[statement.lineno] = [f"@cache\ndef {function}():\n    return {value}"]
    if "cache" not in taken_names(draft.file.tree):
        edits.add_before(_first_import(draft), "from functools import cache")
    changed = apply_edits(draft.source, edits)
    return _renamed(changed, name, f"{function}()")


def _uses_within_tasks(draft: Draft, name: str) -> int:
    """How often task functions use the name; 0 if anything else does, or if it is bound anywhere else."""
    callables = {
        id(task.build.function.node) for task in draft.dag.tasks if isinstance(task.build.function, FunctionValue)
    }
    count = 0

    def walk(node: ast.AST, inside: bool) -> bool:
        nonlocal count
        if isinstance(node, ast.Name) and node.id == name:
            if isinstance(node.ctx, ast.Load):
                count += 1
                return inside
            return not inside
        if isinstance(node, ast.FunctionDef):
            outer = [*node.decorator_list, *node.args.defaults]
            within = inside or id(node) in callables
            return all(walk(item, inside) for item in outer) and all(walk(item, within) for item in node.body)
        return all(walk(item, inside) for item in ast.iter_child_nodes(node))

    return count if walk(draft.file.tree, False) else 0


def _first_import(draft: Draft) -> int:
    for statement in draft.file.tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom) and getattr(statement, "module", "") != "__future__":
            return statement.lineno
    return draft.file.tree.body[0].lineno


def _renamed(source: str, name: str, text: str) -> str:
    """The file with every reading of a name replaced."""
    lines = source.splitlines(keepends=True)
    places = [
        (node.lineno, node.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]
    for line, column in sorted(places, reverse=True):
        raw = lines[line - 1].encode()
        lines[line - 1] = (raw[:column] + text.encode() + raw[column + len(name.encode()) :]).decode()
    return "".join(lines)


def _written_down(draft: Draft, statement: ast.stmt, what: str) -> str | None:
    """The value as a literal, where its computation only waits."""
    if (
        not isinstance(statement, ast.Assign)
        or len(statement.targets) != 1
        or not isinstance(statement.targets[0], ast.Name)
    ):
        return None
    value = draft.file.variables.get(statement.targets[0].id)
    if (
        not what.startswith("sleeps")
        or not is_concrete(value)
        or not isinstance(value, list | tuple | dict | str | int | float)
    ):
        return None
    text = repr(value)
    if len(text) > _LONGEST_LITERAL or ast.literal_eval(text) != value:
        return None
    edits = Edits()
    edits.replaced[statement.lineno] = [f"{statement.targets[0].id} = {text}"]
    return apply_edits(draft.source, edits)


def _dropped(draft: Draft, statement: ast.stmt) -> str | None:
    """The file without a pause at its top level."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or segment(draft.source, call.func) not in ("time.sleep", "sleep"):
        return None
    edits = Edits()
    edits.replaced[statement.lineno] = []
    return apply_edits(draft.source, edits)


REWRITE = Rewrite("defer-top-level-code", frozenset({"performance", "cost", "reliability", "hybrid"}), _propose)
