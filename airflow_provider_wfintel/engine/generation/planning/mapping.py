"""Dynamic task mapping: which argument of a task takes the single items."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.planning.by_recipe import INPUTS
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.reading.steps import ForEach
from airflow_provider_wfintel.engine.model import ArgumentValue, LiteralValue, MappingSpec, OutputRef

__all__ = ["map_over_items", "map_over_output"]

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
)
_TAKES_DATA = re.compile(r"(?:^|_)(?:input|payload|params|parameters|data|body|conf|args|kwargs|overrides|arguments)$")


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
    if _FILE.search(noun):
        for name in names:
            if _FILE_ARGUMENTS.match(name):
                return name
    for name in _DATA_ARGUMENTS:
        if name in names:
            return name
    return next((name for name in names if _TAKES_DATA.search(name)), "")


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
    if argument in ("query", "parameters", "conf", "environment", "op_kwargs", "params", "payload", "data"):
        key = re.sub(r"\W+", "_", foreach.noun.split(" ")[0], flags=re.ASCII).strip("_") or "item"
        items = [{key: item} for item in foreach.items]
    return _with_mapping(draft, argument, LiteralValue.of(items))


def map_over_output(desk: Desk, draft: Draft, upstream: Draft, noun: str) -> Draft | None:
    """Repeat a task for every item that an upstream task returned."""
    argument = _target_argument(desk, draft, noun)
    if not argument or (argument not in _argument_names(desk, draft)):
        return None
    over = OutputRef(upstream.task.task_id)
    mapped = _with_mapping(draft, argument, over)
    takes = argument in INPUTS or argument in _DATA_ARGUMENTS or bool(_TAKES_DATA.search(argument))
    return mapped if takes or draft.needs or _FILE_ARGUMENTS.match(argument) else None
