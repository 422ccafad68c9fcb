"""Slots: the stated values of a clause, each named by what it is (`bucket`, `table`, `channel`, ...).

A value is named by the word beside it ("bucket us-raw", "the `orders` topic"), else by its shape (an `s3://`
address is a bucket and a key, `stg.orders` a table, `#ops` a channel).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from airflow_provider_wfintel.engine.generation.reading.beside_service import is_connection_beside
from airflow_provider_wfintel.engine.generation.reading.dag_names import started_dag
from airflow_provider_wfintel.engine.generation.reading.entities import Entity
from airflow_provider_wfintel.engine.generation.reading.lexicon import words_file
from airflow_provider_wfintel.engine.model import Span

__all__ = ["Slot", "read_slots"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A stated value: its name, the value, the words, and whether a word beside it named it."""

    name: str
    value: str
    span: Span
    cued: bool = False
    kind: str = ""
    """The kind of entity it was, empty for a bare word."""
    listed: bool = False
    """Whether it goes on a list of values under one cue ("the jobs a_load and b_load")."""


# What a bare word after a cue can look like, and what it cannot be.
_BARE = re.compile(r"-\d{5,}\b|[A-Za-z0-9_\u00c0-\u024f][\w.\-/*:@$]*[\w*/]|[A-Za-z0-9]")
_GLUE = re.compile(
    r"[\s]*(?:(?:(?:named|called|name|is|namens|nommée?|appelée?|llamad[oa]|chamad[oa]|of|id|ids|at|the|de|del|do|da|von|(?-i:GET|POST|PUT|PATCH|DELETE|HEAD)|(?:refresh|reload|rebuild)(?=\s+[`'\"]))\b|=|:|\u300c)\s*)*[\s=:(]*",
    re.I,
)
_SQL = re.compile(
    r"^\s*(?:select|insert|update|delete|merge|call|exec|execute|msck|invalidate|refresh|with|create|drop|truncate|vacuum|alter|refresh|match|copy|optimize|analyze)\b",
    re.I,
)

_NAMELIKE = re.compile(r"(?<=\w):(?=[\w*])|[_\d.\-/]|[A-Z]{2,}|^[A-Z][a-z]+")


@lru_cache(maxsize=1)
def _never() -> frozenset[str]:
    return frozenset(cast("str", words_file("values")["never_values"]).split())


@lru_cache(maxsize=1)
def _weak() -> frozenset[str]:
    """Cues that are common words: a bare word after them is a value only if it looks like a name."""
    return frozenset(cast("list[str]", words_file("values")["weak_cues"]))


@lru_cache(maxsize=1)
def _id_cues() -> frozenset[str]:
    """Cues after which a bare number is an id."""
    return frozenset(cast("list[str]", words_file("values")["id_cues"]))


@lru_cache(maxsize=1)
def _value_first() -> frozenset[str]:
    """Cues that may stand after their value ("the orders_raw table")."""
    return frozenset(cast("list[str]", words_file("values")["value_before_cue"]))


@lru_cache(maxsize=1)
def _cues() -> tuple[re.Pattern[str], dict[str, str]]:
    table: dict[str, str] = {}
    for slot, words in cast("dict[str, list[str]]", words_file("cues")).items():
        for word in words:
            table.setdefault(word.lower(), slot)
    latin = [re.escape(word) for word in sorted(table, key=len, reverse=True) if word.isascii() or not _is_cjk(word)]
    cjk = [re.escape(word) for word in sorted(table, key=len, reverse=True) if _is_cjk(word)]
    return re.compile(
        rf"(?<![A-Za-z0-9_À-ɏ-])(?:{'|'.join(latin)})(?![A-Za-z0-9_À-ɏ-])|(?:{'|'.join(cjk)})", re.IGNORECASE
    ), table


def _is_cjk(word: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in word)


_IMAGE = re.compile(r"^[\w-]+(?:[.:][\w-]+)*/[\w./-]+:[\w.-]+$")
_SQL_FILE = re.compile(r"^[\w./{}-]+\.(?:sql|hql|cql)$", re.IGNORECASE)
_DOTTED = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,2}$")


