"""Verbs of eight languages and what they ask for; the language of a text; where a word is used as a verb."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast

from airflow_provider_wfintel.engine.model import Action, Span

__all__ = [
    "VerbForm",
    "VerbUse",
    "find_verbs",
    "language_of",
    "marker_counts",
    "opens_with_verb",
    "verb_form",
    "words_file",
]

VerbForm: TypeAlias = Literal["base", "third", "past", "gerund", "other"]
_WORDS = Path(__file__).parent / "words"

_MARKERS: dict[str, frozenset[str]] = {
    "en": frozenset(["the", "a", "an", "and", "of", "to", "from", "into", "for", "with", "then", "every", "when", "if", "is", "are", "each", "it", "this", "that", "in", "on"]),
    "de": frozenset(["der", "die", "das", "und", "aus", "in", "nach", "dann", "jeden", "jede", "täglich", "für", "mit", "wenn", "eine", "einen", "ist", "werden", "um", "uhr", "dem", "den", "zur"]),
    "fr": frozenset(["le", "la", "les", "et", "des", "du", "de", "puis", "tous", "chaque", "jours", "pour", "avec", "dans", "une", "un", "à", "est", "sur", "vers", "heure"]),
    "es": frozenset(["el", "la", "los", "las", "y", "de", "del", "cada", "para", "con", "luego", "todos", "días", "una", "un", "en", "si", "hora", "por", "al"]),
    "pt": frozenset(["o", "a", "os", "as", "e", "de", "do", "da", "dos", "cada", "para", "com", "depois", "todos", "dias", "uma", "um", "em", "se", "às", "não", "por", "ao"]),
    "it": frozenset(["il", "gli", "e", "di", "del", "della", "dal", "dalla", "nel", "nella", "ogni", "giorno", "giorni", "alle", "per", "con", "poi", "su", "un", "una", "dopo"]),
    "nl": frozenset(["de", "het", "een", "en", "van", "naar", "uit", "op", "elke", "dag", "om", "uur", "daarna", "voor", "met", "als", "wordt", "worden", "in"]),
}  # fmt: skip
_IRREGULAR: dict[str, tuple[str, ...]] = {
    "get": ("got", "gotten"), "read": ("read",), "send": ("sent",), "write": ("wrote", "written"), "put": ("put",),
    "run": ("ran", "run"), "build": ("built",), "make": ("made",), "take": ("took", "taken"), "tell": ("told",),
    "do": ("did", "done"), "split": ("split",), "fit": ("fit",), "find": ("found",), "rebuild": ("rebuilt",), "bring": ("brought",), "spin": ("spun",), "tear": ("torn",), "shut": ("shut",), "overwrite": ("overwrote", "overwritten"),
    "rerun": ("reran", "rerun"), "come": ("came",), "go": ("went", "gone"), "stand": ("stood",), "let": ("let",),
}  # fmt: skip
_DOUBLED = frozenset(
    [
        "get",
        "put",
        "run",
        "drop",
        "ship",
        "swap",
        "split",
        "fit",
        "stop",
        "skip",
        "scrap",
        "ping",
        "map",
        "zip",
        "unzip",
        "rerun",
        "submit",
        "transfer",
        "grab",
        "scan",
        "re-run",
        "spin",
        "quit",
    ]
) - {"ping"}


@dataclass(frozen=True, slots=True)
class VerbUse:
    """A word used as a verb: what it asks for, its dictionary form, and how sure its use as a verb is (1 to 3)."""

    action: Action
    lemma: str
    span: Span
    form: VerbForm
    strength: int


@cache
def words_file(name: str) -> dict[str, object]:
    """One of the word lists beside this module (`words/<name>.json`)."""
    return cast("dict[str, object]", json.loads((_WORDS / f"{name}.json").read_text("utf-8")))


def marker_counts(text: str) -> dict[str, int]:
    """How many small words ("the", "und", "pour") of each language in Latin letters the text has."""
    counts = dict.fromkeys(_MARKERS, 0)
    for word in re.findall(r"[^\W\d_]+", text.lower()):
        for language, markers in _MARKERS.items():
            counts[language] += word in markers
    return counts


def language_of(text: str) -> str:
    """The language that most of the small words of the text belong to: en, de, fr, es, pt, it, nl or zh."""
    if len(re.findall(r"[\u4e00-\u9fff]", text)) >= 4:
        return "zh"
    counts = marker_counts(text)
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > counts["en"] else "en"


def _inflect(lemma: str) -> dict[str, VerbForm]:
    head, _, rest = lemma.partition("_")
    tail = (" " + rest.replace("_", " ")) if rest else ""
    stem = head[:-1] if head.endswith("e") else head + head[-1] if head in _DOUBLED else head
    ends_y = head.endswith("y") and head[-2] not in "aeiou"
    sibilant = head.endswith(("s", "x", "z", "ch", "sh", "o"))
    third = head[:-1] + "ies" if ends_y else head + ("es" if sibilant else "s")
    past = _IRREGULAR.get(head) or ((head[:-1] + "ied") if ends_y else stem + "ed",)
    forms: dict[str, VerbForm] = {word + tail: "past" for word in past}
    forms[stem + "ing" + tail] = "gerund"
    forms[third + tail] = "third"
    forms[head + tail] = "base"
    return forms


@cache
def _english() -> tuple[re.Pattern[str], dict[str, tuple[Action, str, VerbForm]]]:
    table: dict[str, tuple[Action, str, VerbForm]] = {}
    for action, line in cast("dict[Action, str]", words_file("verbs")["en"]).items():
        for lemma in line.split():
            for surface, form in _inflect(lemma).items():
                table.setdefault(surface, (action, lemma, form))
    choices = "|".join(re.escape(item) for item in sorted(table, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-])", re.IGNORECASE), table


def opens_with_verb(word: str) -> bool:
    """Whether a word that opens a sentence is an English verb that asks for something, in any form but the past."""
    known = _english()[1].get(word.lower())
    return known is not None and known[2] != "past"


def verb_form(word: str) -> VerbForm | Literal[""]:
    """The form of an English verb that asks for something; empty for other words."""
    known = _english()[1].get(word.lower())
    return known[2] if known is not None else ""


@cache
def _foreign(language: str) -> re.Pattern[str]:
    groups = []
    for action, line in cast("dict[str, str]", words_file("verbs")[language]).items():
        choices = "|".join(item.replace("_", r"\s+") for item in sorted(line.split(), key=len, reverse=True))
        groups.append(f"(?P<{action}>{choices})")
    body = "|".join(groups)
    return re.compile(body if language == "zh" else rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)


# Words before a verb in its base form: conjunctions, modals, subjects, adverbs, or nothing but punctuation.
_LEADS_BASE = re.compile(
    r"(?:^|[.:;,!?()\[\]\n→>*•–—|&+/-]|\b(?:and|or|then|to|please|pls|should|must|will|can|could|would|shall|may|need|we|i|you|they|"
    r"also|just|first|finally|next|afterwards|lets|let's|not|don't|automatically|simply|again|it|them|that|"
    r"parallel|now|always|which|who|for\s+(?:each|every)\s+(?:one|of\s+(?:them|these|those))|\d+[.)]))\s*$",
    re.IGNORECASE,
)
# Words after which a base form is a noun: determiners, adjectives, prepositions.
_LEADS_NOUN = re.compile(
    r"\b(?:the|a|an|this|that|these|our|their|its|my|your|of|in|on|from|for|with|by|at|per|as|into|via|over|new|old|each|every|any|all|no|"
    r"first|last|next|daily|nightly|hourly|weekly|monthly|full|incremental|same|own|data|api|manual|failed|failing|more|one|two|three)\s+$",
    re.IGNORECASE,
)
_LEADS_THIRD = re.compile(
    r"(?:^|[.:;,!?(\n→>*•–—|]|\n\s*[-+]|\b(?:and|it|that|which|who|dag|job|pipeline|task|workflow|process|script|then|also|this|image|step|"
    r"flow|etl|container|automatically|run|\d+[.)]))\s*$",
    re.IGNORECASE,
)
_LEADS_PAST = re.compile(
    r"\b(?:(?:gets?|has|have)\s+(?:its|their|his|her|the)\s+\w+|is|are|be|been|being|was|were|gets?|getting|has|have|each|all|then|should be|must be|to be|and)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
_LEADS_GERUND = re.compile(
    r"(?:\b(?:orchestrat|handl|automat|perform|manag|cover)\w+\s+the|\bthe\s+\w+ing\s+and|^|[.:;,\n→•*–-]|\b(?:and|by|for|then|start|before|after|with|starts|begin|handles|of|is|are|now))\s*$",
    re.I,
)
# "write what was read to …": what the words call the data.
_RELATIVE = re.compile(
    r"\b(?:what|whatever)\s+(?:is|was|were|has\s+been|had\s+been|got)\s+(?:just\s+)?$", re.IGNORECASE
)
# "a view of both, joined on the day": which view, not what is done next.
_AFTER_NOUN = re.compile(r"\w,\s*$")
_SAYS_WHICH = re.compile(r"(?:joined|sorted|ordered|grouped|filtered|aggregated)\s+(?:on|by)\b", re.IGNORECASE)
# "one for training and one for testing", "the training and testing datasets": the gerund names the data.
_THE = re.compile(r"\b(?:the|a|an|our|its|into|in|to)\s+(?:\w+ing\s+and\s+)?$", re.IGNORECASE)
_FOR_ITSELF = re.compile(r"\bfor\s+$", re.IGNORECASE)
_NO_OBJECT = re.compile(r"\s*(?:[.,;)]|$|and\s+(?:one|another|the\s+other)\b)", re.IGNORECASE)
_NAMES_DATA = re.compile(
    r"\s+(?:(?:and\s+\w+ing\s+)?(?:data\s?sets?|data|sets?|splits?|samples?|files?|purposes?|environment|area|layer|bucket|zone|tables?|models?|schema))\b",
    re.IGNORECASE,
)
_SAME_FORM = re.compile(r"^(?:read|put|split|fit|run)$", re.IGNORECASE)
_NOUNISH = re.compile(
    r"^\s*(?:job|jobs|time|times|status|rate|id|ids|file|files|log|logs|dag(?!\s+(?:[`'\"]?\w+_|\u25a1))|queue|operator|table|zone|script|task|image|key|data set)\b",
    re.I,
)
# "if the smoke test fails": what does something is a noun.
_FINITE = re.compile(
    r"^\s+(?:fails?|failed|pass(?:es|ed)|succeeds?|succeeded|is|are|was|were|isn't|aren't|wasn't|has|have|had|hasn't|doesn't|does|finish(?:es|ed)|complete[sd]|returns?|"
    r"breaks|broke|ended|turns|turned)\b(?!\s+[`'\"\u25a1])",
    re.IGNORECASE,
)
# "the Elasticsearch index": behind a determiner and names, a noun.
_NAMED_NOUN = re.compile(r"\b(?:the|an?|our|its|this|that|each|every|both|all)\s+(?:[A-Z][\w-]*\s+){1,3}$")
_AFTER_PAST = re.compile(r"^\s*(?:to|into|in|from|by|on|as|with|via|for|$|[,.;])", re.IGNORECASE)


def _strength(text: str, use: re.Match[str], form: VerbForm) -> int:
    before = text[max(0, use.start() - 40) : use.start()]
    after = text[use.end() : use.end() + 20]
    if form == "base":
        if _FINITE.match(after) or _NAMED_NOUN.search(before):
            return 0
        if _LEADS_BASE.search(before):
            return 2 if _NOUNISH.match(after) else 3
        if _SAME_FORM.match(use.group()) and _LEADS_PAST.search(before):
            return 2
        return 0 if _LEADS_NOUN.search(before) or _NOUNISH.match(after) else 1
    if form == "third":
        return 3 if _LEADS_THIRD.search(before) else 1 if re.search(r"[`\w)]\s$", before) else 0
    if form == "past":
        if _RELATIVE.search(before) or (_AFTER_NOUN.search(before) and _SAYS_WHICH.match(use.group() + after)):
            return 0
        if _LEADS_PAST.search(before) or (re.search(r",\s*$", before) and _AFTER_PAST.match(after)):
            return 2
        return 1 if _AFTER_PAST.match(after) else 0
    if (_FOR_ITSELF.search(before) and _NO_OBJECT.match(after)) or (_THE.search(before) and _NAMES_DATA.match(after)):
        return 0
    return 2 if _LEADS_GERUND.search(before) else 0


# "tear the cluster down": verb and particle with the object between them.
_PARTED = re.compile(
    r"(?<![\w-])(?P<verb>tear|tears|torn|spin|spins|shut|shuts|back|backs|clean|cleans|pick|picks|kick|kicks)\s+(?P<object>(?:the|a|an|it|them|this|that|our|all)(?:\s+[\w\u25a1-]+){0,3}?)\s+"
    r"(?P<particle>down|up|off|out)\b",
    re.IGNORECASE,
)


def _parted(clean: str, table: dict[str, tuple[Action, str, VerbForm]]) -> list[VerbUse]:
    """Verbs whose particle stands behind their object."""
    found = []
    for match in _PARTED.finditer(clean):
        head = re.sub(r"^torn$", "tear", match.group("verb").lower())
        known = table.get(f"{head} {match.group('particle').lower()}")
        if known is not None:
            action, lemma, form = known
            found.append(VerbUse(action, lemma.replace("_", " "), Span(*match.span("verb")), form, 3))
    return found


def find_verbs(text: str, language: str, protected: tuple[Span, ...] = ()) -> tuple[VerbUse, ...]:
    """All verbs of a text that ask for something, outside the protected spans."""
    masked = list(text)
    for span in protected:
        for index in range(span.start, span.end):
            masked[index] = "\u25a1"
    clean = "".join(masked)
    found: list[VerbUse] = []
    if language != "zh":
        pattern, table = _english()
        for match in pattern.finditer(clean):
            if clean[match.end() : match.end() + 1] == "=":
                continue  # "stage=prod": a name with its value
            action, lemma, form = table[match.group().lower()]
            strength = _strength(clean, match, form)
            if strength:
                found.append(VerbUse(action, lemma.replace("_", " "), Span(*match.span()), form, strength))
        found.extend(_parted(clean, table))
    if language != "en":
        for match in _foreign(language).finditer(clean):
            action = cast("Action", match.lastgroup)
            if not any(item.span.overlaps(Span(*match.span())) for item in found if item.strength > 2):
                found = [item for item in found if not item.span.overlaps(Span(*match.span()))]
                found.append(VerbUse(action, match.group().lower(), Span(*match.span()), "other", 3))
    return tuple(sorted(found, key=lambda item: item.span))
