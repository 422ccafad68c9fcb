"""The words of Airflow in a DAG file: DAGs, task groups, operators, `@task`, mapping, chains, XComs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.build import (
    DagBuild,
    Decorator,
    EdgeLabel,
    GroupBuild,
    OperatorClass,
    PartialOperator,
    TaskBuild,
    XComValue,
)
from airflow_provider_wfintel.engine.optimization.understanding.library import Library
from airflow_provider_wfintel.engine.optimization.understanding.links import walk_tasks
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    External,
    FunctionValue,
    Hole,
    Term,
    Unknown,
)

__all__ = ["AirflowWords", "ContextValue", "TaskInstanceValue", "context_value"]

_PLACES = (".operators.", ".sensors.", ".transfers.", ".operators", ".sensors")
_CONTEXT_NAMES = {
    "ds",
    "ts",
    "run_id",
    "logical_date",
    "data_interval_start",
    "data_interval_end",
    "ds_nodash",
    "ts_nodash",
    "params",
    "dag_run",
}


class AirflowWords(Library):
    """The part of the reader that knows Airflow."""

    def call_airflow(self, function: External, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """Call something of Airflow; `NotImplemented` if it is not one of the words known here."""
        name, dotted = function.name, function.dotted
        if name == "DAG":
            return self._dag(args, kwargs, node)
        if name == "TaskGroup":
            group_id = args[0] if args else kwargs.get("group_id")
            return self.make_group(group_id, kwargs.get("dag"), kwargs.get("prefix_group_id", True))
        if name in ("dag", "task_group") or dotted.split(".")[-2:-1] == ["task"] or name == "task":
            return self._decorate(name if name in ("dag", "task_group") else dotted, args, kwargs)
        if name == "Label":
            return EdgeLabel(str(args[0]) if args else "")
        if name in ("chain", "chain_linear"):
            self.chain(args, node)
            return None
        if name == "cross_downstream":
            self.link(args[0] if args else [], args[1] if len(args) > 1 else [], "call", node)
            return None
        if name in ("Asset", "Dataset") and (args or kwargs):
            return Term((Hole(f"asset {args[0] if args else kwargs.get('uri', kwargs.get('name'))}"),))
        if name == "get_current_context":
            return ContextValue()
        if name == "PokeReturnValue":
            return Unknown("the answer of a sensor")
        if name.endswith(("Operator", "Sensor", "SensorAsync")) or any(place in dotted for place in _PLACES):
            return self.make_task(OperatorClass(dotted), args, kwargs, node)
        return NotImplemented

    def _dag(self, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> DagBuild:
        dag_id = args[0] if args else kwargs.get("dag_id", "")
        defaults = kwargs.get("default_args")
        dag = DagBuild(
            dag_id if isinstance(dag_id, str) else "",
            self.site(node),
            dict(kwargs),
            dict(defaults) if isinstance(defaults, dict) else {},
        )
        if isinstance(defaults, Unknown) or not isinstance(dag_id, str):
            dag.doubts.append("the arguments of the DAG are not known")
        self.dags.append(dag)
        return dag

    def make_group(self, group_id: Any, dag: Any, prefixed: Any = True) -> GroupBuild | Unknown:
        """A task group within the DAG and group that the reader is in."""
        owner = dag if isinstance(dag, DagBuild) else self.dag
        if owner is None or not isinstance(group_id, str):
            self.doubtful("a task group without a known name")
            return Unknown("task group")
        outer = self.group.prefix if self.group is not None else ""
        full = self._unique(owner, outer + group_id, "__")
        return GroupBuild(full, f"{full}." if prefixed else "", owner, self.group)

    # operators
    def make_task(
        self,
        operator: OperatorClass,
        args: list[Any],
        kwargs: Mapping[str, Any],
        node: ast.AST,
        *,
        expanded: Any = None,
    ) -> Any:
        """A task of an operator class."""
        if self.task is not None:
            self.opaque(f"an operator made within a task ({operator.name})", node)
            return Unknown(operator.name, foreign=True)
        dag = kwargs.get("dag")
        owner = dag if isinstance(dag, DagBuild) else self.dag
        task_id = kwargs.get("task_id", args[0] if args else None)
        if owner is None or not isinstance(task_id, str):
            self.doubtful(f"a task at line {getattr(node, 'lineno', 0)} has no known id or DAG")
            if owner is not None:
                owner.doubts.append("a task without a known id")
            return Unknown("task", foreign=True)
        arguments = {**owner.default_args, **kwargs}
        task = TaskBuild(
            self._prefix(task_id), "operator", operator.dotted, self.site(node), owner, arguments, expanded=expanded
        )
        task.function = arguments.get("python_callable")
        task.call_args = _listed(arguments.get("op_args"))
        given = arguments.get("op_kwargs")
        task.call_kwargs = dict(given) if isinstance(given, dict) else ({} if given is None else {"*": Unknown()})
        task.partial = expanded is not None
        self._add(task, [kwargs, expanded])
        return task

    def _add(self, task: TaskBuild, values: Any) -> None:
        if self.doubt:
            task.dag.doubts.append(f"whether {task.task_id} is made is not known")
        task.group = self.group
        group = self.group
        while group is not None:
            group.tasks.append(task)
            group = group.parent
        task.dag.tasks.append(task)
        for upstream in dict.fromkeys(_outputs(values)):
            if upstream is not task:
                self.link(upstream, task, "xcom", task.site.node)

    def _prefix(self, task_id: str) -> str:
        return (self.group.prefix if self.group is not None else "") + task_id

    def _unique(self, dag: DagBuild, name: str, glue: str) -> str:
        """A name with `__1`, `__2`, … if it is taken, as Airflow does for TaskFlow tasks and groups."""
        number = dag.names.get(name, -1) + 1
        dag.names[name] = number
        return f"{name}{glue}{number}" if number else name

    # decorators
    def _decorate(self, kind: str, args: list[Any], kwargs: Mapping[str, Any]) -> Decorator:
        word = "task" if kind not in ("dag", "task_group") else kind
        flavour = kind.partition(".task.")[2] if word == "task" else ""
        options = {**kwargs, **({"*flavour": flavour} if flavour else {})}
        if args and isinstance(args[0], FunctionValue | Decorator):
            return Decorator(word, options, args[0])
        if args and word == "dag":
            options.setdefault("dag_id", args[0])
        return Decorator(word, options)

    def call_decorator(self, made: Decorator, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """Call `@task(...)` on a function, or a decorated function to make a task, group or DAG."""
        if made.function is None:
            if args and isinstance(args[0], FunctionValue | Decorator):
                # A gate does what its function does, or nothing.
                return args[0] if made.kind == "gate" else Decorator(made.kind, made.options, args[0])
            return Decorator(made.kind, {**made.options, **kwargs})
        function = made.function
        if isinstance(function, Decorator):  # @setup, @teardown and the like around @task
            return self.call_decorator(function, args, kwargs, node)
        options = {**made.options, **made.overrides}
        if made.kind == "dag":
            return self._run_dag(function, options, args, kwargs, node)
        if made.kind == "task_group":
            return self._run_group(function, options, args, kwargs)
        return self._taskflow(function, options, args, {**(made.partial or {}), **kwargs}, node)

    def _run_dag(
        self, function: FunctionValue, options: dict[str, Any], args: list[Any], kwargs: dict[str, Any], node: ast.AST
    ) -> DagBuild:
        dag = self._dag([], {"dag_id": function.name, **options}, node)
        outer, outer_group = self.dag, self.group
        self.dag, self.group = dag, None
        if isinstance(function.node, ast.FunctionDef):
            dag.block = function.node if function.module == "__dag_file__" else None
        try:
            parameters = [item.arg for item in function.node.args.args]
            values = {name: Term((Hole(f"params.{name}"),)) for name in parameters if name not in kwargs}
            self.call_function(function, args, {**dict(list(values.items())[len(args) :]), **kwargs})
            if self.last_frame is not None:
                dag.final = dict(self.last_frame.variables)
        finally:
            self.dag, self.group = outer, outer_group
        return dag

    def _run_group(
        self, function: FunctionValue, options: dict[str, Any], args: list[Any], kwargs: dict[str, Any]
    ) -> Any:
        group = self.make_group(options.get("group_id", function.name), None)
        outer = self.group
        if isinstance(group, GroupBuild):
            self.group = group
        try:
            result = self.call_function(function, args, kwargs)
        finally:
            self.group = outer
        return group if result is None else result

    def _taskflow(
        self,
        function: FunctionValue,
        options: dict[str, Any],
        args: list[Any],
        kwargs: dict[str, Any],
        node: ast.AST,
        expanded: Any = None,
    ) -> Any:
        if self.task is not None:
            return self.call_function(function, args, kwargs)
        if self.dag is None:
            self.notes.append(f"a task at line {getattr(node, 'lineno', 0)} outside of every DAG")
            return Unknown("task", foreign=True)
        name = options.get("task_id", function.name)
        if not isinstance(name, str):
            self.doubtful(f"a task at line {getattr(node, 'lineno', 0)} has no known id")
            return Unknown("task", foreign=True)
        flavour = options.get("*flavour", "")
        arguments = {**self.dag.default_args, **{key: item for key, item in options.items() if key != "*flavour"}}
        task = TaskBuild(
            self._unique(self.dag, self._prefix(name), "__"), "taskflow", f"task.{flavour}" if flavour else "task",
            self.site(node), self.dag, arguments, function, tuple(args), kwargs, expanded, expanded is not None,
        )  # fmt: skip
        task.definition = function.node if isinstance(function.node, ast.FunctionDef) else None
        self._add(task, [args, kwargs, expanded])
        return XComValue(task)

    # methods
    def airflow_method(self, owner: Any, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """A method of a task, a decorated function, an operator class, a DAG; `NotImplemented` if there is none."""
        if isinstance(owner, TaskBuild | XComValue | GroupBuild):
            return self._task_method(owner, name, args, kwargs, node)
        if isinstance(owner, Decorator):
            return self._decorator_method(owner, name, kwargs, node)
        if isinstance(owner, OperatorClass) and name == "partial":
            return PartialOperator(owner, kwargs)
        if isinstance(owner, PartialOperator) and name in ("expand", "expand_kwargs"):
            over = kwargs if name == "expand" else {"*": args[0] if args else Unknown()}
            return self.make_task(owner.operator, [], owner.arguments, node, expanded=over)
        if isinstance(owner, DagBuild):
            if name == "get_task" and args:
                return next((task for task in owner.tasks if task.task_id == args[0]), Unknown("task"))
            return Unknown(f"dag.{name}")
        return NotImplemented

    def _task_method(self, owner: Any, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        if name == "set_downstream":
            self.link(owner, args[0] if args else [], "call", node)
            return None
        if name == "set_upstream":
            self.link(args[0] if args else [], owner, "call", node)
            return None
        if name in ("as_setup", "as_teardown"):
            for task in walk_tasks(owner):
                task.arguments["*fixture"] = name
            if isinstance(kwargs.get("setups"), TaskBuild | XComValue | list):
                self.link(kwargs["setups"], owner, "other", node)
            return owner
        if name in ("add", "__enter__", "__exit__"):
            return owner
        if name == "map" and isinstance(owner, XComValue) and len(args) == 1:
            return XComValue(owner.task, owner.key, (*owner.maps, args[0]))
        self.doubtful(f"the method {name} of a task at line {getattr(node, 'lineno', 0)} is not read")
        return Unknown(name, foreign=True)

    def _decorator_method(self, made: Decorator, name: str, kwargs: dict[str, Any], node: ast.AST) -> Any:
        if name == "override":
            return Decorator(made.kind, made.options, made.function, {**made.overrides, **kwargs})
        if name == "partial":
            return Decorator(made.kind, made.options, made.function, made.overrides, {**(made.partial or {}), **kwargs})
        if name in ("expand", "expand_kwargs") and isinstance(made.function, FunctionValue):
            if made.kind != "task":
                self.doubtful("a mapped task group")
                return Unknown("mapped group", foreign=True)
            options = {**made.options, **made.overrides}
            return self._taskflow(
                made.function, options, [], dict(made.partial or {}), node, expanded=kwargs or {"*": Unknown()}
            )
        if name == "function":
            return made.function
        return Unknown(name, foreign=True)


class ContextValue:
    """The context of a running task, with the arguments that the task was given."""

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self.items = dict(items or {})

    def given(self, items: Mapping[str, Any]) -> ContextValue:
        """The same with arguments of the task."""
        return ContextValue(items)

    def item(self, key: Any) -> Any:
        """What the context holds under a name."""
        if isinstance(key, str) and key in self.items:
            return self.items[key]
        if key in ("ti", "task_instance"):
            return TaskInstanceValue()
        if key in _CONTEXT_NAMES:
            return Term((Hole(str(key)),))
        return Unknown(f"context {key}", foreign=True)


class TaskInstanceValue:
    """`ti` within a running task."""


def context_value(name: str) -> Any:
    """What Airflow hands to a parameter of that name, or None if it hands nothing."""
    if name in ("ti", "task_instance"):
        return TaskInstanceValue()
    if name in _CONTEXT_NAMES:
        return Term((Hole(name),))
    if name in (
        "context",
        "task",
        "dag",
        "macros",
        "var",
        "conn",
        "outlet_events",
        "inlet_events",
        "triggering_asset_events",
    ):
        return ContextValue() if name == "context" else Unknown(name, foreign=True)
    return None


def _listed(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (Unknown("op_args", foreign=False),)


def _outputs(values: Any) -> list[TaskBuild]:
    """Tasks whose outputs stand in the values."""
    if isinstance(values, XComValue):
        return [values.task]
    if isinstance(values, list | tuple | set):
        return [task for item in values for task in _outputs(item)]
    if isinstance(values, dict):
        return [task for key, item in values.items() if key != "dag" for task in _outputs(item)]
    return []