def _is_json(value: str) -> bool:
    """Whether the text is a JSON object or list."""
    if not value.startswith(("{", "[")):
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _by_shape(entity: Entity) -> list[tuple[str, str]]:
    value = entity.value
    if _SQL_FILE.match(value):
        return [("sql_file", value)]
    if entity.kind in ("code", "quoted"):
        if _SQL.match(value):
            return [("procedure" if re.match(r"\s*(?:call|exec)", value, re.I) else "sql", value)]
        if re.match(r"^(?:s3[an]?|gs|abfss?|wasbs?)://", value):
            return [("uri", value)]
        if re.match(
            r"^[\w.*-]+\.(?:sh|py|r|csv|tsv|txt|xml|json|jsonl|ndjson|parquet|avro|orc|xlsx?|pdf|zip|gz|tgz|tar|dat|log|html?|ya?ml)$",
            value,
            re.IGNORECASE,
        ):
            return [("file_name", value)]
        if re.match(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,2}$", value):
            return [("table", value)]
        if re.match(r"^https?://", value):
            return [("url", value)]
        if _IMAGE.match(value):
            return [("image", value)]
        if "/" in value and " " not in value:
            return [("path", value)]
        if re.match(r"^#[\w-]+$", value):
            return [("channel", value)]
        if " " in value and entity.kind == "code":
            return [("body" if _is_json(value) else "command", value)]
        return [("name", value)]
    shapes = {
        "uri": "uri", "url": "url", "arn": "arn", "email": "recipients", "path": "path", "resource": "resource",
        "file": "file_name", "channel": "channel", "list": "items", "table": "table", "identifier": "identifier",
        "command": "command", "image": "image", "glob": "pattern", "region": "region", "uuid": "uuid", "partition": "partition", "json": "body", "host": "host", "link": "link", "endpoint": "endpoint",
    }  # fmt: skip
    return [(shapes.get(entity.kind, "name"), value)]


def _value_after(
    text: str,
    at: int,
    end: int,
    entities: list[Entity],
    services: tuple[Span, ...],
    *,
    weak: bool,
    numbers: bool = False,
) -> tuple[str, Span, str] | None:
    glue = _GLUE.match(text, at, end)
    begin = glue.end() if glue else at
    over = next(
        (
            item
            for item in services
            if item.start == begin and not weak and not _cues()[0].fullmatch(text, item.start, item.end)
        ),
        None,
    )
    if over is None and weak:
        behind = next((item for item in services if item.start == begin), None)
        name = _BEHIND_SERVICE.match(text, behind.end, end) if behind is not None else None
        if name is not None and not _is_ordinary(name.group("v")) and not _cues()[0].fullmatch(name.group("v")):
            return name.group("v"), Span(*name.span("v")), ""
    if over is not None:
        return _value_after(text, over.end, end, entities, (), weak=weak, numbers=numbers)
    for entity in entities:
        if entity.span.start == begin or (entity.span.start == begin + 1 and text[begin] in "(`\"'"):
            return entity.value, entity.span, entity.kind
    if begin >= end or (text[at:begin].strip() == "" and begin == at and not _is_cjk(text[max(0, at - 1) : at])):
        return None
    if any(entity.span.start < begin < entity.span.end for entity in entities):
        return None
    word = _BARE.match(text, begin, end)
    titled = _TITLED.search(text, max(0, at - 24), at) is not None
    if (
        word is None
        or (_is_ordinary(word.group()) and not (titled and word.group()[0].isupper()))
        or _cues()[0].fullmatch(word.group())
    ):
        return None
    value = word.group().rstrip(".,:")
    title = _TITLE.match(text, begin, end) if value == word.group() and titled else None
    if title is not None:
        value = title.group()
    number = value.lstrip("-").isdigit()
    if (
        (number and not (numbers and len(value) > 1))
        or (len(value) < 2 and not value.isupper())
        or (weak and not _NAMELIKE.search(value))
    ):
        return None
    return value, Span(begin, begin + len(value)), ""


