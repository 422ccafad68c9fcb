"""Finding the services that a text names: match, decide the sense, sort out passing mentions, give each a role."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from airflow_provider_wfintel.engine.generation.mentions.matcher import Match, Matcher, load_matcher
from airflow_provider_wfintel.engine.generation.mentions.passing import passing_mentions
from airflow_provider_wfintel.engine.generation.mentions.roles import role_of
from airflow_provider_wfintel.engine.generation.mentions.senses import CERTAIN, probability, sense_scores
from airflow_provider_wfintel.engine.generation.mentions.tokens import Words, split_words
from airflow_provider_wfintel.engine.model import Mention, Span

__all__ = ["THRESHOLD", "find_mentions", "named_services"]

THRESHOLD = 0.5
"""Mentions of at least this probability count as named."""

_PASSING_LOG_ODDS = -6.0
_MOST_ALTERNATIVES = 4


def find_mentions(text: str, *, extra_folder: Path | None = None) -> tuple[Mention, ...]:
    """All service names in a text, in its order, with role and probability.

    Ordinary words that merely look like a name, and names mentioned in passing, are among them with the role
    `passing` and a low confidence. Any text is accepted; spans refer to it as it is.

    Args:
        text: what to read.
        extra_folder: a folder with services of one's own, see `load_catalog`.

    Raises:
        CatalogError: the folder does not exist or holds a bad record.
    """
    matcher = load_matcher(extra_folder)
    words = split_words(text)
    matches = matcher.matches(words)
    if not matches:
        return ()
    scores = sense_scores(words, matches, matcher.lexicon)
    passing = passing_mentions(words, matches)
    return tuple(
        _mention(words, match, score, in_passing, matcher)
        for match, score, in_passing in zip(matches, scores, passing, strict=True)
    )


def _mention(words: Words, match: Match, score: float, in_passing: bool, matcher: Matcher) -> Mention:
    confidence = probability(min(score, CERTAIN) + (_PASSING_LOG_ODDS if in_passing else 0.0))
    named = confidence >= THRESHOLD
    category = matcher.lexicon.categories.get(match.service, "")
    return Mention(
        service=match.service,
        span=Span(words.starts[match.first], words.ends[matcher.core_end(words, match) - 1]),
        role=role_of(words, match, category) if named else "passing",
        confidence=confidence,
        alternatives=_alternatives(match.word, match.service, matcher),
    )


@lru_cache(maxsize=4096)
def _alternatives(word: str, service: str, matcher: Matcher) -> tuple[str, ...]:
    """Services whose longer names start with these words: for `zoho`, the other Zoho products."""
    start = word + " "
    aliases = matcher.lexicon.aliases
    found = sorted({other for name, other in aliases.items() if other != service and name.startswith(start)})
    return tuple(found[:_MOST_ALTERNATIVES])


def named_services(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """The ids of the services that are part of the workflow, each once, in the order of the text."""
    named = (item.service for item in mentions if item.role != "passing" and item.confidence >= THRESHOLD)
    return tuple(dict.fromkeys(named))
