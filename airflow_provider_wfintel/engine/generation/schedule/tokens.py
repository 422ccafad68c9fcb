"""Text becomes tokens that keep their place in the text.

What cannot hold a schedule (quoted literals, URLs, paths, addresses, identifiers) becomes one opaque `literal`
token each, so that the `daily` of `/ftp/daily/` is no word of the sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Token", "TokenKind", "fold", "tokenize"]

TokenKind: TypeAlias = Literal["word", "number", "ordinal", "time", "dotted", "date", "literal", "punct", "break"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its folded text, place, kind and, for numbers, times and dates, its value.

    A `time` holds `(hour, minute)`, a `date` `(year, month, day)`, a `dotted` number its two parts.
    """

    kind: TokenKind
    norm: str
    start: int
    end: int
    value: tuple[int, ...] = ()


_LITERAL = r"""
    (?P<literal>
        `[^`\n]*` | "[^"\n]{0,200}" | “[^”\n]{0,200}” | «[^»\n]{0,200}»
      | [A-Za-z][A-Za-z0-9+.\-]*://[^\s,;)'"`]+
      | \barn:[^\s,;)]+
      | [\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+
      | \{\{.*?\}\} | \{%.*?%\}
      | (?<![\w/])~?/[\w.\-*{}<>=]+(?:/[\w.\-*{}<>=]*)*
      | (?<![\w/])[\w\-]+(?:/[\w.\-]+)*/[\w\-]*[._][\w.\-]+
      | (?<!\w)\#[\w\-]+
      | (?<![\w.])[^\W\d]\w*(?:[.][^\W\d]\w+)+(?!\w)
      | (?<![A-Za-z0-9_])[A-Za-z0-9]\w*_\w+(?:[.\-]\w+)*
      | (?<![\w])[a-z]+\d\w*(?:[\-.]\w+)*
      | (?<![\w\-])(?!UTC|GMT)[A-Z][A-Z0-9]{1,9}-\d{1,6}(?![\w\-])
    )
"""
_CLOCK = r"""
    (?P<date>
        (?<![\w\-/])(?:\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2})
        (?:[T ]\d{1,2}:\d{2}(?::\d{2})?Z?(?=[\s,;.)]|$))?(?![\w\-/])
      | (?<![\w.])\d{1,2}\.\s?\d{1,2}\.\s?\d{4}(?![\w])
      | \d{4}年\d{1,2}月\d{1,2}[日号])
  | (?P<time>
        (?<![A-Za-z0-9_:./])(?:[01]?\d|2[0-4])[:\uff1a][0-5]\d(?:[:\uff1a][0-5]\d)?(?!\d|[:\uff1a]\d)
      | (?<![A-Za-z0-9_:./])(?:[01]?\d|2[0-4])[hH][0-5]\d(?!\w))
  | (?P<ampm>(?<![^\W\d])[apAP]\.\s?[mM]\.?(?!\w))
  | (?P<dotted>(?<![\w.:])\d{1,2}\.[0-5]\d(?=[ap]m(?![^\W_])|h(?![^\W_])|(?![\w]|\.\d)))
  | (?P<ordinal>(?<![\w.])\d{1,2}(?:st|nd|rd|th|er|ère|ème|e|º|ª|°)(?!\w))
  | (?P<number>
        (?<![^\W\d_])\d+(?:[.,]\d+)?
        (?=(?:am|pm|AM|PM|Am|Pm|h|hr|hrs|min|mins|m|s|sec|secs|d|x|X|Uhr|uhr|w|ish)(?![^\W_]))
      | (?<![\w])\d+(?![\w]|\.\d)
      | \d+(?=[\u3400-\u9fff])
      | (?<=[\u3400-\u9fff])\d+)
  | (?P<mixed>(?<![A-Za-z0-9_])[A-Za-z0-9_]*\d[A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*)
"""
_WORDS = r"""
    (?P<cjk>[\u3400-\u9fff])
  | (?P<word>[^\W\d_\u3400-\u9fff]+)
  | (?P<break>\n\s*|[!?;。\uff01\uff1f\uff1b]|\.(?=\s|$))
  | (?P<punct>[^\w\s])
"""
_TOKEN = re.compile(_LITERAL + "|" + _CLOCK + "|" + _WORDS, re.VERBOSE)
_PUNCT = str.maketrans("\uff0c、\uff1a\uff08\uff09–—−’“”", ',,:()---\'""')


def fold(text: str) -> str:
    """Lower case without accents: the form in which words are compared."""
    if text.isascii():
        return text.lower()
    bare = "".join(char for char in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


def tokenize(text: str) -> tuple[Token, ...]:
    """Split a text into tokens. Nothing is raised and every token lies inside the text."""
    return tuple(_token(match) for match in _TOKEN.finditer(text))


def _token(match: re.Match[str]) -> Token:
    kind, raw = match.lastgroup or "punct", match.group()
    start, end = match.span()
    if kind == "date":
        return _date(raw, start, end)
    if kind == "time":
        hour, minute = re.findall(r"\d+", raw)[:2]
        return Token("time", raw, start, end, (int(hour), int(minute)))
    if kind == "dotted":
        hour, minute = raw.split(".")
        return Token("dotted", raw, start, end, (int(hour), int(minute)))
    if kind in ("ordinal", "number"):
        digits = re.match(r"\d+", raw)
        value = int(digits.group()[:9]) if digits else 0
        return Token("ordinal" if kind == "ordinal" else "number", fold(raw), start, end, (value,))
    if kind == "ampm":
        return Token("word", raw[0].lower() + "m", start, end)
    if kind in ("literal", "mixed"):
        return Token("literal", raw, start, end)
    if kind == "break":
        return Token("break", raw[0], start, end)
    if kind == "punct":
        return Token("punct", raw.translate(_PUNCT), start, end)
    return Token("word", fold(raw), start, end)


def _date(raw: str, start: int, end: int) -> Token:
    numbers = [int(part) for part in re.findall(r"\d+", raw)[:3]]
    if raw[:4].isdigit():
        year, month, day = numbers
    else:
        day, month, year = numbers
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return Token("literal", raw, start, end)
    return Token("date", raw, start, end, (year, month, day))
