"""Settings of single steps: retries, timeouts and how often a sensor looks, given to the tasks that the words mean."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.settings import SettingsReading
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, RetrySpec, Span, TaskSpec

__all__ = ["with_past_runs", "with_retries", "with_timeouts"]

_WORD = re.compile(r"[^\W\d_]{3,}|\d{3,}")
_PLAIN = frozenset(
    ["the", "only", "retry", "retried", "retries", "task", "tasks", "step", "job", "for", "with", "times", "timeout", "and", "der", "die", "les", "los"]
)  # fmt: skip


def with_retries(
    tasks: tuple[TaskSpec, ...], settings: SettingsReading, text: str
) -> tuple[tuple[TaskSpec, ...], RetrySpec | None]:
    """The tasks with the retries that are said of them, and the retries of the whole DAG."""
    whole = settings.retry
    for mention in settings.retries:
        if mention.scope is None:
            continue
        meant = _meant(tasks, mention.scope, text)
        if not meant and whole is None:
            whole = mention.retry
        tasks = tuple(replace(task, retry=mention.retry) if task.task_id in meant else task for task in tasks)
    return tasks, whole


def with_past_runs(
    tasks: tuple[TaskSpec, ...], settings: SettingsReading, text: str
) -> tuple[tuple[TaskSpec, ...], bool]:
    """The tasks with the one that waits for its own success in the run before, and whether that is not all of them."""
    scope = settings.past.scope
    meant = _meant(tasks, scope, text) if scope is not None else set()
    if not meant or len(meant) == len(tasks):
        return tasks, False
    return tuple(replace(task, depends_on_past=task.task_id in meant) for task in tasks), True


def _meant(tasks: tuple[TaskSpec, ...], scope: Span, text: str) -> set[str]:
    """The tasks read from the words of a scope, else those whose words it repeats, else none."""
    inside = {task.task_id for task in tasks if any(span.overlaps(scope) for span in task.evidence)}
    if inside:
        return inside
    said = _words(scope.of(text))
    scores = {
        task.task_id: len(said & (_words(" ".join(span.of(text) for span in task.evidence)) | _words(" ".join(task.services))))
        for task in tasks
    }  # fmt: skip
    best = max(scores.values(), default=0)
    return {name for name, score in scores.items() if score == best} if best else set()


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower().replace("_", " ")) if word not in _PLAIN}


def with_timeouts(tasks: tuple[TaskSpec, ...], settings: SettingsReading, text: str) -> tuple[TaskSpec, ...]:
    """The tasks with the timeouts that are said of them; a sensor also takes how often it looks."""
    for timeout in settings.timeouts:
        name = _nearest(tasks, timeout.span, text)
        if not name:
            # Said of no step: it holds for each of them. How long a sensor waits is another matter.
            tasks = tuple(_capped(task, timeout.seconds) for task in tasks)
            continue
        tasks = tuple(_limited(task, timeout.seconds, timeout.span) if task.task_id == name else task for task in tasks)
    for poke in settings.pokes:
        sensors = tuple(task for task in tasks if task.operator.kind == "sensor")
        name = _nearest(sensors, poke.span, text)
        tasks = tuple(
            _with(task, "poke_interval", poke.seconds, poke.span) if task.task_id == name else task for task in tasks
        )
    return tasks


def _nearest(tasks: tuple[TaskSpec, ...], span: Span, text: str) -> str:
    """The task whose words hold the span, or the last one before it in the same sentence, or the one it names."""
    ends = [(max(item.end for item in task.evidence), task.task_id) for task in tasks if task.evidence]
    for task in tasks:
        if any(item.overlaps(span) for item in task.evidence):
            return task.task_id
    if named := _meant(tasks, span, text):
        return sorted(named)[0] if len(named) == 1 else ""
    if _of_the_last(text, span):
        earlier = [(end, name) for end, name in ends if end <= span.start]
        if earlier:
            return max(earlier)[1]
    before = [
        (end, name)
        for end, name in ends
        if end <= span.start and not re.search(r"[.;\n]\s", text[end - 1 : span.start])
    ]
    return max(before)[1] if before else ""


def _of_the_last(text: str, span: Span) -> bool:
    """Whether a limit is given to the step spoken of last, by a word for it or in a sentence that says nothing else."""
    if _THE_LAST.match(text, span.end) or _GIVES.search(text, max(0, span.start - 40), span.start):
        return True
    alone = _OPENS.search(text, max(0, span.start - 4), span.start) and _ENDS.match(text, span.end)
    return alone is not None and _CAPS.match(text, span.start) is not None


_OPENS = re.compile(r"[.;!\n]\s*$")
_ENDS = re.compile(r"\s*(?:[.;!\n]|$)")
_CAPS = re.compile(r"(?:no|not|never)\s+(?:more|longer)|at\s+most|max\w*|up\s+to", re.IGNORECASE)
# "… on it", "give it a timeout of …": the step spoken of last.
_THE_LAST = re.compile(
    r"\s*(?:on|for|to)\s+(?:it|this|that)(?:\s+(?:one|step|task|job|query))?\s*(?:[.,;!]|$)", re.IGNORECASE
)
_GIVES = re.compile(
    r"(?:^|[.;\n]\s*)(?:(?:give|let|allow)\s+(?:it|this|that)|(?:it|this|that\s+step|this\s+step)\s+(?:gets?|has|needs|should\s+have|must\s+have))\s+(?:an?\s+)?$",
    re.IGNORECASE,
)


def _capped(task: TaskSpec, seconds: float) -> TaskSpec:
    """A task with a limit, unless it has one of its own, waits for something or only decides."""
    waits = task.operator.kind == "sensor" or task.action in ("wait_for", "branch", "approve")
    return task if waits or task.timeout_seconds is not None else replace(task, timeout_seconds=seconds)


def _limited(task: TaskSpec, seconds: float, span: Span) -> TaskSpec:
    if task.operator.kind == "sensor":
        return _with(task, "timeout", seconds, span)
    return replace(task, timeout_seconds=seconds)


def _with(task: TaskSpec, name: str, seconds: float, span: Span) -> TaskSpec:
    if task.argument(name) is not None:
        return task
    value = LiteralValue.of(int(seconds) if seconds == int(seconds) else seconds)
    return replace(task, arguments=(*task.arguments, Argument(name, value, "stated", span)))
