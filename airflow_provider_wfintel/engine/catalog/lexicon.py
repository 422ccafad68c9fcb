"""The words that name services: aliases beyond the catalogue's, senses of ambiguous words, context words.

Three data files lie over the catalogue: `aliases.json` adds spellings by service id, `senses.json` says of every
word that means other things too how to tell, and `context.json` holds the words that surround a service's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog.catalog import DATA_FOLDER, Catalog, load_catalog
from airflow_provider_wfintel.engine.catalog.read import read_data
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["LEXICON_FOLDER", "ContextWords", "Lexicon", "Sense", "load_lexicon"]

LEXICON_FOLDER = DATA_FOLDER / "lexicon"
_UNREVIEWED_PRIOR = -1.0
"""Log-odds for a word that the catalogue calls ambiguous and that has no sense record yet."""


@dataclass(frozen=True, slots=True)
class Sense:
    """How to tell whether an ambiguous word means its service.

    Attributes:
        prior: log-odds that a bare occurrence means the service.
        use: what the ordinary word is, letters of: n noun, v verb, a adjective, adverb or abbreviation, p proper
            name, d weekday, c written in capitals.
        helps: words near by that speak for the service.
        hinders: words near by that speak for the ordinary meaning.
        not_after: words that, directly before it, make it the ordinary word.
        not_before: words that, directly after it, make it the ordinary word.
    """

    prior: float
    use: str
    helps: frozenset[str] = frozenset()
    hinders: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ContextWords:
    """Words around names.

    Attributes:
        objects: category → nouns that services of this category have (channel, invoice, board, ...).
        general_objects: nouns that any service has (API, account, credentials, ...).
        bounds: words that end a noun phrase.
        determiners: articles, possessives and quantifiers.
        prepositions: word before a name → log-odds that it gives.
        ordinary_words: words that look like a misspelt service and are none.
    """

    objects: Mapping[str, frozenset[str]]
    general_objects: frozenset[str]
    bounds: frozenset[str]
    determiners: frozenset[str]
    prepositions: Mapping[str, float]
    ordinary_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All names of all services.

    Attributes:
        aliases: lower-case name → service id.
        plain: names that the catalogue itself gives, none of them ambiguous.
        senses: the ambiguous ones among the names → how to tell.
        categories: service id → category.
        context: the words around names.
    """

    aliases: Mapping[str, str]
    plain: frozenset[str]
    senses: Mapping[str, Sense]
    categories: Mapping[str, str]
    context: ContextWords


@cache
def load_lexicon(extra_folder: Path | None = None) -> Lexicon:
    """The lexicon over the catalogue (with the services of `extra_folder`, see `load_catalog`). Cached.

    Raises:
        CatalogError: a data file does not follow the schema or names an unknown service.
    """
    catalog = load_catalog(extra_folder)
    aliases = _catalogue_aliases(catalog)
    given = frozenset(aliases)
    for service, names in _mapping(_read("aliases.json"), "aliases", "aliases.json").items():
        _known(catalog, service, f"aliases.json: {service}")
        for name in _words(names, f"aliases.json: {service}"):
            owner = aliases.setdefault(name, service)
            if owner != service:
                raise CatalogError(f"aliases.json: {name!r} names both {owner!r} and {service!r}")
    senses: dict[str, Sense] = {}
    for word, record in _mapping(_read("senses.json"), "words", "senses.json").items():
        where = f"senses.json: {word}"
        service = record.get("service", "")
        if service:
            _known(catalog, service, where)
            aliases.setdefault(word, service)
        elif word not in aliases:
            raise CatalogError(f"{where}: no service has this alias", hint="name the service in the record")
        senses[word] = _sense(record, where)
    for service_record in catalog.services:
        for name in service_record.ambiguous_aliases:
            senses.setdefault(name, Sense(prior=_UNREVIEWED_PRIOR, use="n"))
    categories = {item.id: item.category for item in catalog.services}
    return Lexicon(
        aliases=aliases,
        plain=given - senses.keys(),
        senses=senses,
        categories=categories,
        context=_context(_read("context.json")),
    )


def _catalogue_aliases(catalog: Catalog) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for item in catalog.services:
        for name in (*item.aliases, item.name.lower()):
            aliases.setdefault(name, item.id)
    return aliases


def _read(name: str) -> Any:
    return read_data(LEXICON_FOLDER / name)


def _known(catalog: Catalog, service: str, where: str) -> None:
    if service not in catalog:
        raise CatalogError(f"{where}: the catalogue has no service {service!r}")


def _mapping(data: Any, key: str, where: str) -> dict[str, Any]:
    found = data.get(key) if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise CatalogError(f"{where}: expected an object under {key!r}")
    return found


def _words(data: Any, where: str) -> frozenset[str]:
    if not isinstance(data, list) or not all(isinstance(item, str) and item for item in data):
        raise CatalogError(f"{where}: expected a list of words")
    return frozenset(data)


def _sense(record: Any, where: str) -> Sense:
    try:
        return Sense(
            prior=float(record["prior"]),
            use=str(record["use"]),
            helps=_words(record.get("for", []), where),
            hinders=_words(record.get("against", []), where),
            not_after=_words(record.get("not_after", []), where),
            not_before=_words(record.get("not_before", []), where),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"{where}: not a sense record ({error!r})", hint="see lexicon.schema.json") from error


def _context(data: Any) -> ContextWords:
    where = "context.json"
    objects = _mapping(data, "objects", where)
    return ContextWords(
        objects={category: _words(words, f"{where}: objects.{category}") for category, words in objects.items()},
        general_objects=_words(data.get("general_objects"), f"{where}: general_objects"),
        bounds=_words(data.get("bounds"), f"{where}: bounds"),
        determiners=_words(data.get("determiners"), f"{where}: determiners"),
        prepositions={str(word): float(weight) for word, weight in _mapping(data, "prepositions", where).items()},
        ordinary_words=_words(data.get("ordinary_words"), f"{where}: ordinary_words"),
    )
