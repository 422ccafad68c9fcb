"""Two counts that must agree: "compare the row counts of a and b; on mismatch fail" is a task that fails if they do not."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.flow import Edge, Flow
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, OutputRef

__all__ = ["counts_compared", "with_compared_counts"]

_LEMMA = "compare counts"
_DIFFER = r"(?:mismatch\w*|differ\w*|(?:do(?:es)?\s+not|don['’]t|doesn['’]t)\s+(?:match|agree|equal)|(?:are|is)\s+(?:not\s+(?:equal|the\s+same)|unequal|different)|deviat\w*|discrepan\w*)"
_FAILS = re.compile(
    rf"\b{_DIFFER}\b[^.;\n]{{0,60}}\b(?:fail|abort|raise|error)\w*\b|\b(?:fail|abort|raise|error)\w*\b[^.;\n]{{0,60}}\b{_DIFFER}\b|"
    r"\b(?:must|should|have\s+to|need\s+to)\s+(?:be\s+(?:equal|the\s+same|identical)|match|agree)\b|"
    rf"{_DIFFER}\s*(?:->|→|=>)\s*fail\w*",
    re.IGNORECASE,
)
_ENDS_IN_FAIL = re.compile(
    r"[\s,;]+(?:and\s+)?(?:then\s+)?(?:fail|abort|raise)\w*(?:\s+(?:the\s+)?(?:run|dag|task|pipeline))?\W*$",
    re.IGNORECASE,
)


def _counts(step: Step) -> bool:
    one = len(step.services) == 1 and bool(step.values("table") or step.values("sql"))
    return step.action == "query" and step.lemma == "count" and one and step.foreach is None


def with_compared_counts(text: str, flow: Flow) -> Flow:
    """The flow with a step that compares two counts, where the words say that the run fails if they differ."""
    if _FAILS.search(text) is None:
        return flow
    for index in range(len(flow.steps) - 1):
        left, right = flow.steps[index : index + 2]
        if (
            _counts(left)
            and _counts(right)
            and left.guard is None
            and (right.guard is None or right.guard.kind == "differs")
        ):
            return _with_check(flow, index)
    return flow


def _with_check(flow: Flow, index: int) -> Flow:
    right = flow.steps[index + 1]
    spans = (*right.spans, right.guard.span) if right.guard is not None else right.spans
    right = replace(right, guard=None, words=_ENDS_IN_FAIL.sub("", right.words))
    check = Step(action="check", lemma=_LEMMA, words="compare the counts and fail if they differ", spans=spans)
    at = index + 2
    moved = [place if place < at else place + 1 for place in range(len(flow.steps))]
    edges: dict[tuple[int, int], Edge] = {}
    for edge in flow.edges:
        up, down = moved[edge.upstream], moved[edge.downstream]
        if (up, down) == (index, index + 1):
            continue
        # What follows the counts follows their comparison.
        up = at if up in (index, index + 1) else up
        edges[up, down] = replace(edge, upstream=up, downstream=down)
    before = [edge for edge in edges.values() if edge.downstream == index]
    for edge in before:  # both counts start where the first one did
        edges.setdefault((edge.upstream, index + 1), replace(edge, downstream=index + 1))
    for side in (index, index + 1):
        edges[side, at] = Edge(side, at, "data")
    steps = (*flow.steps[: index + 1], right, check, *flow.steps[at:])
    return replace(flow, steps=steps, edges=tuple(edges.values()))


def counts_compared(desk: Desk, step: Step, upstream: list[Draft]) -> Draft | None:
    """The task for such a step; None for any other step."""
    if step.lemma != _LEMMA or len(upstream) != 2:
        return None
    sides = (
        Argument("left", OutputRef(upstream[0].task.task_id), "implied"),
        Argument("right", OutputRef(upstream[1].task.task_id), "implied"),
    )
    draft = from_recipe(
        desk, step, "require_equal_counts", SlotValues({}, {}), "compare_counts", service="python", extra=sides
    )
    return replace(draft, needs="", gives="")
