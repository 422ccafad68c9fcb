"""Comments above statements that are taken out: one that heads several statements stays with the next of them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

__all__ = ["headings"]


def headings(source: str, removed: Collection[int]) -> dict[int, list[str]]:
    """Line of a statement -> comments that it inherits from statements right above it that are taken out.

    A comment heads the statements below it up to the next blank line or comment; one that stands above a single
    statement goes with it. `removed` are first lines (of a function: the line of its `def`).
    """
    lines, found = source.splitlines(), {}
    for body in _bodies(ast.parse(source)) if removed else ():
        kept: list[str] = []
        end = 0
        for statement in body:
            first = min([statement.lineno, *(item.lineno for item in getattr(statement, "decorator_list", ()))])
            if first != end + 1:
                kept = []
            if statement.lineno in removed:
                own = _above(lines, first)
                kept = own or kept
            elif kept:
                found[statement.lineno], kept = kept, []
            end = statement.end_lineno or first
    return found


def _bodies(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                yield body


def _above(lines: list[str], first: int) -> list[str]:
    """The comments right above a line, with its indentation."""
    margin = lines[first - 1][: len(lines[first - 1]) - len(lines[first - 1].lstrip())]
    found: list[str] = []
    for text in reversed(lines[: first - 1]):
        if not text.startswith(f"{margin}#"):
            break
        found.insert(0, text.strip())
    return found
