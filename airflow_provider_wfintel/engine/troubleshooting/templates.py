"""Log templates: messages that differ only in their variable parts, found by the Drain algorithm.

Source: P. He, J. Zhu, Z. Zheng, M. R. Lyu, "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017.
A tree of fixed depth leads by the number of tokens and the first tokens to a group of templates; a message joins the
most similar one if enough tokens agree, and tokens that differ become `<*>`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["TemplateMiner", "fingerprint"]

WILDCARD = "<*>"
_VARIABLE = re.compile(
    r"(?i)0x[0-9a-f]+|\b[0-9a-f]{8}-[0-9a-f-]{27,}\b|\b[0-9a-f]{12,}\b|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|"
    r"(?<![a-z_])\d[\d.,:/-]*|'[^'\n]{1,80}'|\"[^\"\n]{1,80}\"|`[^`\n]{1,80}`|(?:/[\w.=-]+){2,}|\w+://\S+"
)


@dataclass
class _Group:
    tokens: list[str]
    number: int


@dataclass
class TemplateMiner:
    """Learns templates from messages, one at a time.

    Attributes:
        depth: how many tokens, after the length, lead to a group.
        similarity: share of equal tokens from which a message belongs to a template.
        children: branches per node; further tokens share the wildcard branch.
    """

    depth: int = 3
    similarity: float = 0.5
    children: int = 100
    counts: Counter[int] = field(default_factory=Counter)
    _tree: dict[tuple[str, ...], list[_Group]] = field(default_factory=dict)
    _branches: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    _all: list[_Group] = field(default_factory=list)

    def add(self, message: str) -> int:
        """Learn a message and return the number of its template."""
        tokens = _tokens(message)
        groups = self._tree.setdefault(self._path(tokens), [])
        best, share = None, 0.0
        for group in groups:
            alike = sum(a == b for a, b in zip(group.tokens, tokens, strict=True)) / max(1, len(tokens))
            if alike > share:
                best, share = group, alike
        if best is None or share < self.similarity:
            best = _Group(tokens, len(self._all))
            groups.append(best)
            self._all.append(best)
        else:
            best.tokens = [a if a == b else WILDCARD for a, b in zip(best.tokens, tokens, strict=True)]
        self.counts[best.number] += 1
        return best.number

    def template(self, number: int) -> str:
        """The text of a template, with `<*>` for what varies."""
        return " ".join(self._all[number].tokens)

    def _path(self, tokens: list[str]) -> tuple[str, ...]:
        path: tuple[str, ...] = (str(len(tokens)),)
        for token in tokens[: self.depth]:
            branch = WILDCARD if any(letter.isdigit() for letter in token) else token
            known = self._branches.setdefault(path, set())
            if branch not in known and len(known) >= self.children:
                branch = WILDCARD
            known.add(branch)
            path = (*path, branch)
        return path


def fingerprint(message: str) -> str:
    """The message with its variable parts masked: equal for the same message about other things."""
    return " ".join(_tokens(message.strip().splitlines()[0] if message.strip() else ""))[:300]


def _tokens(message: str) -> list[str]:
    return _VARIABLE.sub(WILDCARD, message).split()[:60]
