"""Classes whose code is at hand: their methods and variables, and objects made of them."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.calls import PartialCall
from airflow_provider_wfintel.engine.optimization.understanding.functions import Functions
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    ClassValue,
    External,
    FieldDefault,
    Frame,
    FunctionValue,
    InstanceValue,
    RecordValue,
    Unknown,
)

__all__ = ["Objects"]

_PLAIN_BASES = {"builtins.object", "abc.ABC", "typing.Protocol", "typing.Generic", "typing_extensions.Protocol"}
_PLAIN_DECORATORS = {"dataclasses.dataclass", "functools.total_ordering", "typing.final", "typing.runtime_checkable"}
_STRANGE = {"__new__", "__getattr__", "__getattribute__", "__setattr__", "__init_subclass__", "__set_name__", "__del__"}
_MARKS = {
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
    "builtins.property": "property",
    "functools.cached_property": "property",
}


class Objects(Functions):
    """The part of the reader that knows classes and objects."""

    @abstractmethod
    def run_statement(self, node: ast.stmt, frame: Frame) -> str:
        """Run one statement."""

    def class_space(
        self, node: ast.ClassDef, bases: Sequence[Any], frame: Frame
    ) -> tuple[Mapping[str, Any] | None, Mapping[str, str]]:
        """Methods and variables of a class, and which methods are no plain ones; None if it cannot be followed."""
        if not self._is_plain(node, bases, frame):
            return None, {}
        inner = Frame(frame.module, parent=frame)
        marks: dict[str, str] = {}
        for item in node.body:
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                if item.name in _STRANGE or not self._method(item, frame, inner, marks):
                    return None, {}
            elif isinstance(item, ast.Assign | ast.AnnAssign):
                self.run_statement(item, inner)
            elif not isinstance(item, ast.Pass) and not (
                isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
            ):
                return None, {}
        return inner.variables, marks

    def _is_plain(self, node: ast.ClassDef, bases: Sequence[Any], frame: Frame) -> bool:
        for base in bases:
            known = isinstance(base, External) and base.dotted in _PLAIN_BASES
            if not known and not (isinstance(base, ClassValue) and base.space is not None):
                return False
        names = [item.func if isinstance(item, ast.Call) else item for item in node.decorator_list]
        decorators = [self.evaluate(item, frame) for item in names]
        if not all(isinstance(item, External) and item.dotted in _PLAIN_DECORATORS for item in decorators):
            return False
        return all(item.arg == "metaclass" and ast.unparse(item.value).endswith("ABCMeta") for item in node.keywords)

    def _method(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, outer: Frame, inner: Frame, marks: dict[str, str]
    ) -> bool:
        """Read one method; false if a decorator makes something else of it."""
        if any(isinstance(item, ast.Attribute) and item.attr == "setter" for item in node.decorator_list):
            return False
        decorators = [self.evaluate(item, outer) for item in node.decorator_list]
        names = [item.dotted if isinstance(item, External) else "" for item in decorators]
        marked = [_MARKS[name] for name in names if name in _MARKS]
        rest = [name for name in names if name not in _MARKS and name != "abc.abstractmethod"]
        if len(marked) > 1 or (rest and (marked or rest != ["contextlib.contextmanager"])):
            return False
        spec = node.args
        defaults = tuple(self.evaluate(item, inner) for item in spec.defaults)
        keywords = {
            argument.arg: self.evaluate(default, inner)
            for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
            if default is not None
        }
        inner.variables[node.name] = FunctionValue(
            node, outer, node.name, self.module, defaults, keywords, manager=bool(rest)
        )
        if marked:
            marks[node.name] = marked[0]
        return True

    def make_object(self, made: ClassValue, args: list[Any], kwargs: dict[str, Any], node: ast.AST) -> Any:
        """What calling a class gives; of one that cannot be followed nothing is known."""
        members = [item for one in made.line for item in one.node.body]
        has_methods = any(isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) for item in members)
        filled = self._filled(made.fields, args, kwargs, node) if made.fields is not None else None
        if filled is not None and not has_methods:
            return RecordValue(made.name, filled)
        if made.space is None:
            if self.task is not None:
                self.opaque(f"an object of the class {made.name}", node)
            return Unknown(made.name, foreign=True)
        instance = InstanceValue(made, {}, len(self.recordings), self.task)
        self.instances.append(instance)
        maker = made.find("__init__")
        if maker is not None and isinstance(maker[1], FunctionValue):
            self.call_function(maker[1], [instance, *args], kwargs)
        elif maker is None and filled is not None:
            instance.fields.update(filled)
            after = made.find("__post_init__")
            if after is not None and isinstance(after[1], FunctionValue):
                self.call_function(after[1], [instance], {})
        elif maker is not None or args or kwargs or made.node.decorator_list:
            self.opaque(f"an object of the class {made.name}", node)
            return Unknown(made.name, foreign=True)
        return instance

    def _filled(
        self, fields: Sequence[tuple[str, Any]], args: Sequence[Any], kwargs: Mapping[str, Any], node: ast.AST
    ) -> dict[str, Any] | None:
        """The fields of a new object of a dataclass or named tuple; None if the arguments do not fit."""
        names = [name for name, value in fields if not isinstance(value, FieldDefault) or value.given]
        if len(args) > len(names) or not kwargs.keys() <= set(names):
            return None
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        return {name: given[name] if name in given else self._default(value, node) for name, value in fields}

    def _default(self, value: Any, node: ast.AST) -> Any:
        if not isinstance(value, FieldDefault):
            return value
        return value.value if value.factory is None else self.call(value.factory, [], {}, node)

    def field(self, owner: InstanceValue, name: str) -> Any:
        """An attribute of an object: its own, or a method or variable of its class."""
        seen = owner.seen(self.task)
        return seen[name] if name in seen else self.member(owner.made, owner, name)

    def member(self, made: ClassValue, owner: InstanceValue | None, name: str) -> Any:
        """An attribute of a class, bound to an object if there is one."""
        if name == "__name__" and owner is None:
            return made.name
        if name == "__class__" and owner is not None:
            return made
        found = made.find(name)
        if found is None:
            return Unknown(f"{made.name}.{name}", foreign=True)
        holder, value = found
        return self._bound(value, holder.marks.get(name, ""), made, owner)

    def _bound(self, value: Any, mark: str, made: ClassValue, owner: InstanceValue | None) -> Any:
        if not isinstance(value, FunctionValue) or mark == "static":
            return value
        if mark == "class":
            return PartialCall(value, (made,), {})
        if owner is None:
            return value
        return self.call_function(value, [owner], {}) if mark == "property" else PartialCall(value, (owner,), {})

    def enter(self, owner: InstanceValue, node: ast.AST) -> Any:
        """`with object as …`: what `__enter__` gives; `__exit__` is run, too."""
        if owner.made.find("__enter__") is None or owner.made.find("__exit__") is None:
            self.opaque(f"an object of the class {owner.made.name} as a context manager", node)
            return Unknown("context manager", foreign=True)
        value = self.call(self.member(owner.made, owner, "__enter__"), [], {}, node)
        self.call(self.member(owner.made, owner, "__exit__"), [None, None, None], {}, node)
        return value

    def inherited(self, name: str) -> Any:
        """`super().name` within a method."""
        for function, frame in reversed(self.running):
            first = next(iter(function.node.args.args), None)
            instance = frame.variables.get(first.arg) if first is not None else None
            if not isinstance(instance, InstanceValue):
                continue
            line = instance.made.line
            place = next((at for at, item in enumerate(line) if function in (item.space or {}).values()), None)
            if place is None:
                continue
            for item in line[place + 1 :]:
                if item.space and name in item.space:
                    return self._bound(item.space[name], item.marks.get(name, ""), instance.made, instance)
            if name == "__init__":
                return PartialCall(External("builtins.print"), (), {})
            break
        return Unknown(f"super().{name}", foreign=True)
