"""Columns that have another name now, where the database itself says which."""

from __future__ import annotations

import re

__all__ = ["rename_columns"]

_SAID = (
    # PostgreSQL
    re.compile(
        r"column \"?(?:\w+\.)?(?P<old>\w+)\"? does not exist.*?Perhaps you meant to reference the column "
        r"\"?(?:\w+\.)?(?P<new>\w+)\"?",
        re.IGNORECASE | re.DOTALL,
    ),
    # BigQuery
    re.compile(r"Unrecognized name: (?P<old>\w+); Did you mean (?P<new>\w+)\?", re.IGNORECASE),
    # Spark
    re.compile(
        r"column(?:, variable, or function parameter)? with name `(?P<old>\w+)` cannot be resolved\. Did you mean "
        r"one of the following\? \[`(?:\w+`\.`)*(?P<new>\w+)`\]",
        re.IGNORECASE,
    ),
)  # fmt: skip


def rename_columns(source: str, evidence: str) -> str | None:
    """The source with the column renamed in its SQL texts; None if the failure names no other column.

    Only words inside of string literals that hold an SQL keyword are changed.
    """
    import libcst as cst

    found = next((match for pattern in _SAID if (match := pattern.search(evidence))), None)
    if found is None:
        return None
    old, new = found["old"], found["new"]
    word = re.compile(rf"\b{re.escape(old)}\b")
    sql = re.compile(r"\b(?:select|insert|update|delete|merge|from|where|group by|order by)\b", re.IGNORECASE)

    class Rename(cst.CSTTransformer):
        def leave_SimpleString(
            self, original_node: cst.SimpleString, updated_node: cst.SimpleString
        ) -> cst.SimpleString:
            if not sql.search(original_node.value):
                return updated_node
            return updated_node.with_changes(value=word.sub(new, original_node.value))

        def leave_FormattedStringText(
            self, original_node: cst.FormattedStringText, updated_node: cst.FormattedStringText
        ) -> cst.FormattedStringText:
            return updated_node.with_changes(value=word.sub(new, original_node.value))

    return cst.parse_module(source).visit(Rename()).code
