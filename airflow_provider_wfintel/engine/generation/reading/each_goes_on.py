"""How far a repetition reaches: "for each file: fetch it, parse it and store it" repeats all three."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import ForEach, Step

__all__ = ["goes_on_for_each"]

_STARTED = frozenset({"trigger", "query", "transform"})
_REPEATED = frozenset({"trigger", "query", "transform", "load", "copy", "check", "delete", "extract"})
# Between two pieces of one sentence; also the letters of "a) get it, b) parse it".
_GAP = re.compile(
    r"[\s,;]*(?:(?:and|then|also|next|afterwards|after\s+that|und|dann|danach|et|puis|ensuite|y|luego|después|e|depois)\b[\s,]*)*(?:\(?(?:[a-h]|[1-9]|i{1,3}|iv|v)[.)]\s*)?",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\b(?:it|its|them|each|this|that|those|these|the\s+results?|the\s+(?:file|record|row|message|item|object)s?|sie|es|ihn|diese\w*|le|la|les|lo|los|las|\w+[aei]rl[oa]s?)\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|every|both|summary|total|once|at\s+the\s+end|finally|finished|done|alle|am\s+ende|tous|toutes|todos|todas)\b",
    re.IGNORECASE,
)


def goes_on_for_each(line: Line, frame: Frame, step: Step) -> ForEach | None:
    """The repetition that a step shares with the one before it in the same sentence, if it shares one."""
    if not line.steps or frame.temporals or frame.conditions:
        return None
    return _of_stated_items(line, frame, step) or _of_found_items(line, frame, step)


def _of_stated_items(line: Line, frame: Frame, step: Step) -> ForEach | None:
    """Of "for each country: get the prices, store them and start the job": the last step is done for each one too."""
    said = (item for item in reversed(line.steps) if item.foreach is not None and not item.foreach.goes_on)
    last = next((item for item in said if item.clause is not None and item.clause.chunk == frame.main.chunk), None)
    if last is None or last.foreach is None or last.clause is None or not last.foreach.items:
        return None
    head = line.words.text[: last.clause.span.start].rstrip()
    initial = last.foreach.span.end <= last.clause.span.start and head.endswith((":", ","))
    same = frame.main.chunk == last.clause.chunk and frame.main.link == "next" and frame.main.item == last.clause.item
    return last.foreach if initial and same and step.action in _STARTED else None


def _of_found_items(line: Line, frame: Frame, step: Step) -> ForEach | None:
    """Of "validate each file, then load it": what the step before gave for each item is gone on with one by one."""
    last = line.steps[-1]
    if last.foreach is None or last.clause is None or step.action not in _REPEATED:
        return None
    if last.foreach.items and step.action in ("load", "copy"):
        return None  # where the items are stated, the plan fills them into both places
    between = line.words.text[last.clause.span.end : frame.main.span.start]
    said = line.words.plain(frame.main.span)
    if _GAP.fullmatch(between) is None or _ALL.search(f"{between} {said}"):
        return None
    initial = last.foreach.goes_on or last.foreach.span.end <= last.clause.span.start
    if not (initial or _IT.search(said)):
        return None
    return ForEach(last.foreach.noun, (), last.foreach.span, goes_on=True)
