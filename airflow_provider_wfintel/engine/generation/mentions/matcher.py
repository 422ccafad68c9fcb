"""Longest match of service names over words, with joined and prefixed spellings and safe misspellings.

Names are compared word by word. Names of several words also match when written as one (`googlesheets`,
`big-query`), and a maker's name may stand before a product (`AWS Glue`, `Apache Hive`), which then is no
ordinary word any more. Misspellings are found with deletion neighbourhoods (W. Garbe's symmetric delete idea, 2012):
two words within one edit share a form when one letter is left out of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from airflow_provider_wfintel.engine.catalog.lexicon import Lexicon, load_lexicon
from airflow_provider_wfintel.engine.generation.mentions.tokens import Words, fold

__all__ = ["Match", "Matcher", "load_matcher"]

_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"(.)\1")
_LOOSE = frozenset(" -_\u2011\u2013\u00a0\n\t")
_MAKERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("aws", ("amazon_", "aws_")),
    ("amazon", ("amazon_", "aws_")),
    ("google cloud", ("google_",)),
    ("google", ("google_",)),
    ("gcp", ("google_",)),
    ("cloud", ("google_cloud_", "google_bigtable", "google_dataflow", "google_datastore", "google_dlp", "google_kms")),
    ("azure", ("azure_",)),
    ("microsoft", ("microsoft_", "azure_")),
    ("ms", ("microsoft_",)),
    ("office 365", ("microsoft_",)),
    ("office", ("microsoft_",)),
    ("alibaba cloud", ("alibaba_",)),
    ("alibaba", ("alibaba_",)),
    ("aliyun", ("alibaba_",)),
    ("apache", ("",)),
)
"""Makers, longest name first, and how the ids of their products start."""
_MAKERS_BY_WORD: dict[str, tuple[tuple[int, str, tuple[str, ...]], ...]] = {
    first: tuple((len(maker.split()), maker, prefixes) for maker, prefixes in _MAKERS if maker.split()[0] == first)
    for first in {maker.split()[0] for maker, _ in _MAKERS}
}
_SCHEMES = {
    "s3": "amazon_s3",
    "s3a": "amazon_s3",
    "s3n": "amazon_s3",
    "gs": "google_cloud_storage",
    "abfs": "azure_data_lake",
    "abfss": "azure_data_lake",
    "adl": "azure_data_lake",
    "wasb": "azure_blob_storage",
    "wasbs": "azure_blob_storage",
    "hdfs": "hdfs",
    "dbfs": "databricks",
    "sftp": "sftp",
    "ftp": "ftp",
    "ssh": "ssh",
    "mongodb": "mongodb",
    "redis": "redis",
    "postgresql": "postgres",
    "mysql": "mysql",
}
"""URL schemes that say which service holds the thing."""
_MAKER_WORDS = ("microsoft", "google", "amazon", "facebook", "apache", "azure")
_NO_MAKER = frozenset({"amazon_marketplace"})
_JOINED_LENGTH = 6
_SLIP_LENGTH = 5
"""From this length on, swapped neighbours and a letter doubled or not are forgiven, ..."""
_TYPO_LENGTH = 7
"""... from this one on, any single edit."""
_SELDOM_ORDINARY = 1.0
"""Log-odds from which on misspellings of an ambiguous word are looked for, too; the sentence still decides."""
_PLURAL_LENGTH = 5
_STEM_LENGTH = 4
_ENDINGS = ("s", "js", "api", "crm", "app", "db")
"""What people write onto a name; all but the plural also show that a name is meant."""
_ARTICLE_REACH = 8


@dataclass(frozen=True, slots=True)
class Match:
    """A name found at the words `[first, last)`; `word` is the lexicon's spelling of it."""

    first: int
    last: int
    service: str
    word: str
    misspelt: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    service: str
    word: str


