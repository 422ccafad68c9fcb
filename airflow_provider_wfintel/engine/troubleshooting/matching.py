"""Which signatures match a text. An index over words keeps the number of patterns that are tried small."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache
from typing import Any, NamedTuple

from airflow_provider_wfintel.engine.catalog.failures import (
    MadeIndex,
    Signature,
    compile_pattern,
    load_made_index,
    load_signatures,
)
from airflow_provider_wfintel.engine.troubleshooting.names import spelled_names

__all__ = ["Match", "SignatureIndex", "build_contexts", "build_table", "default_index", "found_around", "needs_of"]

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
_EDGE = "\1"
"""Something that may be absent and is no letter or digit, while a pattern is taken apart."""
# After a group of words, a sign or a set of signs: nothing that could make a word of the group longer.
_BORDER_NEXT = re.compile(r"\\[^\w\s]|\[\]?[^\w\\^.\]]+\](?![*?{])")
_WHOLE = re.compile(rf"(?<![a-z0-9{_GAP}])[a-z0-9]{{2,}}(?![a-z0-9{_GAP}])")
_FRAGMENT = 3
# Between the pieces of a row of the table; no pattern holds them.
_NEXT, _PARTS, _PART = "\x1d", "\x1e", "\x1f"


class Match(NamedTuple):
    """A signature and where it matched; `named` if it was found in the name of an error, written as words."""

    signature: Signature
    start: int
    end: int
    named: bool = False


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


class _Branch:
    """One branch of a signature's pattern, with what a text must hold, beside the word it is filed under, to match."""

    __slots__ = ("compiled", "needs", "pattern", "signature")

    def __init__(self, signature: Signature, pattern: str, needs: tuple[Need, ...]) -> None:
        self.signature, self.pattern, self.needs = signature, pattern, needs
        self.compiled: re.Pattern[str] | None = None

    def search(self, text: str) -> re.Match[str] | None:
        """The first match. The pattern is compiled on first use: most logs need a few dozen of them."""
        if self.compiled is None:
            self.compiled = compile_pattern(self.pattern, case=self.signature.case)
        return self.compiled.search(text)


class SignatureIndex:
    """Branches of signatures by a word that a text must hold for them to match.

    A pattern is split at its outermost alternatives, because each of them needs other words: most lines of a log hold
    the words of none, and then no regular expression runs at all.

    Args:
        signatures: the signatures.
        table: what `build_table` made for them; without it the table is made here, which takes some tenths of a second
            for the whole catalogue.
    """

    def __init__(self, signatures: Iterable[Signature], table: Mapping[str, Any] | None = None) -> None:
        self._signatures: Sequence[Signature] = signatures if isinstance(signatures, Sequence) else list(signatures)
        table = table or build_table(self._signatures)
        self._rows: list[str] = table["branches"]
        self._by_word: dict[str, str] = table["by_word"]
        self._by_part: list[tuple[tuple[str, ...], int]] = [_part_row(row) for row in table["by_part"]]
        self._always: list[int] = table["always"]
        self._branches: dict[int, _Branch] = {}

    @property
    def unindexed(self) -> tuple[Signature, ...]:
        """Signatures with a branch that needs neither a word nor a part of one, and is tried on every text."""
        return tuple(self._branch(number).signature for number in self._always)

    def matches(self, text: str, *, weak: bool = True, name: bool = False) -> list[Match]:
        """All signatures that match, each with its first place.

        Args:
            text: what is said.
            weak: whether to try signatures that count only in failures.
            name: whether the text is the name of an error, written as words.
        """
        lowered = text.lower()
        words = set(_WORD.findall(lowered))
        found: dict[str, Match] = {}
        for branch in self._candidates(words, lowered):
            if (not weak and branch.signature.only_failures) or (not name and branch.signature.names_only):
                continue
            if not all(need.met(words, lowered) for need in branch.needs):
                continue
            place = branch.search(text)
            known = found.get(branch.signature.id)
            if place and (known is None or place.start() < known.start):
                found[branch.signature.id] = Match(branch.signature, place.start(), place.end())
        return [found[name] for name in sorted(found)]

    @lru_cache(maxsize=2_000)  # noqa: B019 - the index lives as long as its process, and names recur in every log
    def _of_name(self, words: str) -> tuple[Match, ...]:
        return tuple(self.matches(words, name=True))

    def of_names(self, text: str, *, head: bool) -> list[Match]:
        """Signatures that match the names of errors in a text, see `names`; each with where the name stands.

        Args:
            text: what is said.
            head: whether it begins with the type of an exception.
        """
        found: dict[str, Match] = {}
        for words, start, end in spelled_names(text, head=head):
            for match in self._of_name(words):
                found.setdefault(match.signature.id, Match(match.signature, start, end, named=True))
        return [found[name] for name in sorted(found)]

    def _candidates(self, words: Set[str], lowered: str) -> Iterator[_Branch]:
        for word in self._by_word.keys() & words:
            for text in self._by_word[word].split():
                yield self._branch(int(text))
        for parts, number in self._by_part:
            for part in parts:
                if part in lowered:
                    yield self._branch(number)
                    break
        for number in self._always:
            yield self._branch(number)

    def _branch(self, number: int) -> _Branch:
        branch = self._branches.get(number)
        if branch is None:
            bounds, *needs = self._rows[number].split(_NEXT)
            place, start, end = (int(part) for part in bounds.split())
            signature = self._signatures[place]
            made = tuple(_read_need(need) for need in needs)
            branch = self._branches[number] = _Branch(signature, signature.pattern[start:end], made)
        return branch


