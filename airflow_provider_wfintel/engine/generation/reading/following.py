"""Names in a list below the words that announce them: "update the following tables: 1. plants 2. pots"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.model import Span

__all__ = ["Named", "names_below", "names_for"]

_ANNOUNCES = re.compile(
    r"\b(?:following|these|below(?:\s+listed)?)\s+(?:[\w'-]+\s+){0,3}?(?P<noun>tables|views|files|buckets|datasets|schemas|topics|models|collections|"
    r"indexes|indices|folders|feeds|sources|sheets|queues|endpoints|regions|countries|cities|shops|stores)\b",
    re.IGNORECASE,
)
_REST = re.compile(r"[^\n]*(?:\n(?!\s*\n)(?![ \t]*(?:[-*•]|\d{1,2}\\?[.)])[ \t])[^\n]*){0,3}")
_NAME = re.compile(
    r"\s*(?:[-*•]|\d{1,2}\\?[.)])[ \t]+(?:\*\*|__)?[`\"']?(?P<name>[A-Za-z_][\w$]*(?:[.-][\w$]+)*)[`\"']?(?:\*\*|__)?[ \t]*(?:(?:[:–—]|\s-)[ \t][^\n]*)?(?:\n|$)"
)
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Named:
    """What the names are called (in the singular), the names, where they are announced, and the lines that hold them."""

    noun: str
    names: tuple[str, ...]
    announced: Span
    lines: Span


def names_below(text: str) -> tuple[Named, ...]:
    """All lists of bare names in a text below words like "the following tables"."""
    found = []
    for match in _ANNOUNCES.finditer(text):
        rest = _REST.match(text, match.end())
        start = at = rest.end() if rest is not None else match.end()
        names = []
        while (line := _NAME.match(text, at)) is not None:
            names.append(line.group("name"))
            at = line.end()
        if len(names) >= _LEAST:
            noun = match.group("noun").lower()
            single = (
                noun[:-3] + "y" if noun.endswith("ies") else "index" if noun in ("indexes", "indices") else noun[:-1]
            )
            found.append(Named(single, tuple(names), Span(*match.span()), Span(start, at)))
    return tuple(found)


def names_for(text: str, own: Span) -> Named | None:
    """The list of names that the words of a clause announce."""
    if _ANNOUNCES.search(text, own.start, own.end) is None:
        return None
    return next((named for named in names_below(text) if named.announced.overlaps(own)), None)
