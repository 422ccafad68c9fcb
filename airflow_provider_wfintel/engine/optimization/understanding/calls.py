"""Functions of Python's library whose call is followed by hand: what each gives, reads or writes."""

from __future__ import annotations

import ast
import collections
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.optimization.understanding.terms import join_path, text_of
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    ClassValue,
    External,
    Frame,
    FunctionValue,
    Hole,
    PathTerm,
    Term,
    Unknown,
    as_term,
    is_concrete,
    is_truthy,
    show,
)

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.optimization.understanding.library import Library

__all__ = ["SPECIAL", "PartialCall", "SuperValue", "environment"]

_VARYING_ENV = {"AIRFLOW_CTX_TASK_ID", "AIRFLOW_CTX_TRY_NUMBER", "HOSTNAME", "AIRFLOW_CTX_MAP_INDEX"}


class PartialCall:
    """`functools.partial(function, …)`."""

    def __init__(self, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.function, self.args, self.kwargs = function, tuple(args), dict(kwargs)


class SuperValue:
    """`super()`."""


def _open(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    return reader.open_file(args, kwargs, node)


def _os_open(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    flags = args[1] if len(args) > 1 else Unknown()
    words = show(flags)
    reader.file("claim" if "O_EXCL" in words else "write", args[0] if args else Unknown(), node)
    return Unknown("a file descriptor")


def _sleep(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    reader.slept(float(args[0]) if args and isinstance(args[0], int | float) else 0.0)


def _path(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    if not args:
        return PathTerm((".",))
    found: Any = args[0] if isinstance(args[0], PathTerm) else None
    for item in args if found is None else args[1:]:
        term = as_term(item)
        if term is None:
            return Unknown("path", getattr(item, "foreign", False))
        found = PathTerm(term.parts) if found is None else join_path(found, item)
    return found


def _os_path_join(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    found = _path(reader, args, kwargs, node)
    if isinstance(found, PathTerm) and all(isinstance(part, str) for part in found.parts):
        return found.text
    return Term(found.parts) if isinstance(found, PathTerm) else found


def environment(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    """A variable of the environment: the same for all tasks of a run, but for those that name the try."""
    if not args or not isinstance(args[0], str):
        return Unknown("an environment variable")
    return Term((Hole(f"${args[0]}", args[0] in _VARYING_ENV),))


def _text_of(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    if not args:
        return ""
    if is_concrete(args[0]):
        return str(args[0])
    term = as_term(args[0])
    return Unknown("text", getattr(args[0], "foreign", False)) if term is None else text_of(term.parts)


def _sequence(kind: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def convert(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        if not args:
            return kind([])
        items = reader.items_of(args[0])
        if items is None:
            return args[0] if isinstance(args[0], Unknown) else Unknown("items")
        try:
            return kind(items)
        except TypeError:
            return Unknown("items that do not fit")

    return convert


def _dict(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    found: dict[Any, Any] = {}
    if args:
        items = args[0] if isinstance(args[0], dict) else reader.items_of(args[0])
        if items is None:
            return Unknown("a dict with unknown items")
        try:
            found.update(items)
        except (TypeError, ValueError):
            return Unknown("a dict with unknown items")
    return {**found, **kwargs}


def _sorted(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    items = reader.items_of(args[0]) if args else None
    if items is None or not is_concrete(items):
        return list(items) if items is not None and len(items) < 2 else Unknown("sorted items")
    key = kwargs.get("key")
    names = items if key is None else [reader.call(key, [item], {}, node) for item in items]
    try:
        order = sorted(
            range(len(items)), key=lambda index: names[index], reverse=is_truthy(kwargs.get("reverse")) is True
        )
    except TypeError:
        return Unknown("sorted items")
    return [items[index] for index in order]


def _zip(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    lists = [reader.items_of(item) for item in args]
    known = [items for items in lists if items is not None]
    return list(zip(*known, strict=False)) if len(known) == len(lists) else Unknown("pairs")


def _enumerate(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    items = reader.items_of(args[0]) if args else None
    start = args[1] if len(args) > 1 else kwargs.get("start", 0)
    return list(enumerate(items, start)) if items is not None and isinstance(start, int) else Unknown("pairs")


def _range(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    try:
        return range(*args)
    except (TypeError, ValueError):
        return Unknown("range")


def _chain(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    lists = [reader.items_of(item) for item in args]
    return Unknown("items") if None in lists else [item for items in lists for item in items or ()]


def _isinstance(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    kinds: dict[str, Any] = {
        "str": str,
        "int": int,
        "float": float,
        "list": list,
        "tuple": tuple,
        "dict": dict,
        "bool": bool,
    }
    if len(args) == 2 and is_concrete(args[0]):
        wanted = args[1] if isinstance(args[1], tuple) else (args[1],)
        names = [item.name for item in wanted if isinstance(item, External)]
        if len(names) == len(wanted) and all(name in kinds for name in names):
            return isinstance(args[0], tuple(kinds[name] for name in names))
    return Unknown("isinstance")


def _nothing(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    return None


def _partial(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    return PartialCall(args[0], tuple(args[1:]), dict(kwargs)) if args else Unknown("partial")


def _super(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    return SuperValue()


def _manager(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    if args and isinstance(args[0], FunctionValue):
        return replace(args[0], manager=True)
    return Unknown("contextmanager", foreign=True)


def _same(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    """A decorator that changes how often or under which name a function runs, not what it does."""
    if args and isinstance(args[0], FunctionValue):
        return args[0]
    return External("functools.cache")


def _os_replace(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    return reader.rename(args[0], args[1], node) if len(args) > 1 else None


def _copy_file(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    if len(args) > 1:
        reader.content(args[0], node)
        reader.file("write", args[1], node)


def _delete_file(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    reader.file("delete", args[0] if args else Unknown(), node)


def _make_folder(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    reader.file("folder", args[0] if args else kwargs.get("name", Unknown()), node)


def _make_one_folder(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    reader.file("write", args[0] if args else kwargs.get("path", Unknown()), node)


def _tempdir(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    return Term((Hole("the system's temporary folder"),))


def _defaultdict(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    factory = args[0].name if args and isinstance(args[0], External) else ""
    made: dict[str, Any] = {"list": list, "dict": dict, "set": set, "int": int}
    return collections.defaultdict(made[factory]) if factory in made else Unknown("defaultdict")


def _namedtuple(reader: Library, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
    names = args[1] if len(args) > 1 else kwargs.get("field_names")
    fields = names.replace(",", " ").split() if isinstance(names, str) else names
    if not isinstance(fields, list | tuple) or not all(isinstance(name, str) for name in fields):
        return Unknown("named tuple", foreign=True)
    empty = ast.ClassDef(name=str(args[0]), bases=[], keywords=[], body=[], decorator_list=[])
    missing = Unknown("a field without a value")
    return ClassValue(empty, Frame(reader.module), str(args[0]), (), tuple((name, missing) for name in fields))


SPECIAL: dict[str, Callable[[Library, list[Any], Mapping[str, Any], ast.AST], Any]] = {
    "builtins.open": _open, "io.open": _open, "os.open": _os_open, "time.sleep": _sleep, "pathlib.Path": _path,
    "pathlib.PurePath": _path, "pathlib.PosixPath": _path, "pathlib.PurePosixPath": _path, "os.path.join": _os_path_join,
    "os.environ.get": environment, "os.getenv": environment, "builtins.str": _text_of, "os.fspath": _text_of,
    "builtins.list": _sequence(list), "builtins.tuple": _sequence(tuple), "builtins.set": _sequence(set),
    "builtins.reversed": _sequence(lambda items: list(reversed(items))), "builtins.iter": _sequence(list),
    "builtins.dict": _dict, "builtins.sorted": _sorted, "builtins.zip": _zip, "builtins.enumerate": _enumerate,
    "builtins.range": _range, "itertools.chain": _chain, "builtins.isinstance": _isinstance, "builtins.print": _nothing,
    "builtins.super": _super, "contextlib.contextmanager": _manager, "functools.partial": _partial, "functools.cache": _same, "functools.lru_cache": _same, "os.replace": _os_replace, "os.rename": _os_replace, "shutil.move": _os_replace,
    "shutil.copy": _copy_file, "shutil.copyfile": _copy_file, "shutil.copy2": _copy_file, "os.remove": _delete_file,
    "os.unlink": _delete_file, "shutil.rmtree": _delete_file, "os.makedirs": _make_folder, "os.mkdir": _make_one_folder,
    "os.write": _nothing, "os.close": _nothing, "os.fsync": _nothing, "tempfile.gettempdir": _tempdir,
    "collections.defaultdict": _defaultdict, "collections.namedtuple": _namedtuple,
}  # fmt: skip
"""By dotted name: what the reader does instead of the call."""
