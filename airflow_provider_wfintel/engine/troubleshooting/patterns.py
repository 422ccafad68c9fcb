"""Regular expressions that are compiled when they are first used.

Compiling takes up to a millisecond each, and a retry decision in a task process needs only a few of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

__all__ = ["LazyPattern"]


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

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the beginning."""
        return self.compiled().match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches, in order."""
        return self.compiled().finditer(text)

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with all matches replaced."""
        return self.compiled().sub(replacement, text)
