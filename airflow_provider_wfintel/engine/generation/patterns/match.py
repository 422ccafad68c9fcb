"""Which patterns a DAG follows, by signals of its tasks and of its description."""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

from airflow_provider_wfintel.engine.catalog.patterns import Pattern, load_patterns
from airflow_provider_wfintel.engine.model import PatternMatch, WorkflowSpec

__all__ = ["match_patterns"]

_Expressions: TypeAlias = "tuple[re.Pattern[str], ...]"
# What a literal says is no description; the first word of a statement tells what it is.
_LITERAL = re.compile(r"`\s*([^`\s]*)[^`]*`")
MOST = 3
LEAST_CONFIDENCE = 0.5
_FIRST_WORD, _NEXT_WORD, _MOST_WORDS = 0.3, 0.1, 0.5


def match_patterns(spec: WorkflowSpec, text: str) -> tuple[PatternMatch, ...]:
    """The patterns whose signals are found, best first, at most three.

    The confidence is a score by rule, no measured probability: up to 0.5 for the share of the DAG's tasks that the
    pattern explains, and up to 0.5 for the words that are found.
    """
    lines, text = _lines(spec), _LITERAL.sub(r"`\1`", text)
    found = [match for signals in _all_signals() if (match := _match(*signals, lines, text)) is not None]
    return tuple(sorted(found, key=lambda item: (-item.confidence, item.id))[:MOST])


def _lines(spec: WorkflowSpec) -> tuple[str, ...]:
    """A line for the schedule, then one for each task in order."""
    lines = [f"start {spec.schedule.kind}"]
    for task_id in spec.topological_order():
        task = spec.task(task_id)
        parts = [task.action, *task.services, task.operator.path.rpartition(":")[2], task.operator.recipe]
        lines.append(" ".join([*(part for part in parts if part), *(["mapped"] if task.mapping is not None else [])]))
    return tuple(lines)


def _match(
    pattern: Pattern, steps: _Expressions, words: _Expressions, lines: tuple[str, ...], text: str
) -> PatternMatch | None:
    place, taken = -1, []
    for step in steps:
        place = next((at for at in range(place + 1, len(lines)) if step.search(lines[at])), -1)
        if place < 0:
            return None
        taken.append(lines[place])
    said = [" ".join(hit.group().split()) for word in words if (hit := word.search(text))]
    if not said:
        return None
    wanted, tasks = len(pattern.tasks), len(lines) - 1
    alike = min(wanted, tasks) / max(wanted, tasks)
    confidence = 0.5 * alike + min(_MOST_WORDS, _FIRST_WORD + _NEXT_WORD * (len(said) - 1))
    if confidence < LEAST_CONFIDENCE:
        return None
    why = (*(f"the text says {word!r}" for word in said[:3]), *(f"a step is: {line}" for line in taken[:3]))
    return PatternMatch(pattern.id, pattern.title, round(confidence, 2), why)


@cache
def _all_signals() -> tuple[tuple[Pattern, _Expressions, _Expressions], ...]:
    return tuple(
        (
            pattern,
            tuple(re.compile(item) for item in pattern.signals.steps),
            tuple(re.compile(item, re.IGNORECASE) for item in pattern.signals.words),
        )
        for pattern in load_patterns()
    )
