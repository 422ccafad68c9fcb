"""Local evidence for and against an ambiguous word being a service's name, as log-odds.

Each function looks at one thing: letter case, the words directly before and behind, the nouns that follow, hyphens.
The weights were set by hand on sentences of the project's own and checked on labelled descriptions.
"""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.catalog.lexicon import ContextWords, Lexicon, Sense
from airflow_provider_wfintel.engine.generation.mentions.cues import (
    BEFORE_INFINITIVE,
    COMMON_OBJECTS,
    FILE_ENDINGS,
    FINITE_VERB_BEFORE,
    NOUNS_BEFORE,
    PLACES,
    RECORDING,
    SUFFIXES_OF_PARTS,
    WEAK_BEFORE,
)
from airflow_provider_wfintel.engine.generation.mentions.matcher import Match
from airflow_provider_wfintel.engine.generation.mentions.tokens import Words

__all__ = ["evidence", "technical"]

_IN_ADDRESS = -6.0
_IN_IDENTIFIER = -4.5
_IN_TABLE = -12.0
_CAPITAL = 2.4
_SMALL = -1.8
_WRITTEN_IN_CAPITALS = 4.0
_QUOTED = 2.2
_OBJECT = 2.4
_GENERAL_OBJECT = 2.6
_COMMON_OBJECT = 1.6
_RECORDED = 0.8
_BARE = 1.2
_DETERMINER = -1.3
_VERB = -3.0
_RULED_OUT = -3.2
_RULED_OUT_WEAKLY = -0.8
_NUMBER = -2.0
_HYPHEN = -2.2
_AIMING = 1.0
_INTERJECTION = -2.5
_COMPOUND = -1.2
_LONGER_NAME = -1.0
_REACH = 7
_HINDRANCE_REACH = 12
_DETERMINER_FURTHER = -0.9
_OUT_OF = 1.5
_TO = 1.4
_HELPS, _MOST_HELP = 1.2, 2.4
_HINDERS, _MOST_HINDRANCE = -1.6, -3.2
_NOTHING: frozenset[str] = frozenset()


_IDENTIFIER_LEFT = re.compile(r"[A-Za-z_][\w$]*(?:\.[\w$]*)*$")
_IDENTIFIER_RIGHT = re.compile(r"[\w$]*(?:\.[A-Za-z_][\w$]*)*")
_TABLE = re.compile(r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*){1,2}")


def _is_part_of_table(words: Words, match: Match) -> bool:
    """Whether the name is a piece between underscores of a dotted name: `raw.stripe_charges` is somebody's table."""
    start, end = words.starts[match.first], words.ends[match.last - 1]
    left = _IDENTIFIER_LEFT.search(words.text, max(0, start - 80), start)
    right = _IDENTIFIER_RIGHT.match(words.text, end, end + 80)
    whole = (left.group() if left else "") + words.text[start:end] + (right.group() if right else "")
    if _TABLE.fullmatch(whole) is None or whole.rsplit(".", 1)[-1].lower() in FILE_ENDINGS:
        return False
    # `snowflake.raw.x` does name the service; `raw_snowflake.x` and `x.snowflake_y` do not.
    return "_" in (words.text[start - 1 : start], words.text[end : end + 1]) or "_" in words.text[start:end]


def technical(words: Words, match: Match) -> float:
    """Names inside addresses, identifiers and file names name other things."""
    if words.opaque[match.first]:
        return _IN_ADDRESS
    if _is_part_of_table(words, match):
        return _IN_TABLE
    before, after = words.gap(match.first)[-1:], words.gap(match.last)[:2]
    if before == "_" or after[:1] == "_":
        return _IN_IDENTIFIER
    if after == "." or (after[:1] == "." and after[1:2].strip()):
        following = words.forms[match.last] if match.last < len(words.forms) else ""
        if following in FILE_ENDINGS and words.gap(match.last) == ".":
            return _IN_IDENTIFIER
    return 0.0


