"""JSON round trip for the frozen values of the model.

`to_json` turns a value into plain JSON data and `from_json` builds the same value again. Every dataclass of
the model takes part without code of its own: the type hints decide. Unions of dataclasses are told apart by
the class variable `kind_tag`, which is written as the key `"is"`.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union

from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["Json", "canonical_json", "from_json", "to_json"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
T = TypeVar("T")

_SCALARS = (str, int, float, bool, type(None))


def canonical_json(value: object) -> str:
    """The one text of a JSON value: sorted keys, no blanks, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def to_json(value: object) -> Any:
    """Turn a model value into JSON data (dicts, lists and scalars only).

    Fields that hold their default are left out, so the text stays small and old readers keep working.

    Raises:
        SpecError: a field holds something that has no JSON form.
    """
    if isinstance(value, _SCALARS):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _dataclass_to_json(value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, Sequence | frozenset):
        items = sorted(value) if isinstance(value, frozenset) else value
        return [to_json(item) for item in items]
    raise SpecError(
        f"a {type(value).__name__!r} has no JSON form",
        hint="model values hold dataclasses, tuples, strings, numbers, booleans and None only",
    )


def _dataclass_to_json(value: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    tag = getattr(value, "kind_tag", None)
    if tag is not None:
        data["is"] = tag
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        if field.default is not dataclasses.MISSING and item == field.default and type(item) is type(field.default):
            continue
        data[field.name] = to_json(item)
    return data


def from_json(cls: type[T], data: object) -> T:
    """Build a `cls` from what `to_json` wrote.

    Raises:
        SpecError: a key is unknown or missing, or a value has another type than the field says.
    """
    return typing.cast("T", _decode(cls, data, cls.__name__))


def _decode(hint: Any, data: object, where: str) -> object:
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        if data not in typing.get_args(hint):
            raise SpecError(f"{where}: {data!r} is none of {list(typing.get_args(hint))}")
        return data
    if origin in (Union, types.UnionType):
        return _decode_union(hint, data, where)
    if origin is tuple:
        return _decode_tuple(hint, data, where)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _decode_dataclass(hint, data, where)
    if hint is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if hint in (str, int, float, bool, type(None)):
        if type(data) is not hint:
            raise SpecError(f"{where}: expected {hint.__name__}, got {type(data).__name__}")
        return data
    raise SpecError(f"{where}: no rule for {hint!r}", hint="give the field one of the model's types")


def _decode_tuple(hint: Any, data: object, where: str) -> tuple[object, ...]:
    args = typing.get_args(hint)
    if not isinstance(data, list | tuple):
        raise SpecError(f"{where}: expected a list, got {type(data).__name__}")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_decode(args[0], item, f"{where}[{i}]") for i, item in enumerate(data))
    if len(args) != len(data):
        raise SpecError(f"{where}: expected {len(args)} items, got {len(data)}")
    return tuple(_decode(arg, item, f"{where}[{i}]") for i, (arg, item) in enumerate(zip(args, data, strict=True)))


def _decode_union(hint: Any, data: object, where: str) -> object:
    options = typing.get_args(hint)
    if data is None and type(None) in options:
        return None
    classes = [option for option in options if dataclasses.is_dataclass(option)]
    if isinstance(data, dict) and classes:
        if len(classes) == 1:
            return _decode(classes[0], data, where)
        for option in classes:
            if getattr(option, "kind_tag", None) == data.get("is"):
                return _decode(option, data, where)
        raise SpecError(f"{where}: unknown kind {data.get('is')!r}")
    for option in options:
        if option in (str, int, float, bool) and type(data) is option:
            return data
    errors = []
    for option in options:
        try:
            return _decode(option, data, where)
        except SpecError as error:
            errors.append(error.message)
    raise SpecError(f"{where}: {data!r} fits none of the allowed types ({'; '.join(errors)})")


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _decode_dataclass(cls: type, data: object, where: str) -> object:
    if not isinstance(data, dict):
        raise SpecError(f"{where}: expected an object, got {type(data).__name__}")
    hints = _hints(cls)
    names = {field.name for field in dataclasses.fields(cls)}
    unknown = sorted(set(data) - names - {"is"})
    if unknown:
        raise SpecError(f"{where}: unknown key {unknown[0]!r}", hint=f"known keys: {', '.join(sorted(names))}")
    values = {key: _decode(hints[key], item, f"{where}.{key}") for key, item in data.items() if key != "is"}
    try:
        return cls(**values)
    except TypeError as error:
        raise SpecError(f"{where}: {error}") from error
