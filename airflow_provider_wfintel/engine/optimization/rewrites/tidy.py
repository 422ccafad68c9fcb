"""Removes what a rewrite left over: variables and imports that were used before it and are not used any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.text import taken_names

__all__ = ["tidy"]

_ROUNDS = 6


def tidy(before: str, after: str) -> str:
    """The rewritten file without names that only the old one used.

    Assignments of plain values to such names go; assignments of calls stay as calls, since the call makes a task.
    """
    old = ast.parse(before)
    once_used, there = _used(old), taken_names(old)
    for _ in range(_ROUNDS):
        tree = ast.parse(after)
        edits = Edits()
        # Names that the rewrite made up and nobody needs go, too.
        unused = (once_used | (_given(tree) - there)) - _used(tree)
        for statement in _statements(tree):
            _drop(after, statement, unused, edits)
        if not edits:
            break
        after = apply_edits(after, edits)
    return _without_aliases(after, once_used - _used(ast.parse(after)))


def _without_aliases(source: str, unused: set[str]) -> str:
    """The file without `as x` behind a `with` of a function whose name nobody reads any more."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    items = {
        (item.context_expr.end_lineno or 0, item.context_expr.end_col_offset or 0): item.optional_vars
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.With)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id in unused
    }
    lines = source.encode().splitlines(keepends=True)
    for (line, end), name in sorted(items.items(), key=lambda item: item[0], reverse=True):
        row = lines[line - 1]
        if name.end_lineno == line and row[end : name.col_offset].split() == [b"as"]:
            lines[line - 1] = row[:end] + row[name.end_col_offset :]
    return b"".join(lines).decode()


def _given(tree: ast.Module) -> set[str]:
    """Names that a plain assignment gives to something."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _used(tree: ast.Module) -> set[str]:
    """Names that are read somewhere, and names that a bare `append` fills do not count as read."""
    filled = {id(node) for statement in ast.walk(tree) for node in _filled(statement)}
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in filled
    }


def _filled(statement: ast.AST) -> Iterator[ast.Name]:
    """The list or dict that a statement only fills: `x.append(…)`, `x[k] = …`."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        if isinstance(function, ast.Attribute) and function.attr == "append" and isinstance(function.value, ast.Name):
            yield function.value
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            yield target.value


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            yield node


def _drop(source: str, statement: ast.stmt, unused: set[str], edits: Edits) -> None:
    line = statement.lineno
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        filled = isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id in unused
        if (isinstance(target, ast.Name) and target.id in unused) or filled:
            edits.replaced[line] = [] if _plain(statement.value) else [segment(source, statement.value)]
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        if statement.target.id in unused and (statement.value is None or _plain(statement.value)):
            edits.replaced[line] = []
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        name = next(iter(_filled(statement)), None)
        if name is not None and name.id in unused and len(statement.value.args) == 1:
            item = statement.value.args[0]
            edits.replaced[line] = [] if _plain(item) else [segment(source, item)]
        elif isinstance(statement.value, ast.Name):
            edits.replaced[line] = []
    elif isinstance(statement, ast.FunctionDef) and statement.name in unused:
        edits.replaced[line] = []
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        _drop_import(statement, unused, edits)


def _drop_import(statement: ast.Import | ast.ImportFrom, unused: set[str], edits: Edits) -> None:
    kept = [alias for alias in statement.names if (alias.asname or alias.name.partition(".")[0]) not in unused]
    if len(kept) == len(statement.names):
        return
    names = ", ".join(f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in kept)
    if not kept:
        edits.replaced[statement.lineno] = []
    elif isinstance(statement, ast.ImportFrom):
        edits.replaced[statement.lineno] = [f"from {'.' * statement.level}{statement.module or ''} import {names}"]
    else:
        edits.replaced[statement.lineno] = [f"import {names}"]


def _plain(node: ast.expr) -> bool:
    """Whether evaluating the expression does nothing."""
    return all(
        isinstance(
            item, ast.Name | ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Attribute | ast.Load | ast.Subscript
        )
        for item in ast.walk(node)
    )
