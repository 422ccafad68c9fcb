"""Phrase tables of six languages: tokens become items that carry the concepts their words can stand for.

A phrase may stand for several concepts ("second" is a unit and an ordinal); the readers pick the one they need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from airflow_provider_wfintel.engine.generation.schedule.tokens import Token, fold, tokenize
from airflow_provider_wfintel.engine.generation.schedule.zones import AMBIGUOUS, cities, iana_name, offset_zone

__all__ = ["LANGUAGES", "Item", "languages_of", "read_items"]

LANGUAGES = ("en", "de", "fr", "es", "pt", "zh")
_ENGLISH_TOO = frozenset(
    {
        "pour",
        "todo",
        "media",
        "premier",
        "lance",
        "salvo",
        "mars",
        "entre",
        "march",
        "start",
        "manual",
        "normal",
        "correction",
        "plan",
        "annual",
        "nota",
        "besser",
        "sera",
    }
)
_ENGLISH_SIGNS = frozenset(
    {
        "the",
        "and",
        "of",
        "with",
        "to",
        "from",
        "for",
        "in",
        "is",
        "this",
        "every",
        "run",
        "runs",
        "that",
        "it",
        "by",
        "each",
    }
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}


@dataclass(frozen=True, slots=True)
class Item:
    """One or several tokens that mean something together.

    `concepts` maps each concept that the words can stand for to its value; plain words have none.
    """

    kind: str
    norm: str
    start: int
    end: int
    value: tuple[int, ...] = ()
    concepts: Mapping[str, Any] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Whether the words can stand for one of the concepts."""
        return any(name in self.concepts for name in names)


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    concepts: dict[str, Any] = field(default_factory=dict)

    def add(self, words: Iterable[str], concept: str, value: Any) -> None:
        node = self
        for word in words:
            node = node.children.setdefault(word, _Node())
        node.concepts[concept] = value


@cache
def _table(language: str, package: str = "") -> dict[str, Any]:
    source = (
        resources.files(package or __package__)
        .joinpath("words")
        .joinpath(f"{language}.json")
        .read_text(encoding="utf-8")
    )
    table: dict[str, Any] = json.loads(source)
    return table


@cache
def _markers(also: str) -> dict[str, frozenset[str]]:
    """Words that tell a language: those listed, and the longer words of its phrases that English has not."""
    english = _words("en", also) | _ENGLISH_TOO
    return {
        name: frozenset(fold(word) for word in _table(name)["markers"])
        | frozenset(word for word in _words(name, also) - english if len(word) > 3)
        for name in LANGUAGES[1:]
    }


def _words(language: str, also: str) -> frozenset[str]:
    tables = [_table(language), *([_table(language, also)] if also else [])]
    phrases = (phrase for table in tables for entry in table["phrases"].values() for phrase in entry)
    return frozenset(word for phrase in phrases for word in _split(phrase) if word.isalpha())


def languages_of(tokens: Sequence[Token], also: str = "") -> tuple[str, ...]:
    """English and every language whose marker words occur, in the order of `LANGUAGES`."""
    words = {token.norm for token in tokens if token.kind == "word"}
    english = len(words & _ENGLISH_SIGNS)
    # In an English text single words of another language are names or chance ("premier", "hora").
    found = [name for name in LANGUAGES[1:-1] if _enough(len(words & _markers(also)[name]), english)]
    return ("en", *found, *(["zh"] if any(_HAN.match(word) for word in words) else []))


def _split(phrase: str) -> list[str]:
    """The folded tokens of a phrase; most phrases are one plain word."""
    if phrase.isascii() and phrase.isalpha():
        return [phrase.lower()]
    return [token.norm for token in tokenize(phrase)]


def _enough(markers: int, english: int) -> bool:
    return markers >= 1 and (english < 3 or markers * 3 >= english)


@cache
def _trie(languages: tuple[str, ...], also: str) -> _Node:
    root = _Node()
    for language in languages:
        for package in ("", also) if also else ("",):
            for key, phrases in _table(language, package)["phrases"].items():
                concept, _, value = key.partition(":")
                for phrase in phrases:
                    root.add(_split(phrase), concept, json.loads(value) if value else True)
    for city, zone in cities().items():
        root.add(_split(city), "zone", zone)
    return root


