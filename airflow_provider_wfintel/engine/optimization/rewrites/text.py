"""Small pieces of source text."""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterable

__all__ = ["fresh_name", "indented", "loaded", "quoted", "stored", "taken_names"]


def quoted(value: object) -> str:
    """A literal, texts in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def indented(text: str) -> str:
    """The text one level further in."""
    return textwrap.indent(text, "    ")


def taken_names(tree: ast.Module, *, loaded: bool = True) -> set[str]:
    """Every name that a file defines or, with `loaded`, uses."""
    found = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and (loaded or not isinstance(node.ctx, ast.Load))
    }
    found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    found |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    found |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(item.asname or item.name).partition(".")[0] for item in node.names}
    return found


def fresh_name(tree: ast.Module, wish: str) -> str:
    """A name that the file does not have, as close to the wish as possible."""
    taken = taken_names(tree)
    name, number = wish, 2
    while name in taken:
        name, number = f"{wish}_{number}", number + 1
    return name


def stored(statements: Iterable[ast.AST]) -> set[str]:
    """Names that the statements bind."""
    return {
        node.id
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def loaded(statements: Iterable[ast.AST]) -> set[str]:
    """Names that the statements read."""
    return {
        node.id
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
