"""Values whose form is told by the words around them: an unquoted message, and a name that is no statement."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.model import Span

__all__ = ["with_told"]

_ENDS = r"(?=\s*(?:$|[\n;]|\.(?:\s|$)|,\s+(?:then|and\s+then)\b))"
_WORDS = r"(?P<v>[^\W_][^\n;`\"“”«»]{2,200}?)"
# "saying the reports are ready"; "to #ops that all is loaded".
_MESSAGE = re.compile(
    rf"(?:\b(?:saying|that\s+says|with\s+the\s+(?:message|text))|(?<![\w#])#[\w-]+\s+that(?=\s+\S+\s+\S)|@[\w-]+(?:\.[\w-]+)+\s+that)"
    rf"\s+(?:that\s+)?{_WORDS}{_ENDS}",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?!\d)[\w.{}<>$-]+(?<!\.sql)", re.IGNORECASE)


def with_told(text: str, span: Span, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots of a clause with an unquoted message as a whole, and single names as tables where statements are meant."""
    named = tuple(replace(slot, name="table") if _is_name(slot) else slot for slot in slots)
    found = _MESSAGE.search(text, span.start, span.end)
    if found is None or " " not in found.group("v"):
        return named
    said = Span(*found.span("v"))
    inner = {slot.kind for slot in named if slot.span.overlaps(said) and slot.kind not in ("", "identifier")}
    if inner:
        return named  # Quoted words, addresses or templates in it are values of their own.
    rest = tuple(slot for slot in named if not slot.span.overlaps(said))
    return tuple(sorted((*rest, Slot("message", found.group("v"), said, True)), key=lambda item: item.span))


def _is_name(slot: Slot) -> bool:
    """Of "query orders_eu from MySQL": a name. Statements of one word (`VACUUM`) are quoted or in capitals."""
    stated = slot.kind in ("code", "quoted") or slot.value.isupper()
    return slot.name == "sql" and not stated and _NAME.fullmatch(slot.value) is not None
