"""Methods of HTTP in capitals, as slots: "GET /v2/orders?since=…", "a POST request to /v1/jobs"."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.model import Span

__all__ = ["with_methods"]

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD"
# Capitals only: "get" and "delete" are ordinary verbs.
_BEFORE = re.compile(rf"\b(?P<m>{_METHODS})\s+[`'\"]?$")
_INSIDE = re.compile(rf"`(?P<m>{_METHODS})\s")
_REQUEST = re.compile(rf"\b(?P<m>{_METHODS})[\s-]+(?:requests?|calls?|anfragen?|requêtes?|petición|requisição)\b")


def with_methods(text: str, span: Span, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots of a clause with the method of a call, and the path behind the method as its endpoint."""
    found: list[Slot] = []
    method: Slot | None = next((slot for slot in slots if slot.name == "method"), None)
    for slot in slots:
        before = _BEFORE.search(text, max(span.start, slot.span.start - 12), slot.span.start) or _INSIDE.match(
            text, slot.span.start, slot.span.end
        )
        if before is not None and slot.kind in ("path", "endpoint", "url") and method is None:
            method = Slot("method", before.group("m"), Span(*before.span("m")), True)
            found.append(method)
        if before is not None and slot.kind == "path":
            slot = replace(slot, name="endpoint")
        found.append(slot)
    request = _REQUEST.search(text, span.start, span.end) if method is None else None
    if request is not None:
        found.append(Slot("method", request.group("m"), Span(*request.span("m")), True))
    return tuple(sorted(found, key=lambda item: item.span))
