"""Tasks from recipes: TaskFlow functions where no operator does the job."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.catalog import ServiceAction
from airflow_provider_wfintel.engine.catalog.recipe import Recipe, RecipeParameter
from airflow_provider_wfintel.engine.catalog.sources import ArgumentSource, ConnectionSource, SlotSource
from airflow_provider_wfintel.engine.generation.planning.choice import is_kind
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.live import is_live
from airflow_provider_wfintel.engine.generation.planning.naming import slug
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import (
    Argument,
    ArgumentValue,
    LiteralValue,
    OperatorRef,
    SymbolRef,
    TaskSpec,
    TemplateValue,
)

__all__ = ["INPUTS", "add_issue", "from_hook", "from_recipe", "is_input", "is_issue", "slot_of"]

INPUTS: dict[str, str] = {
    "rows": "rows", "value": "value", "payload": "rows", "items": "items", "messages": "rows", "documents": "rows", "records": "rows",
    "vectors": "rows", "texts": "items", "left": "value", "right": "value", "data": "value", "content": "value", "text": "value",
}  # fmt: skip
"""Parameters that another task's output fills, with what they take."""

_GIVES = {
    "http_get_json": "rows", "fetch_json_url": "rows", "query_rows": "rows", "query_value": "value", "count_rows": "value",
    "list_files": "items", "read_kafka_messages": "items", "read_sqs_messages": "items", "write_report": "path", "http_download": "path", "download_url": "path", "python_step": "rows",
    "call_python_callable": "rows", "hook_call": "value", "athena_value": "value", "require_equal_counts": "value",
}  # fmt: skip
# Parameters whose name differs from the slot that fills them.
_SLOT_OF = {"container": "bucket", "spreadsheet_id": "spreadsheet", "queue_url": "queue", "soql": "sql"}
_STORING = ("rows_to_", "put_s3", "put_gcs", "upload_", "sql_to_")


# Recipes whose path is one of the files that an upstream task found.
_FILE_BY_FILE = frozenset(
    {"load_csv_file", "read_csv_rows", "read_file", "move_file", "copy_file", "rename_file", "unpack_archive", "gunzip_file",
     "gzip_file", "pack_archive", "verify_checksum", "write_checksum"}
)  # fmt: skip


def is_input(recipe: str, parameter: str) -> bool:
    """Whether another task's output can fill a parameter of a recipe."""
    return parameter in INPUTS or (parameter == "path" and recipe in _FILE_BY_FILE)


def slot_of(parameter: str) -> str:
    """The slot that fills a recipe's parameter."""
    return _SLOT_OF.get(parameter, parameter)


_ISSUE = re.compile(r"\b(?:issues?|tickets?|bug reports?)\b", re.IGNORECASE)
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_TITLES = ("summary", "subject", "message", "name", "command", "text", "value")


def is_issue(step: Step) -> bool:
    """Whether the words ask for an issue to be opened in a repository."""
    return step.action in ("load", "notify", "trigger") and _ISSUE.search(step.words) is not None


def add_issue(step: Step, values: SlotValues) -> None:
    """Of "an issue `Weekly triage` in `acme/shop`": which value is the title and which the repository."""
    stated = [item.slot for item in step.slots]
    places = [slot for slot in stated if _REPOSITORY.fullmatch(slot.value)]
    titles = [slot for slot in stated if slot.name in _TITLES and slot not in places]
    for name, found in (("repository", places), ("summary", titles)):
        if found:
            values.values[name] = LiteralValue.of(found[0].value)
            values.origins[name] = found[0]


def _gives(recipe: Recipe) -> str:
    if recipe.name in _GIVES:
        return _GIVES[recipe.name]
    if "list[str]" in recipe.returns:
        return "items"
    if "list" in recipe.returns:
        return "rows"
    return "path" if recipe.returns == "str" else "value" if recipe.returns in ("object", "float") else ""


def from_recipe(
    desk: Desk,
    step: Step,
    name: str,
    values: SlotValues,
    task: str,
    *,
    service: str = "",
    extra: tuple[Argument, ...] = (),
    note: str = "",
) -> Draft:
    """The task of a recipe, its parameters filled from the words, the deployment and defaults."""
    recipe = desk.recipes.recipe(name)
    service = service or step.target or step.source or step.tool
    given = {item.name for item in extra}
    arguments = list(extra)
    needs, must = "", False
    for parameter in recipe.parameters:
        if parameter.name in given or parameter.from_airflow:
            continue
        found = _argument(desk, step, service, recipe, parameter, values, task)
        if found is not None:
            arguments.append(found)
        elif is_input(name, parameter.name) and not needs:
            needs, must = parameter.name, parameter.required
    distribution = recipe.distribution
    hook = _database_hook(desk, service)
    if hook and "hook" in recipe.argument_names and "hook" not in given:
        arguments.append(Argument("hook", SymbolRef(hook), "default"))
        distribution = desk.catalog.service(service).provider or distribution
    if distribution:
        desk.notes.requirements.add(distribution)
    spec = TaskSpec(
        task_id=task,
        label=" ".join(step.words.split())[:80],
        action=step.action,
        operator=OperatorRef("taskflow", recipe.decorator, recipe.name, distribution),
        services=step.services or ((service,) if service else ()),
        arguments=tuple(arguments),
        evidence=step.spans,
        note=note,
    )
    return Draft(spec, step, needs, _gives(recipe), must)


