"""The word that opens an item, behind the label that it may have ("load_data: Load the users")."""

from __future__ import annotations

import re

__all__ = ["LABEL", "first_word"]

LABEL = re.compile(
    r"\W*[\w`*.-]+(?:\s+[\w`*.-]+){0,2}\s*(?:\*\*|__|`)?\s*(?::(?=\s)|–|—|\s-|\|)\s*(?:has\s+an?\s+`?\w*operator`?\s+to\s+)?(?=\S)",
    re.I,
)
"""Up to three words and a colon, a dash or the bar of a table."""


def first_word(words: str) -> str:
    """The first word of an item behind its label; empty if there is none."""
    label = LABEL.match(words)
    found = re.match(r"\W*([A-Za-z-]+)", words[label.end() :] if label else words)
    return found.group(1) if found else ""
