"""Queries of Salesforce: an object that the words name is read with all its standard fields."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step
from airflow_provider_wfintel.engine.model import Span

__all__ = ["with_soql"]

_NAMED = re.compile(r"\bobjects?\s+[`'\"]?(?P<name>[A-Z]\w*)|\b(?P<custom>[A-Z]\w*__c)\b")
# The standard objects that people speak of by their usual names.
_STANDARD = re.compile(
    r"\b(?P<name>accounts?|opportunit(?:y|ies)|contacts?|leads?|cases?|campaigns?|quotes?|clientes|cuentas|konten|comptes|contas)\b",
    re.IGNORECASE,
)
_OBJECTS = {
    "account": "Account", "opportunit": "Opportunity", "contact": "Contact", "lead": "Lead", "case": "Case", "campaign": "Campaign",
    "quote": "Quote", "cliente": "Account", "cuenta": "Account", "konten": "Account", "compte": "Account", "conta": "Account",
}  # fmt: skip


def with_soql(desk: Desk, step: Step) -> Step:
    """The step with the query for the one object of Salesforce that its words name, if they state no query."""
    reads = step.action in ("extract", "copy", "query", "load") and "salesforce" in (step.source, step.target)
    if not reads or (step.target == "salesforce" and step.source) or step.values("sql") or not step.spans:
        return step
    if step.action == "load" and step.source != "salesforce":
        return step
    found = {name for match in _NAMED.finditer(step.words) if (name := match.group("name") or match.group("custom"))}
    if not found:
        found = {_object(match.group("name")) for match in _STANDARD.finditer(step.words)}
    if len(found) != 1:
        return step
    name = found.pop()
    soql = f"SELECT FIELDS(STANDARD) FROM {name}"  # noqa: S608 - the name is a plain word
    desk.notes.assume("sql", f"The standard fields of all records are read: {soql}.", desk.span(step))
    own = OwnedSlot(Slot("sql", soql, Span(step.spans[0].start, step.spans[0].start + 1), True), "salesforce")
    # "the object Opportunity" is none of a bucket.
    return replace(step, slots=(*(item for item in step.slots if item.slot.value != name), own))


def _object(word: str) -> str:
    plain = word.lower()
    return next(name for start, name in _OBJECTS.items() if plain.startswith(start))