def build_table(signatures: Sequence[Signature]) -> dict[str, Any]:
    """The index as plain values: branches as place of the signature, bounds in its pattern and needs; where each is filed.

    Rows are strings, which are split when they are needed: thousands of small lists would make a process with many
    objects collect garbage again and again while it loads them.
    """
    rows: list[str] = []
    by_word: dict[str, list[int]] = {}
    by_part: list[str] = []
    always: list[int] = []
    for place, signature in enumerate(signatures):
        start = 0
        for pattern in _split(signature.pattern):
            needs = needs_of(pattern)
            best = min(needs, key=lambda need: need.rank, default=None)
            kept = [need for need in needs if need is not best or need.parts]
            number = len(rows)
            rows.append(_NEXT.join([f"{place} {start} {start + len(pattern)}", *map(_write_need, kept)]))
            start += len(pattern) + 1
            if best is None:
                always.append(number)
                continue
            if best.parts:
                by_part.append(_NEXT.join([str(number), *best.parts]))
            for word in sorted(best.words):
                by_word.setdefault(word, []).append(number)
    filed = {word: " ".join(map(str, numbers)) for word, numbers in by_word.items()}
    return {"branches": rows, "by_word": filed, "by_part": by_part, "always": always}


def build_contexts(patterns: Mapping[str, str]) -> dict[str, list[str]]:
    """The alternatives of each of some patterns, by its name: bounds in the pattern, and what texts must hold for it."""
    made: dict[str, list[str]] = {}
    for name, pattern in patterns.items():
        start, rows = 0, made.setdefault(name, [])
        for part in _split(pattern):
            rows.append(_NEXT.join([f"{start} {start + len(part)}", *map(_write_need, needs_of(part))]))
            start += len(part) + 1
    return made


@cache
def _alternatives(name: str) -> tuple[tuple[int, int, tuple[Need, ...]], ...]:
    made = _made()
    found = []
    for row in made.contexts.get(name, ()) if made else ():
        bounds, *needs = row.split(_NEXT)
        start, end = bounds.split()
        found.append((int(start), int(end), tuple(_read_need(need) for need in needs)))
    return tuple(found)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return compile_pattern(pattern)


def found_around(name: str, pattern: str, text: str) -> bool:
    """Whether the pattern of a context rule is found in a text; only alternatives that may match are compiled.

    Args:
        name: id of the rule; one that the made index does not know is compiled as a whole.
        pattern: its pattern.
        text: where to look.
    """
    alternatives = _alternatives(name)
    if not alternatives:
        return bool(_compiled(pattern).search(text))
    lowered = text.lower()
    words = set(_WORD.findall(lowered))
    return any(
        all(need.met(words, lowered) for need in needs) and _compiled(pattern[start:end]).search(text)
        for start, end, needs in alternatives
    )


@cache
def _made() -> MadeIndex | None:
    return load_made_index()


def _write_need(need: Need) -> str:
    return f"{' '.join(sorted(need.words))}{_PARTS}{_PART.join(need.parts)}"


def _read_need(text: str) -> Need:
    words, _, parts = text.partition(_PARTS)
    return Need(frozenset(words.split()), tuple(parts.split(_PART)) if parts else ())


def _part_row(row: str) -> tuple[tuple[str, ...], int]:
    number, *parts = row.split(_NEXT)
    return tuple(parts), int(number)


@cache
def default_index() -> SignatureIndex:
    """The index over the catalogue's signatures, from the file that `scripts/build_signature_index.py` makes.

    A test compares the file with what is made anew; if it is missing, the index is made here.
    """
    made = _made()
    if made is None:
        return SignatureIndex(load_signatures())
    return SignatureIndex(made.signatures, made.table)


def needs_of(pattern: str, *, bordered: bool = True) -> tuple[Need, ...]:
    """What stands in every text that a pattern without outermost alternatives matches.

    A pattern that is `bordered` begins and ends at borders of words. Each whole word is a need of its own; a group of alternatives needs one word or part of each of its branches; a
    part of a word (3 letters or more) counts where a pattern has nothing better.
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
    for branch in _split(group):
        needs = needs_of(branch, bordered=False)
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
            index += pattern.startswith("]", index + 1)  # the first sign of a set may be its closing one
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
            index += pattern.startswith("]", index + 1)
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return index
        index += 1
    return index
