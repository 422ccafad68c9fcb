"""Structure of a plan beyond its order: task groups for sections, and what is set up and torn down again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.naming import slug, unique
from airflow_provider_wfintel.engine.generation.reading.sections import Section
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import GroupSpec, OutputRef, ParamRef, TaskSpec

__all__ = ["grouped", "with_made_ids", "with_teardowns"]

_PLACES = (
    "cluster", "clúster", "instance", "environment", "endpoint", "machine", "vm", "node pool", "session", "namespace",
    "instanz", "umgebung", "entorno", "ambiente", "environnement", "集群",
)  # fmt: skip
_PLACE = re.compile(rf"(?:\b(?:{'|'.join(_PLACES[:-1])})s?\b|{_PLACES[-1]})", re.IGNORECASE)
_MAKES = re.compile(
    r"\b(?:creat\w+|spin\w*|start\w*|launch\w*|provision\w*|bring\w*|set|boot\w*|erstell\w+|anleg\w+|crear|crea|levantar|lever|créer|criar|subir)\b|创建|启动",
    re.IGNORECASE,
)
_ENDS = frozenset({"delete"})
# Ids that a service gives out when something is made.
_IDS = frozenset({"job_flow_id", "virtual_cluster_id", "application_id"})
_GIVES_ID = frozenset(
    {"EmrCreateJobFlowOperator", "EmrEksCreateClusterOperator", "EmrServerlessCreateApplicationOperator"}
)


def with_made_ids(desk: Desk, drafts: Sequence[Draft], below: Callable[[str], set[str]]) -> list[Draft]:
    """Take the id of a place from the task that makes it, in every later task of the same service that asks for the id."""
    result = list(drafts)
    makers = [draft for draft in result if draft.task.operator.path.rpartition(":")[2] in _GIVES_ID]
    for position, draft in enumerate(result):
        for maker in makers:
            later = below(maker.task.task_id) - {maker.task.task_id}
            asks = any(item.name in _IDS for item in draft.task.arguments)
            if asks and draft.task.task_id in later and set(draft.task.services) & set(maker.task.services):
                result[position] = replace(draft, task=_with_id(desk, draft.task, maker.task.task_id))
    return result


def _with_id(desk: Desk, task: TaskSpec, maker: str) -> TaskSpec:
    arguments = []
    for item in task.arguments:
        if item.name in _IDS and not isinstance(item.value, OutputRef):
            if isinstance(item.value, ParamRef):
                desk.forget(item.value)
            item = replace(item, value=OutputRef(maker), origin="implied")
        arguments.append(item)
    return replace(task, arguments=tuple(arguments))


def with_teardowns(drafts: Sequence[Draft], below: Callable[[str], set[str]]) -> list[Draft]:
    """Mark the tasks that make a place to work in and those that remove it again, where both are there.

    The removing task loses its trigger rule: Airflow gives teardowns the one that runs them whenever the setup succeeded.
    """
    result = list(drafts)
    for down, last in enumerate(result):
        if last.task.action not in _ENDS or last.step.trigger_rule != "all_done" or not last.task.services:
            continue
        for up, first in enumerate(result):
            made = first.task.action in ("trigger", "load", "none", "transform") and _makes_place(first.step)
            same = set(first.task.services) & set(last.task.services)
            if made and same and last.task.task_id in below(first.task.task_id) - {first.task.task_id}:
                result[up] = replace(first, task=replace(first.task, is_setup=True))
                result[down] = _as_teardown(last)
                break
    return result


def _as_teardown(last: Draft) -> Draft:
    return replace(last, task=replace(last.task, is_teardown=True, trigger_rule="all_success"))


def _makes_place(step: Step) -> bool:
    return _PLACE.search(step.words) is not None and _MAKES.search(f"{step.lemma} {step.words}") is not None


def grouped(drafts: Sequence[Draft], sections: tuple[Section, ...]) -> tuple[list[Draft], tuple[GroupSpec, ...]]:
    """Put the tasks of a section into a task group of its name; a section of one task stays as it is."""
    taken = [draft.task.task_id for draft in drafts]
    result = list(drafts)
    groups: list[GroupSpec] = []
    for section in sections:
        inside = [
            index
            for index, draft in enumerate(result)
            if not draft.task.group
            and draft.step.spans
            and section.body.start <= min(span.start for span in draft.step.spans) < section.body.end
        ]
        name = slug(section.name)
        if len(inside) < 2 or not name:
            continue
        name = unique(name, [*taken, *(group.group_id for group in groups)])
        groups.append(GroupSpec(name, label=section.name))
        for index in inside:
            result[index] = replace(result[index], task=replace(result[index].task, group=name))
    return result, tuple(groups)
