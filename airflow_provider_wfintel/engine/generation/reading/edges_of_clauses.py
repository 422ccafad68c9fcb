"""Edges of clauses: what stands before and behind the words that say something (numbers of lines, loose "and"s)."""

from __future__ import annotations

import re

__all__ = ["end_of_noun", "loose_end", "only_joins", "says_independent", "with_bullets_for_numbers", "within_brackets"]

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


_INDEPENDENT = re.compile(
    r"[\s,;]*(?:\w+\s+){1,4}(?:and|und)\s+(?:\w+\s+){1,4}?(?:(?:do(?:n't|\s+not)\s+(?:depend\s+on|wait\s+for|need))|are\s+independent\s+of|hängen\s+nicht)\b[^.;]{0,40}",
    re.IGNORECASE,
)


def says_independent(words: str) -> bool:
    """Whether words only say that two pieces of work do not depend on each other: their names are no verbs."""
    return _INDEPENDENT.fullmatch(words.rstrip(" .,;")) is not None


_METHOD = re.compile(rf"(?:GET|POST|PUT|PATCH|HEAD)\s+{_MASK}")


def within_brackets(clean: str, start: int, at: int) -> bool:
    """Whether a word is the method of a call that stands in brackets ("(connection api, GET /fleet)"): no verb."""
    if _METHOD.match(clean, at) is None:
        return False
    return clean.count("(", start, at) > clean.count(")", start, at)


# "for each request the data is removed": behind the noun the work begins with its subject.
_EACH_SUBJECT = re.compile(
    r"\s+(?:of\s+(?:the|these|those|them)\s+)?[a-z][\w-]*(?=\s+(?:the|an?|its|our|their)\s+(?:[\w'’-]+\s+){1,4}(?:is|are|has|have|must|should|shall|gets?|will|needs?)\b)"
)


# "publishes a command per outdated device to the topic": the place belongs to what is done.
_EACH_PLACED = re.compile(r"\s+(?:[a-z][\w-]*\s+){1,2}?(?=(?:to|into|onto|via|through)\s+(?:the|an?|our|its)\s)")


def end_of_noun(clean: str, start: int, end: int) -> int | None:
    """Where the noun of "for each …" ends if the work goes on behind it without a comma; None if it does not."""
    found = _EACH_SUBJECT.match(clean, start, end) or _EACH_PLACED.match(clean, start, end)
    return None if found is None else found.end()
