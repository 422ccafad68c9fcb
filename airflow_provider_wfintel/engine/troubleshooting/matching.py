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
from airflow_provider_wfintel.engine.troubleshooting.needs import Need, needs_of, split_branches

__all__ = ["Match", "SignatureIndex", "build_contexts", "build_table", "default_index", "found_around"]

_WORD = re.compile(r"[a-z0-9]+")
# Between the pieces of a row of the table; no pattern holds them.
_NEXT, _PARTS, _PART = "\x1d", "\x1e", "\x1f"


class Match(NamedTuple):
    """A signature and where it matched; `named` if it was found in the name of an error, written as words."""

    signature: Signature
    start: int
    end: int
    named: bool = False


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
        for pattern in split_branches(signature.pattern):
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
        for part in split_branches(pattern):
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
