"""Conditions written as a list with arrows or colons: "more than 1000 rows -> run a, otherwise b", "- empty: stop".

They are read as if "if" stood before them. Every letter keeps its place: a mark takes the place of a blank, and the
arrow becomes a comma.
"""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.entities import Entity
from airflow_provider_wfintel.engine.model import Span

__all__ = ["MARK", "with_marked_conditions", "with_marked_days"]

MARK = "\ue000"
"""Stands where "if" is meant."""

_NUMBER = r"-?\d[\d.,]*\s*%?(?:\s*(?:thousand|million|billion|k|m|rows?|records?|files?|lines?|errors?|percent|zeilen|filas|lignes)\b)*"
_COMPARES = (
    r"(?:(?:more|less|fewer|greater|higher|lower|larger|smaller)\s+than|at\s+least|at\s+most|above|below|over|under|up\s+to|exactly|"
    r"equal\s+to|exceeds|mehr\s+als|weniger\s+als|über|unter|[<>]=?|[!=]?=)"
)
_STATE = (
    r"(?:(?:no|any|some|zero|new|missing)\s+(?:new\s+)?(?:rows?|files?|records?|results?|data|errors?|differences?)(?:\s+found)?|(?:not\s+)?empty|nothing(?:\s+found)?|"
    r"(?:they\s+)?(?:match(?:es)?|differ|agree|are\s+equal)|equal|different|mismatch|(?:on\s+)?(?:success|failure|error)|failed|fails|succeeded|yes|no|true|false)"
)
_CONDITION = (
    r"(?:(?:if|when|in\s+case\s+of)\s+)?(?:(?:the\s+)?(?:row\s+)?(?:count|result|value|number|rows?|status|answer|score|total|it|they)\s+)?"
    rf"(?:(?:is|are|says|was|were)\s+)?(?:{_COMPARES}\s*{_NUMBER}|{_STATE}|[`'\"][\w .-]{{1,40}}[`'\"])"
)
_ARROW = r"\s*(?P<arrow>->|→|=>|⇒|➜|-->)\s*"
_ENTRY = re.compile(
    rf"(?P<before>[:;,.]|(?:^|\n)[ \t]*[-*•])(?P<gap>[ \t]+)(?P<condition>{_CONDITION})(?:{_ARROW}|(?P<colon>\s*:)\s+(?=[a-z`]))",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    rf"(?P<before>[:;,.\n]|[-*•])(?P<gap>[ \t]*)(?P<word>otherwise|else|anything\s+else|in\s+all\s+other\s+cases|sonst|sinon)(?:{_ARROW}|(?P<colon>\s*:)\s+)",
    re.IGNORECASE,
)
# "When the count is greater than 0, …": a comparison is a condition and no moment.
_WHEN = re.compile(
    rf"(?<![\w-])(?P<when>when|once|whenever)(?=\s+(?:(?:the|that|this)\s+)?(?:[a-z-]+\s+){{0,2}}?(?:count|result|value|number|total|difference|score|accuracy|auc|f1|rmse|mae|loss|error\s+rate|rate|share|ratio|age|size|lag|delay|it)\s+(?:is|was|comes\s+out)\s+(?:{_COMPARES}\s*{_NUMBER}|not\s+empty|empty)|"
    r"\s+(?:(?:the|both|these|those|two|all)\s+){0,3}(?:row\s+)?(?:counts?|numbers?|totals?|sums?|results?|values?|figures?|sides|they|both)\s+"
    r"(?:(?:do\s+not|don't|are|is|also|still)\s+)?(?:differ\w*|disagree\w*|diverge\w*|match\w*|agree\w*|(?:not\s+)?(?:equal|identical|the\s+same)|unequal|different)\b)",
    re.IGNORECASE,
)
# "Trigger when the file arrives: load it …": the colon ends what is waited for.
_STARTED = re.compile(
    r"(?:^|(?<=[.\n])\s*)(?:please\s+)?(?:trigger|run|start|kick\s+off|launch|begin)(?:s|ed)?\s+(?:it\s+|the\s+dag\s+)?(?:when|once|as\s+soon\s+as|whenever|after)\s+(?:[^:;\n]|:(?=\S)){3,150}?(?P<colon>:)\s+(?=[a-z])",
    re.IGNORECASE,
)
_IF = re.compile(r"(?:if|when)\s", re.IGNORECASE)
# ". More than 200: page …": of the short sentences before a colon, only comparisons are surely conditions.
_COUNTED = re.compile(rf"{_COMPARES}\s*{_NUMBER}", re.IGNORECASE)


def with_marked_conditions(text: str, entities: tuple[Entity, ...]) -> str:
    """The text, as long as before, with a mark before each condition of such a list and a comma behind it."""
    letters = list(text)
    for when in _WHEN.finditer(text):
        _write(letters, *when.span("when"), MARK)
    for start in _STARTED.finditer(text):
        _write(letters, *start.span("colon"), ",")
    if not re.search(r"->|→|=>|⇒|➜|:", text):
        return "".join(letters)
    marked = False
    for match in _ENTRY.finditer(text):
        if any(entity.span.start < match.start("condition") < entity.span.end for entity in entities):
            continue
        counted = _COUNTED.search(match.group("condition")) is not None
        if match.group("colon") and (match.group("before") == "," or (match.group("before") == "." and not counted)):
            continue
        marked = True
        _write(letters, *match.span("arrow" if match.group("arrow") else "colon"), ",")
        if match.group("before") in ":,":
            letters[match.start("before")] = "." if match.group("before") == ":" else ";"
        if not _IF.match(match.group("condition")):
            letters[match.end("gap") - 1] = MARK
    if marked:
        for match in _OTHERWISE.finditer(text):
            _write(letters, *match.span("arrow" if match.group("arrow") else "colon"), " ")
    return "".join(letters)


def with_marked_days(text: str, days: tuple[Span, ...]) -> str:
    """The text with a mark in place of the "on" of each of those days, and a comma behind it."""
    letters = list(text)
    for span in days:
        _write(letters, span.start, span.start + 2, MARK)
        if letters[span.end : span.end + 1] == [" "]:
            letters[span.end] = ","
    return "".join(letters)


def _write(letters: list[str], start: int, end: int, letter: str) -> None:
    """Put a letter at the start of a place and blanks into the rest of it."""
    letters[start:end] = [letter, *" " * (end - start - 1)]
