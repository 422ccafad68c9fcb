"""Sentences that are no steps: headlines and summaries before the steps, what only says how the DAG is started, steps said again."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.reading.flow import Edge, Flow
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["without_prose"]

# A headline ends its paragraph; an underline may follow it.
_ENDS_PARAGRAPH = re.compile(r"[`'\"*.:!\s]*?(?:\n[ \t]*\n|\n\s*[=\-~#*]{3,})")
_TITLES = re.compile(r"(?m)^#{1,6} .*$")
_BEGINS = re.compile(r"[^\w]*(?:(?:dag\s+)?docstring:?|\w{1,12}:?)?[^\w]*(?:\w+\s+)?[^\w]*$", re.IGNORECASE)
# "Wird nur von Hand gestartet", "trigger it from the UI": how the DAG is started.
_STARTED = re.compile(
    r"\W*(?:(?:it|this|the\s+dag|er|wird)\s+)*(?:(?:is|are|gets?|will\s+be)\s+)?(?:only\s+|nur\s+)?(?:trigger(?:ed)?|start(?:ed)?|launch(?:ed)?|run|von\s+hand|manuell)"
    r"(?:\s+(?:it|this|the\s+dag))?(?:\s+only)?\s*(?:from\s+the\s+(?:ui|web\s?ui|airflow\s+ui)|by\s+hand|manually|on\s+demand|gestartet|ausgelöst)\W*",
    re.IGNORECASE,
)
_ASKS_FOR_DAG = re.compile(
    r"\b(?:we|i|they|you)\s+(?:need|want|would\s+like)\s+(?:an?\s+|to\s+have\s+an?\s+)(?:new\s+)?(?:airflow\s+)?(?:dag|pipeline|workflow|job)\s+(?:which|that)\s+(?:runs?|starts?|goes)\W*$|"
    r"^\W*as\s+an?\s+[\w\s]{3,30}?,?\s+i\s+(?:want|need)\b",
    re.IGNORECASE,
)
_CLOSE = re.compile(r"\W*(?:market\s+)?close,?\s+i\.\s?e\.?\W*", re.IGNORECASE)
_BARE = re.compile(r"\W*(?:执行|运行)\W*")
_HEADER = re.compile(r"\W*(?:skip|ignor)\w*\s+(?:the\s+)?(?:header|first)(?:\s+(?:line|row))?\W*", re.IGNORECASE)
_DONE = re.compile(
    r"\W*(?:the|all|both)?\s*(?P<noun>[a-z]{3,})\s+(?:is|are|was|were|has\s+been|have\s+been)\s+(?:all\s+)?\w+ed\W*",
    re.IGNORECASE,
)


def without_prose(desk: Desk, flow: Flow) -> Flow:
    """The flow without them; their words are listed as not used. One step always stays."""
    gone = [index for index, step in enumerate(flow.steps) if _is_prose(desk, flow, index, step)]
    if not gone or len(gone) == len(flow.steps):
        return flow
    spans = tuple(span for index in gone for span in flow.steps[index].spans)
    desk.said.extend(spans)
    for index in reversed(gone):
        flow = _without(flow, index)
    return replace(flow, unused=tuple(sorted((*flow.unused, *spans))))


def _is_prose(desk: Desk, flow: Flow, index: int, step: Step) -> bool:
    if step.services or step.guard is not None or step.foreach is not None or step.action in ("approve", "wait_for"):
        return False
    if step.trigger_rule != "all_success" or any(item.slot.kind or item.slot.cued for item in _strong(step)):
        return False
    if index == 0 and (_is_headline(desk, step) or _CLOSE.fullmatch(step.words) or _BARE.fullmatch(step.words)):
        return True
    if _STARTED.fullmatch(step.words) or _ASKS_FOR_DAG.search(step.words):
        return not step.slots or _ASKS_FOR_DAG.search(step.words) is not None
    before = flow.steps[index - 1] if index else None
    if _HEADER.fullmatch(step.words):
        return before is not None and before.action == "load"
    return _is_said_again(flow, index, step)


def _strong(step: Step) -> list:  # type: ignore[type-arg]
    """Values that look like names; words of the sentence that a cue stood beside are none."""
    return [
        item
        for item in step.slots
        if re.search(r"[\W\d_]|[A-Z]{2}", item.slot.value) and item.slot.name != "identifier"
    ]


def _is_headline(desk: Desk, step: Step) -> bool:
    """Whether a step is the first paragraph of the text, all of it, and no request."""
    if not step.spans or (step.clause is not None and step.clause.verb is not None and step.clause.verb.form == "base"):
        return False
    start, end = step.spans[0].start, step.spans[-1].end
    before = _TITLES.sub("", desk.text[:start])
    begins = _BEGINS.fullmatch(before) is not None and "\n\n" not in before.strip("\n\"' ").replace(":\n\n", "")
    return begins and _ENDS_PARAGRAPH.match(desk.text, end) is not None


def _is_said_again(flow: Flow, index: int, step: Step) -> bool:
    """Of "once the costs are loaded": a step before is that load."""
    found = _DONE.fullmatch(step.words)
    if found is None or step.slots:
        return False
    noun = found.group("noun").lower()
    return any(item.lemma == step.lemma and noun in item.words.lower() for item in flow.steps[:index])


def _without(flow: Flow, gone: int) -> Flow:
    """The flow without one step; what came after it comes after what it came after."""
    ups = [edge.upstream for edge in flow.edges if edge.downstream == gone]
    edges: dict[tuple[int, int], Edge] = {}
    for edge in flow.edges:
        if gone == edge.downstream:
            continue
        for up in ups if edge.upstream == gone else [edge.upstream]:
            pair = (up - (up > gone), edge.downstream - (edge.downstream > gone))
            edges.setdefault(pair, replace(edge, upstream=pair[0], downstream=pair[1]))
    steps = (*flow.steps[:gone], *flow.steps[gone + 1 :])
    return replace(flow, steps=steps, edges=tuple(edges.values()))
