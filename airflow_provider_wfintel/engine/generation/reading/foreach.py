"""Repetition: "for each file …", "for all plants of […]", several values for one verb."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from airflow_provider_wfintel.engine.generation.reading.following import names_for
from airflow_provider_wfintel.engine.generation.reading.frames import Frame, Words
from airflow_provider_wfintel.engine.generation.reading.items import declared_items, find_items, parts_of
from airflow_provider_wfintel.engine.generation.reading.steps import ForEach, OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["counts", "list_step", "read_foreach", "replicate"]

_NOUN = re.compile(
    r"^\s*(?:of the |the |new |single |one of the |der |des |de las |de los |las |los |das |dos |as |os |les )*(?P<noun>[^\W\d_]+(?:\s+(?:file|table|message|row|record|object|partition|store|country|customer|region))?)",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\b(?:files?|csvs?|objects?|blobs?|keys?|dateien|datei|fichiers?|archivos?|arquivos?|attachments?|images?|documents?|pdfs?)\b|文件",
    re.IGNORECASE,
)
_EACH = re.compile(r"\beach\b|\bjeweils\b|\bchacun\w*|\bcada un\w*", re.IGNORECASE)
_EACH_NOUN = re.compile(r"\b(?:each|every|jede[rsnm]?|chaque|cada)\s+(?P<noun>[^\W\d_]{3,30})", re.IGNORECASE)
_PLACES = ("folder", "uri", "bucket", "prefix", "path", "pattern", "key")


def _items(words: Words, span: Span) -> tuple[str, ...]:
    for slot in words.slots_in(span):
        if slot.name == "items":
            return tuple(part.strip().strip("'\"`") for part in slot.value.strip("[]()").split(",") if part.strip())
    values = [
        slot.value
        for slot in words.slots_in(span)
        if slot.name in ("table", "file_name", "identifier", "name", "topic")
    ]
    if len(values) > 1:
        return tuple(values)
    text = span.of(words.text)
    found = find_items(text, words.language)
    return parts_of(text[found[0] : found[1]], words.language) if found is not None else ()


def read_foreach(words: Words, frame: Frame, step: Step) -> ForEach | None:
    """The repetition that a frame asks for, if it asks for one."""
    clause = frame.foreach
    if clause is not None:
        text = clause.span.of(words.text)
        noun = _NOUN.match(text)
        place = tuple(slot for slot in words.slots_in(clause.span) if slot.name in _PLACES)
        name = noun.group("noun").lower() if noun else "item"
        name = "item" if name in ("one", "them", "these", "those") else name
        listed = find_items(text, words.language)
        if listed is not None and noun is not None and listed[0] <= noun.start("noun"):
            name = "item"
        items = (
            _items(words, clause.span)
            or declared_items(words.text, name, words.language)
            or (_plain_tables(words, frame.main.span, step) if name.startswith("table") else ())
            or (_stated_tables(step) if name.startswith("table") else ())
        )
        return ForEach(name, items, clause.span, place)
    own = frame.main.span
    files = [item.slot for item in step.slots if item.slot.name == "file_name"]
    if len(files) > 1:
        return ForEach("file", tuple(slot.value for slot in files), own)
    lists = [item.slot for item in step.slots if item.slot.name == "items"]
    if lists:
        return ForEach(_noun_before(words, own, lists[0].span), _items(words, own), own)
    tables = _plain_tables(words, own, step)
    if tables:
        return ForEach("table", tables, own)
    filled = _placeholder_items(own.of(words.text), step)
    if filled is not None:
        return ForEach(*filled, own)
    below = names_for(words.text, own)
    if below is not None and step.action not in ("notify", "wait_for", "approve"):
        return ForEach(below.noun, below.names, own)
    for named in _EACH_NOUN.finditer(words.plain(own)):
        declared = declared_items(words.text, named.group("noun").lower(), words.language)
        if declared:
            return ForEach(named.group("noun").lower(), declared, own)
    if _EACH.search(words.plain(own)) and step.action in ("load", "transform", "copy", "trigger", "check"):
        return _each_file(words, own, step) or ForEach("item", (), own)
    return None


def _each_file(words: Words, own: Span, step: Step) -> ForEach | None:
    """Of "validate each CSV file in gs://a/b/": the files of the place that the step names, which are listed first."""
    said = _EACH_NOUN.search(words.plain(own))
    place = tuple(item.slot for item in step.slots if item.slot.name in _PLACES)
    if said is None or not place or step.action != "check" or not _FILES.search(said.group()):
        return None
    return ForEach("file", (), own, place)


_HOLE = re.compile(r"\{(?P<noun>[a-z]\w*)\}")
_NAMES = re.compile(r"\bfor\s+(?P<list>[A-Z][\w-]+(?:\s*,\s*[A-Z][\w-]+)*\s*,?\s+and\s+[A-Z][\w-]+)")


def _placeholder_items(text: str, step: Step) -> tuple[str, tuple[str, ...]] | None:
    """Of "fetch /forecast?city={city} for Berlin, Paris and Rome": the hole and the names that fill it."""
    hole = next((found for item in step.slots if (found := _HOLE.search(item.slot.value)) is not None), None)
    names = _NAMES.search(text)
    if hole is None or names is None:
        return None
    return hole.group("noun"), tuple(re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", names.group("list")))


# What the words call the items of a list right before it, where each item is a value of its own.
_CALLED = re.compile(
    r"\b(?P<noun>table|topic|queue|bucket|collection|index|file|object|dataset|notebook)(?:e?s)?\b[\s:]*$",
    re.IGNORECASE,
)
_TABLES = re.compile(r"\b(?:tables|tabellen|tablas|tabelas)\b[\s:]*", re.IGNORECASE)


def _noun_before(words: Words, own: Span, listed: Span) -> str:
    found = _CALLED.search(words.text[own.start : listed.start])
    return found.group("noun").lower() if found is not None else "item"


def _plain_tables(words: Words, own: Span, step: Step) -> tuple[str, ...]:
    """Of "the tables users, orders and payments": the names, which look like ordinary words; none if one is said."""
    stated = [item.slot for item in step.slots if item.slot.name == "table"]
    if len(stated) != 1 or step.values("sql") or step.lemma.split(" ")[0] in _JOINING:
        return ()
    for match in _TABLES.finditer(words.text, own.start, own.end):
        found = find_items(words.text, words.language, match.start(), own.end)
        if found is None or found[0] != match.end() or stated[0].span.start != match.end():
            continue
        names = parts_of(words.text[found[0] : found[1]], words.language)
        if names[0] == stated[0].value and all(re.fullmatch(r"[A-Za-z_][\w.]*", name) for name in names):
            return names
    return ()


def _stated_tables(step: Step) -> tuple[str, ...]:
    """Of "replicate the tables a.b, a.c and a.d …, one task per table": the tables that are read, if there are several."""
    names = step.values("table", step.source) if step.source else step.values("table")
    return names if len(names) > 1 and not step.values("sql") else ()


def counts(text: str, steps: tuple[Step, ...]) -> tuple[Span, ...]:
    """The words that count what a step is repeated for ("3 MySQL tables" before the three names): nothing more to do."""
    found = []
    for step in steps:
        number = len(step.foreach.items) if step.foreach is not None else 0
        if step.foreach is None or number < 2:
            continue
        counting = re.compile(rf"\b{number}\b[^,.;()\[\]:]{{0,60}}")
        found += [Span(*match.span()) for match in counting.finditer(text, step.spans[0].start, step.spans[-1].end)][:1]
    return tuple(found)


def list_step(words: Words, foreach: ForEach, step: Step) -> Step | None:
    """The step that finds the items, if neither the words nor an earlier step give them."""
    if foreach.items or not foreach.place or not _FILES.search(foreach.span.of(words.text)):
        return None
    service = ""
    for use in words.services_in(foreach.span):
        service = use.service
    service = service or "filesystem"
    service = next((item.service for item in step.slots if item.slot in foreach.place and item.service), service)
    told = (slot for slot in words.slots_in(foreach.span) if slot.name == "connection")
    slots = tuple(OwnedSlot(slot, service) for slot in (*foreach.place, *told))
    return Step(
        action="extract",
        lemma="list",
        source=service,
        slots=slots,
        words=f"list {foreach.noun}s {foreach.span.of(words.text)}",
        spans=(foreach.span,),
        clause=step.clause,
    )


_COORDINATED = frozenset(
    {
        "table",
        "function",
        "job",
        "notebook",
        "topic",
        "index",
        "dag_id",
        "workbook",
        "collection",
        "pipeline",
        "procedure",
        "queue",
        "dataset",
    }
)


def replicate(steps: tuple[Step, ...], *, parallel: bool) -> tuple[Step, ...]:
    """One step per value where one verb has several values of one kind ("the jobs a and b", two sync ids)."""
    if len(steps) != 1:
        return steps
    step = steps[0]
    repeated = [item for item in step.slots if item.slot.kind == "uuid"] if parallel else []
    if len(repeated) > 1:
        rest = tuple(item for item in step.slots if item not in repeated)
        named = [replace(item, slot=replace(item.slot, name="connection_uuid")) for item in repeated]
        return tuple(replace(step, slots=(*rest, item)) for item in named)
    awaited = _awaited(step)
    if len(awaited) > 1:
        rest = tuple(item for item in step.slots if item not in awaited)
        return tuple(replace(step, slots=(*rest, item)) for item in awaited)
    files = [item for item in step.slots if item.slot.name in _PROGRAM_FILES]
    if (
        len(files) > 1
        and len({item.slot.name for item in files}) == 1
        and step.action in _RUNNING
        and step.foreach is None
    ):
        rest = tuple(item for item in step.slots if item not in files)
        return tuple(replace(step, slots=(*rest, item)) for item in files)
    listed = next((item for item in step.slots if item.slot.listed and item.slot.name in _COORDINATED), None)
    if listed is None or step.foreach is not None or step.values("sql") or step.lemma.split(" ")[0] in _JOINING:
        return steps
    members = [item for item in step.slots if item.slot.name == listed.slot.name and item.service == listed.service]
    rest = tuple(item for item in step.slots if item not in members)
    return tuple(replace(step, slots=(*(_filled(other, item) for other in rest), item)) for item in members)


def _awaited(step: Step) -> list[OwnedSlot]:
    """Of "wait for s3://a/x and s3://a/y": the places, each of which is waited for by a step of its own."""
    if step.action != "wait_for" or step.foreach is not None:
        return []
    found = [item for item in step.slots if item.slot.name == "uri" or item.slot.kind in ("path", "uri")]
    low = step.spans[0].start if step.spans else 0
    gaps = (step.words[one.slot.span.end - low : two.slot.span.start - low] for one, two in pairwise(found))
    return found if all(_JOINED.search(gap) for gap in gaps) else []


_JOINED = re.compile(r",|\b(?:and|or|as\s+well\s+as|und|oder|sowie|et|ou|y|o|e)\b", re.IGNORECASE)


# "run a.sql, b.sql and c.sql": one step for each file.
_PROGRAM_FILES = frozenset({"sql_file", "script"})
_RUNNING = frozenset({"trigger", "query", "transform"})


def run_in_order(steps: tuple[Step, ...]) -> bool:
    """Whether the pieces of one verb are program files, which run in the order of the words."""
    return len(steps) > 1 and all(any(item.slot.name in _PROGRAM_FILES for item in step.slots) for step in steps)


def _filled(owned: OwnedSlot, member: OwnedSlot) -> OwnedSlot:
    """A value with the member in its place for it ("s3://raw/<table>/")."""
    mark = re.compile(rf"\{{{member.slot.name}\}}|<{member.slot.name}>", re.IGNORECASE)
    value = mark.sub(lambda _: member.slot.value.rsplit(".", 1)[-1], owned.slot.value)
    return owned if value == owned.slot.value else replace(owned, slot=replace(owned.slot, value=value))


_JOINING = frozenset({"join", "merge", "compare", "reconcile", "combine", "union"})
