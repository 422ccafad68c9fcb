"""What authors say in comments: `wfintel: reads=a,b writes=c` beside a task, `wfintel: keep` beside an order."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass

__all__ = ["Comments", "Declaration", "read_comments"]

_FIELD = re.compile(r"\b(reads|writes)\s*=\s*([^\s;]*(?:\s*,\s*[^\s;=,]+)*)")
_KEEP = re.compile(
    r"wfintel:\s*keep\b|\border (?:matters|is required)\b|\bdo not (?:reorder|re-order|parallelize|run in parallel)\b"
    r"|\bmust (?:stay|remain) in (?:this )?order\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a comment says that a task reads and writes."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of a file by line."""

    texts: dict[int, str]
    alone: frozenset[int]
    """Lines that hold nothing but a comment."""

    def beside(self, first: int, last: int) -> list[str]:
        """Comments on the lines from `first` to `last` and on the comment lines right above."""
        found = [self.texts[line] for line in range(first, last + 1) if line in self.texts]
        line = first - 1
        while line in self.alone:
            found.append(self.texts[line])
            line -= 1
        return found

    def declaration(self, first: int, last: int) -> Declaration | None:
        """The declaration beside a statement, if there is one."""
        words = [text for text in self.beside(first, last) if "wfintel:" in text and _FIELD.search(text)]
        if not words:
            return None
        fields: dict[str, tuple[str, ...]] = {}
        for text in words:
            for name, value in _FIELD.findall(text):
                fields[name] = tuple(part.strip() for part in value.split(",") if part.strip())
        return Declaration(fields.get("reads", ()), fields.get("writes", ()))

    def says_keep(self, first: int, last: int) -> bool:
        """Whether a comment beside a statement tells to keep the order."""
        return any(_KEEP.search(text) for text in self.beside(first, last))


def read_comments(source: str) -> Comments:
    """The comments of a Python file."""
    texts: dict[int, str] = {}
    alone: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                texts[token.start[0]] = token.string.lstrip("#").strip()
                if not token.line[: token.start[1]].strip():
                    alone.add(token.start[0])
    except (tokenize.TokenError, IndentationError):
        return Comments({}, frozenset())
    return Comments(texts, frozenset(alone))
