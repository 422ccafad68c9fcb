"""Order by name: "after the load, call the hook" follows the load, not what stands beside it or came after it."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.frames import Frame
from airflow_provider_wfintel.engine.generation.reading.guarding import named_step
from airflow_provider_wfintel.engine.generation.reading.line import Line
from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["set_aside"]

_SEVERAL = re.compile(
    r"\b(?:both|all|every\w*|each|these|those|they|them|two|three|four|alle|beide|tous|toutes|les\s+deux|ambos|ambas|todos|todas|dos|tres)\b|都|全部",
    re.IGNORECASE,
)


def set_aside(line: Line, frame: Frame, step: Step) -> list[int]:
    """The open ends that a step does not follow, as its words name the one step that it comes after; they stay open.

    Heeded where several ends are open, and for a message about a step that is no open end ("tell me when x was dropped").
    """
    if len(frame.temporals) != 1 or not line.steps:
        return []
    clause = frame.temporals[0]
    plain = line.words.plain(clause.span)
    if _SEVERAL.search(plain) or line.words.services_in(clause.span):
        return []
    found = named_step(line, plain)
    if found is None or line.steps[found].trigger_rule != "all_success":
        return []
    if found in line.frontier and len(line.frontier) > 1:
        rest = [index for index in line.frontier if index != found]
        line.frontier = [found]
        return rest
    trailing = clause.span.start > frame.main.span.start
    if found not in line.frontier and trailing and step.action == "notify" and len(line.frontier) == 1:
        rest = list(line.frontier)
        line.frontier = [found]
        return rest
    return []