def evidence(words: Words, match: Match, sense: Sense, lexicon: Lexicon) -> float:
    """What the sentence says for (positive) and against (negative) the service, in log-odds, prior included."""
    context = lexicon.context
    before = words.neighbour(match.first - 1, match.first)
    after = words.neighbour(match.last, match.first)
    second = f"{after} {words.neighbour(match.last + 1, match.first)}"
    owns = (
        0.0
        if _stops(words, match.last)
        else _owns(after, second, lexicon.categories.get(match.service, ""), context, sense)
    )
    score = sense.prior + _letter_case(words, match, sense)
    ruled_out = _is_ruled_out(words, match, sense, context, owns)
    if ruled_out:
        score += ruled_out
    else:
        score += owns
    score += _before(words, match, sense, context, before, after, owns > 0)
    score += _hyphens(words, match)
    if words.gap(match.last).strip() in {"`", '"', "\u201c", "#"} and " " in words.gap(match.last):
        score += _QUOTED  # what it is called follows: lambda `resize`, cloud function "notify"
    if words.opens_sentence(match.first) and words.gap(match.last).startswith(","):
        score += _INTERJECTION
    helping = sum(_in(word, sense.helps) for word in words.window(match.first, match.last, _REACH))
    hindering = sum(_in(word, sense.hinders) for word in words.window(match.first, match.last, _HINDRANCE_REACH))
    score += min(_MOST_HELP, _HELPS * helping) + max(_MOST_HINDRANCE, _HINDERS * hindering)
    return score


def _in(word: str, listed: frozenset[str]) -> bool:
    return word in listed or (word[-1:] == "s" and word[:-1] in listed)


def _owns(after: str, second: str, category: str, context: ContextWords, sense: Sense) -> float:
    """What it says that the next word is something the service has."""
    if second in sense.helps:
        return _OBJECT
    if after in sense.not_before:
        return 0.0
    if after and (_in(after, context.objects.get(category, _NOTHING)) or _in(after, sense.helps)):
        return _OBJECT
    if after in context.general_objects:
        return _GENERAL_OBJECT
    return _COMMON_OBJECT if after in COMMON_OBJECTS else 0.0


def _letter_case(words: Words, match: Match, sense: Sense) -> float:
    style = words.style(match.first)
    capital = words.capital(match.first)
    if style == "none":
        return 0.0
    if "c" in sense.use:
        written = words.text[words.starts[match.first] : words.ends[match.last - 1]]
        return _WRITTEN_IN_CAPITALS if written.isupper() else -0.5
    if "d" in sense.use and not capital and style == "sentence":
        return _CAPITAL
    if "a" in sense.use and len(match.word) <= 3 and match.word != "x":
        written = words.text[words.starts[match.first] : words.ends[match.last - 1]]
        return 1.5 if written.isupper() else -0.8
    if style == "title":
        return 0.4 if capital else -1.0
    if "p" in sense.use or "d" in sense.use:
        return 0.3 if capital else 0.0
    if not capital:
        return _SMALL
    return 0.3 if words.opens_sentence(match.first) else _CAPITAL


def _is_ruled_out(words: Words, match: Match, sense: Sense, context: ContextWords, owns: float) -> float:
    """What the words directly before and behind say against the service."""
    first, last = match.first, match.last
    named = _is_capital_inside(words, match, sense)
    total = 0.0
    if not _stops(words, first):
        for count in (1, 2, 3):
            if first - count < 0 or words.sentence[first - count] != words.sentence[first]:
                break
            phrase = " ".join(words.forms[first - count : first])
            if phrase in sense.not_after:
                if phrase == "to" and _is_no_infinitive(words, match, sense, context):
                    break  # no infinitive: nothing follows that the verb could act on
                weak = phrase in WEAK_BEFORE or phrase in context.prepositions
                if owns and weak:
                    break
                total += _RULED_OUT_WEAKLY if (named and weak) or owns >= _OBJECT else _RULED_OUT
                break
    if owns < _OBJECT and not _stops(words, last):
        for count in (1, 2):
            if last + count > len(words.forms) or words.sentence[last + count - 1] != words.sentence[first]:
                break
            phrase = " ".join(words.forms[last : last + count])
            if phrase in sense.not_before:
                weak = phrase in context.bounds and (named or _is_aimed_at(words, match, context))
                return total + (_RULED_OUT_WEAKLY if weak else _RULED_OUT)
    return total


