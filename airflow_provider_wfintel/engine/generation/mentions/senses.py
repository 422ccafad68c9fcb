"""Does an ambiguous word mean its service here? Evidence is added up as log-odds.

Every piece of evidence is local and named: letter case, the words on both sides, nouns that the service has, other
services listed beside it, a surer mention of the same name elsewhere. The sum goes through the logistic function.
The weights were set by hand on sentences of the project's own and checked on labelled descriptions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from airflow_provider_wfintel.engine.catalog.lexicon import ContextWords, Lexicon, Sense
from airflow_provider_wfintel.engine.generation.mentions.matcher import Match
from airflow_provider_wfintel.engine.generation.mentions.tokens import Words

__all__ = ["CERTAIN", "probability", "sense_scores"]

CERTAIN = 3.9
"""Log-odds of a name that is no ordinary word (0.98)."""

_MISSPELT = -1.5
_IN_ADDRESS = -6.0
_IN_IDENTIFIER = -4.5
_CAPITAL = 2.4
_SMALL = -1.8
_WRITTEN_IN_CAPITALS = 4.0
_QUOTED = 2.2
_OBJECT = 2.4
_GENERAL_OBJECT = 2.6
_COMMON_OBJECT = 1.6
_RECORDED = 0.8
_ROUTE = 2.0
_BARE = 1.2
_DETERMINER = -1.3
_VERB = -3.0
_RULED_OUT = -3.2
_RULED_OUT_WEAKLY = -0.8
_NUMBER = -2.0
_HYPHEN = -2.2
_AIMING = 1.0
_INTERJECTION = -2.5
_COMPOUND = -1.2
_LISTED = 2.2
_LISTED_LIKELY = 1.0
_LIKELY = -1.5
_HELPS, _MOST_HELP = 1.2, 2.4
_HINDERS, _MOST_HINDRANCE = -1.6, -3.2
_COMPANY = 0.5
_ELSEWHERE = 2.0
_REACH = 7
_HINDRANCE_REACH = 12
_DETERMINER_FURTHER = -0.9
_OUT_OF = 1.5
_SURE = 0.8
_JOINERS = frozenset(
    {
        "and",
        "or",
        "to",
        "with",
        "into",
        "via",
        "from",
        "then",
        "und",
        "et",
        "y",
        "e",
        "oder",
        "ou",
        "o",
        "in",
        "using",
        "nach",
        "a",
        "en",
        "the",
        "plus",
        "on",
    }
)
_NOTHING: frozenset[str] = frozenset()
_COMMON_OBJECTS = frozenset({
    "record", "records", "customer", "customers", "contact", "contacts", "client", "clients", "task", "tasks", "invoice",
    "invoices", "ticket", "tickets", "project", "projects", "user", "users", "order", "orders", "lead", "leads",
    "table", "event", "events", "report", "reports", "message", "messages", "database",
})  # fmt: skip
_FINITE_VERB_BEFORE = frozenset({"to", "and", "then", "should", "will", "must", "can", "please", "not", "we", "they"})
_TO = 1.4
_NOUNS_BEFORE = frozenset({
    "fichier", "fichiers", "dossier", "dossiers", "canal", "archivo", "archivos", "carpeta", "tarea", "tareas",
    "tarjeta", "tarjetas", "tabla", "hoja", "pagina", "paginas", "factura", "facturas", "facture", "factures", "cuenta",
    "compte", "conta", "arquivo", "arquivos", "pasta", "mensaje", "mensajes", "mensagem", "contacto", "contactos",
    "contato", "contatos", "formulaire", "formulario", "boutique", "tienda", "loja", "carte", "cartes", "tache",
    "taches", "tarefa", "tarefas", "dossier", "espace", "tablero", "quadro",
})  # fmt: skip
"""In Romance languages the thing stands before the name: `fichiers Box`, `canal Slack`."""
_PLACES = frozenset({"in", "on", "dans", "sur", "auf", "en", "em"})
_RECORDING = frozenset({
    "create", "creates", "add", "adds", "update", "updates", "get", "delete", "upsert", "insert", "store", "save", "saves",
    "record", "log", "post", "posts", "publish", "find", "search", "list", "fetch", "new", "file", "put", "notify",
})  # fmt: skip
_BEFORE_INFINITIVE = frozenset({
    "hard", "easy", "easier", "difficult", "able", "unable", "ready", "want", "wants", "need", "needs", "like", "likely",
    "going", "start", "starts", "begin", "begins", "tend", "tends", "have", "has", "is", "are", "how", "supposed", "about",
    "asked", "used", "expected", "allowed", "try", "tries", "fail", "fails", "due", "happens", "continues",
})  # fmt: skip
_ENGINE_SUFFIX = frozenset({"based", "powered", "triggered", "driven", "hosted", "compatible", "native", "integrated"})
_FILE_ENDINGS = frozenset(
    {"csv", "json", "py", "sql", "txt", "parquet", "yml", "yaml", "xml", "log", "sh", "xlsx", "pdf"}
)


def probability(score: float) -> float:
    """The logistic function, to three digits."""
    return round(1.0 / (1.0 + math.exp(-score)), 3)


def sense_scores(words: Words, matches: Sequence[Match], lexicon: Lexicon) -> list[float]:
    """Log-odds, for each match, that its words mean the service at all."""
    senses = [lexicon.senses.get(match.word) for match in matches]
    scores = [
        _technical(words, match) + (CERTAIN if sense is None else 0.0) + (_MISSPELT if match.misspelt else 0.0)
        for match, sense in zip(matches, senses, strict=True)
    ]
    if not any(senses):
        return scores
    sure = [sense is None and score > 0 for sense, score in zip(senses, scores, strict=True)]
    for position, (match, sense) in enumerate(zip(matches, senses, strict=True)):
        if sense is not None:
            scores[position] += _evidence(words, match, sense, lexicon)
            scores[position] += _company(words, matches, position, sure, lexicon)
    return _second_round(words, matches, senses, scores, sure)


def _second_round(
    words: Words,
    matches: Sequence[Match],
    senses: Sequence[Sense | None],
    scores: Sequence[float],
    certain: Sequence[bool],
) -> list[float]:
    """What the first round made sure of, or likely, is company for the rest."""
    sure = [probability(score) >= _SURE for score in scores]
    likely = [score > _LIKELY for score in scores]
    services = {match.service for match, is_sure in zip(matches, sure, strict=True) if is_sure}
    final = list(scores)
    for position, (match, sense) in enumerate(zip(matches, senses, strict=True)):
        if sense is None or sure[position]:
            continue
        if match.service in services:
            final[position] += _ELSEWHERE
        elif not _listed(words, matches, position, certain):
            if _listed(words, matches, position, sure):
                final[position] += _LISTED
            elif _listed(words, matches, position, likely):
                final[position] += _LISTED_LIKELY
    return final


def _technical(words: Words, match: Match) -> float:
    """Names inside addresses, identifiers and file names name other things."""
    if words.opaque[match.first]:
        return _IN_ADDRESS
    before, after = words.gap(match.first)[-1:], words.gap(match.last)[:2]
    if before == "_" or after[:1] == "_":
        return _IN_IDENTIFIER
    if after == "." or (after[:1] == "." and after[1:2].strip()):
        following = words.forms[match.last] if match.last < len(words.forms) else ""
        if following in _FILE_ENDINGS and words.gap(match.last) == ".":
            return _IN_IDENTIFIER
    return 0.0


def _evidence(words: Words, match: Match, sense: Sense, lexicon: Lexicon) -> float:
    context = lexicon.context
    before = words.neighbour(match.first - 1, match.first)
    after = words.neighbour(match.last, match.first)
    second = f"{after} {words.neighbour(match.last + 1, match.first)}"
    owns = (
        0.0
        if _stops(words, match.last)
        else _owns(after, second, lexicon.categories.get(match.service, ""), context, sense)
    )
    score = sense.prior + _letter_case(words, match, sense)
    ruled_out = _is_ruled_out(words, match, sense, context, owns)
    if ruled_out:
        score += ruled_out
    else:
        score += owns
    score += _before(words, match, sense, context, before, after, owns > 0)
    score += _hyphens(words, match)
    if words.gap(match.last).strip() in {"`", '"', "\u201c", "#"} and " " in words.gap(match.last):
        score += _QUOTED  # what it is called follows: lambda `resize`, cloud function "notify"
    if words.opens_sentence(match.first) and words.gap(match.last).startswith(","):
        score += _INTERJECTION
    helping = sum(_in(word, sense.helps) for word in words.window(match.first, match.last, _REACH))
    hindering = sum(_in(word, sense.hinders) for word in words.window(match.first, match.last, _HINDRANCE_REACH))
    score += min(_MOST_HELP, _HELPS * helping) + max(_MOST_HINDRANCE, _HINDERS * hindering)
    return score


def _in(word: str, listed: frozenset[str]) -> bool:
    return word in listed or (word[-1:] == "s" and word[:-1] in listed)


def _owns(after: str, second: str, category: str, context: ContextWords, sense: Sense) -> float:
    """What it says that the next word is something the service has."""
    if second in sense.helps:
        return _OBJECT
    if after in sense.not_before:
        return 0.0
    if after and (_in(after, context.objects.get(category, _NOTHING)) or _in(after, sense.helps)):
        return _OBJECT
    if after in context.general_objects:
        return _GENERAL_OBJECT
    return _COMMON_OBJECT if after in _COMMON_OBJECTS else 0.0


def _letter_case(words: Words, match: Match, sense: Sense) -> float:
    style = words.style(match.first)
    capital = words.capital(match.first)
    if style == "none":
        return 0.0
    if "c" in sense.use:
        written = words.text[words.starts[match.first] : words.ends[match.last - 1]]
        return _WRITTEN_IN_CAPITALS if written.isupper() else -0.5
    if "d" in sense.use and not capital and style == "sentence":
        return _CAPITAL
    if "a" in sense.use and len(match.word) <= 3 and match.word != "x":
        written = words.text[words.starts[match.first] : words.ends[match.last - 1]]
        return 1.5 if written.isupper() else -0.8
    if style == "title":
        return 0.4 if capital else -1.0
    if "p" in sense.use or "d" in sense.use:
        return 0.3 if capital else 0.0
    if not capital:
        return _SMALL
    return 0.3 if words.opens_sentence(match.first) else _CAPITAL


def _is_ruled_out(words: Words, match: Match, sense: Sense, context: ContextWords, owns: float) -> float:
    """What the words directly before and behind say against the service."""
    first, last = match.first, match.last
    named = _is_capital_inside(words, match, sense)
    total = 0.0
    if not _stops(words, first):
        for count in (1, 2, 3):
            if first - count < 0 or words.sentence[first - count] != words.sentence[first]:
                break
            phrase = " ".join(words.forms[first - count : first])
            if phrase in sense.not_after:
                if phrase == "to" and _is_no_infinitive(words, match, sense, context):
                    break  # no infinitive: nothing follows that the verb could act on
                weak = phrase in _WEAK_BEFORE or phrase in context.prepositions
                if owns and weak:
                    break
                total += _RULED_OUT_WEAKLY if (named and weak) or owns >= _OBJECT else _RULED_OUT
                break
    if owns < _OBJECT and not _stops(words, last):
        for count in (1, 2):
            if last + count > len(words.forms) or words.sentence[last + count - 1] != words.sentence[first]:
                break
            phrase = " ".join(words.forms[last : last + count])
            if phrase in sense.not_before:
                weak = phrase in context.bounds and (named or _is_aimed_at(words, match, context))
                return total + (_RULED_OUT_WEAKLY if weak else _RULED_OUT)
    return total


def _is_aimed_at(words: Words, match: Match, context: ContextWords) -> bool:
    """Whether a preposition that things are moved or made with stands right before the name."""
    if _stops(words, match.first):
        return False
    return context.prepositions.get(words.neighbour(match.first - 1, match.first), 0.0) >= _AIMING


def _is_no_infinitive(words: Words, match: Match, sense: Sense, context: ContextWords) -> bool:
    if words.neighbour(match.first - 2, match.first) in _BEFORE_INFINITIVE:
        return False
    after = words.neighbour(match.last, match.first)
    if not after or _stops(words, match.last):
        return True
    return after in context.bounds and after not in sense.not_before and after not in {"and", "or"}


def _is_capital_inside(words: Words, match: Match, sense: Sense) -> bool:
    """A capital where an ordinary word would have none."""
    if "p" in sense.use or "d" in sense.use or not words.capital(match.first):
        return False
    return words.style(match.first) == "sentence" and not words.opens_sentence(match.first)


_WEAK_BEFORE = frozenset(
    {"new", "the", "a", "an", "each", "every", "any", "our", "my", "this", "your", "to", "and", "of", "their"}
)


def _stops(words: Words, index: int) -> bool:
    """Whether punctuation separates the word `index` from the one before it."""
    gap = words.gap(index)
    return any(char in gap for char in ",:()|\u2192\u2014")


def _before(
    words: Words, match: Match, sense: Sense, context: ContextWords, before: str, after: str, owns: bool
) -> float:
    stop = not after or _stops(words, match.last) or _ends_noun_phrase(words, match, after, context)
    determined = after in context.determiners and not _stops(words, match.last)
    if determined and "v" in sense.use and not words.text[words.starts[match.first]].isupper():
        return _VERB
    opens = words.opens_sentence(match.first) or before in _FINITE_VERB_BEFORE
    if determined and "v" in sense.use and opens:
        return _VERB
    if before in context.determiners and not _stops(words, match.first) and not _is_german_an(before, words, match):
        if owns:
            return 0.0
        return _DETERMINER / 3 if _is_capital_inside(words, match, sense) else _DETERMINER
    if before.isdigit():
        return _NUMBER
    if _stops(words, match.first):
        return 0.0
    weight = _TO if before == "an" else context.prepositions.get(before, 0.0)
    if before in _NOUNS_BEFORE:
        return _OBJECT
    if before == "of" and words.neighbour(match.first - 2, match.first) == "out":
        weight = _OUT_OF
    if owns:
        return 0.5 if weight else 0.0
    further = 0.0
    if not weight and words.neighbour(match.first - 2, match.first) in context.determiners:
        further = _DETERMINER_FURTHER
    if stop:
        if before in _PLACES and any(word in _RECORDING for word in words.window(match.first, match.last, _REACH)):
            weight += _RECORDED
        return further + weight + (_BARE if weight else 0.0)
    return further + weight * 0.3 + (_COMPOUND if words.style(match.first) != "sentence" else _COMPOUND / 2)


def _ends_noun_phrase(words: Words, match: Match, after: str, context: ContextWords) -> bool:
    if after in context.bounds or after.endswith("ly"):
        return True
    # In German the verb comes last: "in Close anlegen".
    return after.endswith("en") and len(after) > 4 and not words.neighbour(match.last + 1, match.first)


def _is_german_an(before: str, words: Words, match: Match) -> bool:
    """English "an" stands before vowels only; before others it is the German "to"."""
    return before == "an" and words.forms[match.first][0] not in "aeiouhxm"


def _hyphens(words: Words, match: Match) -> float:
    gap_after = words.gap(match.last) if match.last < len(words.forms) else ""
    gap_before = words.gap(match.first) if match.first else ""
    if gap_after in {"-", "\u2011"}:
        return 0.5 if words.forms[match.last] in _ENGINE_SUFFIX | {"to"} else _HYPHEN
    if gap_before in {"-", "\u2011"} and words.forms[match.first - 1] != "to":
        return _HYPHEN
    return 0.0


def _company(words: Words, matches: Sequence[Match], position: int, sure: Sequence[bool], lexicon: Lexicon) -> float:
    score = _LISTED if _listed(words, matches, position, sure) else 0.0
    score += _ROUTE if _opens_route(words, matches, position, sure) else 0.0
    here = words.sentence[matches[position].first]
    if any(is_sure and words.sentence[other.first] == here for other, is_sure in zip(matches, sure, strict=True)):
        score += _COMPANY
    category = lexicon.categories.get(matches[position].service)
    if any(
        is_sure and lexicon.categories.get(other.service) == category
        for other, is_sure in zip(matches, sure, strict=True)
    ):
        score += _COMPANY
    return score


def _opens_route(words: Words, matches: Sequence[Match], position: int, sure: Sequence[bool]) -> bool:
    """Whether the sentence starts as headlines do: `Front to Airtable`, `Wave + Xero`."""
    match = matches[position]
    if position + 1 >= len(matches) or not sure[position + 1] or not words.opens_sentence(match.first):
        return False
    between = words.forms[match.last : matches[position + 1].first]
    return between == ["to"] or (not between and any(char in words.gap(match.last) for char in "+>\u2192&|"))


def _listed(words: Words, matches: Sequence[Match], position: int, sure: Sequence[bool]) -> bool:
    """Whether a sure name stands right beside this one: `Slack, Front and Jira`, `from Box to Dropbox`."""
    match = matches[position]
    for other_position in (position - 1, position + 1):
        if not 0 <= other_position < len(matches) or not sure[other_position]:
            continue
        other = matches[other_position]
        left, right = (other, match) if other_position < position else (match, other)
        if words.sentence[left.first] != words.sentence[right.first]:
            continue
        between = words.forms[left.last : right.first]
        if not between:
            if any(char in words.gap(right.first) for char in ",/&+|>\u2192-"):
                return True
        elif len(between) <= 2 and all(word in _JOINERS for word in between):
            return True
    return False
