"""What each task reads and writes: its code is run symbolically with the arguments that the DAG file gives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.airflow_words import ContextValue, context_value
from airflow_provider_wfintel.engine.optimization.understanding.build import Decorator, TaskBuild, XComValue
from airflow_provider_wfintel.engine.optimization.understanding.calls import PartialCall
from airflow_provider_wfintel.engine.optimization.understanding.comments import Comments
from airflow_provider_wfintel.engine.optimization.understanding.effects import Effect, file_resource, xcom_resource
from airflow_provider_wfintel.engine.optimization.understanding.interpreter import Interpreter
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel, TaskRole
from airflow_provider_wfintel.engine.optimization.understanding.state import OutOfBudget, Recording
from airflow_provider_wfintel.engine.optimization.understanding.terms import text_of
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    FunctionValue,
    Hole,
    Term,
    Unknown,
    as_term,
)

__all__ = ["TaskReader"]

_EMPTY = {"EmptyOperator", "DummyOperator"}
_CONTROL_WORDS = ("Branch", "ShortCircuit", "LatestOnly", "TriggerDagRun", "ExternalTask", "Approval", "HITL")
_PYTHON = {"PythonOperator", "PythonSensor"}
_SQL = re.compile(
    r"(SQL|Sql|Postgres|Snowflake|Sqlite|MySql|Redshift|Trino|Presto|Vertica|Oracle|Mssql|Athena).*Operator$"
)
_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PULLED = re.compile(r"xcom_pull\(\s*(?:task_ids\s*=\s*)?(\[[^\]]*\]|['\"][\w.\-]+['\"])")
_ONE_PULLED = re.compile(
    r"(?:ti|task_instance)\.xcom_pull\(\s*(?:task_ids\s*=\s*)?['\"](?P<task>[\w.\-]+)['\"]"
    r"\s*(?:,\s*key\s*=\s*['\"](?P<key>[\w.\-]+)['\"]\s*)?\)"
)
_OF_THE_TRY = re.compile(r"\b(ti|task_instance|task|try_number|map_index)\b")
_QUOTED = re.compile(r"['\"]([\w.\-]+)['\"]")
_MOST_INSTANCES = 500
"""The most instances of a mapped task that are followed one by one."""
_CALLBACKS = ("pre_execute", "post_execute", "on_execute_callback", "on_success_callback", "on_skipped_callback")
"""Arguments by which code runs within a task that ends well."""
_BESIDE = "code run by"
_BESIDE_DATA = {
    "task_id", "dag", "default_args", "python_callable", "owner", "email", "doc_md", "doc", "sql", "op_args", "op_kwargs",
}  # fmt: skip


class TaskReader:
    """Reads the tasks of one file; values that tasks hand to each other are followed."""

    def __init__(self, interpreter: Interpreter, comments: Comments) -> None:
        self.interpreter = interpreter
        self.comments = comments
        self.done: dict[int, tuple[Recording, Any]] = {}

    def read(self, build: TaskBuild, position: int) -> TaskModel:
        """One task."""
        record, returns = self.run(build)
        effects = list(record.effects)
        declared = self._declared(build)
        if declared is not None:
            # A declaration speaks for the task's own code, not for code that runs beside it.
            beside = [effect for effect in effects if effect.why.startswith(_BESIDE)]
            effects = [effect for effect in effects if effect.kind != "opaque"] + beside + declared
        unknown = [effect.why for effect in effects if effect.kind == "opaque"]
        effects.append(Effect("write", xcom_resource(build.task_id), "every task may hand on a value"))
        return TaskModel(
            build.task_id,
            _role(build, record),
            build.operator,
            not unknown,
            tuple(unknown[:5]),
            tuple(dict.fromkeys(effects)),
            tuple(record.verdicts),
            returns,
            record,
            build,
            position,
        )

    def run(self, build: TaskBuild) -> tuple[Recording, Any]:
        """Run the code of a task once for every mapped instance."""
        if id(build) in self.done:
            return self.done[id(build)]
        self.done[id(build)] = (Recording(), Unknown("a value that depends on itself"))
        reader = self.interpreter
        outer, reader.task, reader.path = reader.task, build, ()
        dag, reader.dag = reader.dag, None
        doubt, reader.doubt = reader.doubt, 0
        context, module = (reader.context_for, reader.context_value), reader.module
        try:
            with reader.recording() as record, reader.task_budget():
                returns = self._effects(build)
        except (OutOfBudget, RecursionError):
            record.effects[Effect("opaque", "", "the code takes too many steps to follow")] = None
            returns = Unknown("too many steps")
        finally:
            reader.task, reader.dag, reader.doubt, reader.module = outer, dag, doubt, module
            reader.context_for, reader.context_value = context
        self.done[id(build)] = (record, returns)
        return self.done[id(build)]

    def _effects(self, build: TaskBuild) -> Any:
        reader, name = self.interpreter, build.operator.rpartition(".")[2]
        for item in _outputs(build):
            reader.effect("read", xcom_resource(item), build.site.node, f"output of {item}")
        self._templates(build)
        self._assets(build)
        for key in _CALLBACKS:
            if build.arguments.get(key):
                reader.opaque(f"{_BESIDE} {key}", build.site.node)
        if name in _EMPTY:
            return None
        if build.operator in ("task", "task.sensor", "task.python") or name in _PYTHON:
            return self._python(build)
        if _SQL.search(name) and "sql" in build.arguments:
            return self._sql_operator(build, name)
        if name == "FileSensor" and (term := as_term(build.arguments.get("filepath"))) is not None:
            resource = file_resource(term)
            if resource is not None and not build.arguments.get("fs_conn_id"):
                reader.effect("read", resource, build.site.node, f"waits for {term.text}")
                return None
        reader.opaque(f"the operator {name}", build.site.node)
        return Unknown(name)

    def _sql_operator(self, build: TaskBuild, name: str) -> Any:
        reader, statement = self.interpreter, build.arguments["sql"]
        files = [item for item in (statement if isinstance(statement, list) else [statement]) if _is_file(item)]
        if files:
            reader.opaque(f"SQL of the file {files[0]}", build.site.node)
            return Unknown("rows")
        reader.sql(self._value(statement), build.site.node)
        if "Check" in name or "Threshold" in name:
            reader.gate(name, build.site.node)
        return Unknown("rows")

    def _python(self, build: TaskBuild) -> Any:
        function = build.function
        extra_args: tuple[Any, ...] = ()
        extra: dict[str, Any] = {}
        while isinstance(function, PartialCall):
            extra_args, extra = (*function.args, *extra_args), {**function.kwargs, **extra}
            function = function.function
        if isinstance(function, Decorator):
            function = function.function
        if not isinstance(function, FunctionValue):
            self.interpreter.opaque("a callable whose code is not at hand", build.site.node)
            return Unknown("result")
        instances = _instances(build, self._value)
        results = [self._call(function, [*extra_args, *args], {**extra, **kwargs}, build) for args, kwargs in instances]
        return results[0] if build.expanded is None else self._gathered(build, results)

    def _gathered(self, build: TaskBuild, results: list[Any]) -> Any:
        """What those see who take the output of a mapped task: a list of what the instances return, without `None`."""
        if build.instances == 0 or any(as_term(item) is None for item in results):
            return Unknown("results of mapped instances")
        return [item for item in results if item is not None]

    def _call(self, function: FunctionValue, args: list[Any], kwargs: dict[str, Any], build: TaskBuild) -> Any:
        reader = self.interpreter
        spec = function.shown.node.args
        names = [item.arg for item in (*spec.posonlyargs, *spec.args)]
        values = [self._value(item) for item in args]
        named = {key: self._value(item) for key, item in kwargs.items()}
        for parameter in (*names[len(values) :], *(item.arg for item in spec.kwonlyargs)):
            if parameter not in named:
                given = context_value(parameter)
                if given is not None:
                    named[parameter] = given
        # What wraps a function without `**context` gets no context either: Airflow looks at the signature that is shown.
        reader.context_for = function if function.wraps is None or spec.kwarg is not None else None
        reader.context_value = ContextValue()
        try:
            return reader.call_function(function, values, named)
        finally:
            reader.context_for = None

    def _value(self, value: Any) -> Any:
        """What a task sees of an argument: outputs are followed to what the other task returns, templates to text."""
        if isinstance(value, XComValue):
            if value.key != "return_value":
                return Unknown("an XCom")
            _, returns = self.run(value.task)
            for function in value.maps:
                if not isinstance(returns, list):
                    return Unknown("mapped items")
                returns = [self.interpreter.call(function, [item], {}, value.task.site.node) for item in returns]
            return returns if not isinstance(returns, Unknown) else Unknown("an XCom")
        if isinstance(value, str) and "{{" in value:
            return self._rendered(value)
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self._value(item) for item in value)
        if isinstance(value, dict):
            return {key: self._value(item) for key, item in value.items()}
        return value

    def _rendered(self, text: str) -> Any:
        """A template as text with holes: each `{{ … }}` is one value in the whole run, or differs by task."""
        parts: list[str | Hole] = []
        for index, piece in enumerate(_TEMPLATE.split(text)):
            if index % 2:
                parts.extend(self._hole(piece))
            elif piece:
                parts.append(piece)
        return text_of(parts) if all(isinstance(part, str) for part in parts) else Term(tuple(parts))

    def _hole(self, piece: str) -> tuple[str | Hole, ...]:
        """One `{{ … }}`; of the output of a task what its code says, if that is known."""
        pulled = _ONE_PULLED.fullmatch(piece.strip())
        if pulled is not None:
            value = self.interpreter.value_of(pulled["task"], pulled["key"] or "return_value")
            term = as_term(value) if isinstance(value, str | int | Term) else None
            if term is not None and not term.varying:
                return term.parts
            return (Hole("{{" + piece + "}}", varying=True),)
        return (Hole("{{" + " ".join(piece.split()) + "}}", bool(_OF_THE_TRY.search(piece))),)

    def _templates(self, build: TaskBuild) -> None:
        reader = self.interpreter
        values = [item for key, item in build.arguments.items() if key not in _BESIDE_DATA]
        if any("{%" in text for text in _texts([values, build.call_args, build.call_kwargs, build.expanded], "{%")):
            reader.opaque("a template with statements", build.site.node)
        for text in _texts([values, build.arguments.get("sql"), build.call_args, build.call_kwargs, build.expanded]):
            for inner in _TEMPLATE.findall(text):
                if "xcom_pull" in inner:
                    found = [name for group in _PULLED.findall(inner) for name in _QUOTED.findall(group)]
                    if not found:
                        reader.opaque("a template that pulls an XCom of an unknown task", build.site.node)
                    for name in found:
                        reader.effect("read", xcom_resource(name), build.site.node, f"template pulls {name}")

    def _assets(self, build: TaskBuild) -> None:
        for key, kind in (("inlets", "read"), ("outlets", "write")):
            items = build.arguments.get(key) or []
            for item in items if isinstance(items, list | tuple) else [items]:
                term = as_term(item)
                if term is not None:
                    self.interpreter.effect(kind, f"asset:{term.text}", build.site.node, f"{key} {term.text}")  # type: ignore[arg-type]

    def _declared(self, build: TaskBuild) -> list[Effect] | None:
        lines = [item for item in (build.site.statement, build.definition) if item is not None]
        for statement in lines:
            first = min([statement.lineno, *(item.lineno for item in getattr(statement, "decorator_list", ()))])
            last = statement.lineno if build.definition is statement else statement.end_lineno or statement.lineno
            found = self.comments.declaration(first, last)
            if found is not None:
                return [
                    *(Effect("read", f"table:{name.lower()}", "declared in a comment") for name in found.reads),
                    *(Effect("write", f"table:{name.lower()}", "declared in a comment") for name in found.writes),
                ]
        if build.arguments.get("inlets") and build.arguments.get("outlets"):
            return []
        return None


def _instances(build: TaskBuild, value: Callable[[Any], Any]) -> list[tuple[list[Any], dict[str, Any]]]:
    """Arguments of every mapped instance; of a task that is not mapped, its own. Notes how many instances there are.

    `value` gives what a task sees of an argument.
    """
    args, kwargs = list(build.call_args), dict(build.call_kwargs)
    over = build.expanded
    if not isinstance(over, Mapping):
        return [(args, kwargs)]
    made: list[tuple[list[Any], dict[str, Any]]] = [(args, kwargs)]
    counted = True
    for name, given_items in over.items():
        items = value(given_items)
        known = list(items.items()) if isinstance(items, dict) else items
        if not isinstance(known, list | tuple) or len(known) > _MOST_INSTANCES:
            known, counted = [Unknown("a mapped item")], False
        if name == "op_args":
            made = [
                ([*(item if isinstance(item, list | tuple) else [item])], named) for _, named in made for item in known
            ]
        elif name in ("op_kwargs", "*"):
            made = [(given, {**named, **item}) if isinstance(item, dict) else (given, {**named, "*": Unknown()})
                    for given, named in made for item in known]  # fmt: skip
        else:
            made = [(given, {**named, name: item}) for given, named in made for item in known]
    build.instances = len(made) if counted else 0
    return made or [(args, kwargs)]


def _role(build: TaskBuild, record: Recording) -> TaskRole:
    name = build.operator.rpartition(".")[2]
    if "*fixture" in build.arguments or record.skips or any(word in name for word in _CONTROL_WORDS):
        return "control"
    if build.operator in ("task.branch", "task.short_circuit", "task.run_if", "task.skip_if"):
        return "control"
    if name in _EMPTY:
        return "empty"
    return "sensor" if "Sensor" in name or build.operator == "task.sensor" else "work"


def _outputs(build: TaskBuild) -> list[str]:
    found: dict[str, None] = {}

    def walk(value: Any) -> None:
        if isinstance(value, XComValue):
            found[value.task.task_id] = None
        elif isinstance(value, list | tuple | set):
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key != "dag":
                    walk(item)

    walk([build.arguments, build.call_args, build.call_kwargs, build.expanded])
    found.pop(build.task_id, None)
    return list(found)


def _texts(value: Any, mark: str = "{{", depth: int = 0) -> list[str]:
    if isinstance(value, str):
        return [value] if mark in value else []
    if depth > 6:
        return []
    if isinstance(value, list | tuple | set):
        return [text for item in value for text in _texts(item, mark, depth + 1)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item, mark, depth + 1)]
    if isinstance(value, Term):
        return [part for part in value.parts if isinstance(part, str) and mark in part]
    return []


def _is_file(statement: Any) -> bool:
    return isinstance(statement, str) and statement.strip().endswith((".sql", ".hql"))
