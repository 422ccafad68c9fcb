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
        now = edits.replaced.get(statement.lineno, [text])
        if (
            statement.lineno == statement.end_lineno
            and "(" not in text
            and [item[: len(text)] for item in now] == [text]
        ):
            edits.replaced[statement.lineno] = [now[0] if name in _listed(now[0]) else f"{now[0]}, {name}"]
            return True
    line, start = _first_import(body).lineno, f"from {module} import "
    pieces = edits.before.get(line, [])
    at = next((number for number, piece in enumerate(pieces) if piece.startswith(start)), None)
    if at is None:
        edits.add_before(line, f"{start}{name}")
    elif name not in _listed(pieces[at]):
        pieces[at] += f", {name}"
    return True


def _listed(statement: str) -> list[str]:
    """The names that an import of one line lists."""
    return [item.strip() for item in statement.partition(" import ")[2].split(",")]


def _first_import(body: list[ast.stmt]) -> ast.stmt:
    """The first import that is not one of `__future__`; else the first statement behind the docstring."""
    behind = [item for item in body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    behind = [item for item in behind if getattr(item, "module", "") != "__future__"]
    return next((item for item in behind if isinstance(item, ast.Import | ast.ImportFrom)), (behind or body)[0])


def _bound(tree: ast.Module) -> set[str]:
    from airflow_provider_wfintel.engine.optimization.rewrites.text import taken_names

    return taken_names(tree, loaded=False)
