"""Tasks from recipes: TaskFlow functions where no operator does the job."""

from __future__ import annotations

from airflow_provider_wfintel.engine.catalog.recipe import Recipe, RecipeParameter
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import Argument, LiteralValue, OperatorRef, SymbolRef, TaskSpec

__all__ = ["INPUTS", "from_recipe"]

# Parameters that another task's output fills, with what they take.
INPUTS: dict[str, str] = {
    "rows": "rows", "value": "value", "payload": "rows", "items": "items", "messages": "rows", "documents": "rows", "records": "rows",
    "vectors": "rows", "texts": "rows", "left": "value", "right": "value", "data": "value", "content": "value", "text": "value",
}  # fmt: skip
_GIVES = {
    "http_get_json": "rows", "fetch_json_url": "rows", "query_rows": "rows", "query_value": "value", "count_rows": "value",
    "list_files": "items", "write_report": "path", "http_download": "path", "download_url": "path", "python_step": "rows",
    "call_python_callable": "value",
}  # fmt: skip


def _gives(recipe: Recipe) -> str:
    if recipe.name in _GIVES:
        return _GIVES[recipe.name]
    if "list[str]" in recipe.returns:
        return "items"
    if "list" in recipe.returns:
        return "rows"
    return "path" if recipe.returns == "str" else "value" if recipe.returns in ("int", "object", "float") else ""


def _argument(desk: Desk, step: Step, service: str, parameter: RecipeParameter, values: SlotValues, task: str) -> Argument | None:
    name = parameter.name
    if name == "conn_id" or name.endswith("_conn_id"):
        connection, stated = desk.connection(step, service)
        origin = stated.origin if stated is not None else "default"
        return Argument(name, LiteralValue.of(connection), origin, stated.evidence if stated is not None else None)
    if name == "purpose":
        return Argument(name, LiteralValue.of(" ".join(step.words.split())[:300]), "stated", desk.span(step))
    value = values.get(name)
    if value is not None and (parameter.required or name in values.values):
        return Argument(name, value, "stated", values.evidence(name))
    if parameter.required and name not in INPUTS:
        return Argument(name, desk.ask_for(name, step, task=task), "missing")
    return None


def from_recipe(
    desk: Desk, step: Step, name: str, values: SlotValues, task: str, *, service: str = "", extra: tuple[Argument, ...] = (), note: str = ""
) -> Draft:
    """The task of a recipe, its parameters filled from the words, the deployment and defaults."""
    recipe = desk.recipes.recipe(name)
    service = service or step.target or step.source or step.tool
    given = {item.name for item in extra}
    arguments = list(extra)
    needs = ""
    must = False
    for parameter in recipe.parameters:
        if parameter.name in given or parameter.from_airflow:
            continue
        found = None if parameter.name in INPUTS and values.get(parameter.name) is None else _argument(desk, step, service, parameter, values, task)
        if found is not None:
            arguments.append(found)
        elif parameter.name in INPUTS and not needs:
            needs, must = parameter.name, parameter.required
    hook = desk.catalog.service(service).hook if service in desk.catalog else ""
    if hook and "hook" in recipe.argument_names and "hook" not in given and _is_database_hook(desk, service):
        arguments.append(Argument("hook", SymbolRef(hook), "default"))
        distribution = desk.catalog.service(service).provider
    else:
        distribution = recipe.distribution
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


def _is_database_hook(desk: Desk, service: str) -> bool:
    from airflow_provider_wfintel.engine.generation.planning.choice import is_kind

    return is_kind(service, "sql") and bool(desk.catalog.service(service).hook)
