"""Calls that run code or commands, and work that is done each time the file is parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from airflow_provider_wfintel.engine.generation.checks.imports import imported_names, top_level
from airflow_provider_wfintel.engine.model import ValidationIssue

__all__ = ["call_issues"]

_FORBIDDEN = frozenset((
    "eval", "exec", "compile", "__import__", "breakpoint", "globals", "locals", "vars", "input", "setattr",
    "delattr", "memoryview",
))  # fmt: skip
_FORBIDDEN_ROOTS = frozenset((
    "os", "subprocess", "ctypes", "socket", "shutil", "multiprocessing", "pickle", "marshal", "shelve",
    "pty", "builtins", "code", "importlib",
))  # fmt: skip
_DUNDERS = frozenset({"__doc__", "__name__", "__file__", "__class__"})
_TOP_BUILTINS = frozenset("bool dict enumerate float frozenset int len list range set sorted str tuple zip".split())  # noqa: SIM905
_TOP_METHODS = frozenset((
    "as_setup", "as_teardown", "concat", "expand", "expand_kwargs", "format", "join", "map", "override",
    "partial", "set_downstream", "set_upstream", "zip", "split", "items", "keys", "values", "lower", "upper",
    "replace", "duration", "datetime", "today",
))  # fmt: skip
_WORKING = frozenset({"Variable.get", "Connection.get", "BaseHook.get_connection", "BaseHook.get_hook"})


def call_issues(tree: ast.Module) -> Iterator[ValidationIssue]:
    """Forbidden calls anywhere, and any work at the top level."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _forbidden(node)
        elif isinstance(node, ast.Attribute) and _is_dunder(node.attr) and node.attr not in _DUNDERS:
            yield ValidationIssue("calls", f"the inner attribute {node.attr}", node.lineno, "leave it out")
        elif isinstance(node, ast.Name) and _is_dunder(node.id) and node.id not in _DUNDERS | {"__import__"}:
            yield ValidationIssue("calls", f"the inner name {node.id}", node.lineno, "leave it out")
    yield from _top_level_work(tree)


def _is_dunder(name: str) -> bool:
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of a call; empty if it is no plain name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _forbidden(node: ast.Call) -> Iterator[ValidationIssue]:
    name = _dotted(node.func)
    if name in _FORBIDDEN or name.split(".")[0] in _FORBIDDEN_ROOTS:
        yield ValidationIssue("calls", f"{name}() is not allowed", node.lineno, "use an operator for this work")


def _top_level_work(tree: ast.Module) -> Iterator[ValidationIssue]:
    imports = imported_names(tree)
    own = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef) and _decorated(node)
    }
    for node in top_level(tree):
        if isinstance(node, ast.Call):
            yield from _judge_call(node, imports, own)
        elif isinstance(node, ast.While | ast.Try | ast.AsyncFor | ast.AsyncWith | ast.Delete | ast.Raise):
            kind = type(node).__name__.lower()
            yield ValidationIssue("calls", f"{kind} at the top level", node.lineno, "it runs at every parse")
    for statement in tree.body:
        if isinstance(statement, ast.With) and not _opens_dag(statement, imports):
            yield ValidationIssue("calls", "with at the top level opens no DAG", statement.lineno)


def _decorated(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether calling the function only describes a task, a group or a DAG."""
    for decorator in node.decorator_list:
        head = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _dotted(head).split(".")[0] in ("task", "dag", "task_group", "setup", "teardown", "asset"):
            return True
    return False


def _opens_dag(statement: ast.With, imports: dict[str, str]) -> bool:
    calls = [item.context_expr.func for item in statement.items if isinstance(item.context_expr, ast.Call)]
    return any(imports.get(_dotted(call), "").endswith(":DAG") for call in calls)


def _judge_call(node: ast.Call, imports: dict[str, str], own: set[str]) -> Iterator[ValidationIssue]:
    name = _dotted(node.func)
    if not name:  # a call on a call or a text: judged by the method
        if isinstance(node.func, ast.Attribute) and node.func.attr in _TOP_METHODS:
            return
        if isinstance(node.func, ast.Call):
            return
        yield ValidationIssue("calls", "a computed call at the top level", node.lineno, "it runs at every parse")
        return
    head, _, rest = name.partition(".")
    origin = imports.get(head, "")
    if name in _WORKING or ".hooks." in origin:
        yield ValidationIssue(
            "calls", f"{name}() at the top level", node.lineno, "it runs at every parse: move it into a task"
        )
        return
    describes = (
        origin.startswith(("airflow.", "pendulum", "datetime", "zoneinfo", "cosmos", "fivetran", "great_exp"))
        or head in own
        or name in _TOP_BUILTINS
        or rest.rpartition(".")[2] in _TOP_METHODS
        or (origin.startswith(("pathlib:", "logging")) and rest in ("", "getLogger"))
    )
    if describes:
        return
    if not origin or origin.split(":")[0] in ("requests", "os", "json", "time", "random"):
        yield ValidationIssue("calls", f"{name}() at the top level", node.lineno, "it runs at every parse")
