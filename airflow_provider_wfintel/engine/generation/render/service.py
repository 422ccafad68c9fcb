"""Front door of the writer."""

from __future__ import annotations

from functools import cache

from airflow_provider_wfintel.engine.catalog import Catalog, load_catalog
from airflow_provider_wfintel.engine.catalog.recipe import RecipeBook, load_recipes
from airflow_provider_wfintel.engine.catalog.records import OperatorSignature
from airflow_provider_wfintel.engine.generation.render.alerts import notifier_distribution
from airflow_provider_wfintel.engine.generation.render.file import DagFile
from airflow_provider_wfintel.engine.generation.render.gate import with_gate
from airflow_provider_wfintel.engine.generation.render.names import check_id
from airflow_provider_wfintel.engine.generation.render.tasks import SignatureSource
from airflow_provider_wfintel.engine.model import WorkflowSpec
from airflow_provider_wfintel.exceptions import CatalogError, SpecError

__all__ = ["render_dag", "required_distributions"]


def render_dag(
    spec: WorkflowSpec,
    *,
    recipes: RecipeBook | None = None,
    signatures: SignatureSource | None = None,
    decorated: bool = False,
) -> str:
    """The DAG file for `spec`. The same spec gives the same text, in the layout of `ruff format` at 110 columns.

    The spec's texts become Python literals, comments or the docstring, never code. Text with Jinja tags is written
    so that it arrives unchanged; only a `TemplateValue` is a live template. Inside a `LiteralValue`,
    `{"__template__": "{{ ds }}"}` stands for a template, `{"__output__": "task"}` for a task's output,
    `{"__param__": "name"}` for a parameter.

    Args:
        spec: the DAG.
        recipes: bodies of TaskFlow functions; those of the package if not given.
        signatures: what operators take; the catalogue's if not given.
        decorated: write a `@dag` function instead of a `with DAG(...)` block.

    Raises:
        SpecError: the spec contradicts itself or cannot be written.
        CatalogError: a recipe does not exist.
    """
    spec.validate()
    _check_ids(spec)
    spec = with_gate(spec)
    return DagFile(spec, recipes or load_recipes(), signatures or _catalog_signature, decorated=decorated).text()


def required_distributions(spec: WorkflowSpec, *, recipes: RecipeBook | None = None) -> tuple[str, ...]:
    """PyPI distributions that the file of `spec` needs, sorted, without `apache-airflow` itself."""
    book = recipes or load_recipes()
    found = {task.operator.distribution for task in spec.tasks}
    found.update(book.recipe(task.operator.recipe).distribution for task in spec.tasks if task.operator.recipe)
    found.update(notifier_distribution(alert) for alert in spec.alerts)
    found.update(_hook_distributions(spec, found))
    return tuple(sorted(found - {"", "apache-airflow"}))


_ANY_DATABASE = "apache-airflow-providers-common-sql"


def _hook_distributions(spec: WorkflowSpec, found: set[str]) -> set[str]:
    """What brings the hooks that operators for any database look up by the type of the connection."""
    if _ANY_DATABASE not in found:
        return set()
    catalog = load_catalog()
    services = {name for task in spec.tasks for name in task.services if name in catalog}
    return {catalog.service(name).provider for name in services if _is_database(catalog, name)}


def _is_database(catalog: Catalog, service: str) -> bool:
    return any(item.distribution == _ANY_DATABASE for item in catalog.actions(service))


@cache
def _catalog_signature(path: str) -> OperatorSignature | None:
    try:
        return load_catalog().signature(path)
    except CatalogError:
        return None


def _check_ids(spec: WorkflowSpec) -> None:
    check_id(spec.dag_id, "the DAG id")
    for task in spec.tasks:
        check_id(task.task_id, "the task id")
    for group in spec.groups:
        check_id(group.group_id, "the group id")
        if "." in group.group_id:
            raise SpecError(f"the group id {group.group_id!r} must not hold a dot")
    for param in spec.params:
        if not param.name.strip():
            raise SpecError("a parameter has no name")
    both = {group.group_id for group in spec.groups} & {task.task_id for task in spec.tasks if not task.group}
    if both:
        raise SpecError(f"{min(both)!r} is both a task and a group", hint="give the group another id")
