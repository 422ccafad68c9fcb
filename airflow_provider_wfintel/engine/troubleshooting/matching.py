"""Which signatures match a text. An index over words keeps the number of patterns that are tried small."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache

from airflow_provider_wfintel.engine.catalog.failures import Signature, compile_pattern, load_signatures

__all__ = ["Match", "SignatureIndex", "default_index", "needs_of"]

_WORD = re.compile(r"[a-z0-9]+")
# Words that stand in most failure messages; a signature is found by another of its words if it has one.
_COMMON = frozenset(
    [
        "error",
        "errors",
        "exception",
        "failed",
        "failure",
        "fail",
        "not",
        "found",
        "the",
        "to",
        "of",
        "in",
        "is",
        "a",
        "an",
        "for",
        "and",
        "on",
        "with",
        "no",
        "could",
        "cannot",
        "unable",
        "task",
        "dag",
        "airflow",
        "connection",
        "was",
        "by",
        "or",
        "be",
        "from",
        "at",
        "job",
        "run",
        "code",
        "status",
        "returned",
        "file",
        "type",
        "name",
        "value",
        "invalid",
        "did",
        "this",
        "does",
        "has",
        "have",
        "been",
        "that",
        "your",
        "you",
        "it",
        "com",
        "org",
        "java",
        "python",
        "line",
        "operation",
        "client",
        "server",
        "response",
        "request",
        "http",
    ]
)
_GAP = "\0"
_WHOLE = re.compile(rf"(?<![a-z0-9{_GAP}])[a-z0-9]{{2,}}(?![a-z0-9{_GAP}])")
_FRAGMENT = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A signature and where it matched."""

    signature: Signature
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Need:
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


@dataclass(slots=True)
class _Branch:
    """One branch of a signature's pattern, with all that a text must hold for it to match."""

    number: int
    pattern: str
    needs: tuple[Need, ...]
    compiled: re.Pattern[str] | None = None


class SignatureIndex:
    """Branches of signatures by a word that a text must hold for them to match.

    A pattern is split at its outermost alternatives, because each of them needs other words: most lines of a log hold
    the words of none, and then no regular expression runs at all.
    """

    def __init__(self, signatures: Iterable[Signature]) -> None:
        self._signatures: list[Signature] = list(signatures)
        self._by_word: dict[str, list[_Branch]] = {}
        self._by_part: list[tuple[tuple[str, ...], _Branch]] = []
        self._always: list[_Branch] = []
        for number, signature in enumerate(self._signatures):
            for pattern in _split(signature.pattern):
                self._file(_Branch(number, pattern, needs_of(pattern)))

    def _file(self, branch: _Branch) -> None:
        if not branch.needs:
            self._always.append(branch)
            return
        best = min(branch.needs, key=lambda need: need.rank)
        branch.needs = tuple(need for need in branch.needs if need is not best or need.parts)
        if best.parts:
            self._by_part.append((best.parts, branch))
        for word in best.words:
            self._by_word.setdefault(word, []).append(branch)

    @property
    def unindexed(self) -> tuple[Signature, ...]:
        """Signatures with a branch that needs neither a word nor a part of one, and is tried on every text."""
        return tuple(self._signatures[branch.number] for branch in self._always)

    def matches(self, text: str, *, weak: bool = True) -> list[Match]:
        """All signatures that match, each with its first place.

        Args:
            text: what is said.
            weak: whether to try signatures that count only in failures.
        """
        lowered = text.lower()
        words = set(_WORD.findall(lowered))
        found: dict[int, tuple[int, int]] = {}
        candidates = [branch for word in self._by_word.keys() & words for branch in self._by_word[word]]
        for parts, branch in self._by_part:
            for part in parts:
                if part in lowered:
                    candidates.append(branch)
                    break
        for branch in (*candidates, *self._always):
            if not weak and self._signatures[branch.number].only_failures:
                continue
            if not all(need.met(words, lowered) for need in branch.needs):
                continue
            place = self._compiled(branch).search(text)
            if place and (branch.number not in found or place.start() < found[branch.number][0]):
                found[branch.number] = place.span()
        return [Match(self._signatures[number], *found[number]) for number in sorted(found)]

    def _compiled(self, branch: _Branch) -> re.Pattern[str]:
        """Compiled on first use: most logs need a few dozen of them."""
        if branch.compiled is None:
            branch.compiled = compile_pattern(branch.pattern, case=self._signatures[branch.number].case)
        return branch.compiled


@cache
def default_index() -> SignatureIndex:
    """The index over the catalogue's signatures."""
    return SignatureIndex(load_signatures())


def needs_of(pattern: str) -> tuple[Need, ...]:
    """What stands in every text that a pattern without outermost alternatives matches.

    Each whole word is a need of its own; a group of alternatives needs one word or part of each of its branches; a
    part of a word (3 letters or more) counts where a pattern has nothing better.
    """
    literal, groups = _flatten(pattern.lstrip("^").rstrip("$"))
    lowered = literal.lower()
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
    for branch in _split(group):
        needs = needs_of(branch)
        if not needs:
            return None
        best = min(needs, key=lambda need: need.rank)
        if not alone and any(len(word) < _FRAGMENT for word in best.words):
            return None
        words |= best.words if alone else frozenset()
        parts |= set(best.parts) | (set() if alone else best.words)
    return Need(frozenset(words), tuple(sorted(parts)))


def _split(pattern: str) -> Sequence[str]:
    """The branches of the outermost alternation."""
    branches, depth, start, index = [], 0, 0, 0
    in_class = False
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\":
            index += 2
            continue
        if in_class:
            in_class = letter != "]"
        elif letter == "[":
            in_class = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and depth == 0:
            branches.append(pattern[start:index])
            start = index + 1
        index += 1
    return [*branches, pattern[start:]]


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
        groups.append((inner, at_border and after in ("", " ", ",", ":", ";", "-", "'", '"')))
    literal.append(_GAP)
    index = _quantified(pattern, end + 1, literal)
    if inner.endswith(" ") and at_border:  # with or without the group, what follows begins a word
        literal.append(" ")
    return index


def _is_border(letter: str) -> bool:
    return not letter.isalnum() and letter != _GAP


def _quantified(pattern: str, index: int, literal: list[str]) -> int:
    """Skip a quantifier; what it applies to may be absent, unless it is `+`."""
    found = re.compile(r"(?:[*?]|\{\d*,?\d*\})\??|\+\??").match(pattern, index)
    if not found:
        return index
    if not found.group().startswith("+") and literal:
        literal[-1] = _GAP
    return found.end()


def _closing(pattern: str, start: int) -> int:
    depth, index, in_class = 0, start, False
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\":
            index += 2
            continue
        if in_class:
            in_class = letter != "]"
        elif letter == "[":
            in_class = True
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return index
        index += 1
    return index
