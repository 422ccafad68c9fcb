"""What others bring: "our vendor drops a file on the server" tells where data comes from and asks for no work.

The place that such words name is remembered, so that "load it into …" after them knows what "it" is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import OwnedSlot, Step, read_step

__all__ = ["from_given", "is_given"]

_GIVERS = (
    r"(?:vendors?|partners?|suppliers?|customers?|clients?|providers?|agenc(?:y|ies)|banks?|brokers?|exchanges?|colleagues?|"
    r"third\s+part(?:y|ies)|merchants?|stores?|shops?|plants?|carriers?|manufacturers?|retailers?|publishers?|"
    r"(?:finance|sales|accounting|marketing|upstream|source|legal|hr|other)\s+(?:teams?|departments?|systems?)|erp|mainframe)"
)
_GIVE = r"(?:uploads?|drops?|sends?|delivers?|puts?|provides?|places?|exports?|push(?:es)?|writes?|shares?|publish(?:es)?|leaves?|saves?|dumps?)"
_THINGS = r"(?:files?|data|exports?|reports?|feeds?|extracts?|records?|dumps?|csvs?|orders?|invoices?|logs?|documents?)"
_GIVEN = re.compile(
    rf"\W*(?:(?:our|the|an?|one\s+of\s+our|some|all|each|every|this|their)\s+(?:[\w-]+\s+){{0,2}}{_GIVERS}\s+(?:[a-z]+ly\s+|always\s+|then\s+)?{_GIVE}\b|"
    rf"we\s+(?:[a-z]+ly\s+|always\s+)?(?:receive\b|are\s+(?:sent|given)\b|get\b[^.;]{{0,80}}?\bfrom\s+(?:our|the|an?|one\s+of\s+our|some)\s+(?:[\w-]+\s+){{0,2}}{_GIVERS}\b)|"
    rf"(?:and\s+)?its\s+(?:output|results?|files?|data|logs?)\s+(?:\w+ly\s+)?(?:lands?|goes|go|ends?\s+up|(?:is|are)(?!\s+(?:then\s+|also\s+|finally\s+)?(?:uploaded|sent|mailed|e-?mailed|loaded|exported|copied|pushed|published|posted|moved|archived|announced)\b)|gets?\s+(?:written|stored))\b|"
    rf"(?:(?:the|our|an?|new|these|their|all)\s+)?(?:[\w-]+\s+){{0,2}}{_THINGS}\s+(?:[`'\"]?\S*[/.]\S*\s+)?(?:[a-z]+ly\s+|always\s+)?(?:lands?|arrives?|comes?\s+in|comes?\s+from|appears?|shows?\s+up|(?:is|are|gets?)\s+(?:uploaded|dropped|delivered|sent|placed|provided|put)\s+[^.;]{{0,80}}?\bby\s+(?:our|the|an?)\s+(?:[\w-]+\s+){{0,2}}{_GIVERS}))\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:should|must|shall|will|needs?\s+to|ha(?:s|ve)\s+to|please)\b", re.IGNORECASE)
_IT = re.compile(
    rf"\b(?:it|them|this|these|those|that)\b|\b(?:the|this|that|these|those)\s+(?:[\w-]+\s+)?{_THINGS}\b", re.IGNORECASE
)
_TAKES = frozenset({"load", "copy", "extract", "wait_for"})


def is_given(line: Line, frame: Frame) -> bool:
    """Whether a clause only tells what others bring; the place that it names is remembered."""
    clause = frame.main
    words = clause.span.of(line.words.text)
    if frame.conditions or not _GIVEN.match(words) or _ASKS.search(words):
        return False
    line.given = read_step(line.words, frame)
    return True


def from_given(line: Line, step: Step) -> Step:
    """A step that takes "it" from where the words before it say that it comes."""
    given = line.given
    if given is None or step.action not in _TAKES or step.source or step.tool or not _IT.search(step.words):
        return step
    if step.action != "wait_for":
        line.given = None
    service = given.target or given.source
    places = tuple(OwnedSlot(item.slot, service) for item in given.slots if item.slot.name not in ("items", "link"))
    if not service or service == step.target or not places:
        return step
    return replace(step, source=service, slots=(*places, *step.slots))
