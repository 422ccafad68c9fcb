"""Openings: the words that open a qualifying clause ("once", "if", "for each"), and where they open none."""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from airflow_provider_wfintel.engine.generation.reading.arrow_conditions import MARK
from airflow_provider_wfintel.engine.generation.reading.lexicon import words_file

__all__ = ["openings", "opens_nothing"]

# "Ist sie da, wird sie geladen": a German condition without a word that opens it.
_VERB_FIRST = (
    r"(?<![^.:;!\n\s])(?<![\w,]\s)(?=(?:Ist|Sind|Hat|Haben|Gibt|Liegt|Liegen|Kommt|Fehlt|Fehlen|Schlägt|Steht|Stehen)\s[^,.;\n]{2,80},\s"
    r"(?:(?:wird|werden|dann|so|soll|sollen|muss|müssen)\b|[^,.;\n]{2,80}\w(?:ieren|ben|chen|den|gen|hen|len|men|nen|sen|ten|zen)\b\s*(?:[,.;]|$)))"
)


# "for shards 1 to 8", "for the regions a, b and c": a list or a range behind a noun in the plural.
_LISTED_NOUN = (
    r"(?<![\w-])(?:for|für|pour|para)(?=\s+(?:(?:the|all|our|die|alle|les|las|los|as|os)\s+){0,2}[^\W\d_]{3,30}\s+"
    r"(?:\d{1,4}\s*(?:to|through|thru|bis|à|a|al|até|[-–])\s*\d{1,4}\b|`?[\w-]{1,60}`?(?:\s*,\s*`?[\w-]{1,60}`?){1,40}\s*,?\s*(?:and|as\s+well\s+as|und|sowie|et|y|e)\s))"
)


# "whenever a new file lands": something is waited for; "whenever the counts differ" is a condition.
_COMES = (
    r"\s+[^,.;:\n]{1,60}?\s(?:[^,;\n]{1,60}?\s)?"
    r"(?:lands?|arrives?|appears?|(?:is|are|was|gets?)\s+(?:uploaded|dropped|delivered|created|added|written|put|placed))\b"
)


@cache
def openings(language: str) -> re.Pattern[str]:
    """The words that open a qualifying clause, of English and of the text's own language ("se" opens none in Spanish)."""
    groups = []
    for kind, lists in cast("dict[str, dict[str, list[str]]]", words_file("subordinators")).items():
        words = [*lists["en"], *lists.get(language, [])] if language != "en" else lists["en"]
        choices = "|".join(_whole(word) for word in sorted(words, key=len, reverse=True))
        if kind == "condition" and language == "de":
            choices += f"|{_VERB_FIRST}"
        if kind == "condition":
            choices += rf"|{MARK}|(?<![\w-])whenever(?!\w)(?!{_COMES})"
        if kind == "temporal":
            choices += rf"|(?<![\w-])(?:whenever|every time|each time|any time)(?={_COMES})"
        if kind == "foreach":
            choices += f"|{_LISTED_NOUN}"
        groups.append(f"(?P<{kind}>{choices})")
    return re.compile("|".join(groups), re.IGNORECASE)


def _whole(word: str) -> str:
    """A pattern for a whole word; Chinese words follow each other without a blank."""
    return rf"(?<![\w-]){re.escape(word)}(?!\w)" if word.isascii() or word[0] < "\u2e80" else re.escape(word)


# "create the table if it does not exist": part of the creating.
_MISSING = re.compile(
    r"\s+(?:it|they|the \w+|those|this)?\s*(?:is|are|does|do|doesn't|don't)?\s*(?:missing|not exist|exist|not there|needed|absent|not yet)",
    re.IGNORECASE,
)
_EVEN = re.compile(
    r"\b(?:even|selbst|no matter|matter|whether or not|auch|même|aunque|incluso|mesmo)\s*$", re.IGNORECASE
)
_AFTER_IT = re.compile(
    r"\s+it\s+(?!(?:is|has|was|had|finish\w*|complet\w*|succe\w*|ends?|runs|lands?|arrives?|pass\w*|fails?|starts|loads)\b)[a-z]"
)
_DROPS = re.compile(r"\b(?:drop|delete|remove)\w*\b[^.;,\n]*$", re.IGNORECASE)
# "both at once", "schedule the following: …": words of a phrase.
_IN_PHRASES = {
    "once": re.compile(r"\b(?:at|only|just|than)\s+$", re.IGNORECASE),
    "following": re.compile(r"\bthe\s+$", re.IGNORECASE),
}
# "check if the file exists": what is checked, not a condition.
_WHETHER = re.compile(
    r"\b(?:check|checks|verify|verifies|see|test|tests|comprobar|verificar|verifica|prüfe\w*|prüft|vérifie\w*|vérifier|verifique)\s*$",
    re.IGNORECASE,
)


def _in_phrase(clean: str, opening: re.Match[str]) -> bool:
    """Whether the words before an opening make it part of a phrase: "even if", "check whether", "both at once"."""
    before = clean[max(0, opening.start() - 24) : opening.start()]
    if opening.lastgroup in ("condition", "temporal") and _EVEN.search(before[-16:]):
        return True
    if opening.lastgroup == "condition" and _WHETHER.search(before):
        return True
    phrase = _IN_PHRASES.get(opening.group().lower())
    return phrase is not None and phrase.search(before[-8:]) is not None


def opens_nothing(clean: str, opening: re.Match[str]) -> bool:
    """Openings that qualify a number or a noun, not a clause: "per day", "if any", "se" inside other languages."""
    after = clean[opening.end() : opening.end() + 24].lower()
    if _in_phrase(clean, opening):
        return True
    word = opening.group().lower()
    if word == "caso" and re.match(r"\s+contr", after):
        return True
    if word == "对":
        return re.match(r"[^\uff0c\u3002,]*(?:分别|逐一|逐个|各)", clean[opening.end() :]) is None
    if word == "je":
        return re.match(r"\s+[A-ZÄÖÜ]\w+\s*\(", clean[opening.end() : opening.end() + 40]) is None
    if word == "per" and not re.match(r"\s+\w+\s*\(", after):
        return bool(
            re.match(
                r"\s+(?:day|hour|week|month|minute|run|default|e-?mail|mail|post|sms|region|user|customer|row|second|s?ftp|api|rest|https?|ssh|webhook|slack|teams|chat|telegram)\b",
                after,
            )
        )
    if word == "nach" and not re.match(
        r"\s+(?:dem|der|den|einem|einer|jedem|jeder|freigabe|genehmigung|abschluss|ende|eingang|erfolg)\b", after
    ):
        return True
    if (
        opening.lastgroup == "condition"
        and _MISSING.match(after)
        and re.search(r"\bcreat\w+", clean[max(0, opening.start() - 90) : opening.start()], re.I)
    ):
        return True
    if word == "after" and _AFTER_IT.match(after):
        # "after it run …" is "then run …"; "after it has run" tells when.
        return True
    if (
        opening.lastgroup == "condition"
        and re.match(r"\s+(?:it|they)\s+exists?\b", after)
        and _DROPS.search(clean[max(0, opening.start() - 90) : opening.start()])
    ):
        return True  # "drop the table if it exists"
    if word in ("following", "nach", "after", "upon") and re.match(
        r"\s+(?:steps?|tasks?|dag|table|files?:|\d+\s*(?:min|sec|s\b|h))", after
    ):
        return True
    return bool(re.match(r"\s+(?:any|needed|necessary|possible|not found|applicable)\b", after))
