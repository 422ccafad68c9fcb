"""What a text must hold for a pattern to match it, read off the pattern itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

__all__ = ["Need", "needs_of", "split_branches"]

# Words that stand in most failure messages; a signature is found by another of its words if it has one.
_COMMON = frozenset((
    "error", "errors", "exception", "failed", "failure", "fail", "not", "found", "the", "to", "of", "in", "is",
    "a", "an", "for", "and", "on", "with", "no", "could", "cannot", "unable", "task", "dag", "airflow",
    "connection", "was", "by", "or", "be", "from", "at", "job", "run", "code", "status", "returned", "file",
    "type", "name", "value", "invalid", "did", "this", "does", "has", "have", "been", "that", "your", "you",
    "it", "com", "org", "java", "python", "line", "operation", "client", "server", "response", "request",
    "http",
))  # fmt: skip
_GAP = "\0"
_EDGE = "\1"
"""Something that may be absent and is no letter or digit, while a pattern is taken apart."""
# After a group of words, a sign or a set of signs: nothing that could make a word of the group longer.
_BORDER_NEXT = re.compile(r"\\[^\w\s]|\[\]?[^\w\\^.\]]+\](?![*?{])")
_WHOLE = re.compile(rf"(?<![a-z0-9{_GAP}])[a-z0-9]{{2,}}(?![a-z0-9{_GAP}])")
_FRAGMENT = 3


class Need(NamedTuple):
    """Something a text must hold: one of some words, or one of some parts of words."""

    words: frozenset[str]
    parts: tuple[str, ...] = ()

    def met(self, words: Set[str], lowered: str) -> bool:
        """Whether a text, given as the set of its words and in lower case, holds it."""
        return not self.words.isdisjoint(words) or any(part in lowered for part in self.parts)

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Lower is better for an index: words rather than parts, rare ones, few."""
        return bool(self.parts), any(word in _COMMON for word in self.words), len(self.words) + len(self.parts)


def needs_of(pattern: str, *, bordered: bool = True) -> tuple[Need, ...]:
    """What stands in every text that a pattern without outermost alternatives matches.

    A pattern that is `bordered` begins and ends at borders of words. Each whole word is a need of its own; a group of
    alternatives needs one word or part of each of its branches; a part of a word (3 letters or more) counts where a
    pattern has nothing better.
    """
    literal, groups = _flatten(pattern.lstrip("^").rstrip("$"))
    if bordered:  # with or without what may be absent at an end, a word begins or ends there
        inner = literal.strip(_EDGE)
        literal = f" {inner} " if inner else ""
    lowered = literal.replace(_EDGE, _GAP).lower()
    needs = [Need(frozenset([word])) for word in dict.fromkeys(_WHOLE.findall(lowered))]
    for inner, alone in groups:
        either = _either(inner, alone=alone)
        if either is not None:
            needs.append(either)
    if not any(not need.parts for need in needs):
        parts = [part for part in re.split(rf"[\s{_GAP}]+", lowered) if len(part) >= _FRAGMENT]
        if parts:
            needs.append(Need(frozenset(), (max(parts, key=len),)))
    return tuple(needs)


def _either(group: str, *, alone: bool) -> Need | None:
    """What the branches of a group need between them; None if one of them needs nothing.

    Unless the group stands alone, its words may be parts of longer ones.
    """
    words: set[str] = set()
    parts: set[str] = set()
    for branch in split_branches(group):
        needs = needs_of(branch, bordered=False)
        if not needs:
            return None
        best = min(needs, key=lambda need: need.rank)
        if not alone and any(len(word) < _FRAGMENT for word in best.words):
            return None
        words |= best.words if alone else frozenset()
        parts |= set(best.parts) | (set() if alone else best.words)
    return Need(frozenset(words), tuple(sorted(parts)))


def split_branches(pattern: str) -> Sequence[str]:
    """The branches of the outermost alternation."""
    branches, depth, start = [], 0, 0
    for index, letter in _outside_sets(pattern):
        if letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and depth == 0:
            branches.append(pattern[start:index])
            start = index + 1
    return [*branches, pattern[start:]]


def _outside_sets(pattern: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """The letters of a pattern with their places, without what is escaped or stands in a set."""
    index, in_set = start, False
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\":
            index += 1
        elif in_set:
            in_set = letter != "]"
        elif letter == "[":
            in_set = True
            index += pattern.startswith("]", index + 1)  # the first sign of a set may be its closing one
        else:
            yield index, letter
        index += 1


def _flatten(pattern: str) -> tuple[str, list[tuple[str, bool]]]:
    """The literal text of a pattern, with a gap for all that varies, and its groups that must match.

    With each group comes whether it stands alone, between borders of words.
    """
    literal: list[str] = []
    groups: list[tuple[str, bool]] = []
    index = 0
    while index < len(pattern):
        letter = pattern[index]
        if letter == "(":
            index = _take_group(pattern, index, literal, groups)
            continue
        if letter == "[":
            end = pattern.index("]", index + 2)
            inside = pattern[index + 1 : end]
            literal.append(" " if not re.search(r"[A-Za-z0-9\\.^]", inside) else _GAP)
            index = end + 1
        elif letter == "\\":
            following = pattern[index + 1]
            literal.append(" " if not following.isalnum() or following in "bsW" else _GAP)
            index += 2
        else:
            literal.append(_GAP if letter == "." else letter)
            index += 1
        index = _quantified(pattern, index, literal)
    return "".join(literal), groups


def _take_group(pattern: str, index: int, literal: list[str], groups: list[tuple[str, bool]]) -> int:
    """Read a group and its quantifier; return the index after them."""
    end = _closing(pattern, index)
    inner = re.sub(r"^\?(?::|P<\w+>)", "", pattern[index + 1 : end])
    after = pattern[end + 1 : end + 2]
    at_border = _is_border(literal[-1] if literal else " ")
    if after not in ("?", "*", "{") and not inner.startswith("?"):
        groups.append(
            (inner, at_border and (after in ("", *" ,:;-'\"") or _BORDER_NEXT.match(pattern, end + 1) is not None))
        )
    literal.append(_GAP)
    index = _quantified(pattern, end + 1, literal)
    if inner.endswith(" ") and at_border:  # with or without the group, what follows begins a word
        literal.append(" ")
    return index


def _is_border(letter: str) -> bool:
    return not letter.isalnum() and letter not in (_GAP, _EDGE)


def _quantified(pattern: str, index: int, literal: list[str]) -> int:
    """Skip a quantifier; what it applies to may be absent, unless it is `+`."""
    found = re.compile(r"(?:[*?]|\{\d*,?\d*\})\??|\+\??").match(pattern, index)
    if not found:
        return index
    if not found.group().startswith("+") and literal:
        literal[-1] = _GAP if literal[-1] not in (" ", _EDGE) else _EDGE
    return found.end()


def _closing(pattern: str, start: int) -> int:
    """Where the group that opens at `start` is closed."""
    depth = 0
    for index, letter in _outside_sets(pattern, start):
        if letter in "()":
            depth += 1 if letter == "(" else -1
            if depth == 0:
                return index
    return len(pattern)
