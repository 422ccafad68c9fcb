"""Services that the words name for a part in the work and that no task uses: they must not vanish without a word."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.drafts import Notes
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.frames import Words
from airflow_provider_wfintel.engine.model import Mention, Span, WorkflowSpec, to_json

__all__ = ["warn_of_unserved"]

# What carries work for others, or only says how a thing is reached: seldom a task of its own.
_MEANS = frozenset(
    {
        "airflow",
        "airflow_common",
        "python",
        "bash",
        "http",
        "webhook",
        "sql",
        "filesystem",
        "docker",
        "spark",
        "git",
        "jdbc",
        "odbc",
    }
)
_SURE = 0.9


def warn_of_unserved(
    words: Words, flow: Flow, spec: WorkflowSpec, said: tuple[Span, ...], notes: Notes
) -> tuple[Span, ...]:
    """Warn of services surely named for the work that nothing uses, and of further values of one kind that no task has.

    Returns where they stand.
    """
    served = {service for step in flow.steps for service in step.services}
    served |= {service for task in spec.tasks for service in task.services}
    served |= {item.service for item in flow.alerts}
    carried = str(to_json(spec.tasks)).lower()
    left: dict[str, Mention] = {}
    for item in words.mentions:
        if item.role == "passing" or item.confidence < _SURE or item.service in _MEANS or item.service in served:
            continue
        name = item.span.of(words.text)
        family = any(_akin(item.service, other) for other in served)
        heard = any(item.span.overlaps(span) for span in (*said, *flow.unused))
        if not (family or heard or _stands(name, carried) or _stands(item.service, carried)):
            left.setdefault(item.service, item)
    for item in left.values():
        name = item.span.of(words.text)
        notes.warn(
            "not_done",
            f"No task works with {name!r}, which the text names. Add it by hand, or say it as a step.",
            item.span,
        )
    return (*(item.span for item in left.values()), *_further_values(words, flow, carried, said, notes))


def _further_values(words: Words, flow: Flow, carried: str, said: tuple[Span, ...], notes: Notes) -> list[Span]:
    """Of "delete the keys a:* and b:last": the second value of a kind where a task took the first one only."""
    found: list[Span] = []
    for step in flow.steps:
        names = [item.slot.name for item in step.slots if item.slot.cued]
        for item in step.slots:
            span = item.slot.span
            twice = names.count(item.slot.name) > 1 and item.slot.name not in ("identifier", "name", "connection")
            if (
                not twice
                or any(span.overlaps(own) for own in (*said, *flow.unused, *found))
                or _has_all(item.slot.value, carried)
            ):
                continue
            name = span.of(words.text)
            text = f"No task works with {name!r}, which the text names. Add it by hand, or say it as a step."
            notes.warn("not_done", text, span)
            found.append(span)
    return found


def _has_all(value: str, carried: str) -> bool:
    parts = [part for part in re.split(r"[^\w.-]+", value.lower()) if part.strip(".-")]
    return all(part in carried or part.rsplit(".", 1)[-1] in carried for part in parts)


def _akin(one: str, other: str) -> bool:
    """Whether two services are parts of one product ("google_dataproc", "google_dataproc_metastore")."""
    return one.startswith(other) or other.startswith(one) or one.split("_")[-1] == other.split("_")[-1]


def _stands(name: str, carried: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(name.lower())}(?![a-z])", carried) is not None
