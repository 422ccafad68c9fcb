"""The reader as a whole: it runs a DAG file symbolically and follows calls into the modules beside it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.airflow_words import (
    AirflowWords,
    ContextValue,
    TaskInstanceValue,
)
from airflow_provider_wfintel.engine.optimization.understanding.build import (
    DagBuild,
    Decorator,
    GroupBuild,
    OperatorClass,
    PartialOperator,
    TaskBuild,
    XComValue,
)
from airflow_provider_wfintel.engine.optimization.understanding.calls import PartialCall, SuperValue
from airflow_provider_wfintel.engine.optimization.understanding.effects import xcom_resource
from airflow_provider_wfintel.engine.optimization.understanding.library import DatabaseValue, FileValue
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN
from airflow_provider_wfintel.engine.optimization.understanding.terms import text_method
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    BoundMethod,
    ClassValue,
    External,
    Frame,
    FunctionValue,
    Hole,
    InstanceValue,
    PathTerm,
    RecordValue,
    Term,
    Unknown,
    acts,
    as_term,
    is_concrete,
    show,
)

__all__ = ["Interpreter"]

_VIEWS = {"items", "keys", "values"}
_LOOKS = {
    *_VIEWS, "get", "index", "count", "copy", "union", "intersection", "difference", "symmetric_difference", "issubset",
    "issuperset", "isdisjoint",
}  # fmt: skip
"""Methods of lists, dicts and sets that change nothing."""

_OWN = "airflow_provider_wfintel"
"""What DAG files import of this package makes no work when it is called at their top level."""


class Interpreter(AirflowWords):
    """Runs a DAG file and its sibling modules symbolically."""

    def value_of(self, task_id: str, key: Any) -> Any:
        """What a task hands on under a key, if its code says so."""
        if self.run_task is None:
            return Unknown("an XCom")
        returns = self.run_task(task_id)
        if key == "return_value":
            return Unknown("an XCom") if isinstance(returns, Unknown) else returns
        return self.pushed.get((task_id, str(key)), Unknown("an XCom"))

    def run_file(self, tree: ast.Module) -> Frame:
        """Run the DAG file itself."""
        frame = Frame(MAIN)
        self.modules[MAIN] = frame
        self.run_block(tree.body, frame, None)
        for dag in self.dags:
            if not dag.final:
                dag.final = dict(frame.variables)
        return frame

    def load_module(self, name: str) -> Frame | None:
        """Run a sibling module once."""
        if name in self.modules:
            return self.modules[name]
        source = self.siblings.get(name)
        if source is None:
            return None
        frame = Frame(name)
        self.modules[name] = frame
        outer = (self.module, self.dag, self.path)
        self.module, self.dag = name, None
        try:
            self.run_block(ast.parse(source).body, frame, None)
        except SyntaxError:
            del self.siblings[name]
            del self.modules[name]
            return None
        finally:
            self.module, self.dag, self.path = outer
        return frame

    def eval_Call(self, node: ast.Call, frame: Frame) -> Any:
        """`f(…)`."""
        function = self.evaluate(node.func, frame)
        args: list[Any] = []
        for item in node.args:
            if isinstance(item, ast.Starred):
                more = self.items_of(self.evaluate(item.value, frame))
                args.extend(more if more is not None else [Unknown("unknown arguments")])
            else:
                args.append(self.evaluate(item, frame))
        kwargs: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg is not None:
                kwargs[keyword.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                kwargs.update(value)
            else:
                kwargs["*"] = Unknown("unknown keyword arguments", getattr(value, "foreign", False))
        return self.call(function, args, kwargs, node)

    def call(self, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        """Call something with values."""
        values, named = list(args), dict(kwargs)
        if isinstance(function, FunctionValue):
            return self.call_function(function, values, named)
        if isinstance(function, BoundMethod):
            return self.call_method(function.owner, function.name, values, named, node)
        if isinstance(function, Decorator):
            return self.call_decorator(function, values, named, node)
        if isinstance(function, OperatorClass):
            return self.make_task(function, values, named, node)
        if isinstance(function, External):
            return self._call_imported(function, values, named, node)
        if isinstance(function, PartialCall):
            return self.call(function.function, [*function.args, *values], {**function.kwargs, **named}, node)
        if isinstance(function, ClassValue):
            return self._make_instance(function, values, named, node)
        if isinstance(function, InstanceValue):
            return self.call(self.field(function, "__call__"), values, named, node)
        if isinstance(function, Unknown):
            self.opaque("call of something that is not known", node)
            return Unknown("result", foreign=True)
        self.opaque(f"call of a {type(function).__name__}", node)
        return Unknown("result", foreign=True)

    def _call_imported(self, function: External, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        if function.name in ("partial", "override") and _is_operator(function):
            return PartialOperator(OperatorClass(function.dotted.rpartition(".")[0]), kwargs)
        if function.root == "airflow" or function.name.endswith(("Operator", "Sensor")):
            found = self.call_airflow(function, args, kwargs, node)
            if found is not NotImplemented:
                return found
        if function.root == _OWN and self.task is None:
            return (
                Decorator("gate", {}) if function.name == "only_if_changed" else Unknown(function.dotted, foreign=True)
            )
        if function.root == "airflow" and self.task is None:
            return Unknown(function.dotted, foreign=True)
        if function.name == "getLogger":
            return External("logging.logger")
        return self.call_external(function, args, kwargs, node)

    def call_method(self, owner: Any, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """Call a method of a value."""
        if isinstance(
            owner, TaskBuild | XComValue | GroupBuild | Decorator | OperatorClass | PartialOperator | DagBuild
        ):
            return self.airflow_method(owner, name, args, kwargs, node)
        if isinstance(owner, TaskInstanceValue | ContextValue):
            return self._context_method(owner, name, args, kwargs, node)
        if isinstance(owner, PathTerm):
            return self.path_method(owner, name, args, kwargs, node)
        if isinstance(owner, DatabaseValue):
            return self.database_method(name, args, kwargs, node)
        if isinstance(owner, FileValue):
            return Unknown("what is in a file")
        return self._method_of_data(owner, name, args, kwargs, node)

    def _method_of_data(self, owner: Any, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        root = owner
        while isinstance(root, BoundMethod):
            root = root.owner
        if isinstance(root, Unknown):
            return self.unknown_method(root, name, args, kwargs, node)
        if isinstance(owner, Term):
            changed = text_method(owner, name, args)
            if changed is not None and not kwargs:
                return changed
            text = f"{owner.text}.{name}({','.join(show(item) for item in args)})"
            return Term((Hole(text, owner.varying),)) if _all_terms(args) else Unknown(name)
        if isinstance(owner, list | dict | set):
            return self._container_method(owner, name, args, kwargs)
        if isinstance(owner, str) and name in ("join", "format") and not is_concrete([args, kwargs]):
            return self._text_method(owner, name, args, kwargs)
        if is_concrete(owner) and is_concrete(args) and is_concrete(kwargs) and not name.startswith("_"):
            try:
                return getattr(owner, name)(*args, **kwargs)
            except Exception:  # what a stranger's values do to a method is not our failure
                return Unknown(f"{name} fails")
        if not isinstance(owner, str | bytes | tuple | FileValue) and not is_concrete(owner):
            self.opaque(f"method {name} of a {type(owner).__name__}", node)
            return Unknown(name, foreign=True)
        return Unknown(name, acts(owner))

    def _container_method(self, owner: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if name not in _LOOKS:
            self.mutated(owner)
        if name in ("extend", "update") and args and not isinstance(owner, dict):
            items = self.items_of(args[0])
            getattr(owner, name)(items if items is not None else [Unknown("items", acts(args[0]))])
            return None
        if name == "sort" and isinstance(owner, list) and not (is_concrete(owner) and is_concrete(kwargs)):
            owner[:] = [Unknown("an item", acts(item)) for item in owner]
            return None
        if name in _VIEWS and isinstance(owner, dict):
            return list(getattr(owner, name)())
        try:
            if name == "pop" and self.doubt:
                return Unknown("an item")
            return getattr(owner, name)(*args, **kwargs)
        except Exception:  # what a stranger's values do to a method is not our failure
            return Unknown(f"{name} fails", acts(owner))

    def _text_method(self, owner: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        items = self.items_of(args[0]) if name == "join" and args else [*args, *kwargs.values()]
        terms = [as_term(item) for item in items or ()]
        if items is None or any(term is None for term in terms):
            return Unknown("text with an unknown part")
        marks = [f"\0{index}\0" for index in range(len(terms))]
        try:
            if name == "join":
                text = owner.join(marks)
            else:
                text = owner.format(*marks[: len(args)], **dict(zip(kwargs, marks[len(args) :], strict=True)))
        except (IndexError, KeyError, ValueError):
            return Unknown("a format that does not fit")
        parts: list[str | Hole] = []
        for index, piece in enumerate(text.split("\0")):
            term = terms[int(piece)] if index % 2 else Term((piece,))
            parts.extend(term.parts if term is not None else ())
        return Term(tuple(part for part in parts if part != ""))

    def _context_method(self, owner: Any, name: str, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        if isinstance(owner, ContextValue):
            return owner.item(args[0]) if name == "get" and args else Unknown("context", foreign=True)
        if name == "xcom_pull":
            wanted = args[0] if args else kwargs.get("task_ids")
            names = [wanted] if isinstance(wanted, str) else wanted
            if isinstance(names, list | tuple) and names and all(isinstance(item, str) for item in names):
                for item in names:
                    self.effect("read", xcom_resource(item), node, f"xcom_pull {item}")
                key = kwargs.get("key", "return_value")
                values = [self.value_of(item, key) for item in names]
                return values[0] if isinstance(wanted, str) else values
            self.opaque("xcom_pull of unknown tasks", node)
            return Unknown("an XCom")
        if name == "xcom_push" and self.task is not None:
            self.effect("write", xcom_resource(self.task.task_id), node, "xcom_push")
            key, value = (
                [*args, kwargs.get("key"), kwargs.get("value")][:2]
                if args
                else (kwargs.get("key"), kwargs.get("value"))
            )
            if len(args) == 1:
                value = kwargs.get("value")
            known = isinstance(key, str) and self.doubt == 0 and self.task.expanded is None
            self.pushed[self.task.task_id, str(key)] = value if known else Unknown("an XCom")
            return None
        self.opaque(f"ti.{name}", node)
        return Unknown(name, foreign=True)

    def _make_instance(self, made: ClassValue, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        bases = [base for base in made.bases if isinstance(base, External | ClassValue)]
        if any(base.name.endswith(("Operator", "Sensor")) for base in bases):
            return self.make_task(OperatorClass(made.name), args, kwargs, node)
        return self.make_object(made, args, kwargs, node)

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a value."""
        if isinstance(owner, TaskInstanceValue) and name in ("run_id", "dag_id"):
            return Term((Hole(name),))
        if isinstance(owner, TaskInstanceValue) and name in ("task_id", "try_number", "map_index", "start_date"):
            return Term((Hole(f"ti.{name}", varying=True),))
        if isinstance(owner, InstanceValue):
            return self.field(owner, name)
        if isinstance(owner, ClassValue) and owner.space is not None:
            return self.member(owner, None, name)
        if isinstance(owner, SuperValue):
            return self.inherited(name)
        if isinstance(owner, FunctionValue | Decorator) and name in ("__name__", "__qualname__"):
            function = owner.function if isinstance(owner, Decorator) else owner
            return getattr(function, "name", Unknown(name))
        if isinstance(owner, RecordValue):
            return owner.fields.get(name, Unknown(f"{owner.kind}.{name}", foreign=True))
        if isinstance(owner, Unknown):
            return BoundMethod(owner, name)
        if is_concrete(owner) and not callable(getattr(owner, name, None)) and hasattr(owner, name):
            return getattr(owner, name)
        return super().attribute(owner, name, node)


def _is_operator(function: External) -> bool:
    return function.dotted.rpartition(".")[0].endswith(("Operator", "Sensor"))


def _all_terms(values: list[Any]) -> bool:
    return all(as_term(value) is not None for value in values)
