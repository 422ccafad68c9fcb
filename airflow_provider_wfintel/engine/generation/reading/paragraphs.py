"""Paragraphs: the lines of a text by what they are: headings, items of lists, rows of tables, prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model import Span

__all__ = ["Row", "RowKind", "rows_of", "sentences"]

RowKind: TypeAlias = Literal["heading", "item", "more", "table", "prose", "blank"]

_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*•–+◦▪‣·○]|\(?(?:\d{1,2}|[a-zA-Z])\\?[.)])[ \t]+(?P<words>\S.*)")
_HEADING = re.compile(r"[ \t]*(?P<level>#{1,6})[ \t]+(?P<words>\S.*)")
_BOLD = re.compile(r"[ \t]*(?:\*\*|__)(?P<words>[^*_\n]{2,60})(?:\*\*|__):?[ \t]*")
_LABEL = re.compile(r"[ \t]*(?P<words>[A-Z][\w/&-]{2,20}(?: [\w/&-]{2,20}){0,2}):[ \t]*")
_UNDERLINE = re.compile(r"[ \t]*[-=~]{4,}[ \t]*")
_TABLE = re.compile(r"[ \t]*\|(?P<words>.*)\|[ \t]*")
_RULER = re.compile(r"[\s|:-]+")
_STOP = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|approx|incl|vs|no|dept|resp|a\.m|p\.m)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or lines of prose that belong together.

    Attributes:
        kind: what it is; `more` goes on with the item above it.
        span: its place, without the line break.
        words: what it says, without bullet, number and hashes.
        indent: blanks before an item.
        level: hashes of a heading, 0 for one in bold or with a colon.
        ruler: whether it only parts the head of a table from its rows.
    """

    kind: RowKind
    span: Span
    words: str
    indent: int = 0
    level: int = 0
    ruler: bool = False


def rows_of(text: str) -> tuple[Row, ...]:
    """All rows of a text in its order, without blank lines."""
    rows: list[Row] = []
    start, gap = 0, True
    for line in text.split("\n"):
        end = start + len(line)
        if not line.strip():
            gap = True
        elif _UNDERLINE.fullmatch(line) and rows and not gap and rows[-1].kind == "prose":
            rows[-1] = Row("heading", Span(rows[-1].span.start, end), rows[-1].words, level=1)
        else:
            _add(rows, _row(line, start, end), text, gap=gap)
            gap = False
        start = end + 1
    return tuple(rows)


def _row(line: str, start: int, end: int) -> Row:
    span = Span(start, end)
    if match := _HEADING.fullmatch(line):
        return Row("heading", span, match.group("words").strip(" #"), level=len(match.group("level")))
    if match := _BOLD.fullmatch(line) or _LABEL.fullmatch(line):
        return Row("heading", span, match.group("words").strip())
    if match := _TABLE.fullmatch(line):
        return Row(
            "table", span, match.group("words").strip(), ruler=_RULER.fullmatch(match.group("words")) is not None
        )
    if match := _ITEM.fullmatch(line):
        return Row("item", span, match.group("words").strip(), indent=len(match.group("indent").expandtabs(4)))
    return Row("prose", span, line.strip())


def _add(rows: list[Row], row: Row, text: str, *, gap: bool) -> None:
    """Append a row; prose goes on with what stands right above it."""
    last = rows[-1] if rows else None
    if row.kind != "prose" or last is None or gap:
        rows.append(row)
    elif last.kind in ("item", "more"):
        rows.append(Row("more", row.span, row.words))
    elif last.kind == "prose" and not _parted(last.words, row.words):
        joined = Span(last.span.start, row.span.end)
        rows[-1] = Row("prose", joined, text[joined.start : joined.end].strip())
    else:
        rows.append(row)


def _parted(above: str, below: str) -> bool:
    """Whether a line begins something new: what stands above it is a title or ends a sentence before "This …"."""
    return (
        above[-1:] not in ",;"
        and re.match(r"(?:this|the)\s+\w+\b", below, re.IGNORECASE) is not None
        and (above[-1:] in ".:!?" or len(above.split()) <= 12)
    )


def sentences(text: str, span: Span | None = None) -> tuple[Span, ...]:
    """The sentences of a text or of a part of it, without the blanks around them."""
    start, end = (span.start, span.end) if span is not None else (0, len(text))
    found: list[Span] = []
    for match in _STOP.finditer(text, start, end):
        if _ABBREVIATED.search(text, max(start, match.start() - 8), match.start()):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
    found.append(Span(start, end))
    return tuple(trimmed for item in found if (trimmed := _trimmed(text, item)).end > trimmed.start)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
