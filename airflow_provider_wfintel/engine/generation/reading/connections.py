"""Connections that are said once: for the later tasks of the same service, or in a sentence of their own."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.clauses import Clause
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step

__all__ = ["share_connections", "states_connection"]

# Here "connection" names what is synchronised, not how Airflow gets there.
_OWN_CONNECTIONS = frozenset({"airbyte", "fivetran", "hightouch", "census"})
_STATES = re.compile(
    r"^\W*(?:please\s+)?(?:use|all|every|the|our|for|any|each|both|alle|die|verwende|utilise[rz]?|toutes?|usar?|todas?|todos)?\b.{0,80}?"
    r"\b(?:connections?|conn_id|conn|connexion|verbindung|conexión|conexão)\b",
    re.IGNORECASE | re.DOTALL,
)
_NO_WORK = frozenset({"use", "run", "connect", "set", "verwenden", "utiliser", "usar", ""})


def states_connection(line: Line, clause: Clause) -> bool:
    """Whether a clause says no more than which connection a service has; it is heeded here."""
    words = line.words
    slots = words.slots_in(clause.span)
    services = {use.service for use in words.services_in(clause.span)}
    named = [slot for slot in slots if slot.name == "connection" and slot.kind != "uuid"]
    if len(slots) != 1 or not named or len(services) != 1 or services & _OWN_CONNECTIONS:
        return False
    lemma = clause.verb.lemma if clause.verb is not None else ""
    if lemma not in _NO_WORK or not _STATES.search(words.plain(clause.span)) or _works(words, clause):
        return False
    line.connections[services.pop()] = named[0]
    return True


_OBJECT = re.compile(
    r"\b(?:sync|job|script|notebook|statement|file|table|procedure|model|pipeline|webhook|message|note|notification|mail|e-?mail|alert|summary|nachricht|mensaje|mensagem)\b",
    re.I,
)


def _works(words: Words, clause: Clause) -> bool:
    """Whether the clause names something to work on beside the connection."""
    return _OBJECT.search(words.plain(clause.span)) is not None


def share_connections(line: Line) -> None:
    """Give the steps of a service that name no connection the only one that the words before them name for it."""
    known: dict[str, dict[str, Slot]] = {name: {slot.value: slot} for name, slot in line.connections.items()}
    for place, step in enumerate(line.steps):
        for service in step.services:
            own = _connection(step, service)
            if own is not None:
                known.setdefault(service, {})[own.value] = own
        line.steps[place] = _with_known(step, known)


def _connection(step: Step, service: str) -> Slot | None:
    stated = [item for item in step.slots if item.slot.name == "connection" and item.slot.kind != "uuid"]
    return next((item.slot for item in stated if item.service == service), None)


def _with_known(step: Step, known: dict[str, dict[str, Slot]]) -> Step:
    if any(item.slot.name == "connection" and not item.service for item in step.slots):
        return step
    more = [
        OwnedSlot(next(iter(named.values())), service)
        for service in step.services
        if (named := known.get(service, {}))
        and len(named) == 1
        and service not in _OWN_CONNECTIONS
        and _connection(step, service) is None
    ]
    return replace(step, slots=(*step.slots, *more)) if more else step
