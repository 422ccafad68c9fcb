"""Words that carry no meaning of their own here: function words of each language, and nouns that any data work has."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import cast

from airflow_provider_wfintel.engine.generation.reading.lexicon import words_file
from airflow_provider_wfintel.engine.model import Span

__all__ = [
    "JOINERS",
    "MEANS",
    "PLACES",
    "connective_spans",
    "event_words",
    "generic_forms",
    "generic_words",
    "may_be_work",
    "says_nothing",
    "small_words",
    "stem",
    "word_list",
]

_COMMON = "en"
_ENDINGS = re.compile(r"(?:'s|’s|ies|ing|ed|es|s|e)$")


@cache
def stem(word: str) -> str:
    """A word without the endings of English plurals and verbs, in lower case: the same for all its forms."""
    word = word.lower()
    end = _ENDINGS.search(word)
    if end is None or end.start() < 3:
        return word
    root = word[: end.start()] + ("y" if end.group() == "ies" else "")
    if end.group() in ("ing", "ed") and len(root) > 3 and root[-1] == root[-2] and root[-1] not in "sl":
        root = root[:-1]
    return root.removesuffix("e")


@cache
def _lists() -> dict[str, object]:
    return cast("dict[str, object]", json.loads(Path(__file__).with_name("words.json").read_text("utf-8")))


@cache
def word_list(name: str, *, stems: bool = False) -> frozenset[str]:
    """One of the lists of `words.json`: its words, or their stems."""
    words = cast("str", _lists()[name]).split()
    return frozenset(map(stem, words) if stems else words)


JOINERS = word_list("joiners")
"""Words between which a phrase ends. Those that are also prepositions in another language are left out."""

PLACES = word_list("places")
"""Words that open a phrase of their own."""

MEANS = word_list("means")
"""Words that open what the work is done with: there a name must be carried as a name."""


@cache
def small_words(language: str) -> frozenset[str]:
    """The function words of a language, with those of English."""
    lists = cast("dict[str, str]", _lists()["small"])
    return frozenset(word for name in {language, _COMMON} for word in lists.get(name, "").split())


@cache
def generic_forms() -> frozenset[str]:
    """Nouns that any data work has, and those that introduce a value ("bucket", "Tabelle"), as they are listed."""
    words = list(word_list("generic"))
    for cue in words_file("cues").values():
        words += [part for item in cast("list[str]", cue) for part in item.split()]
    return frozenset(words)


@cache
def generic_words() -> frozenset[str]:
    """The stems of `generic_forms`."""
    return frozenset(map(stem, generic_forms()))


@cache
def event_words() -> frozenset[str]:
    """Stems of nouns and verbs for work that is over ("after the load", "vor dem Export")."""
    verbs = [lemma for line in cast("dict[str, str]", words_file("verbs")["en"]).values() for lemma in line.split()]
    return frozenset(stem(word) for word in (*cast("str", _lists()["events"]).split(), *verbs))


@cache
def _connectives() -> dict[str, tuple[str, ...]]:
    """Phrases that tell order or open a clause, by their first word, the longest first."""
    lists = cast("dict[str, list[str]]", words_file("connectives"))
    phrases = [item for name in ("then", "parallel") for item in lists[name]]
    kinds = cast("dict[str, dict[str, list[str]]]", words_file("subordinators"))
    phrases += [item for words in kinds.values() for group in words.values() for item in group if " " in item]
    phrases += cast("list[str]", _lists()["phrases"])
    found: dict[str, set[str]] = {}
    for phrase in phrases:
        found.setdefault(phrase.split()[0], set()).add(phrase)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in found.items()}


def connective_spans(blank: str) -> tuple[Span, ...]:
    """Phrases that only tell order or open a clause ("side by side", "al final", "en cas de")."""
    lower, table, end = blank.lower(), _connectives(), 0
    found = []
    for match in _FIRST_WORD.finditer(lower):
        start = match.start()
        if start < end:
            continue
        for phrase in table.get(match.group(), ()):
            stop = start + len(phrase)
            if lower.startswith(phrase, start) and not lower[stop : stop + 1].isalnum():
                found.append(Span(start, stop))
                end = stop
                break
    return tuple(found)


_FIRST_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LITERAL = re.compile(r"[\d`'\"@/#]")
_NEGATED = re.compile(
    r"\b(?:no|not|never|don't|dont|without|nicht|kein\w*|pas|nunca|não|sin|sans|ohne)\b", re.IGNORECASE
)


def says_nothing(words: str, language: str) -> bool:
    """Whether words that were not used hold nothing that could be lost ("Hi all", "Steps", "Then")."""
    said = words.strip(" .,;:").lower()
    if said in _connectives().get(said.split(" ")[0], ()):
        return True
    if _LITERAL.search(words) or _NEGATED.search(words) or not words.isascii():
        return False
    return not _content(words, language)


def may_be_work(words: str, language: str) -> bool:
    """Whether words that were not used could ask for something: they have content and do not forbid it."""
    return bool(_content(words, language)) and _NEGATED.search(words) is None


def _content(words: str, language: str) -> list[str]:
    small, generic = small_words(language), generic_words()
    return [word for word in _WORD.findall(words) if word.lower() not in small and stem(word) not in generic]