class Matcher:
    """Finds names of the lexicon in words. Build it once with `load_matcher`; it never changes afterwards."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._names: dict[str, list[_Name]] = {}
        names = dict(_spellings(lexicon))
        for spelling, (service, word) in names.items():
            parts = list(_WORD.finditer(spelling))
            if not parts:
                continue
            forms = tuple(fold(part.group()) for part in parts)
            gaps = tuple(spelling[left.end() : right.start()] for left, right in pairwise(parts))
            self._names.setdefault(forms[0], []).append(_Name(forms, gaps, service, word))
        for found in self._names.values():
            found.sort(key=lambda name: (-len(name.words), -len(name.word), name.word))
        context = lexicon.context
        self._things = context.general_objects.union(*context.objects.values())
        self._near = _neighbourhoods(lexicon, self._names)
        self._slips = _slips(lexicon, self._names)
        self._typo = lru_cache(maxsize=20_000)(self._find_typo)

    def matches(self, words: Words) -> list[Match]:
        """All names, longest first at each place, none overlapping another, in the order of the text."""
        found: list[Match] = []
        index, count = 0, len(words.forms)
        while index < count:
            match = self._at(words, index)
            if match is None:
                index += 1
            else:
                found.append(match)
                index = match.last
        return found

    def core_end(self, words: Words, match: Match) -> int:
        """Where the bare name ends: at `kafka` in `kafka topic`, since the topic is a thing, not the name."""
        last = match.last
        while last - match.first > 1 and self._is_thing(words.forms[last - 1]):
            shorter = " ".join(words.forms[match.first : last - 1])
            if self.lexicon.aliases.get(shorter) != match.service:
                break
            last -= 1
        return last

    def _is_thing(self, form: str) -> bool:
        return form in self._things or (form[-1:] == "s" and form[:-1] in self._things)

    def _at(self, words: Words, index: int) -> Match | None:
        form = words.forms[index]
        if form in _SCHEMES and words.gap(index + 1).startswith("://"):
            return Match(index, index + 1, _SCHEMES[form], f"{form}://")
        found = self._plain(words, index)
        if form in _MAKERS_BY_WORD:
            product = self._after_maker(words, index)
            if product is not None and (found is None or product.last > found.last):
                return product
        if found is not None:
            return found
        if len(form) < _PLURAL_LENGTH:
            return None
        return self._with_ending(form, index) or (None if words.opaque[index] else self._misspelt(words, index))

    def _plain(self, words: Words, index: int) -> Match | None:
        form = words.forms[index]
        for name in self._names.get(form, ()):
            if _fits(words, index, name) and (form != "the" or self._is_article_part(words, index, name)):
                return Match(index, index + len(name.words), name.service, name.word)
        return None

    def _after_maker(self, words: Words, index: int) -> Match | None:
        """A product with its maker's name before it, which makes an ordinary word a name: `Apache Hive`."""
        for count, maker, prefixes in _MAKERS_BY_WORD[words.forms[index]]:
            start = index + count
            if start >= len(words.forms) or " ".join(words.forms[index:start]) != maker:
                continue
            if not all(_gap_fits(words.gap(at), " ") for at in range(index + 1, start + 1)):
                continue
            product = self._plain(words, start)
            if product is not None and product.service.startswith(prefixes) and product.service not in _NO_MAKER:
                return Match(index, product.last, product.service, f"{maker} {product.word}")
        return None

    def _with_ending(self, form: str, index: int) -> Match | None:
        for ending in _ENDINGS:
            if form.endswith(ending) and len(form) - len(ending) >= _STEM_LENGTH:
                for name in self._names.get(form[: -len(ending)], ()):
                    if len(name.words) == 1:
                        word = name.word if ending == "s" else form
                        return Match(index, index + 1, name.service, word)
        return None

    def _misspelt(self, words: Words, index: int) -> Match | None:
        form = words.forms[index]
        near = self._typo(form)
        if near is not None:
            return Match(index, index + 1, near.service, near.word, misspelt=True)
        return self._after_misspelt_maker(words, index)

    def _after_misspelt_maker(self, words: Words, index: int) -> Match | None:
        form = words.forms[index]
        for maker in _MAKER_WORDS:
            if form[0] == maker[0] and _one_edit(form, maker):
                for name in self._names.get(maker, ()):
                    if len(name.words) > 1 and _fits(words, index, name):
                        return Match(index, index + len(name.words), name.service, name.word, misspelt=True)
        return None

    def _is_article_part(self, words: Words, index: int, name: _Name) -> bool:
        """Whether "the" belongs to the name, as in TheHive: only if the sentence speaks of what that service has."""
        sense = self.lexicon.senses.get(name.word)
        near = words.window(index, index + len(name.words), _ARTICLE_REACH)
        return sense is None or any(form in sense.helps for form in near)

    def _find_typo(self, form: str) -> _Name | None:
        if form in self.lexicon.context.ordinary_words or not form.isascii() or not form.isalpha():
            return None
        if len(form) < _SLIP_LENGTH:
            return None
        for key in (form, *_swapped(form), _undoubled(form)):
            name = self._slips.get(key)
            if name is not None and _is_slip(form, name.words[0]):
                return name
        if len(form) < _TYPO_LENGTH:
            return None
        for key in (form, *_without_one(form)):
            for name in self._near.get(key, ()):
                target = name.words[0]
                if target[0] == form[0] and not _is_longer_word(form, target) and _one_edit(form, target):
                    return name
        return None


