"""Work that is done whatever happened before: "even if it failed", "still", "in any case"."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.conditions import alert_event
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words

__all__ = ["rule_of", "runs_still", "says_anyhow"]

_STILL = re.compile(
    r"\b(?:still|anyway|anyhow|all the same|nonetheless|nevertheless|trotzdem|dennoch|quand même|"
    r"de todos modos|de todas formas|igualmente|mesmo assim|assim mesmo)\b",
    re.IGNORECASE,
)


def runs_still(words: Words, frame: Frame) -> bool:
    """Of "if it fails, still do this": a step for both ends, not only for the bad one."""
    failed = any(
        alert_event(f"{clause.opening} {words.plain(clause.span)}") == "failure"
        for clause in (*frame.conditions, *frame.temporals)
    )
    start = max(0, frame.main.span.start - 16)
    return failed and _STILL.search(words.text, start, frame.main.span.end + 1) is not None


_ANYHOW = re.compile(
    r"\b(?:even (?:if|when|after)|no matter (?:whether|if|what|how)|selbst wenn|même quand|aun cuando|regardless|whatever the outcome|whatever happen(?:s|ed)|come what may|(?:successful|failed|success)\s+or\s+not|in either case|in any case|in every case|always|auf jeden fall|in jedem fall|auch wenn|whether or not|in any event|at all events|dans tous les cas|même si|aunque|incluso si|mesmo que|mesmo se|sempre no final|"
    r"quoi qu'il arrive|pase lo que pase|en cualquier caso|em qualquer caso)\b|无论",
    re.IGNORECASE,
)


def says_anyhow(words: str) -> bool:
    """Whether words say that something is done whatever happened before ("even if it failed")."""
    return _ANYHOW.search(words) is not None


def rule_of(words: Words, clause: Clause) -> str:
    """The trigger rule that words like "even if it failed" ask for."""
    before = words.text[max(0, clause.span.start - 24) : clause.span.start]
    after = words.text[clause.span.end : clause.span.end + 60].partition(".")[0]
    # The next item of a list, or what stands behind an empty line, speaks of itself.
    after = _NEXT_LINE.split(after, maxsplit=1)[0]
    # Behind an "and" the words speak of the next step, and so do those of a clause of its own behind a comma.
    own = _NEXT_PART.split(after, maxsplit=1)[0]
    found = _ANYHOW.search(own)
    beside = _ANYHOW.search(before) or (found is not None and not _OTHER_WORK.fullmatch(own[: found.start()]))
    return "all_done" if beside or _ANYHOW.search(clause.span.of(words.text)) else "all_success"


# ", drop the table" before "in any case": other work. ", at the end" and ", but do so" are none.
_OTHER_WORK = re.compile(
    r"\s*[,;]\s*(?!(?:at|but|also|do|it|this|that|on|in|am|zum|aber|mais|pero|mas)\b)[^\W\d_].*",
    re.IGNORECASE | re.DOTALL,
)
_NEXT_LINE = re.compile(r"\n\s*(?:[-*•–+◦▪·]\s|\(?\w{1,2}[.)]?\s*(?:\s|$)|\n)")
_NEXT_PART = re.compile(r"\b(?:and|then|und|dann|et|puis|y|luego|e|depois)\b|然后", re.IGNORECASE)
