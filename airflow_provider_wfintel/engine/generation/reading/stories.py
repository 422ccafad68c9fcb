"""User stories and polite openings: who wants something and why, around the words that say what."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.actions import action_of
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.model import Span

__all__ = ["is_summary", "story_words"]

_STORY = re.compile(
    r"(?:^|(?<=[.!?:\n]))[ \t]*(?P<who>(?:(?:user\s+)?story\s*:?\s*)?(?:as|als|en\s+tant\s+que|como)\s+(?:an?|the|eine?r?|un|une|um|uma)?\s*[^,.;:\n]{2,60}?,?\s+"
    r"(?:i|we|ich|wir|je|nous|quiero|quero)(?:'d|\s+would)?\s*(?:want|need|wish|like|möchten?|wollen|will|brauchen?|veux|voudrais|souhaite|gostaria)?\b(?:\s+(?:to\s+have|that|to\s+see|dass|que|zu|to))?)",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"[,;]?\s*\b(?:so\s+that|in\s+order\s+(?:to|that)|damit|afin\s+(?:que|de)|para\s+que)\s+(?:i|we|they|he|she|people|everybody|the\s+\w+|ich|wir|je|nous|my|our)\b[^.\n]*",
    re.IGNORECASE,
)


def story_words(text: str) -> tuple[Span, ...]:
    """Where a text says in whose name it asks ("As an analyst I want …") and what for ("so that I can …")."""
    found = [Span(*match.span("who")) for match in _STORY.finditer(text)]
    return (*found, *(Span(*match.span()) for match in _WHY.finditer(text))) if found else ()


_WISH = re.compile(
    r"\W*(?:(?:hi|hello|hey|please|story|goal|purpose|summary|overview|aim|what\s+we\s+need)\b[\s,:]*)*"
    r"(?:(?:we|i)(?:'d|\s+would)?\s+(?:like|want|need|wish)|(?:could|can|would)\s+(?:you|we|someone)|(?:the\s+)?(?:goal|purpose|aim|idea)\s+(?:is|here)|this\s+(?:dag|pipeline|workflow|job)|"
    r"(?:build|create|set\s+up|make|write|need)\s+(?:me\s+|us\s+)?(?:an?|the)\s+(?:\w+\s+){0,3}(?:dag|pipeline|workflow|job|flow)|as\s+an?\b)",
    re.IGNORECASE,
)


def is_summary(words: Words, frames: tuple[Frame, ...], position: int) -> bool:
    """Whether a first sentence only says what the sentences after it say step by step.

    It is a wish or a story, gives no value, and a later sentence does the same with the same services.
    """
    frame = frames[position]
    clause = frame.main
    if clause.chunk != frames[0].main.chunk or words.slots_in(clause.span) or frame.conditions or frame.foreach:
        return False
    services = {use.service for use in words.services_in(clause.span)}
    story = any(span.start <= clause.span.start for span in story_words(words.text)[:1])
    wish = story or _WISH.match(words.text, frames[0].main.span.start) is not None
    action, lemma = action_of(words, clause)
    if not wish or not services or action == "none":
        return False
    later = [other.main for other in frames[position + 1 :] if other.main.chunk != clause.chunk]
    told = {use.service for other in later for use in words.services_in(other.span)}
    again = any(_says_so(words, other, action, lemma, services) for other in later)
    return services <= told and again


def _says_so(words: Words, other: Clause, action: str, lemma: str, services: set[str]) -> bool:
    said = action_of(words, other)
    return bool(services & {use.service for use in words.services_in(other.span)}) and (
        said[1] == lemma or said[0] == action or {said[0], action} <= {"load", "copy", "extract", "transform"}
    )