@cache
def load_matcher(extra_folder: Path | None = None) -> Matcher:
    """The matcher of the shipped lexicon (and the services of `extra_folder`), built once."""
    return Matcher(load_lexicon(extra_folder))


def _spellings(lexicon: Lexicon) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every spelling with its service and the lexicon word that decides its sense; later ones win."""
    aliases = lexicon.aliases
    for word, service in aliases.items():
        for spelling in _joined(word):
            if spelling not in aliases:
                yield spelling, (service, spelling)
    for word, service in aliases.items():
        yield word, (service, word)


def _joined(word: str) -> Iterator[str]:
    parts = _WORD.findall(word)
    if len(parts) > 1 and all(char in _LOOSE for char in _WORD.sub("", word)):
        joined = "".join(parts)
        if len(joined) >= _JOINED_LENGTH:
            yield joined
    ending = re.fullmatch(r"(\w{4,})\.(?:ai|io|so)", word)
    if ending:
        yield word.replace(".", " ")


def _fits(words: Words, index: int, name: _Name) -> bool:
    count = len(name.words)
    if count == 1:
        return True
    last = index + count
    forms = words.forms
    if last > len(forms):
        return False
    for offset in range(1, count):
        expected, form = name.words[offset], forms[index + offset]
        plural = offset == count - 1 and len(expected) >= _MIN_PLURAL and form == expected + "s"
        if form != expected and not plural:
            return False
    return all(_gap_fits(words.gap(index + offset), name.gaps[offset - 1]) for offset in range(1, count))


_MIN_PLURAL = 3


def _gap_fits(gap: str, wanted: str) -> bool:
    bare = gap.strip()
    if all(char in _LOOSE for char in wanted):
        return len(gap) <= 3 and (not bare or bare in {"-", "_", "\u2011", "\u2013"}) and (not bare or gap == bare)
    return bare.replace(" ", "") == wanted.replace(" ", "")


def _mostly_a_name(word: str, lexicon: Lexicon) -> bool:
    """Whether a misspelling of the word is one of the service's name: no ordinary word, or seldom one."""
    sense = lexicon.senses.get(word)
    return word in lexicon.plain or (sense is not None and sense.prior >= _SELDOM_ORDINARY)


def _neighbourhoods(lexicon: Lexicon, names: dict[str, list[_Name]]) -> dict[str, tuple[_Name, ...]]:
    """Long one-word names that are seldom ordinary words, by every form that lacks one of their letters."""
    near: dict[str, list[_Name]] = {}
    for form, found in names.items():
        if len(form) < _TYPO_LENGTH or not form.isascii() or not form.isalpha():
            continue
        for name in found:
            if len(name.words) == 1 and _mostly_a_name(name.word, lexicon):
                for key in {form, *_without_one(form)}:
                    near.setdefault(key, []).append(name)
    return {key: tuple(sorted(items, key=lambda item: item.word)) for key, items in near.items()}


def _slips(lexicon: Lexicon, names: dict[str, list[_Name]]) -> dict[str, _Name]:
    """One-word names that are seldom ordinary words, by themselves and by their form without doubled letters."""
    slips: dict[str, _Name] = {}
    for form in sorted(names):
        if len(form) < _SLIP_LENGTH or not form.isascii() or not form.isalpha():
            continue
        for name in names[form]:
            if len(name.words) == 1 and _mostly_a_name(name.word, lexicon):
                slips[form] = name
                slips.setdefault(_undoubled(form), name)
    return slips


def _undoubled(form: str) -> str:
    return _DOUBLED.sub(r"\1", form)


def _swapped(form: str) -> list[str]:
    return [form[:at] + form[at + 1] + form[at] + form[at + 2 :] for at in range(1, len(form) - 1)]


def _is_slip(form: str, target: str) -> bool:
    return _undoubled(form) == _undoubled(target) or target in _swapped(form)


def _is_longer_word(form: str, target: str) -> bool:
    """Whether a letter was put behind the name, which gives another word (`vertical`) more often than a slip."""
    return form[:-1] == target and form[-1] != target[-1]


def _without_one(form: str) -> list[str]:
    return [form[:index] + form[index + 1 :] for index in range(len(form))]


def _one_edit(left: str, right: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours turns `left` into `right`."""
    if left == right:
        return True
    if abs(len(left) - len(right)) > 1:
        return False
    if len(left) > len(right):
        left, right = right, left
    index = 0
    while index < len(left) and left[index] == right[index]:
        index += 1
    if len(left) < len(right):
        return left[index:] == right[index + 1 :]
    swapped = left[index + 1 : index + 2] + left[index : index + 1] + left[index + 2 :]
    return left[index + 1 :] == right[index + 1 :] or swapped == right[index:]
