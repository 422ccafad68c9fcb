"""Does an ambiguous word mean its service here? Evidence is added up as log-odds.

To the local evidence comes the company: other services listed beside the word, and a surer mention of the same
service elsewhere in the text. The sum goes through the logistic function.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from airflow_provider_wfintel.engine.catalog.lexicon import Lexicon, Sense
from airflow_provider_wfintel.engine.generation.mentions.cues import JOINERS
from airflow_provider_wfintel.engine.generation.mentions.evidence import evidence, technical
from airflow_provider_wfintel.engine.generation.mentions.matcher import Match
from airflow_provider_wfintel.engine.generation.mentions.tokens import Words

__all__ = ["CERTAIN", "probability", "sense_scores"]

CERTAIN = 3.9
"""Log-odds of a name that is no ordinary word (0.98)."""

_MISSPELT = -1.5
_ROUTE = 2.0
_LISTED = 2.2
_LISTED_LIKELY = 1.0
_LIKELY = -1.5
_COMPANY = 0.5
_JOINING_WORDS = 2
_ELSEWHERE = 2.0
_SURE = 0.8


def probability(score: float) -> float:
    """The logistic function, to three digits."""
    return round(1.0 / (1.0 + math.exp(-score)), 3)


def sense_scores(words: Words, matches: Sequence[Match], lexicon: Lexicon) -> list[float]:
    """Log-odds, for each match, that its words mean the service at all."""
    senses = [lexicon.senses.get(match.word) for match in matches]
    scores = [
        technical(words, match) + (CERTAIN if sense is None else 0.0) + (_MISSPELT if match.misspelt else 0.0)
        for match, sense in zip(matches, senses, strict=True)
    ]
    if not any(senses):
        return scores
    sure = [sense is None and score > 0 for sense, score in zip(senses, scores, strict=True)]
    certain = [match for match, is_sure in zip(matches, sure, strict=True) if is_sure]
    sentences = {words.sentence[match.first] for match in certain}
    categories = {lexicon.categories.get(match.service) for match in certain}
    for position, (match, sense) in enumerate(zip(matches, senses, strict=True)):
        if sense is None:
            continue
        score = evidence(words, match, sense, lexicon)
        score += _LISTED if _listed(words, matches, position, sure) else 0.0
        score += _ROUTE if _opens_route(words, matches, position, sure) else 0.0
        score += _COMPANY if words.sentence[match.first] in sentences else 0.0
        score += _COMPANY if lexicon.categories.get(match.service) in categories else 0.0
        scores[position] += score
    return _second_round(words, matches, senses, scores, sure)


def _second_round(
    words: Words,
    matches: Sequence[Match],
    senses: Sequence[Sense | None],
    scores: Sequence[float],
    certain: Sequence[bool],
) -> list[float]:
    """What the first round made sure of, or likely, is company for the rest."""
    sure = [probability(score) >= _SURE for score in scores]
    likely = [score > _LIKELY for score in scores]
    services = {match.service for match, is_sure in zip(matches, sure, strict=True) if is_sure}
    final = list(scores)
    for position, (match, sense) in enumerate(zip(matches, senses, strict=True)):
        if sense is None or sure[position]:
            continue
        if match.service in services:
            final[position] += _ELSEWHERE
        elif not _listed(words, matches, position, certain):
            if _listed(words, matches, position, sure):
                final[position] += _LISTED
            elif _listed(words, matches, position, likely):
                final[position] += _LISTED_LIKELY
    return final


def _opens_route(words: Words, matches: Sequence[Match], position: int, sure: Sequence[bool]) -> bool:
    """Whether the sentence starts as headlines do: `Front to Airtable`, `Wave + Xero`."""
    match = matches[position]
    if position + 1 >= len(matches) or not sure[position + 1] or not words.opens_sentence(match.first):
        return False
    between = words.forms[match.last : min(match.last + 2, matches[position + 1].first)]
    return between == ["to"] or (not between and any(char in words.gap(match.last) for char in "+>\u2192&|"))


def _listed(words: Words, matches: Sequence[Match], position: int, sure: Sequence[bool]) -> bool:
    """Whether a sure name stands right beside this one: `Slack, Front and Jira`, `from Box to Dropbox`."""
    match = matches[position]
    for other_position in (position - 1, position + 1):
        if not 0 <= other_position < len(matches) or not sure[other_position]:
            continue
        other = matches[other_position]
        left, right = (other, match) if other_position < position else (match, other)
        if right.first - left.last > _JOINING_WORDS or words.sentence[left.first] != words.sentence[right.first]:
            continue
        between = words.forms[left.last : right.first]
        if not between:
            if any(char in words.gap(right.first) for char in ",/&+|>\u2192-"):
                return True
        elif all(word in JOINERS for word in between):
            return True
    return False
