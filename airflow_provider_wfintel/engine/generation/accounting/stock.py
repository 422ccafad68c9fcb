"""Taking stock: once the workflow is complete, everything the text says and the workflow does not hold is told."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.accounting.lost import Account, lost_phrases
from airflow_provider_wfintel.engine.generation.accounting.tell import tell_of
from airflow_provider_wfintel.engine.generation.leftover import find_leftovers
from airflow_provider_wfintel.engine.generation.planning.drafts import Notes
from airflow_provider_wfintel.engine.generation.reading.flow import Flow
from airflow_provider_wfintel.engine.generation.reading.frames import group_frames
from airflow_provider_wfintel.engine.generation.reading.noise import is_title
from airflow_provider_wfintel.engine.generation.reading.prepare import Prepared
from airflow_provider_wfintel.engine.generation.unserved import warn_of_unserved
from airflow_provider_wfintel.engine.model import Caution, Question, Span, WorkflowSpec

__all__ = ["take_stock"]


def take_stock(
    prepared: Prepared, flow: Flow, spec: WorkflowSpec, said: tuple[Span, ...], notes: Notes
) -> tuple[WorkflowSpec, tuple[Span, ...]]:
    """`spec` with notes on the tasks that leave words undone, and the spans of all words that nothing carries.

    Args:
        prepared: the words and clauses of the text.
        flow: the steps read from it.
        spec: the finished workflow.
        said: words that were understood or listed by an earlier stage.
        notes: gets the warnings.
    """
    words = prepared.words
    left = find_leftovers(spec, words, said)
    listed = [span for spans in left.values() for span in spans]
    unserved = warn_of_unserved(words, flow, spec, said, notes)
    told = (*_carried_out(said, flow), *listed, *unserved, *_asked(flow, spec, notes))
    titles = tuple(_titles(prepared))
    for span, task_id in lost_phrases(Account(words, prepared.clauses, prepared.verbs, flow, spec, told, titles)):
        left.setdefault(task_id, []).append(span)
    spec, noted = tell_of(spec, left, words.text, notes)
    return spec, (*noted, *unserved)


def _carried_out(said: tuple[Span, ...], flow: Flow) -> tuple[Span, ...]:
    """What was said, without alerts: their spans hold whole sentences, whose words are looked at one by one."""
    alerts = {item.span for item in flow.alerts}
    return tuple(span for span in said if span not in alerts)


def _asked(flow: Flow, spec: WorkflowSpec, notes: Notes) -> list[Span]:
    """Words that a question or a warning points at, unless it points at a whole step or alert."""
    whole = {span for task in spec.tasks for span in task.evidence} | {item.span for item in flow.alerts}
    items: list[Question | Caution] = [*flow.questions, *flow.warnings, *notes.questions, *notes.warnings]
    # A question about a whole alert or about code asks for all of its words.
    asked = {"alert_channel", "deadline", "code"}
    return [item.span for item in items if item.span is not None and (item.about in asked or item.span not in whole)]


def _titles(prepared: Prepared) -> list[Span]:
    words = prepared.words
    frames = group_frames(words.text, prepared.clauses)
    return [frame.main.span for position, frame in enumerate(frames[:1]) if is_title(words, frames, position)]