def from_hook(desk: Desk, step: Step, record: ServiceAction, values: SlotValues, task: str, service: str) -> Draft:
    """A TaskFlow function that calls a method of the provider's hook."""
    known = values.filled(record.slots)
    arguments = _filled(desk, step, known, record.arguments, task)
    made_with = tuple((name, source) for name, source in record.construct if not isinstance(source, ConnectionSource))
    settings = _filled(desk, step, known, made_with, task)
    signature = desk.signature(record.operator)
    connections = signature.connections if signature is not None else ()
    extra = (
        Argument("arguments", LiteralValue.of(arguments)),
        *((Argument("settings", LiteralValue.of(settings), "default"),) if settings else ()),
        Argument("hook", SymbolRef(record.operator), "default"),
        Argument("method", LiteralValue.of(record.method), "default"),
        *((Argument("connection_argument", LiteralValue.of(connections[0][0]), "default"),) if connections else ()),
    )
    draft = from_recipe(desk, step, "hook_call", values, task, service=service, extra=extra, note=record.note)
    if record.distribution:
        desk.notes.requirements.add(record.distribution)
    operator = replace(draft.task.operator, distribution=record.distribution)
    return replace(
        draft, task=replace(draft.task, operator=operator), gives="rows" if step.action in ("extract", "query") else ""
    )


def _filled(
    desk: Desk,
    step: Step,
    known: dict[str, ArgumentValue],
    sources: tuple[tuple[str, ArgumentSource], ...],
    task: str,
) -> dict[str, object]:
    """The arguments of a call as JSON data; what is missing is asked for."""
    arguments: dict[str, object] = {}
    for name, source in sources:
        if source.missing(known):
            known[source.required_slots[0]] = desk.ask_for(source.required_slots[0], step, task=task)
        value = source.resolve(known)
        if isinstance(value, LiteralValue):
            arguments[name] = value.value
        elif value is not None and hasattr(value, "name"):
            mark = {"__param__": value.name}
            arguments[name] = [mark] if isinstance(source, SlotSource) and source.shape == "list" else mark
        elif value is not None and hasattr(value, "template"):
            arguments[name] = {"__template__": value.template}
    return arguments


# Services whose own hook runs no statements through a cursor: these go over another hook and its connection.
_SQL_HOOKS = {
    "amazon_athena": ("airflow.providers.amazon.aws.hooks.athena_sql:AthenaSQLHook", "athena_default"),
    "amazon_redshift": ("airflow.providers.amazon.aws.hooks.redshift_sql:RedshiftSQLHook", "redshift_default"),
}


def _database_hook(desk: Desk, service: str) -> str:
    """The hook class of a SQL service, empty if its hook is not known."""
    if not is_kind(service, "sql") or service not in desk.catalog:
        return ""
    return _SQL_HOOKS[service][0] if service in _SQL_HOOKS else desk.catalog.service(service).hook


def _argument(
    desk: Desk, step: Step, service: str, recipe: Recipe, parameter: RecipeParameter, values: SlotValues, task: str
) -> Argument | None:
    name = parameter.name
    if name == "conn_id" or name.endswith("_conn_id"):
        return _connection(desk, step, step.source if name == "sql_conn_id" and step.source else service, name)
    if name in ("purpose", "condition"):
        return Argument(name, LiteralValue.of(" ".join(step.words.split())[:300]), "stated", desk.span(step))
    slot = slot_of(name)
    takes = is_input(recipe.name, name)
    value = values.values.get(slot) if takes else values.get(slot)
    if name == "key" and (value is None or _is_folder(value)) and parameter.required:
        return _stored_key(desk, step, recipe, values) or _open(desk, step, name, task)
    if name == "table" and recipe.name == "insert_bigquery_rows":
        value = values.get("bare_table") or value
    if value is not None and (parameter.required or slot in values.values):
        return Argument(name, value, "stated", values.evidence(slot))
    if parameter.required and not takes:
        return _open(desk, step, name, task)
    return None


def _open(desk: Desk, step: Step, name: str, task: str) -> Argument:
    return Argument(name, desk.ask_for(name, step, task=task), "missing")


def _connection(desk: Desk, step: Step, service: str, name: str) -> Argument:
    connection, stated = desk.connection(step, service)
    if stated is None:
        connection = _SQL_HOOKS[service][1] if service in _SQL_HOOKS else connection
        return Argument(name, LiteralValue.of(connection), "default")
    return Argument(name, LiteralValue.of(connection), stated.origin, stated.evidence)


def _is_folder(value: object) -> bool:
    return isinstance(value, LiteralValue) and str(value.value).endswith("/")


def _stored_key(desk: Desk, step: Step, recipe: Recipe, values: SlotValues) -> Argument | None:
    """A name for what is stored, one per day, if the words give none."""
    if not recipe.name.startswith(_STORING):
        return None
    table = values.get("bare_table")
    stem = slug(str(table.value)) if isinstance(table, LiteralValue) else "output"
    prefix = values.values.get("prefix")
    folder = ""
    if isinstance(prefix, LiteralValue) and ("{" not in str(prefix.value) or is_live(str(prefix.value))):
        folder = f"{str(prefix.value).strip('/')}/"
    suffix = "csv" if recipe.name.startswith(("rows_to_", "sql_to_")) else "txt"
    name = f"{folder}{stem}/{desk.run_stamp}.{suffix}"
    desk.notes.assume("key", f"What {step.words.strip()[:80]!r} stores is named {name!r}.", desk.span(step))
    return Argument("key", TemplateValue(name), "assumed")
