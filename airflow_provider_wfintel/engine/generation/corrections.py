"""Corrections: what a person changed in a generated file before saving it. The file is read, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from airflow_provider_wfintel.engine.model import Correction, LiteralValue, TaskSpec, WorkflowSpec
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["find_corrections"]


def find_corrections(spec: WorkflowSpec, saved: str) -> tuple[Correction, ...]:
    """One correction for each operator task of `spec` that the saved file still has, by its task id.

    A task whose class stayed counts as accepted (`instead_of` is empty). Renamed and removed tasks say nothing.

    Raises:
        UserInputError: the file is no valid Python.
    """
    try:
        tree = ast.parse(saved)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UserInputError(
            f"the saved file is no valid Python: {error}", hint="send the file as it was saved"
        ) from error
    paths = dict(_imports(tree))
    calls = dict(_operator_calls(tree))
    found = []
    for task in spec.tasks:
        call = calls.get(task.task_id)
        if call is None or not task.services or task.operator.kind == "taskflow":
            continue
        path = paths.get(_class_name(call), "")
        if path:
            found.append(_correction(task, path, call))
    return tuple(found)


def _correction(task: TaskSpec, path: str, call: ast.Call) -> Correction:
    changed = path != task.operator.path
    return Correction(
        service=task.services[0],
        action=task.action,
        operator=path,
        instead_of=task.operator.path if changed else "",
        target_service=task.services[1] if len(task.services) > 1 else "",
        connection_id=_new_connection(task, call),
    )


def _new_connection(task: TaskSpec, call: ast.Call) -> str:
    """The connection id that the saved call has and the proposed task had not."""
    for keyword in call.keywords:
        if keyword.arg and keyword.arg.endswith("conn_id") and isinstance(keyword.value, ast.Constant):
            argument = task.argument(keyword.arg)
            proposed = argument.value.value if argument and isinstance(argument.value, LiteralValue) else None
            if isinstance(keyword.value.value, str) and keyword.value.value != proposed:
                return keyword.value.value
    return ""


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for item in node.names:
                yield item.asname or item.name, f"{node.module}:{item.name}"


def _operator_calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "task_id" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value), node


def _class_name(call: ast.Call) -> str:
    """`SomeOperator` of `SomeOperator(...)` and of `SomeOperator.partial(...)`."""
    node = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "partial" else call.func
    return node.id if isinstance(node, ast.Name) else ""
