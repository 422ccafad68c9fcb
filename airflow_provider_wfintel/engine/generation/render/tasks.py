"""Tasks of the file: operator calls and calls of TaskFlow functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from airflow_provider_wfintel.engine.catalog.records import OperatorSignature
from airflow_provider_wfintel.engine.generation.render.layout import Atom, Chain, Group, Keyed, Node, quote
from airflow_provider_wfintel.engine.generation.render.values import Place, ValueWriter
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, TaskSpec, WorkflowSpec
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["SignatureSource", "call_node", "full_task_ids", "mapped_over", "operator_node", "with_full_ids"]

SignatureSource: TypeAlias = Callable[[str], "OperatorSignature | None"]
"""Gives the signature of `"module:Class"`, or None if it is not known."""

_MIN_RESCHEDULE_SECONDS = 30.0
"""Below this, a sensor that gives its slot back spends more on starting than it saves."""

_TASK_ID_ARGUMENTS = ("follow_task_ids", "follow_branch", "options_mapping")


def full_task_ids(spec: WorkflowSpec) -> dict[str, str]:
    """Task ids as Airflow knows them: with the ids of the groups around the task."""
    parents = {group.group_id: group.parent for group in spec.groups}
    full: dict[str, str] = {}
    for task in spec.tasks:
        parts, group, seen = [task.task_id], task.group, set()
        while group:
            if group in seen:
                raise SpecError(f"the group {group!r} lies inside itself")
            seen.add(group)
            parts.insert(0, group)
            group = parents.get(group, "")
        full[task.task_id] = ".".join(parts)
    return full


def with_full_ids(argument: Argument, full_ids: Mapping[str, str], *, branch: bool) -> Argument:
    """The argument with task ids that branches follow replaced by full ones."""
    if not isinstance(argument.value, LiteralValue):
        return argument
    if not branch and not argument.name.startswith(_TASK_ID_ARGUMENTS):
        return argument
    value = argument.value.value
    if isinstance(value, str):
        replaced: object = full_ids.get(value, value)
    elif isinstance(value, list):
        replaced = [full_ids.get(item, item) if isinstance(item, str) else item for item in value]
    elif isinstance(value, dict) and not branch:
        replaced = {key: full_ids.get(item, item) if isinstance(item, str) else item for key, item in value.items()}
    else:
        return argument
    return Argument(argument.name, LiteralValue.of(replaced), argument.origin, argument.evidence)


def _several(task: TaskSpec, over: LiteralValue, values: ValueWriter, facts: _OperatorFacts | None) -> Group:
    """`.expand_kwargs([...])` over stated values of several arguments; Airflow renders each as it does unmapped."""
    rows = []
    for row in over.value:
        items = []
        for name, value in row.items():
            templated = facts is None or facts.templated(name)
            place = Place.of_operator(task.operator.path, name, templated=templated)
            items.append(Keyed(f"{quote(name)}: ", values.node(LiteralValue.of(value), place)))
        rows.append(Group("{", tuple(items), "}"))
    return Group(".expand_kwargs(", (Group("[", tuple(rows), "]"),), ")")


def mapped_over(task: TaskSpec, values: ValueWriter, *, templated: bool, facts: _OperatorFacts | None = None) -> Group:
    """`.expand(argument=...)`, or `.expand_kwargs(...)` if no argument is named.

    Raises:
        SpecError: what to map over is neither a list nor the output of a task.
    """
    mapping = task.mapping
    if mapping is None:
        raise SpecError(f"task {task.task_id!r} is not mapped")
    if isinstance(mapping.over, LiteralValue) and not isinstance(mapping.over.value, list):
        raise SpecError(f"task {task.task_id!r} is mapped over something that is no list")
    kind = mapping.over.kind_tag
    resolved = kind == "output" or (templated and kind == "literal")
    if not mapping.argument and isinstance(mapping.over, LiteralValue):
        return _several(task, mapping.over, values, facts)
    over = values.node(mapping.over, Place.of_operator(task.operator.path, mapping.argument, templated=resolved))
    if not mapping.argument:
        return Group(".expand_kwargs(", (over,), ")")
    return Group(".expand(", (Keyed(f"{mapping.argument}=", over),), ")")


@dataclass(frozen=True, slots=True)
class _OperatorFacts:
    """What of a signature matters for writing a call."""

    signature: OperatorSignature | None

    def templated(self, argument: str) -> bool:
        """Whether Airflow renders the argument. An unknown operator is taken to render everything."""
        return self.signature is None or argument in self.signature.template_fields


def operator_node(
    task: TaskSpec, class_name: str, values: ValueWriter, signature: OperatorSignature | None, settings: list[Keyed]
) -> Node:
    """The call that makes the task: `Op(...)`, or `Op.partial(...).expand(...)`.

    Raises:
        SpecError: a value cannot stand where it is put.
    """
    facts = _OperatorFacts(signature)
    items: list[Node] = [Keyed("task_id=", Atom(quote(task.task_id)))]
    for argument in task.arguments:
        _check_name(task, argument.name)
        templated = facts.templated(argument.name)
        node = values.node(argument.value, Place.of_operator(task.operator.path, argument.name, templated=templated))
        items.append(Keyed(f"{argument.name}=", node))
    items.extend(_waiting(task, signature))
    set_already = {argument.name for argument in task.arguments}
    items.extend(item for item in settings if item.prefix[:-1] not in set_already)
    if task.mapping is None:
        return Group(f"{class_name}(", tuple(items), ")")
    expand = mapped_over(task, values, templated=facts.templated(task.mapping.argument), facts=facts)
    return Chain((Group(f"{class_name}.partial(", tuple(items), ")"), expand))


def _check_name(task: TaskSpec, name: str) -> None:
    if not (name.isidentifier() and name.isascii()):
        raise SpecError(f"task {task.task_id!r}: {name!r} is no name of an argument")


def _waiting(task: TaskSpec, signature: OperatorSignature | None) -> list[Keyed]:
    """Sensors give their slot back while they wait: deferrable if they can, else by rescheduling."""
    if task.operator.kind != "sensor" or signature is None:
        return []
    given = {argument.name: argument.value for argument in task.arguments}
    if "deferrable" in given or "mode" in given:
        return []
    if signature.deferrable:
        return [Keyed("deferrable=", Atom("True"))]
    poke = given.get("poke_interval")
    seconds = getattr(poke, "seconds", poke.value if isinstance(poke, LiteralValue) else 60.0)
    if isinstance(seconds, int | float) and seconds < _MIN_RESCHEDULE_SECONDS:
        return []
    return [Keyed("mode=", Atom('"reschedule"'))]


def call_node(
    name: str, task: TaskSpec, values: ValueWriter, arguments: tuple[Argument, ...], override: Group | None
) -> Node:
    """The call of the TaskFlow function `name`; `override` is `name.override(...)` if several tasks share it.

    Airflow renders the arguments of such a call with Jinja, all of them.

    Raises:
        SpecError: a value cannot stand where it is put.
    """
    items = tuple(
        Keyed(f"{argument.name}=", values.node(argument.value, Place(argument.name, templated=True)))
        for argument in arguments
    )
    if override is not None:  # mapped tasks share no function
        return Chain((override, Group("(", items, ")")))
    if task.mapping is None:
        return Group(f"{name}(", items, ")")
    expand = mapped_over(task, values, templated=True)
    if not items:
        return Group(name + expand.opening, expand.items, expand.closing)
    return Chain((Group(f"{name}.partial(", items, ")"), expand))
