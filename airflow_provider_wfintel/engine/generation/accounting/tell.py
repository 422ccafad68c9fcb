"""Telling: what is not carried is listed as unused, warned of, and written as a note on its task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.drafts import Notes
from airflow_provider_wfintel.engine.model import Span, TaskSpec, WorkflowSpec

__all__ = ["tell_of"]


def tell_of(
    spec: WorkflowSpec, left: Mapping[str, Sequence[Span]], text: str, notes: Notes
) -> tuple[WorkflowSpec, tuple[Span, ...]]:
    """`spec` with a note on every task that leaves stated words undone, and the spans of those words.

    Args:
        spec: the finished workflow.
        left: task id → spans of the text that the task does not carry; the empty id for those of no task.
        text: the description.
        notes: gets one warning per task.
    """
    for task_id, spans in left.items():
        phrases = "; ".join(_quoted(span, text) for span in sorted(spans))
        who = f"The task {task_id!r} does not do this" if task_id else "No task does this"
        notes.warn("not_done", f"{who}: {phrases}. Add it by hand, or say it as a step.", min(spans))
    tasks = tuple(_noted(task, left.get(task.task_id, ()), text) for task in spec.tasks)
    return replace(spec, tasks=tasks), tuple(sorted(span for spans in left.values() for span in spans))


def _quoted(span: Span, text: str) -> str:
    return repr(" ".join(span.of(text).split()))


def _noted(task: TaskSpec, spans: Sequence[Span], text: str) -> TaskSpec:
    if not spans:
        return task
    note = f"Not done here: {'; '.join(_quoted(span, text) for span in sorted(spans))}."
    return replace(task, note=f"{task.note} {note}" if task.note else note)
