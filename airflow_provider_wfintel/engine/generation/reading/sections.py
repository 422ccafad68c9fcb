"""Sections: list items that only head the items under them ("1. Extract" above indented bullets)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.lexicon import opens_with_verb
from airflow_provider_wfintel.engine.generation.reading.openers import LABEL, first_word
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Section", "find_sections", "heads_section", "indent_of"]

_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*•–+◦▪‣·○]|\(?(?:\d{1,2}|[a-zA-Z])[.)])[ \t]+(?P<words>[^\n]*)")
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Section:
    """The words that head a section, where they stand, and where the items under them stand."""

    name: str
    head: Span
    body: Span


def indent_of(text: str, place: int) -> int:
    """How many blanks open the line of a place."""
    start = text.rfind("\n", 0, place) + 1
    return len(text[start:]) - len(text[start:].lstrip(" \t"))


def find_sections(text: str) -> tuple[Section, ...]:
    """All short list items with at least two deeper items right below them."""
    lines: list[tuple[int, int, int, str]] = []
    start = 0
    for line in text.split("\n"):
        item = _ITEM.fullmatch(line)
        indent = len(item.group("indent")) if item else -1
        lines.append((start, start + len(line), indent, item.group("words") if item else line.strip()))
        start += len(line) + 1
    found = []
    for number, (begin, end, indent, words) in enumerate(lines):
        if indent < 0 or not 0 < len(words.split()) <= _MOST_WORDS:
            continue
        below = number + 1
        while below < len(lines) and lines[below][2] > indent:
            below += 1
        deeper = [item[3] for item in lines[number + 1 : below]]
        if below - number > 2 and not _does_itself(words, deeper):
            name = words.strip(" :*_#")
            found.append(Section(name, Span(begin, end), Span(end, lines[below - 1][1])))
    return tuple(found)


def _does_itself(words: str, deeper: list[str]) -> bool:
    """Whether a head says what to do behind its label, and what stands below it are things ("Checks: Validate keys")."""
    label = LABEL.match(words)
    verbs = sum(opens_with_verb(first_word(item)) for item in deeper)
    return label is not None and opens_with_verb(first_word(words)) and verbs * 2 < len(deeper)


def heads_section(words: Words, clause: Clause, sections: tuple[Section, ...]) -> bool:
    """Whether a clause is no more than the head of a section: it names no service and no value."""
    inside = any(section.head.start <= clause.span.start < section.head.end for section in sections)
    return inside and not words.services_in(clause.span) and not words.slots_in(clause.span)
