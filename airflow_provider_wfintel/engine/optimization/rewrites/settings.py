"""Setting arguments of tasks where they are made: on the operator's call, or on the decorator of a TaskFlow function."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, char_column
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue

__all__ = ["id_source", "set_arguments", "site_key", "sites"]


def site_key(task: TaskModel) -> int:
    """What tasks share whose arguments are written in one place: the call, or the decorated function."""
    if task.build.kind == "taskflow" and task.build.definition is not None:
        return id(task.build.definition)
    return id(task.build.site.node)


def sites(draft: Draft) -> list[list[TaskModel]]:
    """The tasks of the DAG by the place where their arguments are written."""
    found: dict[int, list[TaskModel]] = {}
    for task in draft.dag.tasks:
        found.setdefault(site_key(task), []).append(task)
    return list(found.values())


def set_arguments(draft: Draft, task: TaskModel, arguments: Mapping[str, str], edits: Edits) -> bool:
    """Note that the place of the task gets the arguments (source text); false if it cannot be written there."""
    build = task.build
    if build.kind == "taskflow":
        function = build.function
        if not isinstance(function, FunctionValue) or not isinstance(function.node, ast.FunctionDef):
            return False
        decorators = function.node.decorator_list
        if function.module != "__dag_file__" or len(decorators) != 1:
            return False
        if isinstance(decorators[0], ast.Call) and any(item.arg is None for item in decorators[0].keywords):
            return False
        edits.decorators.setdefault(function.node.lineno, {}).update(arguments)
        return True
    call = build.site.node
    if not isinstance(call, ast.Call) or build.site.statement is None:
        return False
    if build.partial:
        inner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not isinstance(inner, ast.Call):
            return False
        call = inner
    if any(item.arg is None for item in call.keywords):
        return False
    edits.keywords.setdefault(char_column(draft.source, call), {}).update(arguments)
    return True


def id_source(draft: Draft, task: TaskModel) -> str | None:
    """Source of the task id where the arguments of the task are written, if it is written there."""
    from airflow_provider_wfintel.engine.optimization.rewrites.edit import segment

    build = task.build
    call: ast.AST = build.site.node
    if build.kind == "taskflow":
        definition = build.definition
        decorators = getattr(definition, "decorator_list", [])
        call = decorators[0] if decorators else call
    elif build.partial and isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        call = call.func.value
    if not isinstance(call, ast.Call):
        return None
    value = next((item.value for item in call.keywords if item.arg == "task_id"), None)
    if value is None or build.group is not None:
        return None
    return segment(draft.source, value)
