"""Languages that are not read: refused by name, or asked about where a part was understood.

A text in another language gave a DAG without steps, or with steps guessed from the service names in it. Two signs
tell such a text: letters of a script that is not read, and the small words of a Latin-script language that is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from airflow_provider_wfintel.engine.generation.reading.lexicon import marker_counts
from airflow_provider_wfintel.exceptions import EmptyInputError, UnknownLanguageError

__all__ = ["READ", "require_known_words", "require_language", "unread_language"]

READ = "English, German, French, Spanish, Portuguese or Chinese"
"""The languages that are read, as error texts and questions name them."""

_SCRIPTS = frozenset({"LATIN", "CJK", "FULLWIDTH", "FEMININE", "MASCULINE", "MICRO", "MODIFIER"})
_KANA = frozenset({"HIRAGANA", "KATAKANA", "HALFWIDTH", "KATAKANA-HIRAGANA"})
_LANGUAGES = {"HANGUL": "Korean", **dict.fromkeys(_KANA, "Japanese")}
_QUOTED = re.compile(
    r"`[^`]*`|\"[^\"\n]*\"|“[^”\n]*”|«[^»\n]*»|「[^」\n]*」|『[^』\n]*』|(?<!\w)'[^'\n]*'(?!\w)|(?<!\w)#[\w-]+|\b\w+://\S+"
)
_FEW = 3
_FOREIGN = ((0.2, 0), (0.35, 1), (0.5, 2))
"""From such a share of foreign letters on, a text with no more small words of a known language is foreign."""

# Small words that none of the languages that are read has, and that are no English words either.
_UNREAD: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "Polish": "każdego dnia codziennie się oraz potem następnie dla jest godzinie wszystkie pobierz załaduj z i na",
        "Czech": "každý den pak poté nebo je všechny aby soubory ze na při hodin stáhni nahraj",
        "Turkish": "ve bir için gün saat sonra olarak sabah tüm günü verileri dosyaları yükle",
        "Finnish": "ja joka päivä sen kello sitten kun kaikki jälkeen lataa tiedostot klo päivittäin vie",
        "Hungarian": "és az egy minden nap hogy majd után órakor reggel fájlokat töltse",
        "Swedish": "och varje från till dag det sedan alla filer hämta ladda klockan kl efter",
        "Danish or Norwegian": "og hver fra til dag det derefter deretter alle filer hent klokken kl efter etter morgen",
        "Romanian": "și în fiecare zi la din apoi toate sunt pentru ora fișierele încarcă",
        "Indonesian": "dan setiap hari dari ke yang untuk kemudian semua jam pukul lalu unduh",
        "Vietnamese": "và từ vào mỗi ngày các sau đó lúc giờ tải dữ liệu",
    }.items()
}
_MOST_UNKNOWN = 5
"""More words than these without a verb, a small word or a schedule are no telegram style but another language."""


def _script(letter: str) -> str:
    """The first word of a letter's Unicode name: LATIN, CJK, CYRILLIC, ..."""
    return "LATIN" if letter.isascii() else unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0]


def _letters(text: str) -> Counter[str]:
    return Counter(_script(letter) for letter in text if letter.isalpha())


def require_language(text: str) -> str:
    """The text itself, if it has words in letters that are read. Quotes and names of channels may be in any.

    Japanese is written with Chinese signs too, but its own letters tell it apart.

    Raises:
        EmptyInputError: there is no letter in the text.
        UnknownLanguageError: the text is Cyrillic, Arabic, Korean, Japanese, Greek, ...
    """
    whole = _letters(text)
    if not whole:
        raise EmptyInputError(
            "the text holds no words, only digits, signs or pictures",
            hint="describe in a sentence or two what should happen",
        )
    if whole.keys() <= _SCRIPTS:
        return text
    plain = _QUOTED.sub(" ", text)
    letters = _letters(plain) or whole
    foreign = {script: count for script, count in letters.items() if script not in _SCRIPTS}
    kana = sum(foreign.get(script, 0) for script in _KANA)
    if kana and letters["CJK"] < 5 * kana:
        foreign["HIRAGANA"] = foreign.get("HIRAGANA", 0) + letters["CJK"]
    share = sum(foreign.values()) / max(1, letters.total())
    known = max(marker_counts(plain).values())
    if sum(foreign.values()) >= _FEW and any(share >= least and known <= most for least, most in _FOREIGN):
        worst = max(foreign, key=lambda script: foreign[script])
        what = f"in {_LANGUAGES[worst]}" if worst in _LANGUAGES else f"in {worst.capitalize()} letters"
        raise UnknownLanguageError(
            f"the description is {what}, which cannot be read", hint=f"write it in {READ}; quote names"
        )
    return text


def _small_words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d_]+", _QUOTED.sub(" ", text).lower()))


def unread_language(text: str) -> str:
    """The name of the language of a text in Latin letters that is not read; empty if its small words are known."""
    words = _small_words(text)
    distinct = {language: len(markers & words.keys()) for language, markers in _UNREAD.items()}
    counts = {language: sum(words[word] for word in markers) for language, markers in _UNREAD.items()}
    best = max(counts, key=lambda language: (counts[language], distinct[language]))
    return best if distinct[best] > 1 and counts[best] > max(marker_counts(_QUOTED.sub(" ", text)).values()) else ""


def require_known_words(text: str, plain: str, *, understood: bool) -> str:
    """The language that the text seems to be in although words of it were understood; empty if it is read.

    Args:
        text: the whole text.
        plain: its words without literals, names of services, schedule and settings.
        understood: whether a verb or words about the schedule were read.

    Raises:
        UnknownLanguageError: nothing was understood, and the words are those of another language.
    """
    language = unread_language(text)
    if understood:
        return language
    words = _small_words(plain)
    if language:
        raise UnknownLanguageError(
            f"the description is in {language}, which cannot be read", hint=f"write it in {READ}"
        )
    if words.total() > _MOST_UNKNOWN and not any(marker_counts(text).values()):
        raise UnknownLanguageError(
            "no word of the description says what to do: it seems to be in a language that cannot be read",
            hint=f"write it in {READ}, with a verb for each step",
        )
    return ""