# Cues that are verbs, too: "sync 12 tables" counts, "Hightouch sync 12" names.
_VERBAL = frozenset({"sync", "syncs", "page"})
_COUNTED = re.compile(
    r"\s+#?\d+\s+(?!(?:is|has|was|to|and|then|in|on|of|from|for|with|at|via|into|when|after|which|runs?|starts?)\b)[a-z]"
)
# "sync /backup to the bucket": a place that the verb works on, no name of a sync.
_A_PLACE = re.compile(r"\s+[`'\"]?(?:[/~]|\.{1,2}/|[a-z][a-z0-9+]*://)", re.IGNORECASE)
# "the workbook Exec Overview": such things have titles of several words in capitals.
_TITLED = re.compile(
    r"\b(?:workbooks?|dashboards?|workspaces?|data\s?sources?|datasets?|reports?|semantic\s+models?)\s*$", re.IGNORECASE
)
_TITLE = re.compile(r"[A-Z][\w&-]*(?: (?:[A-Z][\w&-]*|&|\d+))+(?=\s*(?:[.,;:)\n]|$)|\s[a-z])")
# Cues that are said with a name behind them, which may be an ordinary noun ("in the namespace jobs").
_FIRM = frozenset({"namespace"})
_NOUN = re.compile(
    r"\s+(?P<v>jobs?|files?|records?|reports?|results?|messages?|data|tables?|analytics|batch|default)\b(?!\s+(?:is|are|of)\b)"
)


def _plain_name(text: str, at: int, end: int) -> tuple[str, Span, str] | None:
    match = _NOUN.match(text, at, end)
    return None if match is None else (match.group("v"), Span(*match.span("v")), "")


_NEW = re.compile(
    r"\b(?:an?|new|ein(?:e|en)?|une?|una?|uma?)\s+(?:(?:new|simple|small|daily|neue[ns]?)\s+)*$", re.IGNORECASE
)


# "the Glue job report.": a noun that ends what is said, behind a service and its cue, is what the thing is called.
_LAST_NOUN = re.compile(
    r"\s+(?P<v>reports?|exports?|imports?|loads?|loader|copy|clean-?up|sync|backup|refresh|ingest(?:ion)?|summary|archive|transform|"
    r"checks?|tests?|publish|restart|build|metrics|jobs?|batch|default|data)(?=\s*(?:[.,;:)\n]|$)|\s(?:and|then|if|on|at|with|und|et|y|e)\b)",
    re.IGNORECASE,
)


def _last_noun(text: str, at: int, end: int) -> tuple[str, Span, str] | None:
    match = _LAST_NOUN.match(text, at, min(end + 1, len(text)))
    return None if match is None else (match.group("v"), Span(*match.span("v")), "")


# "the job Glue nightly_sum", "le job Glue cumul": a name between the service and the end of what is said.
_BEHIND_SERVICE = re.compile(
    r"\s+(?P<v>[\w\u00c0-\u024f][\w.-]{1,60}\w)(?=\s*(?:[.,;:)\n]|$|\s(?:and|und|et|y|e|then|dann|puis|luego)\b))"
)


def _is_ordinary(word: str) -> bool:
    """Whether a word after a cue is a word of the sentence and no name; capitals make it one."""
    return word.lower() in _never() and not (word.isupper() and len(word) > 2)


def _value_before(
    text: str, start: int, at: int, entities: list[Entity], cue: str, services: tuple[Span, ...]
) -> tuple[str, Span, str] | None:
    first_cue = cue.split(" ")[-1] in _value_first()
    bare = _without_blanks(text, start, at)
    over = next((item for item in services if bare <= item.end <= at and item.start > start), None)
    if over is not None and first_cue:
        at = over.start
    bare = at
    while bare > start and text[bare - 1] in ' 的)"`':
        bare -= 1
    for entity in entities:
        if bare <= entity.span.end <= at:
            return entity.value, entity.span, entity.kind
    where = _word_before(text, start, at, latin=_is_cjk(cue)) if first_cue else None
    if where is None or where.of(text).lower() in _never():
        return None
    if cue in ("dag", "workflow", "pipeline") and _NEW.search(text, max(start, where.start - 24), where.start):
        return None  # "I need a month-end DAG": the one that is described
    value = where.of(text)
    if value.endswith("-"):
        # "Glue-Job": the first half of a compound is no name.
        return None
    looks_like_a_name = bool(re.search(r"[_\d.-]", value)) or _is_cjk(cue)
    # "the customers table": a plain word names a table if it says no more than which one.
    named = cue in ("table", "tables") and value.islower() and value not in _KINDS_OF_TABLES
    said = named and _DETERMINER.search(text, max(start, where.start - 8), where.start) is not None
    return (value, where, "") if looks_like_a_name or said else None


