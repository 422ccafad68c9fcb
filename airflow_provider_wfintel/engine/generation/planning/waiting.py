"""Whether a task waits until the job that it starts is over.

Operators differ in what they do by themselves. Here all wait, so that a job that fails is a task that fails, unless
the words say that nobody waits. One exception: a run of another DAG that nothing follows is only started.
"""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, TaskSpec

__all__ = ["with_waiting"]

_ARGUMENTS = (
    "wait_for_completion", "wait_for_termination", "wait_until_job_complete", "wait_until_complete", "wait_for_job_done",
)  # fmt: skip
# Classes that wait only when they are deferred.
_BY_DEFERRING = frozenset({"StepFunctionStartExecutionOperator"})
_NOT = re.compile(
    r"\b(?:(?:do|does|should|must|need|will)(?:\s+not|n't)\s+(?:need\s+to\s+)?wait|without\s+waiting|no\s+need\s+to\s+wait|fire[- ]and[- ]forget|"
    r"asynchronously|ohne\s+(?:\w+\s+){0,4}warten|sans\s+attendre|sin\s+esperar|sem\s+esperar)\b",
    re.IGNORECASE,
)
_WAIT = re.compile(
    r"\b(?:waits?|waiting|warte\w*|attend\w*|esper\w*|aguard\w*)\b[^.;\n]{0,60}?"
    r"\b(?:finish\w*|done|complet\w*|ends?|over|ready|succe\w*|it|fertig|beendet|fini\w*|termin\w*|conclu\w*|acab\w*)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;](?:\s|$)|\n")


def with_waiting(desk: Desk, task: TaskSpec, *, followed: bool) -> TaskSpec:
    """The task, waiting for its job where its class leaves that open. `followed`: another task comes after it."""
    signature = desk.signature(task.operator.path)
    if signature is None or signature.kind == "sensor" or task.action == "wait_for":
        return task
    words = _sentence(desk.text, task)
    wanted = not _NOT.search(words)
    name, by_itself = _choice(task, dict(signature.optional))
    if not name:
        return task
    if wanted and task.services and task.operator.path.endswith(":TriggerDagRunOperator"):
        wanted = followed or _WAIT.search(words) is not None
    if wanted == by_itself and task.argument(name) is None:
        return task
    kept = tuple(item for item in task.arguments if item.name != name)
    given = task.argument(name)
    if given is not None and (given.origin == "stated" or given.value == LiteralValue.of(wanted)):
        return task
    return replace(task, arguments=(*kept, Argument(name, LiteralValue.of(wanted), "implied")))


def _choice(task: TaskSpec, options: dict[str, str]) -> tuple[str, bool]:
    """The argument that decides, and whether the class waits without it; no name if nothing can be chosen."""
    for name in _ARGUMENTS:
        if options.get(name) in ("True", "False"):
            return name, options[name] == "True"
    if task.operator.path.rpartition(":")[2] in _BY_DEFERRING:
        return "deferrable", False
    return "", True


def _sentence(text: str, task: TaskSpec) -> str:
    """The words from the task to the end of its sentence, and a sentence after it that says nobody waits for it."""
    if not task.evidence:
        return task.label
    rest = text[min(span.start for span in task.evidence) :]
    end = _SENTENCE.search(rest)
    if end is None:
        return rest
    following = _SENTENCE.split(rest[end.end() :].lstrip(), maxsplit=1)[0]
    return rest[: end.start()] if not _NOT.match(following) else f"{rest[: end.start()]}; {following}"
