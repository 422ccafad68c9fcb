"""Calls of functions whose code is at hand: arguments are bound to parameters, and the body is run."""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.assignment import Assignments
from airflow_provider_wfintel.engine.optimization.understanding.build import XComValue
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    Frame,
    FunctionValue,
    InstanceValue,
    Term,
    Unknown,
    is_concrete,
    join,
)

__all__ = ["Functions"]

_DEEPEST = 24


class Functions(Assignments):
    """The part of the reader that calls functions."""

    def __init__(self, siblings: Mapping[str, str]) -> None:
        super().__init__(siblings)
        self.running: list[tuple[FunctionValue, Frame]] = []
        """The functions that are run now, the innermost last."""

    def call_function(self, function: FunctionValue, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Run the code of a function with values for its parameters."""
        if self.depth >= _DEEPEST:
            self.opaque(f"{function.name} (calls nested too deep)", function.node)
            return Unknown("too deep", foreign=True)
        frame = Frame(function.module, parent=function.frame, yields=[], doubt=self.doubt)
        if not self._bind(function, args, kwargs, frame):
            self.opaque(f"{function.name} (arguments do not fit)", function.node)
            return Unknown("arguments do not fit", foreign=True)
        outer_module, outer_path = self.module, self.path
        if self.module == MAIN and self.statements and self.dag is not None and self.task is None:
            self.path = (*self.path, (self.statements[-1].lineno, self.steps))
        self.module = function.module
        self.depth += 1
        self.running.append((function, frame))
        try:
            if isinstance(function.node, ast.Lambda):
                return self.evaluate(function.node.body, frame)
            status = self.run_block(function.node.body, frame, function.node)
            if status == "next" or not frame.returns:
                frame.returns.append(None)
            values = [item for item in frame.returns if item is not None] if self.doubt else frame.returns
            if _is_generator(function.node):
                return _given(function, frame)
            return join(values or [None]) if len(frame.returns) > 1 else frame.returns[0]
        finally:
            self.depth -= 1
            self.running.pop()
            self.module, self.path = outer_module, outer_path
            self.last_frame = frame

    last_frame: Frame | None = None
    context_for: FunctionValue | None = None
    """The function of the task that is run now: its `**kwargs` are the context."""
    context_value: Any = None

    def _bind(self, function: FunctionValue, args: Sequence[Any], kwargs: Mapping[str, Any], frame: Frame) -> bool:
        spec = function.node.args
        names = [item.arg for item in (*spec.posonlyargs, *spec.args)]
        given = dict(zip(names, args, strict=False))
        rest = list(args[len(names) :])
        if rest and spec.vararg is None:
            return False
        for name, value in kwargs.items():
            if name in given:
                return False
            given[name] = value
        if function.defaults:
            for name, value in zip(names[-len(function.defaults) :], function.defaults, strict=True):
                given.setdefault(name, value)
        for name, value in function.keyword_defaults.items():
            given.setdefault(name, value)
        wanted = {*names, *(item.arg for item in spec.kwonlyargs)}
        extra = {name: value for name, value in given.items() if name not in wanted}
        if (extra and spec.kwarg is None) or not wanted <= given.keys():
            return False
        frame.variables.update({name: given[name] for name in wanted})
        if spec.vararg is not None:
            frame.variables[spec.vararg.arg] = tuple(rest)
        if spec.kwarg is not None:
            frame.variables[spec.kwarg.arg] = (
                extra if self.context_for is not function else self.context_value.given(extra)
            )
        return True

    def items_of(self, value: Any) -> list[Any] | None:
        """The items that a loop over the value takes, or None if they are not known."""
        if isinstance(value, list | tuple | range | dict | str):
            return list(value)
        if isinstance(value, set | frozenset):
            return sorted(value, key=repr) if is_concrete(value) else list(value)
        if isinstance(value, InstanceValue):
            self.opaque(f"a loop over an object of the class {value.made.name}", None)
            return None
        if isinstance(value, XComValue | Unknown | Term):
            return None
        return list(value) if is_concrete(value) and hasattr(value, "__iter__") else None


def _given(function: FunctionValue, frame: Frame) -> Any:
    """What a generator gives: its items, or for a context manager what `with … as` binds."""
    if frame.yields is None or (function.manager and len(frame.yields) != 1):
        return Unknown("what a generator gives", foreign=True)
    return frame.yields[0] if function.manager else frame.yields


@functools.lru_cache(maxsize=4096)
def _is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(item, ast.Yield | ast.YieldFrom) for item in ast.walk(node))
