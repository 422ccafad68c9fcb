"""Dynamic task mapping: which argument of a task takes the single items."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import INPUTS
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.naming import slug
from airflow_provider_wfintel.engine.generation.reading.slots import Slot
from airflow_provider_wfintel.engine.generation.reading.steps import ForEach, OwnedSlot, Step
from airflow_provider_wfintel.engine.model import (
    ArgumentValue,
    LiteralValue,
    MappingSpec,
    OutputRef,
    Span,
    TemplateValue,
)

__all__ = ["for_item", "map_over_items", "map_over_output", "map_step"]

# The slot that an item fills, by what the words call the items.
_SLOT_OF_NOUN = {
    "table": "table", "file": "file_name", "topic": "topic", "queue": "queue", "bucket": "bucket", "function": "function", "job": "job",
    "notebook": "notebook", "dag": "dag_id", "collection": "collection", "index": "index", "pipeline": "pipeline", "url": "url",
    "endpoint": "endpoint", "model": "model", "dataset": "dataset", "channel": "channel", "key": "key", "object": "key", "script": "script",
}  # fmt: skip
_BASH = "airflow.providers.standard.operators.bash:BashOperator"

_FILE = re.compile(r"file|csv|object|document|image|pdf|key|blob|datei|fichier|archivo|attachment")
_FILE_ARGUMENTS = re.compile(
    r"^(?:path|filepath|local_filepath|remote_filepath|source_path|s3_key|key|source_object|source_objects|file|object_name|blob_name)$"
)
_DATA_ARGUMENTS = (
    "value",
    "payload",
    "query",
    "data",
    "parameters",
    "conf",
    "environment",
    "op_kwargs",
    "params",
    "message",
    "body",
    "rows",
    "text",
    "input_text",
    "job_parameters",
    "notebook_params",
    "script_args",
    "application_args",
    "arguments",
    "env_vars",
)
# Arguments that take an object: an item is the value of a key named after what the words call the items.
_OBJECTS = frozenset(
    ("query", "parameters", "job_parameters", "conf", "environment", "env_vars", "op_kwargs", "params", "payload", "data", "script_args", "notebook_params")
)  # fmt: skip
# The one of them that goes to the service as it is, so that it has to be text.
_LAMBDA = "airflow.providers.amazon.aws.operators.lambda_function:LambdaInvokeFunctionOperator"
_TAKES_DATA = re.compile(r"(?:^|_)(?:input|payload|params|parameters|data|body|conf|args|kwargs|overrides|arguments)$")


_ENVIRONMENT = re.compile(r"\benv(?:ironment)?\s*(?:vars?|variables?)\b", re.IGNORECASE)
_NO_DATA = re.compile(r"retry|session|connection|hook|kwargs_|extra")


def _argument_names(desk: Desk, draft: Draft) -> tuple[str, ...]:
    operator = draft.task.operator
    if operator.recipe:
        return desk.recipes.recipe(operator.recipe).argument_names
    signature = desk.signature(operator.path)
    return signature.arguments if signature is not None else ()


def _target_argument(desk: Desk, draft: Draft, noun: str) -> str:
    if draft.needs:
        return draft.needs
    names = _argument_names(desk, draft)
    if _ENVIRONMENT.search(draft.step.words):
        environment = next((name for name in ("env_vars", "environment", "env") if name in names), "")
        if environment:
            return environment
    if _FILE.search(noun):
        for name in names:
            if _FILE_ARGUMENTS.match(name):
                return name
    # What a call of a hook already takes (a collection, a key) must not make way for an item.
    taken = {"arguments"} & {item.name for item in draft.task.arguments}
    for name in _DATA_ARGUMENTS:
        if name in names and name not in taken:
            return name
    return next((name for name in names if _TAKES_DATA.search(name) and not _NO_DATA.search(name)), "")


def _with_mapping(draft: Draft, argument: str, over: ArgumentValue) -> Draft:
    kept = tuple(item for item in draft.task.arguments if item.name != argument)
    task = replace(draft.task, arguments=kept, mapping=MappingSpec(argument, over))
    return replace(draft, task=task, needs="" if draft.needs == argument else draft.needs)


def map_over_items(desk: Desk, draft: Draft, foreach: ForEach) -> Draft | None:
    """Repeat a task for every stated item; None if no argument of it can take one."""
    argument = _target_argument(desk, draft, foreach.noun)
    if not argument:
        return None
    items: list[object] = list(foreach.items)
    if argument in _OBJECTS:
        key = (
            _variable(draft.step)
            or re.sub(r"\W+", "_", foreach.noun.split(" ")[0], flags=re.ASCII).strip("_")
            or "item"
        )
        key = key if _variable(draft.step) else _singular(key)
        key = f"--{key}" if argument == "script_args" else key
        items = [{key: item} for item in foreach.items]
    if draft.task.operator.path == _LAMBDA and argument == "payload":
        items = [json.dumps(item, ensure_ascii=False) for item in items]
    return _with_mapping(draft, argument, LiteralValue.of(items))


_VARIABLE = re.compile(
    r"\b(?:env(?:ironment)?(?:\s+var(?:iable)?)?|parameter|param|argument|variable|conf(?:ig)?)s?\s+[`'\"]?(?P<v>[A-Za-z_]\w*)[`'\"]?\s+(?:set\s+to|=|being|as)\s+"
    r"(?:it\b|that\b|this\b|the\s+\w+|each\b)",
    re.IGNORECASE,
)


def _variable(step: Step) -> str:
    """Of "with the env var TENANT set to it": what the item is called where it is handed over."""
    said = _VARIABLE.search(step.words)
    return said.group("v") if said is not None else ""


def _singular(key: str) -> str:
    return key.removesuffix("s") if len(key) > 3 and not key.endswith("ss") else key


def map_over_output(desk: Desk, draft: Draft, upstream: Draft, noun: str) -> Draft | None:
    """Repeat a task for every item that an upstream task returned."""
    argument = _target_argument(desk, draft, noun)
    if not argument or (argument not in _argument_names(desk, draft)):
        return None
    if _keeps_its_source(draft, argument):
        return None  # Only the target would change from item to item: every copy would read the same place.
    over = OutputRef(upstream.task.task_id)
    mapped = _with_mapping(draft, argument, over)
    takes = argument in INPUTS or argument in _DATA_ARGUMENTS or bool(_TAKES_DATA.search(argument))
    return mapped if takes or draft.needs or _FILE_ARGUMENTS.match(argument) else None


_SOURCES = re.compile(r"^(?:sftp_path|remote_\w*path|source_\w+)$")
_TARGETS = frozenset({"s3_key", "key", "object_name", "blob_name", "destination_path"})


def _keeps_its_source(draft: Draft, argument: str) -> bool:
    """Whether a transfer mapped over `argument` would read one place for all items."""
    fixed = any(_SOURCES.match(item.name) for item in draft.task.arguments)
    return draft.task.operator.kind == "transfer" and argument in _TARGETS and fixed


def map_step(desk: Desk, step: Step, build: Callable[[Step], tuple[Draft, ...]]) -> Draft | None:
    """One mapped task for a step that is repeated for stated items; None if no argument tells the items apart.

    The task is planned for every item; the arguments in which the results differ are those that are mapped.
    """
    if step.foreach is None or len(step.foreach.items) < 2:
        return None
    notes = deepcopy(desk.notes)
    mapped = _mapped_where_different(desk, step, step.foreach, build)
    if mapped is None:
        desk.notes = notes  # what came up while trying is not said
    return mapped


def _mapped_where_different(
    desk: Desk, step: Step, foreach: ForEach, build: Callable[[Step], tuple[Draft, ...]]
) -> Draft | None:
    slots = tuple(item for item in step.slots if item.slot.name != "items" and item.slot.value not in foreach.items)
    plain = replace(step, slots=slots)
    variants = [for_item(plain, foreach.noun, item) for item in foreach.items]
    planned = [build(variant) for variant in variants if variant is not None]
    drafts = [drafts[0] for drafts in planned if len(drafts) == 1]
    if not drafts:
        return _as_last_argument(desk, step, build(plain))
    same = {(draft.task.operator, tuple(item.name for item in draft.task.arguments)) for draft in drafts}
    if len(drafts) != len(foreach.items) or len(same) != 1 or drafts[0].task.operator.recipe == "python_step":
        return None
    names = [item.name for item in drafts[0].task.arguments]
    differing = [name for name in names if len({draft.task.argument(name) for draft in drafts}) > 1]
    rows = [{name: _leaf(draft, name) for name in differing} for draft in drafts]
    if not differing or any(value is None for row in rows for value in row.values()):
        return None
    task = replace(drafts[0].task, task_id=_shared_id(step, drafts))
    kept = tuple(item for item in task.arguments if item.name not in differing)
    one = differing[0] if len(differing) == 1 else ""
    over = LiteralValue.of([row[one] for row in rows] if one else rows)
    return replace(drafts[0], task=replace(task, arguments=kept, mapping=MappingSpec(one, over)))


def for_item(step: Step, noun: str, item: str) -> Step | None:
    """The step for one item, or None if it has no place for it: where its values hold a placeholder for it, else as a value of its own."""
    word = re.escape(noun.split(" ")[0].removesuffix("s"))
    mark = re.compile(rf"\{{\{{?\s*{word}\s*\}}?\}}|<{word}>|\$\{{?{word}\b\}}?", re.IGNORECASE)
    if any(mark.search(owned.slot.value) for owned in step.slots):
        slots = tuple(
            replace(owned, slot=replace(owned.slot, value=mark.sub(lambda _: item, owned.slot.value)))
            for owned in step.slots
        )
        filled = replace(step, slots=slots, foreach=None)
        return _with_table(filled, item) if word == "table" else filled
    name = _SLOT_OF_NOUN.get(noun.split(" ")[-1].removesuffix("s")) or _SLOT_OF_NOUN.get(
        noun.split(" ")[0].removesuffix("s")
    )
    if name is None or any(owned.slot.name == name for owned in step.slots):
        return None
    own = OwnedSlot(
        Slot(name, item, step.foreach.span if step.foreach else Span(0, 0), True), step.source or step.target
    )
    return replace(step, slots=(*step.slots, own), foreach=None)


def _with_table(step: Step, item: str) -> Step:
    """The step with the item as its table too, if nothing else says what is read from, or written to, the database."""
    database = next((service for service in (step.source, step.target) if is_kind(service, "sql")), "")
    if not database or any(step.values(name) for name in ("table", "sql", "procedure", "sql_file")):
        return step
    return replace(step, slots=(*step.slots, OwnedSlot(Slot("table", item, step.spans[0], True), database)))


def _shared_id(step: Step, drafts: list[Draft]) -> str:
    """A task id without the first item's name in it."""
    name = drafts[0].task.task_id
    items = step.foreach.items if step.foreach else ()
    part = slug(items[0].rsplit(".", 1)[-1]) if items else ""
    parts = [piece for piece in name.replace(part, "", 1).split("_") if piece] if part else [name]
    noun = slug(step.foreach.noun.split(" ")[0]) if step.foreach else ""
    return "_".join([parts[0], noun, *parts[1:]]) if part and parts and noun else name


def _as_last_argument(desk: Desk, step: Step, drafts: tuple[Draft, ...]) -> Draft | None:
    """A shell command for every item, which is its last argument."""
    command = drafts[0].task.argument("bash_command") if len(drafts) == 1 else None
    if (
        command is None
        or drafts[0].task.operator.path != _BASH
        or not isinstance(command.value, LiteralValue)
        or step.foreach is None
    ):
        return None
    text = f"Each {step.foreach.noun} is the last argument of {str(command.value.value)!r}."
    desk.notes.assume("items", text, desk.span(step))
    commands = [f"{command.value.value} {shlex.quote(item)}" for item in step.foreach.items]
    return _with_mapping(drafts[0], "bash_command", LiteralValue.of(commands))


def _leaf(draft: Draft, name: str) -> object:
    """The value of an argument inside a list; None if it cannot stand there."""
    argument = draft.task.argument(name)
    value = argument.value if argument is not None else None
    if isinstance(value, LiteralValue):
        return value.value
    return {"__template__": value.template} if isinstance(value, TemplateValue) else None
