"""By which columns rows are told apart: "merge … on order_id", "keyed by the primary key id and day"."""

from __future__ import annotations

import re

__all__ = ["key_columns", "key_match"]

_COLUMNS = r"[`'\"]?[A-Za-z_]\w*[`'\"]?(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|\+)\s+|\s*\+\s*)[`'\"]?[A-Za-z_]\w*[`'\"]?)*"
_KEY = re.compile(
    rf"\b(?:matching\s+on|keyed\s+(?:on|by)|key(?:\s+is)?|on|by|using)\s+(?:the\s+|their\s+)?"
    rf"(?:(?:primary\s+|business\s+)?(?:keys?|columns?)\s+)?"
    rf"(?P<columns>{_COLUMNS})(?:\s+as\s+(?:the\s+)?(?:\w+\s+)?keys?)?\s*(?:$|[.;,()]|\bin\b|\bso\b|\bthen\b)",
    re.IGNORECASE,
)
_NO_COLUMNS = frozenset({"the", "a", "an", "key", "keys", "primary", "sql", "merge", "success", "and", "it"})
_NOT_ALONE = frozenset({"day", "time"})
"""Words that say when, unless another column stands beside them."""


def key_match(words: str, after: int = 0) -> re.Match[str] | None:
    """The first words behind `after` that name key columns."""
    return next((match for match in _KEY.finditer(words, after) if key_columns(match)), None)


def key_columns(match: re.Match[str]) -> tuple[str, ...]:
    """The columns of a match; empty if one of its words is none."""
    names = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*\+\s*", match.group("columns"))
    columns = tuple(name.strip("`'\" ") for name in names)
    if len(columns) == 1 and columns[0].lower() in _NOT_ALONE:
        return ()
    return () if any(name.lower() in _NO_COLUMNS for name in columns) else columns