_DETERMINER = re.compile(r"\b(?:the|our|its|their)\s+$", re.IGNORECASE)
_KINDS_OF_TABLES = frozenset(
    {
        "target", "staging", "stage", "source", "destination", "fact", "dimension", "lookup", "temp", "temporary", "final", "raw",
        "result", "results", "output", "input", "corresponding", "following", "respective", "reference", "pivot", "html", "markdown",
        "external", "internal", "new", "old", "same", "whole", "entire", "big", "large", "small", "main", "first", "second", "last",
        "next", "single", "empty", "full", "database", "sql", "iceberg", "delta", "partitioned", "production", "prod", "test",
        "mart", "warehouse", "landing", "archive", "backup", "parent", "child", "other", "right", "left", "aggregated", "merged",
        "materialized", "native", "managed", "existing", "current", "previous", "latest", "matching", "relevant", "underlying",
        "curated", "cleaned", "joined", "audit", "log", "summary", "master", "central", "shared", "said", "own",
    }
)  # fmt: skip


def _word_before(text: str, start: int, at: int, *, latin: bool) -> Span | None:
    """The last word of `text[start:at]`, without a Chinese genitive after it; `latin`: it starts with a letter a to z."""
    end = _without_blanks(text, start, at)
    if not latin and text[end - 1 : end] == "的":
        before = _without_blanks(text, start, end - 1)
        end = before if before > start and _in_name(text[before - 1]) else end
    begin = end
    while begin > start and _in_name(text[begin - 1]):
        begin -= 1
    while begin < end and not (text[begin].isascii() and text[begin].isalpha() if latin else text[begin] not in ".-"):
        begin += 1
    return Span(begin, end) if begin < end else None


