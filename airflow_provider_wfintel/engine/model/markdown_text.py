"""Text of others inside Markdown: it is shown, and is never a link, an image or markup."""

from __future__ import annotations

import re

__all__ = ["markdown_escaped"]

# Characters that begin or end something in CommonMark, tables of GitHub's, and HTML.
_MARKS = re.compile(r"([\\`*_\[\]<>|#!~])")


def markdown_escaped(text: str) -> str:
    """The text with every character escaped that Markdown could take for markup. Line ends stay."""
    return _MARKS.sub(r"\\\1", text)
