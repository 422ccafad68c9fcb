"""Names of DAGs that are ordinary words: "then trigger the DAG exports"."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.model import Span

__all__ = ["started_dag"]

_STARTS_DAG = re.compile(
    r"\b(?:trigger\w*|start\w*|launch\w*|kick\w*\s+off|fire|run|starte[nt]?|auslösen|lance[rz]?|déclenche[rz]?|lanzar|disparar|"
    r"iniciar|acionar|den|le|el|o)\s+(?:(?:the|a|our|den|die|le|la|el|o)\s+)?(?:downstream\s+|other\s+)?$",
    re.IGNORECASE,
)
_DAG_NAME = re.compile(
    r"\s+(?P<v>[a-z][\w-]{3,})(?=\s*(?:[.,;:)\n]|$)|\s(?:and|then|und|et|y|e|starten|auslösen|anstoßen|triggern)\b)"
)
_NO_NAMES = frozenset(
    [
        "again",
        "afterwards",
        "automatically",
        "manually",
        "daily",
        "hourly",
        "weekly",
        "monthly",
        "nightly",
        "once",
        "then",
        "there",
        "here",
        "itself",
        "instead",
        "later",
        "first",
        "last",
        "next",
        "runs",
        "fails",
        "finishes",
        "starts",
        "ends",
        "manuell",
        "danach",
        "täglich",
        "stündlich",
        "wieder",
        "ensuite",
        "après",
        "aussi",
        "luego",
        "después",
        "también",
        "depois",
    ]
)


def started_dag(text: str, span: Span, cue: Span) -> tuple[str, Span, str] | None:
    """The word behind "DAG" at `cue` that ends what is said, if a verb of starting stands before it."""
    if _STARTS_DAG.search(text, max(span.start, cue.start - 40), cue.start) is None:
        return None
    match = _DAG_NAME.match(text, cue.end, min(span.end + 12, len(text)))
    if match is None or match.group("v") in _NO_NAMES:
        return None
    return match.group("v"), Span(*match.span("v")), ""
