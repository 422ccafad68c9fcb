"""Headlines: a first line that sums up what the next sentences tell, and names of tasks above what each does."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.lexicon import opens_with_verb
from airflow_provider_wfintel.engine.generation.reading.paragraphs import Row, sentences
from airflow_provider_wfintel.engine.generation.reading.purposes import DESCRIBED, WORK
from airflow_provider_wfintel.engine.model import Span

__all__ = ["sums_up", "task_heads"]

# "Airflow DAG to fetch prices daily.": a name for the DAG in the form of a sentence, without a verb of its own.
_HEADLINE = re.compile(
    rf"\W*(?:(?:an?|simple|example|airflow|apache|daily|hourly|weekly|monthly|nightly|main|etl|elt|data)\s+){{0,4}}{WORK}\s+(?:to|that|which|for)\s",
    re.IGNORECASE,
)
_TELLS_WORK = re.compile(
    rf"\W*(?:{DESCRIBED}\s+|(?:runs?|scheduled)\b[^.]{{0,80}}?\bto\s+)?(?P<verb>[a-z][a-z-]+)\b", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"\W*(?:it\s+)?(?:then|also|finally|afterwards|next|after\s+that)\b|[^.]{0,40}\b(?:then|also)\s", re.IGNORECASE
)
# What a summary names must be told again: literals, and words that are written like names.
_NAMED = re.compile(r"`[^`]+`|\w+://\S+|\b\w+\.\w{2,}\b|(?<=[a-z,] )[A-Z][\w-]+")
_WORK_WORD = re.compile(rf"{WORK}|airflow|apache", re.IGNORECASE)


def sums_up(text: str, rows: tuple[Row, ...]) -> bool:
    """Whether the first sentence is a headline, and what follows it tells the work with all that it names."""
    said = sentences(text, rows[0].span)
    rest = said[1] if len(said) > 1 else sentences(text, rows[1].span)[0] if len(rows) > 1 else None
    if (
        rest is None
        or rows[0].kind not in ("prose", "heading")
        or not _HEADLINE.match(text, said[0].start, said[0].end)
    ):
        return False
    if len(said) < 2 and rows[1].kind != "prose":
        return False
    tells = _TELLS_WORK.match(text, rest.start, rest.end)
    if tells is None or not opens_with_verb(tells.group("verb")) or _GOES_ON.match(text, rest.start, rest.end):
        return False
    later = text[said[0].end :].lower()
    names = (match.group() for match in _NAMED.finditer(text, said[0].start, said[0].end))
    return all(name.lower() in later for name in names if _WORK_WORD.fullmatch(name) is None)


_TASK_HEAD = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?(?:\*\*|`)?(?P<name>[a-z]\w*)(?:\*\*|`)?[ \t]*\((?:@task|\w*(?:Operator|Sensor))\)[ \t]*:?[ \t]*$",
    re.MULTILINE,
)


def task_heads(text: str, rows: tuple[Row, ...]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Lines like "load_prices (PythonOperator):", and what the paragraphs below them say behind their first sentence."""
    heads = tuple(Span(*match.span()) for match in _TASK_HEAD.finditer(text))
    inside: list[Span] = []
    for head in heads:
        below = next((row for row in rows if row.span.end > head.end), None)
        if below is not None and below.kind in ("prose", "more"):
            said = sentences(text, Span(max(head.end, below.span.start), below.span.end))
            inside += said[1:]
    return heads, tuple(inside)
