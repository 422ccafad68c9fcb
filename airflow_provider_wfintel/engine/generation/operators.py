"""Another operator for a task: which ones the catalogue has for the same work, and the task carried out by one of them.

Only classes of the catalogue can be chosen, so that no import comes from outside. What the task says already is taken
along by its meaning (the slot of the catalogue), not by the name of the argument; what the other class needs beside it
becomes a parameter of the DAG with a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from airflow_provider_wfintel.engine.catalog import Catalog, OperatorSignature, ServiceAction
from airflow_provider_wfintel.engine.generation.carried import known_slots
from airflow_provider_wfintel.engine.generation.planning.by_catalog import gives_of
from airflow_provider_wfintel.engine.generation.planning.choice import (
    DOING,
    actions_of,
    lists,
    makes,
    nearby_actions,
    removes,
)
from airflow_provider_wfintel.engine.generation.planning.naming import slug, unique
from airflow_provider_wfintel.engine.model import (
    Argument,
    ArgumentValue,
    LiteralValue,
    OperatorChoice,
    OperatorRef,
    OutputRef,
    ParamRef,
    ParamSpec,
    Question,
    TaskSpec,
    TemplateValue,
    WorkflowSpec,
)
from airflow_provider_wfintel.exceptions import CatalogError, UserInputError

__all__ = ["operator_choices", "with_operator"]

_MOST = 12
_KINDS: dict[str, Literal["operator", "sensor", "transfer"]] = {
    "operator": "operator",
    "sensor": "sensor",
    "transfer": "transfer",
}
_UPSTREAM = frozenset({"rows", "items", "vectors"})
_LIVE = ('"__param__"', '"__template__"', '"__output__"')
_LISTS = frozenset({"items", "columns", "key_columns"})


@dataclass(slots=True)
class _Swap:
    """A task on its way to another operator: its arguments, and what it lacks by the name of the parameter."""

    spec: WorkflowSpec
    task: TaskSpec
    record: ServiceAction
    signature: OperatorSignature
    params: list[ParamSpec]
    questions: list[Question]


def operator_choices(spec: WorkflowSpec, catalog: Catalog) -> dict[str, tuple[OperatorChoice, ...]]:
    """For each task that something else could carry out, those operators by task id: the most fitting first."""
    found = {}
    for task in spec.tasks:
        choices = tuple(
            OperatorChoice(record.operator, record.missing(known_slots(task, catalog)))
            for record, _ in _fitting(spec, task, catalog)
        )
        if choices:
            found[task.task_id] = choices
    return found


def with_operator(
    spec: WorkflowSpec, task: TaskSpec, path: object, catalog: Catalog
) -> tuple[WorkflowSpec, tuple[Question, ...]]:
    """The spec with that task carried out by another class, and questions about what the class needs beside.

    Args:
        spec: the DAG.
        task: one of its tasks.
        path: `"module:Class"` of one of the task's `operator_choices`.
        catalog: where the classes come from.

    Raises:
        UserInputError: the class is none of the choices.
    """
    fitting = {record.operator: (record, signature) for record, signature in _fitting(spec, task, catalog)}
    if not isinstance(path, str) or path not in fitting:
        raise UserInputError(
            f"{path!r} is no operator that could do the work of {task.task_id}",
            hint=f"choose one of: {', '.join(fitting)}" if fitting else "nothing else in the catalogue can do it",
        )
    record, signature = fitting[path]
    swap = _Swap(spec, task, record, signature, list(spec.params), [])
    changed = replace(
        task,
        operator=OperatorRef(_KINDS[record.kind], record.operator, "", record.distribution),
        arguments=tuple(_arguments(swap, catalog)),
        note=record.note,
    )
    tasks = tuple(changed if item is task else item for item in spec.tasks)
    return replace(spec, tasks=tasks, params=tuple(swap.params)), tuple(swap.questions)


def _fitting(spec: WorkflowSpec, task: TaskSpec, catalog: Catalog) -> list[tuple[ServiceAction, OperatorSignature]]:
    """The records that could do the work of a task, each class once, with what the class takes."""
    known = known_slots(task, catalog)
    nearby = nearby_actions(task.action)
    fed = any(_is_output(item.value) for item in task.arguments)
    found: dict[str, tuple[tuple[int, int, int], ServiceAction, OperatorSignature]] = {}
    for record in _records(task, catalog):
        if record.action not in nearby or record.kind not in _KINDS:
            continue
        if record.rare or record.operator == task.operator.path or removes(record) != (task.action == "delete"):
            continue
        if makes(record) or (lists(record) and task.action in DOING):
            # To make or change the place of the work is other work, and so is to look what is there.
            continue
        if (record.kind == "sensor") != (task.action == "wait_for") or _hands_on_otherwise(spec, task, record, catalog):
            continue
        signature = _signature(catalog, record.operator)
        if signature is None or signature.deprecated or signature.abstract:
            continue
        missing = record.missing(known)
        if fed != bool(_UPSTREAM & set(record.slots)) and (fed or _UPSTREAM & set(missing)):
            # What a task before it hands over has no place there, or nothing hands over what it needs.
            continue
        if task.mapping is not None and task.mapping.argument not in signature.arguments:
            continue
        rank = (nearby.index(record.action), len(missing), -record.priority)
        if record.operator not in found or rank < found[record.operator][0]:
            found[record.operator] = (rank, record, signature)
    ordered = sorted(found.values(), key=lambda item: (item[0], item[1].operator))
    return [(record, signature) for _, record, signature in ordered[:_MOST]]


def _records(task: TaskSpec, catalog: Catalog) -> tuple[ServiceAction, ...]:
    if len(task.services) > 1:
        source, target = task.services[:2]
        return catalog.transfers(source, target) if source in catalog and target in catalog else ()
    return actions_of(catalog, task.services[0]) if task.services else ()


def _signature(catalog: Catalog, path: str) -> OperatorSignature | None:
    """What a class takes; None for one of a user's own."""
    try:
        return catalog.signature(path)
    except CatalogError:
        return None


