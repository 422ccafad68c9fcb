"""Languages that cannot be read are refused before reading, instead of giving a DAG without steps."""

from __future__ import annotations

import unicodedata
from collections import Counter

from airflow_provider_wfintel.exceptions import UnknownLanguageError

__all__ = ["require_language"]

_READ = frozenset({"LATIN", "CJK"})
_FEW = 12


def _script(letter: str) -> str:
    """The first word of a letter's Unicode name: LATIN, CJK, CYRILLIC, ..."""
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0]


def require_language(text: str) -> str:
    """The text itself, if most of its letters are of a script that the reader knows.

    Japanese is written with Chinese signs too, but its own letters tell it apart.

    Raises:
        UnknownLanguageError: most letters are Cyrillic, Arabic, Hangul, Kana, Greek, ...
    """
    letters = Counter(_script(letter) for letter in text[:20_000] if letter.isalpha())
    total = sum(letters.values())
    strange = {script: count for script, count in letters.items() if script not in _READ}
    worst = max(strange, key=lambda script: strange[script], default="")
    if total >= _FEW and sum(strange.values()) > total / 2:
        raise UnknownLanguageError(
            f"the description is mostly in {worst.capitalize()} letters, which cannot be read",
            hint="write it in English, German, French, Spanish, Portuguese or Chinese",
        )
    return text
