"""Names that a rewrite needs in a file: added to an import that is there, or as an import of their own."""

from __future__ import annotations

import ast

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, segment

__all__ = ["import_name"]


def import_name(draft: Draft, module: str, name: str, edits: Edits) -> bool:
    """Note that the file imports `name` from `module`; false if the file means something else by that name."""
    body = draft.file.tree.body
    imports = [item for item in body if isinstance(item, ast.ImportFrom) and item.module == module and not item.level]
    for statement in imports:
        if any(alias.name == name and alias.asname in (None, name) for alias in statement.names):
            return True
    if name in _bound(draft.file.tree):
        return False
    for statement in imports:
        text = segment(draft.source, statement)
        if statement.lineno == statement.end_lineno and statement.lineno not in edits.replaced and "(" not in text:
            edits.replaced[statement.lineno] = [f"{text}, {name}"]
            return True
    edits.add_before(_first_import(body).lineno, f"from {module} import {name}")
    return True


def _first_import(body: list[ast.stmt]) -> ast.stmt:
    """The first import that is not one of `__future__`; else the first statement behind the docstring."""
    behind = [item for item in body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    behind = [item for item in behind if getattr(item, "module", "") != "__future__"]
    return next((item for item in behind if isinstance(item, ast.Import | ast.ImportFrom)), (behind or body)[0])


def _bound(tree: ast.Module) -> set[str]:
    from airflow_provider_wfintel.engine.optimization.rewrites.text import taken_names

    return taken_names(tree, loaded=False)
