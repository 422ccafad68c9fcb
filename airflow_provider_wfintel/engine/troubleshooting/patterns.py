"""Regular expressions that are compiled when they are first used.

Compiling takes up to a millisecond each, and a retry decision in a task process needs only a few of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

__all__ = ["LazyPattern", "any_of"]


class LazyPattern:
    """A regular expression with the methods of a compiled one that are used here.

    Args:
        pattern: the expression; whether it is a valid one shows when it is used, so every one has a test that uses it.
        flags: flags of `re`.
    """

    __slots__ = ("_compiled", "_flags", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, self._flags)
        return self._compiled

    def search(self, text: str) -> re.Match[str] | None:
        """The first match anywhere."""
        return self.compiled().search(text)

    def match(self, text: str, position: int = 0) -> re.Match[str] | None:
        """The match at the beginning, or at a position."""
        return self.compiled().match(text, position)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches, in order."""
        return self.compiled().finditer(text)

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with all matches replaced."""
        return self.compiled().sub(replacement, text)


@cache
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """An expression that finds the first of many fixed words, in one pass and letter by letter.

    Words are put into a tree by their beginnings, three times as fast as an alternation of all of them. Of words that
    begin with another one, the shorter is found.
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return re.compile(_branches(tree))


def _branches(tree: Mapping[str, Any]) -> str:
    if "" in tree:
        return ""
    parts = [re.escape(letter) + _branches(rest) for letter, rest in sorted(tree.items())]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
