"""Preparation: literals, language, verbs and clauses of a text, found once for all later stages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.reading.arrow_conditions import (
    with_marked_conditions,
    with_marked_days,
)
from airflow_provider_wfintel.engine.generation.reading.clauses import Clause, split_clauses
from airflow_provider_wfintel.engine.generation.reading.conditions import extra_days
from airflow_provider_wfintel.engine.generation.reading.documents import Document, read_document
from airflow_provider_wfintel.engine.generation.reading.entities import Entity, find_entities
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.items import declaration_lines
from airflow_provider_wfintel.engine.generation.reading.labels import label_words
from airflow_provider_wfintel.engine.generation.reading.lexicon import VerbUse, find_verbs, language_of
from airflow_provider_wfintel.engine.generation.reading.listed import listed_verbs
from airflow_provider_wfintel.engine.generation.reading.paragraphs import rows_of
from airflow_provider_wfintel.engine.generation.reading.requirements import Requirements, read_requirements
from airflow_provider_wfintel.engine.generation.reading.stories import story_words
from airflow_provider_wfintel.engine.model import Mention, Span

__all__ = ["Prepared", "prepare"]

_RETRACTED = re.compile(
    r"(?P<old>\b(?:the\s+)?[\w-]+(?:\s+[A-Z][\w-]*){0,3})\s*(?P<mark>\.{3}|…|\?|,|–|—|-)\s*"
    r"(?:(?:no|nope|non|nein)\s*[,:]|(?:wait(?!\s+(?:for|until|till|on)\b)|sorry|i mean|actually|correction|rather|scratch that|quer[ií]a decir)\b)[\s,:]*",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"(?:\.{3}|[…?,–—-])\s*(?:(?:no|nope|non|nein)\s*[,:]|(?:wait(?!\s+(?:for|until|till|on)\b)|sorry|i mean|actually|correction|rather|scratch that|quer[ií]a decir)\b)",
    re.IGNORECASE,
)
_OPAQUE = frozenset(
    {"link", "path", "email", "host", "url", "uri", "arn", "uuid", "resource", "json", "partition", "glob", "file"}
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The words of a text with its clauses.

    `told` are words that only sum up or address people, `introduced` are titles and introductions.
    """

    words: Words
    clauses: tuple[Clause, ...]
    requirements: Requirements = Requirements()
    refused: tuple[Span, ...] = ()
    verbs: tuple[VerbUse, ...] = ()
    told: tuple[Span, ...] = ()
    introduced: tuple[Span, ...] = ()


def _blanked(text: str, spans: tuple[Span, ...]) -> str:
    letters = list(text)
    for span in spans:
        for index in range(span.start, min(span.end, len(letters))):
            if letters[index] != "\n":
                letters[index] = " "
    return "".join(letters)


def _marked(text: str, marks: tuple[tuple[int, str], ...]) -> str:
    """The text with other signs at some places."""
    letters = list(text)
    for place, sign in marks:
        letters[place] = sign
    return "".join(letters)


# A statement after a semicolon in running text, closed by another semicolon or a comment sign.
_SMUGGLED = re.compile(
    r";\s*(?P<v>(?:drop|delete|truncate|alter|grant|insert|update|exec|shutdown|create)\b[^.;\n`\"]{0,200}(?:;|--|/\*)[^\n.]{0,80})",
    re.IGNORECASE,
)
# "tear down the pool? no, leave it alone": a question that its author answers with no.
_ANSWERED_NO = re.compile(
    r"(?:^|(?<=[.!?\n;]))\s*(?P<v>[^.!?\n;]{3,160}\?)\s*(?:no|nope|nein|non|não)\b(?:\s+wait)?\s*[,.!:]", re.IGNORECASE
)


def _smuggled(text: str, entities: tuple[Entity, ...]) -> tuple[Span, ...]:
    spans = (Span(*match.span("v")) for match in _SMUGGLED.finditer(text))
    return tuple(
        span for span in spans if not any(entity.kind == "code" and entity.span.overlaps(span) for entity in entities)
    )


def _taken_back(text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span("v")) for match in _ANSWERED_NO.finditer(text))


def _inside_a_name(text: str, span: Span) -> bool:
    """Whether a span is a piece of a hyphenated or dotted name ("sessions-daily")."""
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    return bool(re.search(r"\w[-_.]$", before) or re.match(r"[-_]\w", after))


def _retractions(text: str, entities: tuple[Entity, ...]) -> tuple[Span, ...]:
    """What the author takes back in the same breath ("Redshift, no wait, Snowflake")."""
    found = []
    if _TAKES_BACK.search(text) is None:
        return ()  # the pattern below tries every word: most texts need not pay for it
    for match in _RETRACTED.finditer(text):
        span = Span(*match.span())
        if not any(entity.span.overlaps(span) for entity in entities):
            found.append(span)
    return tuple(found)


def prepare(
    text: str, mentions: tuple[Mention, ...], consumed: tuple[Span, ...], deadline: Span | None = None
) -> Prepared:
    """Find everything that later stages need.

    `consumed` are the words about schedule and settings, `deadline` are those of them that say when a run must be over.
    """
    entities = find_entities(text)
    retracted = _retractions(text, entities)
    consumed = tuple(span for span in consumed if not _inside_a_name(text, span))
    requirements = read_requirements(text, entities, consumed)
    consumed = (*consumed, *requirements.lines, *label_words(text), *story_words(text))
    language = language_of(text)
    consumed = (*consumed, *declaration_lines(text, language))
    refused = _smuggled(text, entities)
    retracted = (*retracted, *_taken_back(text), *refused)
    document = read_document(text, _blanked(text, (*consumed, *retracted))) if language == "en" else Document()
    # A name that holds the name of a service tells which one is meant; one before a colon opens a line of its own.
    plain = (
        span
        for span in document.names
        if ":" not in span.of(text) and not any(item.span.overlaps(span) for item in mentions)
    )
    set_aside = (*document.told, *document.silent, *plain)
    retracted = (*retracted, *set_aside)
    without = _marked(_blanked(text, (*consumed, *retracted)), document.marks)
    without = with_marked_conditions(without, entities)
    without = with_marked_days(without, extra_days(text))
    literals = tuple(entity.span for entity in entities if not any(span.overlaps(entity.span) for span in set_aside))
    verbs = find_verbs(without, language, literals)
    if language == "en" and "\n" in text:
        verbs = tuple(sorted((*verbs, *listed_verbs(without, rows_of(without))), key=lambda item: item.span))
    usable = tuple(
        mention
        for mention in mentions
        if not any(span.overlaps(mention.span) for span in (*consumed, *retracted))
        and not any(entity.kind in _OPAQUE and entity.span.overlaps(mention.span) for entity in entities)
    )
    blank = _blanked(without, literals)
    no_values = (*consumed, *retracted, *document.names)
    words = Words(text, without, blank, language, entities, usable, no_values, deadline)
    clauses = split_clauses(without, verbs, literals, language)
    return Prepared(words, clauses, requirements, refused, verbs, document.told, (*document.silent, *document.names))