def read_items(text: str, *, also: str = "") -> tuple[Item, ...]:
    """Tokens of `text`, joined to the longest phrases of the languages that the text is written in.

    `also` names a package whose `words` folder holds further phrase tables.
    """
    tokens = tokenize(text)
    languages = languages_of(tokens, also)
    root = _trie(languages, also)
    items: list[Item] = []
    index = 0
    while index < len(tokens):
        item, index = _next_item(text, tokens, index, root, languages)
        items.append(item)
    return tuple(items)


def _next_item(
    text: str, tokens: Sequence[Token], index: int, root: _Node, languages: tuple[str, ...]
) -> tuple[Item, int]:
    token = tokens[index]
    zone = _zone_item(text, tokens, index)
    if zone is not None:
        return zone
    end, concepts = _longest(tokens, index, root)
    if "zone" in concepts and not _zone_allowed(text, token, tokens[end - 1], languages):
        concepts = {name: value for name, value in concepts.items() if name != "zone"}
    number = _chinese_number(tokens, index)
    if number is not None and number[1] >= end:
        value, after = number
        return Item("number", str(value), token.start, tokens[after - 1].end, (value,), concepts), after
    if end <= index:
        end = index + 1
    last = tokens[end - 1]
    norm = token.norm if end == index + 1 else " ".join(item.norm for item in tokens[index:end])
    kind = token.kind if end == index + 1 else "word"
    value_of: tuple[int, ...] = token.value if end == index + 1 else ()
    if "num" in concepts and not value_of:
        value_of = (concepts["num"],)
    return Item(kind, norm, token.start, last.end, value_of, concepts), end


def _longest(tokens: Sequence[Token], index: int, root: _Node) -> tuple[int, dict[str, Any]]:
    node, best, concepts = root, index, {}
    position = index
    while position < len(tokens):
        token = tokens[position]
        opaque = token.kind == "literal" and "_" not in token.norm
        child = None if opaque else node.children.get(token.norm)
        if child is None and position > index and token.norm == "-" and _joins(tokens, position):
            position += 1
            continue
        if child is None:
            break
        node = child
        position += 1
        if node.concepts:
            best, concepts = position, node.concepts
    return best, concepts


def _joins(tokens: Sequence[Token], position: int) -> bool:
    """Whether the hyphen at `position` joins two words ("ad-hoc")."""
    token = tokens[position]
    after = position + 1 < len(tokens) and tokens[position + 1].start == token.end
    return tokens[position - 1].end == token.start and after


def _zone_item(text: str, tokens: Sequence[Token], index: int) -> tuple[Item, int] | None:
    token = tokens[index]
    if token.kind == "literal":
        # The full stop behind a zone at the end of a sentence is none of its letters.
        written = text[token.start : token.end].rstrip(".,;")
        name = iana_name(written.strip("`\"'"))
        if "/" in name:
            end = token.start + len(written)
            return Item("word", name, token.start, end, (), {"zone": name, "iana": True}), index + 1
        return None
    if token.kind != "word":
        return None
    if token.norm in ("utc", "gmt"):
        offset = offset_zone(text, token.start)
        if offset is not None:
            return _zone_until(tokens, index, offset[0], offset[1], "zone_offset")
    if index + 2 < len(tokens) and tokens[index + 1].norm == "/":
        end = token.start
        while end < len(text) and (text[end].isalnum() or text[end] in "/_-"):
            end += 1
        name = iana_name(text[token.start : end])
        if "/" in name:
            return _zone_until(tokens, index, name, end, "iana")
    return None


def _zone_until(tokens: Sequence[Token], index: int, name: str, end: int, mark: str) -> tuple[Item, int]:
    after = index + 1
    while after < len(tokens) and tokens[after].start < end:
        after += 1
    return Item("word", name, tokens[index].start, end, (), {"zone": name, mark: True}), after


def _zone_allowed(text: str, first: Token, last: Token, languages: tuple[str, ...]) -> bool:
    words = text[first.start : last.end]
    if fold(words) not in AMBIGUOUS:
        return True
    return (
        words.isupper()
        or (words[:1].isupper() and len(words) > 3)
        or (languages == ("en",) and fold(words) in ("est", "et", "pt", "ist", "uk"))
    )


def _chinese_number(tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    total, unit, position = 0, -1, index
    while position < len(tokens):
        char = tokens[position].norm
        if char == "十":
            total, unit = (max(unit, 1) if unit >= 0 else 1) * 10, 0
        elif char in _DIGITS:
            if unit > 0:
                break
            unit = _DIGITS[char]
        else:
            break
        position += 1
    return (total + max(unit, 0), position) if position > index else None
