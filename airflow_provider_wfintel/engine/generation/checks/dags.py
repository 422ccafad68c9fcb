"""DAGs and tasks as far as the text alone tells them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from airflow_provider_wfintel.engine.model import ValidationIssue

__all__ = ["dag_facts", "dag_issues"]

_NO_TASK = frozenset({"DAG", "dag", "TaskGroup", "task_group", "ExternalTaskSensor"})


def _name(node: ast.expr) -> str:
    while isinstance(node, ast.Call | ast.Attribute) and not isinstance(node, ast.Attribute):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr if not isinstance(node.value, ast.Name) else f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _constant(call: ast.Call, *names: str) -> str:
    for keyword in call.keywords:
        if keyword.arg in names and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
            return keyword.value.value
    return ""


def _dag_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in ("DAG", "dag"):
            yield node


def _tasks(body: list[ast.stmt], scope: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Full ids of the tasks that statements make, with their lines. Loops and functions but `@dag` are left out."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef) and any(_name(item) == "dag" for item in statement.decorator_list):
            yield from _tasks(statement.body, (*scope, statement.name))
        elif isinstance(statement, ast.With):
            inner = scope
            for item in statement.items:
                if isinstance(item.context_expr, ast.Call):
                    name = _constant(item.context_expr, "group_id", "dag_id")
                    positional = item.context_expr.args[:1]
                    if not name and positional and isinstance(positional[0], ast.Constant):
                        name = str(positional[0].value)
                    inner = (*inner, name)
            yield from _tasks(statement.body, inner)
        elif isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign):
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and _name(node.func) not in _NO_TASK:
                    task_id = _constant(node, "task_id")
                    if task_id:
                        yield "/".join((*scope, task_id)), node.lineno


def dag_facts(tree: ast.Module) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The DAG ids and task ids that stand in the text as literals."""
    dag_ids = []
    for call in _dag_calls(tree):
        positional = call.args[0] if call.args else None
        found = _constant(call, "dag_id")
        if not found and isinstance(positional, ast.Constant) and isinstance(positional.value, str):
            found = positional.value
        if found:
            dag_ids.append(found)
    tasks = [path.rsplit("/", 1)[-1] for path, _ in _tasks(tree.body, ())]
    tasks += [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(_name(item).split(".")[0] == "task" and not _task_id(item) for item in node.decorator_list)
    ]
    tasks += [
        _task_id(item)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for item in node.decorator_list
        if _task_id(item)
    ]
    return tuple(dict.fromkeys(dag_ids)), tuple(dict.fromkeys(tasks))


def _task_id(decorator: ast.expr) -> str:
    return _constant(decorator, "task_id") if isinstance(decorator, ast.Call) else ""


def dag_issues(tree: ast.Module) -> Iterator[ValidationIssue]:
    """No DAG at all, or a task id that is used twice."""
    if not any(True for _ in _dag_calls(tree)) and not any(
        isinstance(node, ast.FunctionDef) and any(_name(item) == "dag" for item in node.decorator_list)
        for node in tree.body
    ):
        yield ValidationIssue("dag", "the file defines no DAG", 0, "a DAG file needs `with DAG(...)` or `@dag`")
    seen: dict[str, int] = {}
    for path, line in _tasks(tree.body, ()):
        if path in seen:
            task_id = path.rsplit("/", 1)[-1]
            yield ValidationIssue("dag", f"the task id {task_id!r} is used twice", line, f"see line {seen[path]}")
        seen.setdefault(path, line)
