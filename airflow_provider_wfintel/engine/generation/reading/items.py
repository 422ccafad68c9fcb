"""Lists of plain words: "emea, apac and latam", "(acme / globex)", "北京、上海和广州"."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from airflow_provider_wfintel.engine.model import Span

__all__ = ["declaration_lines", "declared_items", "find_items", "parts_of"]

_AND = {
    "en": r"and|as\s+well\s+as|or",
    "de": "und|sowie|oder",
    "fr": "et|ou",
    "es": "y|e|o",
    "pt": "e|ou",
    "it": "e|o",
    "nl": "en|of",
}
# Lengths are bounded: texts of thousands of fragments must be read in time.
_REACH = 900
_WORD = r"[\w\u25a1`'\"][\w.\u25a1`'\"-]{0,80}"
_RANGE = re.compile(
    r"(?<![\w.-])(?P<low>\d{1,4})\s*(?:\b(?:to|through|thru|until|bis|à|a|al|até|tot)\b|[-–~\u5230\u81f3])\s*(?P<high>\d{1,4})(?![\w.-])",
    re.IGNORECASE,
)
# More values than these are work for a list that a task returns.
_MOST = 200
# "three cities" after a Chinese list counts it.
_COUNTED = re.compile(r"(?:[两二三四五六七八九十]|\d)+[个家张份座台].*$")


@cache
def _joiner(language: str) -> str:
    """The words that join the last item of a list, of English and of the text's own language."""
    own = _AND.get(language, "")
    return rf"(?:\b(?:{_AND['en']}{'|' + own if own and language != 'en' else ''})\b|&)"


@cache
def _lists(language: str) -> re.Pattern[str]:
    if language == "zh":
        item = r"[^\s\uff0c\u3002\u3001,:\uff1a\uff08\uff09()和]{1,40}"
        return re.compile(rf"(?P<bare>{item}(?:\u3001{item})+(?:和{item})?|{item}和{item})")
    last = _joiner(language)
    return re.compile(
        rf"[(\[](?P<closed>\s*{_WORD}(?:\s*(?:,|/|;|{last})\s*{_WORD})+\s*)[)\]]"
        rf"|(?P<slash>(?<![\w/.]){_WORD}(?:\s+/\s+{_WORD})+)"
        rf"|(?P<bare>(?<![\w.-]){_WORD}(?:\s*,\s*{_WORD})*\s*,?\s*{last}\s+{_WORD})"
        rf"|(?P<row>(?<![\w.-]){_WORD}(?:\s*,\s*{_WORD}){{2,}})",
        re.IGNORECASE,
    )


def parts_of(words: str, language: str) -> tuple[str, ...]:
    """The single items of a list or of a range of numbers, without quotes and punctuation."""
    reach = _RANGE.fullmatch(words.strip())
    if reach is not None and (numbers := _numbers(reach)):
        return numbers
    if language == "zh":
        pieces = re.split(r"[\u3001和,]", _COUNTED.sub("", words))
    else:
        pieces = re.split(
            rf"\s*(?:,\s*(?:{_joiner(language)}\s+)?|;|/|\s{_joiner(language)}\s)\s*", words, flags=re.IGNORECASE
        )
    return tuple(piece for item in pieces if (piece := item.strip(" \t\n`'\".[]()")))


def _numbers(reach: re.Match[str]) -> tuple[str, ...]:
    """The numbers of a range ("1 to 8", "01-12"), with leading zeros where the first one has them; empty if it is none."""
    low, high = reach.group("low"), reach.group("high")
    width = len(low) if low.startswith("0") else 0
    count = int(high) - int(low) + 1
    return tuple(str(number).zfill(width) for number in range(int(low), int(high) + 1)) if 1 < count <= _MOST else ()


def find_items(words: str, language: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Where the first list of plain words stands between two places, or None.

    Two words with an "and" between them are a list only after a noun that they belong to ("the shops north and
    south"); "for each order and customer" names no items.
    """
    stop = min(len(words) if end is None else end, start + _REACH)
    reach = _RANGE.search(words, start, stop)
    if reach is not None and _numbers(reach):
        return reach.span()
    match = _lists(language).search(words, start, stop)
    if match is None:
        return None
    found = parts_of(match.group(), language)
    if (
        match.lastgroup == "bare"
        and len(found) == 2
        and not words[start : match.start()].strip(" ,:")
        and language != "zh"
    ):
        return None
    return match.span()


def _stem(noun: str) -> str:
    """What singular and plural of a noun have in common ("cit" of "city" and "cities")."""
    return noun.rstrip("s").removesuffix("ie").removesuffix("y")


def declaration_lines(text: str, language: str) -> tuple[Span, ...]:
    """Lines that only give the items for a noun which other words of the text repeat something for."""
    last = _joiner(language)
    found = []
    line = re.compile(
        rf"^[ \t]*(?:[-*•][ \t]+)?(?P<n>[^\W\d]\w{{2,}})[ \t]*[=:][ \t]*[\[(]?{_WORD}(?:[ \t]*(?:,|/|{last})[ \t]*{_WORD})+[\])]?[ \t]*$",
        re.IGNORECASE | re.MULTILINE,
    )
    sentence = re.compile(
        rf"(?:^|(?<=[.!?]\s)|(?<=\n))[ \t]*(?:(?:the|our|die|les|las|los|as|os)[ \t]+)?(?P<n>[^\W\d]\w{{2,}})[ \t]+(?:are|sind|sont|son|são)[ \t]*:?[ \t]*"
        rf"{_WORD}(?:[ \t]*(?:,|/|{last})[ \t]*{_WORD})+?(?=[ \t]*(?:[.;]\s|[.;]?$|\n))",
        re.IGNORECASE,
    )
    for match in islice((*line.finditer(text), *sentence.finditer(text)), 40):
        rest = text[: match.start()] + text[match.end() :]
        if re.search(
            rf"\b(?:each|every|per|jede\w?|pro|je|chaque|cada|par|por)\s+{re.escape(_stem(match.group('n')))}",
            rest,
            re.I,
        ):
            found.append(Span(*match.span()))
    return tuple(found)


def declared_items(text: str, noun: str, language: str) -> tuple[str, ...]:
    """The items that a line of the text gives for a noun ("regions = a, b, c", "Regions: a and b")."""
    if len(noun) < 3:
        return ()
    last = _joiner(language)
    match = re.search(
        # Behind "when all stores are …" comes what has happened to them, no list.
        rf"(?:\b{re.escape(_stem(noun))}\w{{0,3}}\s*[=:]|(?:^|(?<=[.!?;\n]))\s*(?:(?:the|our|die|les|las|los|as|os|they)\s+)?{re.escape(_stem(noun))}\w{{0,3}}\s*\b(?:are|sind|sont|son|são)\b)\s*[\[(]?"
        rf"(?P<v>{_WORD}(?:\s*(?:,|/|{last})\s*{_WORD})+)",
        text,
        re.IGNORECASE,
    )
    return parts_of(match.group("v"), language) if match is not None else ()
