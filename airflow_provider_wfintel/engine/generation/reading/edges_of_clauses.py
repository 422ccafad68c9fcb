"""Edges of clauses: what stands before and behind the words that say something (numbers of lines, loose "and"s)."""

from __future__ import annotations

import re

__all__ = ["loose_end", "only_joins", "with_bullets_for_numbers", "within_brackets"]

_MASK = "\u25a1"
_NUMBERED = re.compile(r"^(?P<mark>[ \t]*(?P<kind>[A-Z]{1,4})[-_ ]?\d{1,2}[.)]?)[ \t]+(?=[^\s:=–—-])", re.MULTILINE)
_SEVERAL = 2


def with_bullets_for_numbers(clean: str) -> str:
    """The text with numbers of requirements before its lines ("R1 …", "AC-2 …") made bullets, as long as they were.

    A number before a colon is a label that other lines may name: it stays.
    """
    found = list(_NUMBERED.finditer(clean))
    kinds = [match.group("kind") for match in found]
    for match in found:
        if kinds.count(match.group("kind")) >= _SEVERAL:
            size = match.end("mark") - match.start("mark")
            clean = clean[: match.start("mark")] + "-".ljust(size) + clean[match.end("mark") :]
    return clean


_LOOSE_END = re.compile(
    r"[\s,;]*\b(?:(?:and|or|but|und|oder|aber|et|mais|ou|y|e|pero|mas|o)(?:\s+(?:only|nur|then|dann|seulement|s[oó]lo|s[oó]|s[oó]mente))?)\s*$",
    re.IGNORECASE,
)


def loose_end(clean: str, begin: int, stop: int) -> int:
    """Where a clause ends without an "and" that joins it to the condition behind it ("wait for it, and if …")."""
    match = _LOOSE_END.search(clean, begin, stop)
    return match.start() if match is not None and match.start() > begin else stop


_ONLY_JOINS = re.compile(
    r"[\s,;:.–—-]*(?:(?:and|or|but|so|else|otherwise|or\s+else|sonst|andernfalls|sinon|senão|only|but\s+only|and\s+only|please|und|aber|nur|et|mais|seulement|y|pero|s[oó]lo|e|mas)[\s,]*)+",
    re.IGNORECASE,
)


def only_joins(words: str) -> bool:
    """Whether the words before a condition say nothing by themselves ("Only after …", "and, if …")."""
    return _ONLY_JOINS.fullmatch(words) is not None


_METHOD = re.compile(rf"(?:GET|POST|PUT|PATCH|HEAD)\s+{_MASK}")


def within_brackets(clean: str, start: int, at: int) -> bool:
    """Whether a word is the method of a call that stands in brackets ("(connection api, GET /fleet)"): no verb."""
    if _METHOD.match(clean, at) is None:
        return False
    return clean.count("(", start, at) > clean.count(")", start, at)
