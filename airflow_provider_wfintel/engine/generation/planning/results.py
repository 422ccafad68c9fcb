"""Results in messages: "mail the result" sends what the step before returned, not only that the run has come this far."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.model import Argument, Dependency, TaskSpec, TemplateValue

__all__ = ["with_results"]

_RESULT = re.compile(
    r"\b(?:how\s+(?:many|much)|wie\s+viele|combien|cuánt[oa]s|quant[oa]s|results?|outputs?|answers?|rows|counts?|numbers?|findings|figures?|ergebnis(?:se)?|zahlen?|résultats?|"
    r"resultados?|números?)\b|结果",
    re.IGNORECASE,
)
# "how many rows were deleted": what the number counts.
_DONE = re.compile(
    r"\bhow\s+many\b[^.;,]{0,40}?\b(?P<verb>deleted|removed|loaded|inserted|updated|copied|written|changed|archived|purged|imported|exported|moved)\b",
    re.IGNORECASE,
)
_TEXTS = ("html_content", "text", "message", "content", "slack_message", "body")
_SQL = ":SQLExecuteQueryOperator"


def with_results(desk: Desk, tasks: tuple[TaskSpec, ...], dependencies: tuple[Dependency, ...]) -> tuple[TaskSpec, ...]:
    """Tasks whose message was left open, with the result of the nearest step before where the words ask for it."""
    known = {task.task_id: task for task in tasks}
    return tuple(_with_result(desk, task, known, dependencies) for task in tasks)


def _with_result(
    desk: Desk, task: TaskSpec, known: dict[str, TaskSpec], dependencies: tuple[Dependency, ...]
) -> TaskSpec:
    words = " ".join(span.of(desk.text) for span in task.evidence)
    if task.action != "notify" or _RESULT.search(words) is None:
        return task
    place = next((item for item in task.arguments if item.name in _TEXTS and _says_nothing(item)), None)
    giver = _giver(desk, task, known, dependencies) if place is not None else None
    if place is None or giver is None:
        return task
    # What a database returns is no HTML.
    escaped = " | e" if place.name == "html_content" else ""
    done = _DONE.search(words)
    what = f"{done.group('verb').lower()}: " if done is not None else ""
    template = f"{{{{ dag.dag_id }}}}, run {{{{ run_id }}}}: {what}{{{{ ti.xcom_pull(task_ids='{giver}'){escaped} }}}}"
    desk.notes.assumptions[:] = [
        item for item in desk.notes.assumptions if item.about != "message" or item.span not in task.evidence
    ]
    desk.notes.assume("message", f"The message of {task.task_id!r} holds what {giver!r} returned, as it is.")
    changed = tuple(replace(item, value=TemplateValue(template)) if item is place else item for item in task.arguments)
    return replace(task, arguments=changed)


def _says_nothing(argument: Argument) -> bool:
    return isinstance(argument.value, TemplateValue) and argument.value.template.endswith("has come this far")


def _giver(desk: Desk, task: TaskSpec, known: dict[str, TaskSpec], dependencies: tuple[Dependency, ...]) -> str | None:
    """The nearest task before that returns a result."""
    seen: set[str] = set()
    queue = [edge.upstream for edge in dependencies if edge.downstream == task.task_id]
    while queue:
        current = queue.pop(0)
        if current in seen or current not in known:
            continue
        seen.add(current)
        if _returns(desk, known[current]):
            return current
        queue.extend(edge.upstream for edge in dependencies if edge.downstream == current)
    return None


def _returns(desk: Desk, task: TaskSpec) -> bool:
    if task.mapping is not None or task.action in ("branch", "notify"):
        return False
    if task.operator.recipe:
        return desk.recipes.recipe(task.operator.recipe).returns not in ("", "None")
    return task.operator.path.endswith(_SQL)