def _without_blanks(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _in_name(letter: str) -> bool:
    return letter.isalnum() or letter in "_.-"


def _works_on_a_place(text: str, cue: Span, span: Span) -> bool:
    return cue.of(text).lower() in _VERBAL and _A_PLACE.match(text, cue.end, span.end) is not None


def read_slots(text: str, span: Span, entities: tuple[Entity, ...], services: tuple[Span, ...]) -> tuple[Slot, ...]:
    """The stated values inside `span`, in the order of the text. A service's own name is never a value."""
    _, table = _cues()
    inside = [
        item
        for item in entities
        # "conn_id" is shaped like a name and is the word before one.
        if span.start <= item.span.start
        and item.span.end <= span.end
        and (item.kind == "quoted" or item.value.lower() not in table)
    ]
    services = tuple(item for item in services if item.overlaps(span))
    slots: list[Slot] = []
    used: list[Span] = []
    for own in _cues_in(text, span):
        if any(own.overlaps(item.span) for item in inside) or _works_on_a_place(text, own, span):
            continue
        cue = own.of(text).lower()
        numbers = cue in _id_cues() and not (cue in _VERBAL and _COUNTED.match(text, own.end, span.end))
        found = _value_after(text, own.end, span.end, inside, services, weak=cue in _weak(), numbers=numbers)
        if found is None and any(item.end + 1 == own.start or item.overlaps(own) for item in services):
            found = _last_noun(text, own.end, span.end)
        if found is None and cue == "dag":
            found = started_dag(text, span, own)
        if found is None and cue in _FIRM:
            found = _plain_name(text, own.end, span.end)
        if found is None or _is_taken(found[1], used, services):
            found = _value_before(text, span.start, own.start, inside, cue, services)
        if found is None or _is_taken(found[1], used, services):
            continue
        value, where, kind = found
        if table[cue] == "sql" and not kind and _SQL.fullmatch(value):
            continue  # the first word of a statement is no statement: better to ask than to run "select"
        used.append(where)
        slots.append(Slot(_refined(table[cue], value, kind), value, where, True, kind))
        for more in _listed(text, span, where, inside, services, kind):
            used.append(more[1])
            slots.append(Slot(_refined(table[cue], more[0], more[2]), more[0], more[1], True, more[2], True))
    for entity in inside:
        if not any(entity.span.overlaps(item) for item in used):
            slots.extend(_uncued(text, entity, services))
    return tuple(sorted(slots, key=lambda item: item.span))


def _uncued(text: str, entity: Entity, services: tuple[Span, ...]) -> list[Slot]:
    """The slots of a literal that no word beside it names."""
    if is_connection_beside(text, entity, services):
        return [Slot("connection", entity.value, entity.span, True, entity.kind)]
    return [Slot(name, value, entity.span, False, entity.kind) for name, value in _by_shape(entity)]


def _is_taken(where: Span, used: list[Span], services: tuple[Span, ...]) -> bool:
    """Whether a value is already used, or is a service's own name and no longer name that holds one ("cleanup-gcp")."""
    if any(where.overlaps(item) for item in used):
        return True
    return any(
        where.overlaps(item) and not (where.start <= item.start and item.end <= where.end and where != item)
        for item in services
    )


_AND = re.compile(r"[`\"'”]?\s*(?:,\s*(?:and\s+|und\s+|et\s+|y\s+)?|\s(?:and|&|und|et|y|e)\s+)", re.IGNORECASE)


def _listed(
    text: str, span: Span, first: Span, entities: list[Entity], services: tuple[Span, ...], kind: str
) -> list[tuple[str, Span, str]]:
    """Further values after a cued one, as long as they look like names or are literals of the same kind."""
    found: list[tuple[str, Span, str]] = []
    at = first.end
    while (gap := _AND.match(text, at, span.end)) is not None:
        begin = _same_head(text, gap.end(), first, services)
        entity = next((item for item in entities if begin in (item.span.start, item.span.start - 1)), None)
        if entity is not None:
            if entity.kind != kind:
                break
            found.append((entity.value, entity.span, entity.kind))
            at = entity.span.end
            continue
        word = _BARE.match(text, begin, span.end) if not kind else None
        if word is None or not re.search(r"[_\d-]", word.group()) or any(item.start == begin for item in services):
            break
        value = word.group().rstrip(".,:")
        found.append((value, Span(begin, begin + len(value)), ""))
        at = begin + len(value)
    return found


def _same_head(text: str, begin: int, first: Span, services: tuple[Span, ...]) -> int:
    """Where the name begins behind a head that is said again ("the Glue job a_one and the Glue job a_two")."""
    article = re.compile(r"(?:the|el|la|le|der|den|die|das|o|a)\s+", re.IGNORECASE).match(text, begin)
    at = article.end() if article else begin
    head = next((item for item in services if item.start == at), None)
    if head is None or not any(item.end <= first.start and item.of(text) == head.of(text) for item in services):
        return begin
    cue = _cues()[0].match(text, head.end + 1)
    return cue.end() + 1 if cue is not None and text[cue.end() : cue.end() + 1] == " " else begin


def _cues_in(text: str, span: Span) -> list[Span]:
    """The cues in a span, those that end a German compound ("Kafka-Topic", "Databricks-Job") last."""
    pattern, _ = _cues()
    plain = [Span(*match.span()) for match in pattern.finditer(text, span.start, span.end)]
    compound = [
        Span(span.start + word.start(), span.start + word.end())
        for word in re.finditer(r"(?<=[a-zA-Z0-9]-)[A-ZÄÖÜ]\w+", text[span.start : span.end])
        if pattern.fullmatch(word.group()) is not None
    ]
    return [*plain, *compound]


# Kinds of literals that say by their shape what they are, whatever word stands beside them.
_SELF_NAMED = {"endpoint": "endpoint", "uri": "uri", "email": "recipients", "channel": "channel", "list": "items"}


def _refined(slot: str, value: str, kind: str) -> str:
    """The slot's name, corrected by the value's shape where the two cannot go together."""
    if kind in _SELF_NAMED:
        return _SELF_NAMED[kind]
    if kind == "url" and slot not in ("endpoint", "url", "queue"):
        return "url"
    if slot == "sql" and kind == "code" and not _SQL.match(value):
        return "name"
    if slot == "role" and kind == "arn":
        return "arn"
    if slot == "bucket" and _IMAGE.match(value):
        return "image"
    if slot in ("table", "procedure", "sql") and _SQL.match(value):
        return "procedure" if re.match(r"\s*(?:call|exec)", value, re.I) else "sql"
    if _SQL_FILE.search(value):
        return "sql_file"
    if slot == "table" and kind in ("path", "file"):
        return "path"
    if slot == "instance" and kind == "path":
        return "path"  # "the server /drop/": a place on it
    if slot == "instance" and _DOTTED.match(value):
        return "table"
    return slot
