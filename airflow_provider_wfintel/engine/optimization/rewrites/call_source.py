"""The source of calling what a task calls, so that several tasks can become one function."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import segment
from airflow_provider_wfintel.engine.optimization.rewrites.text import loaded
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue

__all__ = ["CallSource", "call_source", "settings_of"]

_PYTHON = ("PythonOperator",)
_OWN = {"task_id", "python_callable", "op_args", "op_kwargs", "priority_weight", "weight_rule", "doc_md", "doc"}
_BUILTINS = set(dir(builtins))


@dataclass(frozen=True, slots=True)
class CallSource:
    """A call.

    Attributes:
        text: its source.
        free: names in it that are no names of the module.
        definition: for TaskFlow, the function that has to lose its decorators.
        task_id: source of the task id.
        make: source of the operator class or decorator.
        settings: further arguments of the operator or decorator, as source.
    """

    text: str
    free: tuple[str, ...]
    definition: ast.FunctionDef | None
    task_id: str
    make: str
    settings: tuple[tuple[str, str], ...]


def call_source(draft: Draft, task: TaskModel) -> CallSource | None:
    """The call that a task makes, or None if it cannot be written elsewhere."""
    build = task.build
    call = build.site.node
    if not isinstance(call, ast.Call) or build.expanded is not None or build.group is not None:
        return None
    if any(isinstance(item, str) and "{{" in item for item in _flat([build.call_args, build.call_kwargs])):
        return None  # Airflow renders templates in arguments only
    if build.kind == "taskflow":
        return _taskflow(draft, task, call)
    if build.operator.rpartition(".")[2] not in _PYTHON or call.args:
        return None
    return _operator(draft, call)


def _operator(draft: Draft, call: ast.Call) -> CallSource | None:
    given = {item.arg: item.value for item in call.keywords if item.arg is not None}
    if len(given) != len(call.keywords) or "python_callable" not in given or "task_id" not in given:
        return None
    source = draft.source
    arguments: list[str] = []
    nodes: list[ast.expr] = [given["python_callable"]]
    if "op_args" in given:
        value = given["op_args"]
        nodes.append(value)
        if isinstance(value, ast.List | ast.Tuple):
            arguments += [segment(source, item) for item in value.elts]
        else:
            arguments.append(f"*{segment(source, value)}")
    if "op_kwargs" in given:
        value = given["op_kwargs"]
        nodes.append(value)
        pairs = _pairs(value)
        if pairs is not None:
            arguments += [f"{name}={segment(source, item)}" for name, item in pairs]
        elif (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id == "dict"
            and not value.args
        ):
            arguments += [f"{item.arg}={segment(source, item.value)}" for item in value.keywords]
        else:
            arguments.append(f"**{segment(source, value)}")
    settings = tuple((name, segment(source, value)) for name, value in given.items() if name not in _OWN)
    text = f"{segment(source, given['python_callable'])}({', '.join(arguments)})"
    return CallSource(
        _wrapped(segment(source, given["python_callable"]), arguments) if len(text) > 100 else text,
        _free(draft, nodes), None, segment(source, given["task_id"]), segment(source, call.func), settings,
    )  # fmt: skip


def _taskflow(draft: Draft, task: TaskModel, call: ast.Call) -> CallSource | None:
    function = task.build.function
    if (
        not isinstance(function, FunctionValue)
        or not isinstance(function.node, ast.FunctionDef)
        or function.module != MAIN
    ):
        return None
    node = function.node
    if (
        task.build.operator not in ("task", "task.python")
        or len(node.decorator_list) != 1
        or not isinstance(call.func, ast.Name)
    ):
        return None
    decorator = node.decorator_list[0]
    source = draft.source
    settings: list[tuple[str, str]] = []
    task_id = ""
    make = segment(source, decorator)
    if isinstance(decorator, ast.Call):
        if decorator.args or any(item.arg is None for item in decorator.keywords):
            return None
        make = segment(source, decorator.func)
        for item in decorator.keywords:
            if item.arg == "task_id":
                task_id = segment(source, item.value)
            elif item.arg not in _OWN:
                settings.append((str(item.arg), segment(source, item.value)))
    uses = sum(
        isinstance(item, ast.Name) and item.id == node.name and isinstance(item.ctx, ast.Load)
        for item in ast.walk(draft.file.tree)
    )
    if uses != 1:
        return None
    inner = [*call.args, *(item.value for item in call.keywords)]
    return CallSource(
        segment(source, call),
        tuple(name for name in _free(draft, inner) if name != node.name),
        node,
        task_id,
        make,
        tuple(settings),
    )


def settings_of(task: TaskModel) -> tuple[object, ...]:
    """What has to be the same for tasks that become one."""
    names = (
        "pool",
        "pool_slots",
        "retries",
        "retry_delay",
        "queue",
        "executor",
        "run_as_user",
        "execution_timeout",
        "trigger_rule",
    )
    return tuple(repr(task.argument(name)) for name in names)


def _pairs(value: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """Names and values of a dict literal with constant keys."""
    if not isinstance(value, ast.Dict):
        return None
    pairs = []
    for key, item in zip(value.keys, value.values, strict=True):
        if not isinstance(key, ast.Constant):
            return None
        pairs.append((str(key.value), item))
    return pairs


def _free(draft: Draft, nodes: list[ast.expr]) -> tuple[str, ...]:
    """Names that are not known in the whole module, in the order of the alphabet."""
    body = draft.file.tree.body
    known: set[str] = set(_BUILTINS)
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            known |= {(item.asname or item.name).partition(".")[0] for item in statement.names}
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            known.add(statement.name)
        elif isinstance(statement, ast.Assign):
            known |= {item.id for item in statement.targets if isinstance(item, ast.Name)}
    bound = {
        item.id
        for node in nodes
        for item in ast.walk(node)
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
    }
    return tuple(sorted(loaded(nodes) - known - bound))


def _wrapped(function: str, arguments: list[str]) -> str:
    return f"{function}(\n" + "".join(f"    {item},\n" for item in arguments) + ")"


def _flat(value: object) -> list[object]:
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _flat(item)]
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in _flat(item)]
    return [value]
