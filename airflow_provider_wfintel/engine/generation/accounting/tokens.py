"""Tokens and pieces: the words that stand outside literals and settings, cut where a phrase ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from airflow_provider_wfintel.engine.generation.accounting.small_words import JOINERS, PLACES, stem
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Piece", "Token", "pieces_of"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_JOINED = re.compile(r"[\s-]*")
_BESIDE = re.compile(r"\s*[`'\"(]*\s*")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: where it stands, in lower case, and its stem."""

    span: Span
    word: str
    stem: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that form one phrase: no punctuation, literal or conjunction between them, a preposition only in front.

    Attributes:
        tokens: its words.
        lead: the preposition that opens it, empty if none does.
        glued: whether it goes on from the piece before with nothing but blanks between.
        names: whether a literal follows it with nothing but blanks between ("the partner file `/in/x.csv`").
    """

    tokens: tuple[Token, ...]
    lead: str = ""
    glued: bool = False
    names: bool = False

    @property
    def span(self) -> Span:
        """From its first word to its last."""
        return Span(self.tokens[0].span.start, self.tokens[-1].span.end)


def _tokens(words: Words) -> Iterator[Token]:
    for match in _WORD.finditer(words.blank):
        start, end = match.span()
        if words.text[start:end] != match.group():
            continue  # a mark that an earlier stage has put there
        before, after = words.text[start - 1 : start], words.text[end : end + 1]
        if before in ("_", "/", "#", "@") or after in ("_", "/", "@") or before.isdigit() or after.isdigit():
            continue  # a part of a name
        yield Token(Span(start, end), match.group().lower(), stem(match.group()))


def pieces_of(words: Words) -> list[Piece]:
    """All words outside literals, schedule and settings, as pieces in the order of the text."""
    found: list[Piece] = []
    current: list[Token] = []
    lead, glued = "", False
    literals = sorted(item.span.start for item in words.entities)

    def close(next_glued: bool) -> None:
        nonlocal current, lead, glued
        if current:
            end = current[-1].span.end
            beside = _BESIDE.match(words.text, end)
            at = beside.end() if beside else end
            names = any(end < item <= at + 1 for item in literals)
            found.append(Piece(tuple(current), lead, glued, names))
        current, lead, glued = [], "", next_glued

    last: Token | None = None
    for token in _tokens(words):
        joined = last is not None and _JOINED.fullmatch(words.text[last.span.end : token.span.start]) is not None
        joined = joined and "\n" not in words.text[last.span.end : token.span.start] if last else False
        if not joined or token.word in JOINERS:
            close(False)
        elif token.word in PLACES and current:
            close(True)
        if token.word not in JOINERS:
            if not current and token.word in PLACES:
                lead = token.word
            current.append(token)
        last = token
    close(False)
    return found
