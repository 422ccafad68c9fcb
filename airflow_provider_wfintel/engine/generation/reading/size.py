"""Bounds on what is read as one description, so that every text is answered or refused within seconds.

The bounds lie far above what people write. What goes beyond them is refused by name, never cut.
"""

from __future__ import annotations

import re

from airflow_provider_wfintel.exceptions import InputTooLargeError

__all__ = [
    "MAX_PIECES",
    "MAX_SENTENCE",
    "MAX_STEPS",
    "MAX_STRETCH",
    "MAX_WORD",
    "require_few",
    "require_words",
    "with_short_blanks",
]

MAX_SENTENCE = 4_000
"""Most characters of one sentence: some six hundred words."""

MAX_STRETCH = 2_000
"""Most characters without a blank or full-width punctuation: a signed address is shorter."""

MAX_WORD = 500
"""Most characters of one name or word: file and host names end at 255."""

MAX_PIECES = 600
"""Most clauses of one text, told things included."""

MAX_STEPS = 300
"""Most steps of one DAG."""

_MOST_BLANKS = 100
_BLANKS = re.compile(rf"\s{{{_MOST_BLANKS},}}")
_BOUNDS = (
    (re.compile(r"[\w.+-]+"), MAX_WORD, "a word"),
    (re.compile(r"[^\s\u3001\u3002\uff01-\uff0f\uff1a-\uff20]+"), MAX_STRETCH, "a stretch without blanks"),
    (re.compile(r"[^.!?;\n\u3002\uff01\uff1f\uff1b]+"), MAX_SENTENCE, "a sentence"),
)
_HINT = "end sentences with full stops; put long values into a file, a connection or an Airflow variable and name that"


def with_short_blanks(text: str) -> str:
    """The text with every run of a hundred blanks or more as one blank, one line end or one empty line."""
    return _BLANKS.sub(lambda run: "\n\n"[: run.group().count("\n")] or " ", text)


def require_words(text: str) -> str:
    """The text itself, if no part of it is too long to be a word, an address or a sentence.

    Raises:
        InputTooLargeError: more than `MAX_WORD` characters of one word, `MAX_STRETCH` without a blank or
            `MAX_SENTENCE` without the end of a sentence.
    """
    for pattern, most, what in _BOUNDS:
        longest = max(pattern.findall(text), key=len, default="")
        if len(longest) > most:
            raise InputTooLargeError(
                f"the text holds {what} of {len(longest)} characters ({longest.strip()[:20]!r}...), "
                f"the most that is read is {most}",
                hint=_HINT,
            )
    return text


def require_few(count: int, most: int, what: str) -> None:
    """Refuse a text that says too much for one DAG.

    Args:
        count: how many were read.
        most: how many may be read.
        what: what was counted, in the plural.

    Raises:
        InputTooLargeError: `count` is more than `most`.
    """
    if count > most:
        raise InputTooLargeError(
            f"the text gives {count} {what}, the most that one DAG is written for is {most}",
            hint="describe one workflow at a time, each with its own command",
        )
