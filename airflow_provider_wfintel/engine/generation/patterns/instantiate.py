"""A pattern with values becomes a DAG, by the ordinary reader, and must have the structure that the pattern states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from airflow_provider_wfintel.engine.catalog.patterns import Pattern, find_pattern
from airflow_provider_wfintel.engine.generation.compose import compose
from airflow_provider_wfintel.engine.generation.patterns.values import check_values, describe_pattern
from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, PatternMatch, TaskSpec, WorkflowSpec
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["instantiate", "structure_issue"]


def instantiate(
    pattern_id: str,
    given: Mapping[str, object],
    *,
    context: DeploymentContext | None = None,
    services_folder: Path | None = None,
) -> Generation:
    """The DAG of a pattern with these values.

    Raises:
        UserInputError: there is no such pattern or parameter, a value has the wrong type, a required one is missing,
            or the values are read as other work than the pattern's.
    """
    pattern = find_pattern(pattern_id)
    values = check_values(pattern, given)
    generation = compose(describe_pattern(pattern, values), context or DeploymentContext(), services_folder)
    issue = structure_issue(pattern, values, generation.spec)
    if issue:
        named = ", ".join(given) or "the deployment's context"
        raise UserInputError(
            f"pattern {pattern.id!r} does not keep its structure with these values: {issue}",
            hint=f"look at {named}: words in a value are read like the rest of the description",
        )
    own = PatternMatch(pattern.id, pattern.title, 1.0, ("made from this pattern",))
    others = tuple(item for item in generation.patterns if item.id != pattern.id)
    return replace(generation, patterns=(own, *others))


def structure_issue(pattern: Pattern, values: Mapping[str, object], spec: WorkflowSpec) -> str:
    """What of the tasks and edges differs from those of the pattern; empty if nothing does."""
    if len(spec.tasks) != len(pattern.tasks):
        return f"{len(spec.tasks)} tasks instead of {len(pattern.tasks)}"
    ids = {wanted.id: task.task_id for wanted, task in zip(pattern.tasks, spec.tasks, strict=True)}
    for wanted, task in zip(pattern.tasks, spec.tasks, strict=True):
        services = tuple(dict.fromkeys(_service(name, values) for name in wanted.services))
        after = {ids[name] for name in wanted.after}
        found = (task.action, task.services, set(spec.upstream_of(task.task_id)), task.mapping is not None)
        if found != (wanted.action, services, after, wanted.mapped):
            return f"{wanted.id!r} became {_told(task, spec)}"
    return ""


def _service(name: str, values: Mapping[str, object]) -> str:
    return str(values[name[2:-1]]) if name.startswith("${") else name


def _told(task: TaskSpec, spec: WorkflowSpec) -> str:
    after = ", ".join(spec.upstream_of(task.task_id)) or "nothing"
    return f"{task.action} with {' and '.join(task.services) or 'no service'} after {after}"
