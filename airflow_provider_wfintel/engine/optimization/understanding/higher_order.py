"""Functions that take or give functions, and those that walk along lists of anything: followed call by call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.optimization.understanding.calls import PartialCall
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    External,
    FieldDefault,
    FunctionValue,
    Unknown,
    acts,
)

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.optimization.understanding import library

__all__ = ["HIGHER_ORDER"]

_NAMED_AFTER = "functools.update_wrapper"


def _wraps(reader: library.Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    """`@functools.wraps(function)`: a decorator that gives what it decorates the name of the function."""
    return PartialCall(External(_NAMED_AFTER), (), {"wrapped": args[0]}) if args else Unknown("wraps", foreign=True)


def _update_wrapper(reader: library.Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    wrapper = args[0] if args else kwargs.get("wrapper")
    wrapped = args[1] if len(args) > 1 else kwargs.get("wrapped")
    if not isinstance(wrapper, FunctionValue):
        return Unknown("a wrapper", foreign=True)
    seen = wrapped if isinstance(wrapped, FunctionValue) else None
    name = wrapper.name if seen is None else seen.name
    # What runs is not the code of the function of that name, so nobody may write that anew: it counts as elsewhere.
    return replace(wrapper, name=name, module=f"{wrapper.module} ({wrapper.name})", wraps=seen)


def _reduce(reader: library.Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    """`functools.reduce(function, items[, first])`."""
    items = reader.items_of(args[1]) if len(args) > 1 else None
    if items is None:
        with reader.doubting():
            value = reader.call(args[0], [Unknown("item", acts(args)), Unknown("item", acts(args))], {}, node)
        return Unknown("reduce", acts(value))
    items = [*args[2:3], *items]
    if not items:
        return Unknown("reduce of nothing")
    value = items[0]
    for item in items[1:]:
        value = reader.call(args[0], [value, item], {}, node)
    return value


def _pairwise(reader: library.Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    items = reader.items_of(args[0]) if args else None
    return Unknown("pairs", acts(args)) if items is None else list(pairwise(items))


def _from_iterable(reader: library.Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    lists = reader.items_of(args[0]) if args else None
    inner = [None] if lists is None else [reader.items_of(item) for item in lists]
    return Unknown("items", acts(args)) if None in inner else [item for items in inner for item in items or ()]


def _islice(reader: library.Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    items = reader.items_of(args[0]) if args else None
    bounds = args[1:]
    if items is None or not bounds or not all(item is None or isinstance(item, int) for item in bounds):
        return Unknown("items", acts(args))
    return items[slice(*bounds)]


def _field(reader: library.Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    """`dataclasses.field(…)`."""
    default = kwargs.get("default", Unknown("a field without a value"))
    return FieldDefault(default, kwargs.get("default_factory"), kwargs.get("init", True) is not False)


HIGHER_ORDER: dict[str, Callable[[library.Library, list[Any], Mapping[str, Any], ast.AST], Any]] = {
    "functools.wraps": _wraps,
    "functools.update_wrapper": _update_wrapper,
    "functools.reduce": _reduce,
    "itertools.pairwise": _pairwise,
    "itertools.chain.from_iterable": _from_iterable,
    "itertools.islice": _islice,
    "dataclasses.field": _field,
}
"""By dotted name: what the reader does instead of the call."""