def _is_output(value: ArgumentValue) -> bool:
    return isinstance(value, OutputRef) or (isinstance(value, LiteralValue) and '"__output__"' in value.json)


def _hands_on_otherwise(spec: WorkflowSpec, task: TaskSpec, record: ServiceAction, catalog: Catalog) -> bool:
    """Whether later tasks use the output of this one, and the other class would hand on something else."""
    mark = LiteralValue.of(task.task_id).json
    values = [item.value for other in spec.tasks for item in other.arguments]
    values += [other.mapping.over for other in spec.tasks if other.mapping is not None]
    used = any(
        (isinstance(value, OutputRef) and value.task_id == task.task_id)
        or (isinstance(value, LiteralValue) and '"__output__"' in value.json and mark in value.json)
        for value in values
    )
    if not used:
        return False
    before = next((item for item in _records(task, catalog) if item.operator == task.operator.path), None)
    return before is None or gives_of(before) != gives_of(record)


def _arguments(swap: _Swap, catalog: Catalog) -> Iterator[Argument]:
    """The arguments of the other class: by the catalogue, then those that it takes under the same name."""
    known = known_slots(swap.task, catalog)
    given = set()
    for name, source in swap.record.arguments:
        kept = swap.task.argument(name)
        value = _placed(swap, name, source.resolve(known))
        if kept is not None and (value is None or _is_output(kept.value)) and _placed(swap, name, kept.value):
            yield kept
        elif value is None and source.optional and not source.missing(known):
            continue
        else:
            slots = source.missing(known) or source.required_slots or (name,)
            yield Argument(
                name,
                value if value is not None else _asked(swap, name, slots[0]),
                "stated" if value is not None and set(source.slots) & set(known) else "default",
            )
        given.add(name)
    for item in swap.task.arguments:
        fits = item.name in swap.signature.arguments or (item.name == "deferrable" and swap.signature.deferrable)
        if item.name not in given and fits and _placed(swap, item.name, item.value) is not None:
            yield item


def _placed(swap: _Swap, argument: str, value: ArgumentValue | None) -> ArgumentValue | None:
    """The value, if it can stand there: Airflow fills in what a run brings in template fields only."""
    live = isinstance(value, ParamRef | TemplateValue | OutputRef) or (
        isinstance(value, LiteralValue) and any(mark in value.json for mark in _LIVE)
    )
    return None if live and argument not in swap.signature.template_fields else value


def _asked(swap: _Swap, argument: str, slot: str) -> ArgumentValue:
    """What stands for a value that nobody has said: a parameter, or a name that nothing has where none is rendered."""
    task_id, label = swap.task.task_id, slot.replace("_", " ")
    class_name = swap.record.operator.rpartition(":")[2]
    if argument not in swap.signature.template_fields:
        text = f"<{argument}>"
        words = (
            f"Which {label} does {class_name} take? Airflow fills in no parameter in {argument!r}: put the value in "
            f"place of {text!r}."
        )
        swap.questions.append(Question("placeholder", words, task_id=task_id))
        return LiteralValue.of(text)
    name = unique(slug(f"{task_id}_{slot}"), {item.name for item in swap.params})
    described = f"{label} for: {swap.task.label}"[:250]
    swap.params.append(ParamSpec(name, "array" if slot in _LISTS else "string", None, described))
    words = f"Which {label} does {class_name} take? Until then it is the parameter {name!r}."
    swap.questions.append(Question(slot, words, task_id=task_id))
    return ParamRef(name)
