"""A text as words with offsets, sentences and letter case: what all mention rules look at."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["CaseStyle", "Words", "fold", "split_words"]

CaseStyle: TypeAlias = Literal["sentence", "title", "none"]
"""How a line uses capitals: as in a sentence, as in a headline, or in a way that says nothing."""

_NO_BLANKS = "\u2e80-\u9fff\uac00-\ud7af\uff66-\uff9f"  # scripts that write names and words together
_WORD = re.compile(rf"[^\W_{_NO_BLANKS}]+|[{_NO_BLANKS}]+")
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|\n(?![ \t]*[a-z(])|[\u2022\u2023\u25cf\u3002\uff1b\uff01\uff1f]")
_LINE_END = re.compile(r"[.!?;](?=\s|$)|\n|[\u2022\u2023\u25cf\u3002\uff1b\uff01\uff1f]")
"""Without capitals there is no telling a wrapped line from a new one: every line is taken as its own."""
_OPAQUE = re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bhttps?://\S+", re.IGNORECASE)
_HEADLINE_SHARE = 0.6
_MIN_LETTERS = 4


def fold(text: str) -> str:
    """Lower case without accents: the form in which words are compared."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return "".join(char for char in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(char))


@dataclass(slots=True)
class Words:
    """The words of a text, as parallel lists that are filled once by `split_words`.

    Attributes:
        text: the text as it was given.
        forms: folded words.
        starts, ends: their offsets in `text`.
        sentence: index of the sentence that each word lies in.
        opaque: whether the word lies in an address (mail, URL), where names are not names.
    """

    text: str
    forms: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    opaque: list[bool] = field(default_factory=list)
    _styles: dict[int, CaseStyle] = field(default_factory=dict)
    _any_capital: bool | None = None

    def __len__(self) -> int:
        return len(self.forms)

    def gap(self, index: int) -> str:
        """What stands between the word `index` and the one before it."""
        start = self.ends[index - 1] if index > 0 else 0
        end = self.starts[index] if index < len(self.starts) else len(self.text)
        return self.text[start:end]

    def neighbour(self, index: int, of: int) -> str:
        """The folded word at `index`, empty if it is outside the sentence of the word `of`."""
        if 0 <= index < len(self.forms) and self.sentence[index] == self.sentence[of]:
            return self.forms[index]
        return ""

    def window(self, first: int, last: int, reach: int) -> list[str]:
        """The folded words of the same sentence, at most `reach` words away from `[first, last)`."""
        here = self.sentence[first]
        low, high = max(0, first - reach), min(len(self.forms), last + reach)
        return [
            self.forms[index]
            for index in range(low, high)
            if self.sentence[index] == here and not first <= index < last
        ]

    def opens_sentence(self, index: int) -> bool:
        """Whether the word is the first of its sentence, or the first after a colon."""
        if index == 0 or self.sentence[index - 1] != self.sentence[index]:
            return True
        return ":" in self.gap(index) or "\u2014" in self.gap(index)

    def capital(self, index: int) -> bool:
        """Whether the word starts with a capital letter."""
        return self.text[self.starts[index]].isupper()

    def style(self, index: int) -> CaseStyle:
        """How the sentence of the word uses capitals."""
        number = self.sentence[index]
        found = self._styles.get(number)
        if found is None:
            found = self._styles[number] = self._style_of(number, index)
        return found

    def _style_of(self, number: int, index: int) -> CaseStyle:
        if self._any_capital is None:
            self._any_capital = self.text != self.text.lower()
        if not self._any_capital:
            return "none"
        first = last = index
        while first > 0 and self.sentence[first - 1] == number:
            first -= 1
        while last + 1 < len(self.forms) and self.sentence[last + 1] == number:
            last += 1
        plain = [item for item in range(first + 1, last + 1) if len(self.forms[item]) >= _MIN_LETTERS]
        if not plain:
            return "none" if first == last else "title"
        capitals = sum(self.capital(item) for item in plain)
        return "title" if capitals / len(plain) >= _HEADLINE_SHARE else "sentence"


def split_words(text: str) -> Words:
    """Split a text into words and sentences. Any text is accepted."""
    words = Words(text)
    capitals = text != text.lower()
    breaks = [match.start() for match in (_SENTENCE_END if capitals else _LINE_END).finditer(text)]
    opaque = [match.span() for match in _OPAQUE.finditer(text)] if "@" in text or "://" in text else []
    breaks.append(len(text) + 1)
    number = address = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while breaks[number] < start:
            number += 1
        while address < len(opaque) and opaque[address][1] <= start:
            address += 1
        words.forms.append(fold(match.group()))
        words.starts.append(start)
        words.ends.append(end)
        words.sentence.append(number)
        words.opaque.append(address < len(opaque) and opaque[address][0] <= start)
    return words
