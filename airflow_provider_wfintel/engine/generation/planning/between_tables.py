"""Rows from one table into another of the same database: "merge stg.orders into core.orders on order_id".

Nothing leaves the database, so the step is a statement there. Where rows replace those with the same key, the old ones
are deleted and the new ones inserted in one transaction: that needs no list of columns, and every SQL database can do it.
"""

# ruff: noqa: S608 - names are put in only after `is_identifier` accepted them

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.key_columns import key_columns, key_match
from airflow_provider_wfintel.engine.generation.planning.sql import is_identifier
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["between_tables"]

_MERGES = frozenset({"merge", "upsert"})
_ADDS = frozenset({"append", "insert", "add", "copy", "load", "move", "write", "put", "transfer", "promote", "publish"})
_OVERWRITES = frozenset({"overwrite", "replace", "refill"})
_INTO = re.compile(r"\b(?:into|in|to|onto|over|nach|dans|vers|en|a|para)\b", re.IGNORECASE)
_THERE = re.compile(r"\b(?:into|in|to|onto)\b[^.;]*$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|using|with|by)\b", re.IGNORECASE)
_THEM = re.compile(
    r"\b(?:it|them|that|those|these|this|everything|the\s+(?:\w+\s+)?(?:rows|data|records|table))\b", re.I
)
_NEW_ROWS = re.compile(r"\b(?:only\s+)?(?:new|missing)\s+(?:rows|records|entries|ones)\b|\bwhere\b", re.IGNORECASE)
_REPLACES = re.compile(
    r"\b(?:replac\w+|overwrit\w+|truncat\w+)\b|\b(?:empty|clear)\w*\s+(?:it|the\s+target)\b", re.IGNORECASE
)
# Databases that delete single rows of any table: engines over files do so only for some formats.
_DELETE_ROWS = frozenset(
    {"postgres", "mysql", "mariadb", "mssql", "oracle", "sqlite", "snowflake", "amazon_redshift", "google_bigquery",
     "databricks", "vertica", "teradata", "exasol", "duckdb", "timescaledb", "cockroachdb", "sql"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tables:
    source: str
    target: str
    slots: tuple[OwnedSlot, ...]
    """Those of the step that name them."""


def between_tables(desk: Desk, step: Step, previous: Step | None) -> Step:
    """The step as statements of its database, if it brings rows from one table into another there; else as it is.

    Args:
        desk: takes the assumptions and questions.
        step: a step with two tables of one database, or with one and a pronoun for the table written to just before.
        previous: the step before it, if it is the only one.
    """
    verb = step.lemma.split(" ")[0].lower()
    if verb not in _MERGES | _ADDS | _OVERWRITES or step.tool or step.foreach is not None or step.values("sql"):
        return step
    found = _two(desk, step, verb) or _with_previous(step, previous, verb)
    if found is None or not (is_identifier(found.source) and is_identifier(found.target)):
        return step
    service = _database(step, found, previous)
    if not service or found.source == found.target:
        return step
    match = _key_match(step, found) if service in _DELETE_ROWS else None
    keys = key_columns(match) if match is not None else ()
    if (verb in _MERGES and not keys) or (verb in _ADDS and _NEW_ROWS.search(step.words)):
        return step if verb in _ADDS else _open(desk, step, found, service)
    empties = verb in _OVERWRITES or _REPLACES.search(step.words) is not None
    if empties and service not in _DELETE_ROWS:
        return step
    statements = _statements(service, found, keys, empties=empties)
    if verb == "move":
        text = f"The rows stay in {found.source!r} as well: a statement that deletes them there is to be added by hand."
        desk.notes.warn("sql", text, desk.span(step))
    if verb not in _MERGES:
        text = f"All rows of {found.source!r} are inserted into {found.target!r}, columns in the same order."
        desk.notes.assume("sql", text, desk.span(step))
    elif len(statements) > 1 or "DELETE" in statements[0]:
        text = f"Rows of {found.target!r} with the same {', '.join(keys)} are replaced; both tables have the same columns in the same order."
        desk.notes.assume("sql", text, desk.span(step))
    spans = [item.slot.span for item in found.slots]
    sql = tuple(OwnedSlot(Slot("sql", one, spans[0], True, listed=True), service) for one in statements)
    rest = tuple(
        item for item in step.slots if item not in found.slots and item.slot.name not in ("bucket", "uri", "key")
    )
    said = _span_of(desk, step, match.group("columns")) if match is not None else None
    desk.said.extend(spans + ([said] if said is not None else []))
    return replace(step, action="query", source="", target=service, slots=(*sql, *rest))


def _tables(step: Step) -> list[OwnedSlot]:
    found: dict[str, OwnedSlot] = {}
    for item in sorted(step.slots, key=lambda one: one.slot.span.start):
        if item.slot.name == "table":
            found.setdefault(item.slot.value, item)
    return list(found.values())


def _two(desk: Desk, step: Step, verb: str) -> _Tables | None:
    """Two tables with "into" between them, or "from" where the first is what is brought up to date."""
    slots = _tables(step)
    if len(slots) != 2:
        return None
    first, second = slots
    between = desk.text[first.slot.span.end : second.slot.span.start]
    if len(between) > 80:
        return None
    if _INTO.search(between):
        return _Tables(first.slot.value, second.slot.value, (first, second))
    if verb in _MERGES | _OVERWRITES and _FROM.search(between):
        return _Tables(second.slot.value, first.slot.value, (first, second))
    return None


def _with_previous(step: Step, previous: Step | None, verb: str) -> _Tables | None:
    """Of "…, then merge it into core.orders": the rows are those of the table that was written to before."""
    slots = _tables(step)
    if previous is None or verb not in _MERGES or len(slots) != 1 or not is_kind(previous.target, "sql"):
        return None
    written = [item for item in _tables(previous) if item.service in ("", previous.target)]
    head = step.words.partition(slots[0].slot.value)[0]
    if len(written) != 1 or previous.action not in ("load", "copy", "extract") or not _THEM.search(head):
        return None
    if _THERE.search(head) is None or slots[0].service not in ("", previous.target):
        return None
    return _Tables(written[0].slot.value, slots[0].slot.value, (slots[0],))


def _database(step: Step, found: _Tables, previous: Step | None) -> str:
    """The one database that both tables lie in, empty if that is not so.

    "From Postgres into Postgres" names two databases of one kind, and so do two connections.
    """
    if (step.source and step.target) or len(set(step.values("connection"))) > 1:
        return ""
    named = {item.service for item in found.slots if item.service} | {step.source, step.target}
    named |= {previous.target} if previous is not None and len(found.slots) == 1 else set()
    databases = {service for service in named if service and is_kind(service, "sql")}
    # A store of files that the step before worked on is no place of tables.
    stated = {item.service for item in step.slots if item.service and item not in found.slots}
    others = {service for service in named if service and not is_kind(service, "sql")} & stated
    return databases.pop() if len(databases) == 1 and not others else ""


def _key_match(step: Step, found: _Tables) -> re.Match[str] | None:
    after = max(step.words.find(found.target), step.words.find(found.source), 0)
    return key_match(step.words, after)


def _span_of(desk: Desk, step: Step, said: str) -> Span | None:
    start = desk.text.find(said, step.spans[0].start if step.spans else 0)
    return None if start < 0 else Span(start, start + len(said))


def _open(desk: Desk, step: Step, found: _Tables, service: str) -> Step:
    """A merge without a key: only a person can say by which columns rows are the same."""
    desk.notes.ask(
        "key_columns",
        f"By which columns is a row of {found.source!r} the same as one of {found.target!r}? The statement depends on it.",
        span=desk.span(step),
    )
    desk.said.extend(item.slot.span for item in found.slots)
    rest = tuple(item for item in step.slots if item not in found.slots)
    return replace(step, action="query", lemma="run", source="", target=service, slots=rest)


def _statements(service: str, found: _Tables, keys: tuple[str, ...], *, empties: bool) -> tuple[str, ...]:
    """The statements, in one transaction where the database has them.

    Delta tables have `MERGE … UPDATE SET * … INSERT *`; BigQuery wants its transaction spelt out in one script.
    """
    source, target = found.source, found.target
    insert = f"INSERT INTO {target} SELECT * FROM {source}"
    if not keys:
        statements = ((f"DELETE FROM {target}",) if empties else ()) + (insert,)
        if service == "google_bigquery" and empties:
            return (f"BEGIN TRANSACTION; DELETE FROM {target} WHERE TRUE; {insert}; COMMIT TRANSACTION",)
        return statements
    if service == "databricks":
        same = " AND ".join(f"s.{key} = t.{key}" for key in keys)
        return (
            f"MERGE INTO {target} AS t USING {source} AS s ON {same} WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
        )
    if service == "google_bigquery":
        same = " AND ".join(f"s.{key} = t.{key}" for key in keys)
        delete = f"DELETE FROM {target} AS t WHERE EXISTS (SELECT 1 FROM {source} AS s WHERE {same})"
        return (f"BEGIN TRANSACTION; {delete}; {insert}; COMMIT TRANSACTION",)
    same = " AND ".join(f"s.{key} = {target}.{key}" for key in keys)
    return (f"DELETE FROM {target} WHERE EXISTS (SELECT 1 FROM {source} s WHERE {same})", insert)
