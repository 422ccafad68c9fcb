"""Verbs that no list of words knows, told by their place: "1. Clean … 2. Chunkify … 3. Index …"."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.lexicon import VerbUse, verb_form
from airflow_provider_wfintel.engine.generation.reading.openers import first_word
from airflow_provider_wfintel.engine.generation.reading.paragraphs import Row
from airflow_provider_wfintel.engine.model import Span

__all__ = ["listed_verbs"]

_LEAST = 3
# What ends like a noun or an adverb, or opens a remark.
_NO_VERB = re.compile(
    r"\w*(?:tion|sion|ment|ness|ance|ence|ity|ing|ism|ist|ology|ship|ly|ed|able|ible|ical|ful|less|ous|ary)s?|"
    r"(?:the|an?|all|no|each|every|any|some|both|this|that|these|those|it|its|they|we|you|our|your|if|when|once|while|where|"
    r"how|what|which|who|why|unless|otherwise|else|because|since|after|before|during|until|till|for|from|to|in|on|at|by|"
    r"with|without|within|as|of|via|per|over|under|between|against|about|across|through|and|or|but|then|also|not|next|last|"
    r"first|again|back|now|is|are|has|have|can|may|must|should|will|steps?|tasks?|stages?|phases?|parts?|one|two|three|four|"
    r"five|six|seven|eight|nine|ten|\w+day|raw|new|old|data|api|sql|dbt|main|optional|notes?|see)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][a-z]{2,}(?:-[a-z]+)?(?=\s+[\w`'\"(])")


def listed_verbs(text: str, rows: tuple[Row, ...]) -> tuple[VerbUse, ...]:
    """The unknown words that open items of lists whose other items open with verbs of one form."""
    found: list[VerbUse] = []
    for items in _lists(rows):
        words = [first_word(row.words) for row in items]
        forms = [form for word in words if (form := verb_form(word)) in ("base", "third")]
        if len(items) < _LEAST or len(forms) * 3 < len(items) * 2 or len(set(forms)) != 1:
            continue
        for row, word in zip(items, words, strict=True):
            if not verb_form(word) and _may_be(word, forms[0]):
                at = text.find(word, row.span.start, row.span.end)
                if at >= 0 and _WORD.match(text, at):
                    found.append(VerbUse("transform", word.lower(), Span(at, at + len(word)), forms[0], 3))
    return tuple(found)


def _may_be(word: str, form: str) -> bool:
    """Whether a word can be a verb of a form, as far as its ending tells; names are written with more capitals."""
    if not word or _NO_VERB.fullmatch(word) or not word[1:].islower():
        return False
    return word.endswith("s") and not word.endswith("ss") if form == "third" else not word.endswith("s")


def _lists(rows: tuple[Row, ...]) -> list[list[Row]]:
    """The items of one indentation that stand together."""
    lists: list[list[Row]] = []
    open_list: list[Row] = []
    for row in rows:
        if row.kind == "item" and (not open_list or row.indent == open_list[0].indent):
            open_list.append(row)
        elif row.kind == "more" or (row.kind == "item" and row.indent > open_list[0].indent):
            continue
        else:
            lists.append(open_list)
            open_list = [row] if row.kind == "item" else []
    return [*lists, open_list]