def _is_aimed_at(words: Words, match: Match, context: ContextWords) -> bool:
    """Whether a preposition that things are moved or made with stands right before the name."""
    if _stops(words, match.first):
        return False
    return context.prepositions.get(words.neighbour(match.first - 1, match.first), 0.0) >= _AIMING


def _is_no_infinitive(words: Words, match: Match, sense: Sense, context: ContextWords) -> bool:
    if words.neighbour(match.first - 2, match.first) in BEFORE_INFINITIVE:
        return False
    after = words.neighbour(match.last, match.first)
    if not after or _stops(words, match.last):
        return True
    return after in context.bounds and after not in sense.not_before and after not in {"and", "or"}


def _is_capital_inside(words: Words, match: Match, sense: Sense) -> bool:
    """A capital where an ordinary word would have none."""
    if "p" in sense.use or "d" in sense.use or not words.capital(match.first):
        return False
    return words.style(match.first) == "sentence" and not words.opens_sentence(match.first)


def _stops(words: Words, index: int) -> bool:
    """Whether punctuation separates the word `index` from the one before it."""
    gap = words.gap(index)
    return any(char in gap for char in ",:()|\u2192\u2014")


def _before(
    words: Words, match: Match, sense: Sense, context: ContextWords, before: str, after: str, owns: bool
) -> float:
    stop = not after or _stops(words, match.last) or _ends_noun_phrase(words, match, after, context)
    if _is_verb(words, match, sense, context, before, after):
        return _VERB
    if before in context.determiners and not _stops(words, match.first) and not _is_german_an(before, words, match):
        if owns:
            return 0.0
        return _DETERMINER / 3 if _is_capital_inside(words, match, sense) else _DETERMINER
    if before.isdigit():
        return _NUMBER
    if _stops(words, match.first):
        return 0.0
    if before in NOUNS_BEFORE:
        return _OBJECT
    weight = _preposition(words, match, context, before)
    if owns:
        return 0.5 if weight else 0.0
    further = 0.0
    if not weight and words.neighbour(match.first - 2, match.first) in context.determiners:
        further = _DETERMINER_FURTHER
    if stop:
        if before in PLACES and any(word in RECORDING for word in words.window(match.first, match.last, _REACH)):
            weight += _RECORDED
        return further + weight + (_BARE if weight else 0.0)
    if words.style(match.first) == "sentence" and words.capital(match.last):
        further += _LONGER_NAME
    return further + weight * 0.3 + (_COMPOUND if words.style(match.first) != "sentence" else _COMPOUND / 2)


def _preposition(words: Words, match: Match, context: ContextWords, before: str) -> float:
    if before == "an":
        return _TO
    if before == "of" and words.neighbour(match.first - 2, match.first) == "out":
        return _OUT_OF
    return context.prepositions.get(before, 0.0)


def _is_verb(words: Words, match: Match, sense: Sense, context: ContextWords, before: str, after: str) -> bool:
    """Whether the word is a verb with its object: `segment our customers`, `close the books`."""
    if "v" not in sense.use or after not in context.determiners or _stops(words, match.last):
        return False
    return not words.capital(match.first) or words.opens_sentence(match.first) or before in FINITE_VERB_BEFORE


def _ends_noun_phrase(words: Words, match: Match, after: str, context: ContextWords) -> bool:
    if after in context.bounds or after.endswith("ly"):
        return True
    # In German the verb comes last: "in Close anlegen".
    return after.endswith("en") and len(after) > 4 and not words.neighbour(match.last + 1, match.first)


def _is_german_an(before: str, words: Words, match: Match) -> bool:
    """English "an" stands before vowels only; before others it is the German "to"."""
    return before == "an" and words.forms[match.first][0] not in "aeiouhxm"


def _hyphens(words: Words, match: Match) -> float:
    gap_after = words.gap(match.last) if match.last < len(words.forms) else ""
    gap_before = words.gap(match.first) if match.first else ""
    if gap_after in {"-", "\u2011"}:
        return 0.5 if words.forms[match.last] in SUFFIXES_OF_PARTS else _HYPHEN
    if gap_before in {"-", "\u2011"} and words.forms[match.first - 1] != "to":
        return _HYPHEN
    return 0.0
