"""Insides: sentences on what a job, function or command does once a step has started it.

"It triggers a Lambda function. The function saves the files to …": one step; the second sentence is about the code
that is started, not about this DAG.
"""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.paragraphs import Row, sentences
from airflow_provider_wfintel.engine.model import Span

__all__ = ["insides"]

_STARTED = (
    "function|command|job|script|query|queries|model|container|image|notebook|procedure|pipeline|program|lambda|"
    "application|app|binary|binaries|crawler|spider|flow|macro|stored procedure"
)
_SPEAKS_OF = re.compile(
    rf"\W*(?:this|these|the|that|those|its|each)\s+(?:[\w-]+\s+){{0,2}}?(?P<noun>{_STARTED})s?\s+(?:then\s+|also\s+|itself\s+|in\s+turn\s+|\w+ly\s+)?(?!has\s+to\b)"
    r"(?:(?!is\b|was\b|has\b|this\b)[a-z]{3,}s|save|write|load|read|fetch|pull|push|store|extract|transform|process|parse|send|return|update|create|build|compute|calculate|collect|download|upload|publish)\b",
    re.IGNORECASE,
)
_QUOTED = frozenset({"command", "script", "query", "notebook"})
_STARTS = r"\b(?:trigger|run|start|submit|launch|invok|execut|call|kick)\w*\b"

# "runs `make all`. This command …": the literal is what is spoken of.
_STARTS_QUOTED = re.compile(rf"{_STARTS}[^.;`]{{0,40}}`", re.IGNORECASE)


def insides(text: str, rows: tuple[Row, ...]) -> tuple[Span, ...]:
    """The sentences that speak of what a sentence before them, in the same paragraph or item, has started."""
    told: list[Span] = []
    for said in _paragraphs(text, rows):
        for number, span in enumerate(said[1:], 1):
            spoken = _SPEAKS_OF.match(text, span.start, span.end)
            if spoken is None:
                continue
            noun = re.compile(rf"{_STARTS}[^.;]*?\b{re.escape(spoken.group('noun'))}s?\b", re.IGNORECASE)
            just = said[number - 1]
            quoted = spoken.group("noun").lower() in _QUOTED and _STARTS_QUOTED.search(text, just.start, just.end)
            if quoted or any(noun.search(text, before.start, before.end) for before in said[:number]):
                told.append(span)
    return tuple(told)


def _paragraphs(text: str, rows: tuple[Row, ...]) -> list[tuple[Span, ...]]:
    """The sentences of each paragraph, and of each item with the lines that go on with it."""
    whole: list[Span] = []
    for row in rows:
        if row.kind == "more" and whole:
            whole[-1] = Span(whole[-1].start, row.span.end)
        elif row.kind in ("prose", "item"):
            whole.append(row.span)
    return [sentences(text, span) for span in whole]
