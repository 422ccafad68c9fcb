"""What functions of Python's library and of well-known packages do: compute, read, write, or nothing that matters."""

from __future__ import annotations

import ast
import datetime
import itertools
import json
import math
import posixpath
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.calls import SPECIAL, PartialCall, environment
from airflow_provider_wfintel.engine.optimization.understanding.files import Files, FileValue
from airflow_provider_wfintel.engine.optimization.understanding.higher_order import HIGHER_ORDER
from airflow_provider_wfintel.engine.optimization.understanding.sql import sql_effects
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    BoundMethod,
    External,
    FunctionValue,
    Hole,
    Term,
    Unknown,
    acts,
    as_term,
    is_concrete,
    is_truthy,
    show,
)

__all__ = ["DatabaseValue", "FileValue", "Library"]


class DatabaseValue:
    """A hook, connection or cursor of a database."""


_COMPUTED: dict[str, Callable[..., Any]] = {
    "builtins.abs": abs, "builtins.all": all, "builtins.any": any, "builtins.bool": bool, "builtins.float": float,
    "builtins.frozenset": frozenset, "builtins.int": int, "builtins.len": len, "builtins.max": max,
    "builtins.min": min, "builtins.ord": ord, "builtins.chr": chr, "builtins.repr": repr, "builtins.round": round,
    "builtins.sum": sum, "builtins.divmod": divmod, "builtins.slice": slice, "builtins.bytes": bytes,
    "re.search": re.search, "re.match": re.match, "re.fullmatch": re.fullmatch, "re.findall": re.findall,
    "re.sub": re.sub, "re.split": re.split, "re.escape": re.escape, "re.compile": re.compile,
    "json.dumps": json.dumps, "json.loads": json.loads, "textwrap.dedent": textwrap.dedent,
    "datetime.datetime": datetime.datetime, "datetime.date": datetime.date, "datetime.timedelta": datetime.timedelta,
    "datetime.time": datetime.time, "pendulum.duration": datetime.timedelta, "math.ceil": math.ceil,
    "math.floor": math.floor, "math.sqrt": math.sqrt, "os.path.basename": posixpath.basename,
    "os.path.dirname": posixpath.dirname, "itertools.product": lambda *a, **k: list(itertools.product(*a, **k)),
    "itertools.permutations": lambda *a: list(itertools.islice(itertools.permutations(*a), 5000)),
    "itertools.combinations": lambda *a: list(itertools.islice(itertools.combinations(*a), 5000)),
    "string.capwords": str.title, "collections.OrderedDict": dict,
}  # fmt: skip
"""Functions that are really called, on plain values only."""

_HARMLESS = {
    "logging", "warnings", "time", "math", "statistics", "datetime", "random", "uuid", "hashlib", "json", "re",
    "itertools", "functools", "collections", "textwrap", "string", "decimal", "fractions", "copy", "operator", "typing",
    "base64", "zlib", "calendar", "pendulum", "struct", "traceback", "enum", "dataclasses", "contextlib", "types",
    "numbers", "unicodedata", "secrets", "platform", "getpass", "zoneinfo", "pprint", "heapq", "bisect", "array",
    "__future__", "typing_extensions", "structlog", "abc", "inspect", "locale", "numpy", "gc", "csv", "fcntl",
}  # fmt: skip
"""Modules whose functions touch nothing outside the process, or files that somebody has opened."""
_HARMFUL = {
    *(f"numpy.{name}" for name in (
        "save", "savez", "savez_compressed", "savetxt", "load", "loadtxt", "genfromtxt", "fromfile", "memmap", "fromregex",
        "lib", "DataSource",
    )),
    "logging.FileHandler", "logging.config", "logging.handlers", "logging.basicConfig", "contextlib.ExitStack",
    "contextlib.closing", "copy.replace", "operator.methodcaller", "operator.attrgetter", "operator.call",
    "heapq.heappush", "heapq.heapify", "heapq.heappop", "heapq.heapreplace", "heapq.heappushpop", "bisect.insort",
    "bisect.insort_left", "bisect.insort_right", "random.shuffle", "functools.singledispatch", "functools.partialmethod", "types.MethodType",
}  # fmt: skip
"""… but for these."""

_VARYING = {
    "time.time", "time.monotonic", "time.perf_counter", "time.time_ns", "os.getpid", "os.getppid", "uuid.uuid4", "uuid.uuid1",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "random.random",
    "random.randint", "random.choice", "secrets.token_hex", "threading.get_ident", "socket.gethostname", "pendulum.now",
    "tempfile.mkdtemp", "tempfile.mkstemp", "tempfile.mktemp", "platform.node",
}  # fmt: skip

_INNOCENT = {
    name for kind in (str, bytes, list, dict, set, tuple, int, float, re.Match, datetime.datetime, datetime.timedelta)
    for name in dir(kind) if not name.startswith("_")
} | {
    "groupby", "merge", "agg", "sum", "mean", "drop_duplicates", "dropna", "fillna", "assign", "rename", "sort_values", "head",
    "astype", "to_dict", "reset_index", "set_index", "iterrows", "itertuples", "tolist", "unique", "cursor", "fetchall", "fetchone",
    "digest", "hexdigest", "total_seconds", "debug", "info", "warning", "error", "exception", "read", "readlines", "readline",
}  # fmt: skip
"""Methods of values that are made of data: they touch nothing but the value itself. `replace` of a path is no such
method, but a path that is not known has been noted as opaque where it was written."""
_INNOCENT -= {"write", "open"}
_CONSTANTS: dict[str, Any] = {
    f"re.{name}": getattr(re, name)
    for name in ("I", "M", "S", "X", "A", "IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE", "ASCII")
}
_CONSTANTS |= {
    "os.sep": "/",
    "math.pi": math.pi,
    "string.ascii_lowercase": "abcdefghijklmnopqrstuvwxyz",
    "datetime.timezone.utc": datetime.timezone.utc,
}

_FILE_READS = {
    "os.stat",
    "os.path.exists",
    "os.path.isfile",
    "os.path.getsize",
    "os.path.getmtime",
    "os.listdir",
    "os.path.isdir",
}
_READERS = {
    "read_csv",
    "read_parquet",
    "read_json",
    "read_excel",
    "read_pickle",
    "read_feather",
    "read_orc",
    "read_table",
}
_WRITERS = {"to_csv", "to_parquet", "to_json", "to_excel", "to_pickle", "to_feather", "to_orc"}
_RUN_SQL = {
    "run",
    "get_records",
    "get_first",
    "get_pandas_df",
    "get_df",
    "execute",
    "executemany",
    "executescript",
    "run_sql",
    "query",
}
_CONNECTS = {"sqlite3.connect", "psycopg2.connect", "psycopg.connect", "duckdb.connect"}
_IN_A_FILE = {"sqlite3.connect", "duckdb.connect"}
_NO_SQL = {
    "cursor",
    "commit",
    "rollback",
    "close",
    "fetchall",
    "fetchone",
    "fetchmany",
    "get_conn",
    "get_cursor",
    "__enter__",
}


class Library(Files):
    """The part of the reader that knows what is called from elsewhere."""

    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """An attribute; constants of known modules have their values."""
        if isinstance(owner, External) and f"{owner.dotted}.{name}" in _CONSTANTS:
            return _CONSTANTS[f"{owner.dotted}.{name}"]
        return super().attribute(owner, name, node)

    def subscript(self, owner: Any, key: Any, node: ast.AST) -> Any:
        """An item; those of the environment are the same for all tasks of a run."""
        if isinstance(owner, External) and owner.dotted == "os.environ":
            return environment(self, [key], {}, node)
        return super().subscript(owner, key, node)

    def call_external(self, function: External, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        """Call something that was imported and whose code is not at hand."""
        result = self._external(function, args, kwargs, node)
        if isinstance(result, Unknown) and not result.foreign and any(acts(item) for item in (*args, *kwargs.values())):
            return Unknown(result.why, foreign=True, about=result.about)
        return result

    def _external(self, function: External, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        name = function.dotted
        special = SPECIAL.get(name) or HIGHER_ORDER.get(name)
        if special is not None:
            return special(self, args, kwargs, node)
        self._call_what_is_handed(name, args, kwargs, node)
        if any(f"{name}.".startswith(f"{item}.") for item in _HARMFUL):
            self.opaque(f"call of {name}", node)
            return Unknown(name, foreign=True)
        return self._of_the_library(function, args, kwargs, node)

    def _of_the_library(self, function: External, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        name = function.dotted
        if name in _VARYING:
            return Term((Hole(name, varying=True),))
        if name in ("builtins.any", "builtins.all", "builtins.len", "builtins.bool") and args and _asks(args[0]):
            return Unknown(name, about=_asks(args[0]))
        if name in _COMPUTED:
            return self._compute(name, args, kwargs)
        if name in _FILE_READS and args:
            return self.look(args[0], name in ("os.path.exists", "os.path.isfile", "os.path.isdir"), node)
        if name in _IN_A_FILE and args and args[0] != ":memory:":
            self.file("claim", args[0], node)  # who copies or deletes the file does so before or after
        if function.name.endswith("Hook") or name in _CONNECTS:
            return DatabaseValue()
        if function.name in _READERS and function.root in ("pandas", "pd", "polars", "pl"):
            self.content(args[0] if args else Unknown(), node)
            return Unknown("data")
        if function.name in ("read_sql", "read_sql_query") and function.root in ("pandas", "pd"):
            self.sql(args[0] if args else kwargs.get("sql"), node)
            return Unknown("data")
        if name.endswith(("Error", "Exception")) or function.root in _HARMLESS:
            terms = [as_term(item) for item in (*args, *kwargs.values())]
            if terms and all(term is not None for term in terms) and function.root not in ("random", "logging"):
                text = ",".join(show(item) for item in (*args, *kwargs.values()))
                return Term((Hole(f"{name}({text})", any(term is not None and term.varying for term in terms)),))
            return Unknown(name, foreign=False)
        if name.startswith("builtins."):
            return self._builtin(function.name, args, kwargs, node)
        self.opaque(f"call of {name}", node)
        return Unknown(name, foreign=True)

    def _compute(self, name: str, args: list[Any], kwargs: Mapping[str, Any]) -> Any:
        if name == "builtins.len" and args and isinstance(args[0], list | tuple | dict | set):
            return len(args[0])
        values = (*args, *kwargs.values())
        if all(is_concrete(item) for item in values):
            try:
                return _COMPUTED[name](*args, **kwargs)
            except Exception:  # what a stranger's values do to a function is not our failure
                return Unknown(f"{name} fails")
        terms = [as_term(item) if not isinstance(item, list | tuple | dict) else None for item in values]
        if all(term is not None for term in terms):
            text = ",".join(show(item) for item in values)
            return Term((Hole(f"{name}({text})", any(term is not None and term.varying for term in terms)),))
        return Unknown(name)

    def _builtin(self, name: str, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        if name in ("eval", "exec", "input", "setattr", "globals", "locals"):
            self.opaque(name, node)
            return Unknown(name, foreign=True)
        if name in ("map", "filter") and len(args) > 1:
            return self._mapped(name, args, node)
        return Unknown(name, any(getattr(item, "foreign", False) for item in args))

    def _mapped(self, name: str, args: list[Any], node: ast.AST) -> Any:
        lists = [self.items_of(item) for item in args[1:]]
        if any(items is None for items in lists):
            with self.doubting():
                value = self.call(args[0], [Unknown("item", acts(item)) for item in args[1:]], {}, node)
            return Unknown(name, acts(value))
        turns = list(zip(*(items for items in lists if items is not None), strict=False))
        given = [self.call(args[0], list(turn), {}, node) if args[0] is not None else turn[0] for turn in turns]
        if name == "map":
            return given
        truths = [is_truthy(item) for item in given]
        if None in truths:
            return Unknown(name, acts(list(turns)))
        return [turn[0] for turn, truth in zip(turns, truths, strict=True) if truth]

    def _call_what_is_handed(self, name: str, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> None:
        """Functions that are handed to a function of the library (`key=…`, `reduce`) may be called by it."""
        if name in ("builtins.map", "builtins.filter", "builtins.print", "builtins.isinstance", "builtins.callable"):
            return
        for item in (*args, *kwargs.values()):
            if isinstance(item, FunctionValue):
                with self.doubting():
                    count = len(item.node.args.posonlyargs) + len(item.node.args.args)
                    self.call_function(item, [Unknown("an argument", foreign=True)] * count, {})
            elif isinstance(item, BoundMethod) and acts(item.owner):
                self.opaque(f"a method handed to {name}", node)
            elif callable(getattr(item, "function", None)) or isinstance(item, PartialCall):
                self.opaque(f"a function handed to {name}", node)

    # databases
    def sql(self, statement: Any, node: ast.AST) -> None:
        """Note what a statement (or a list of them) reads and writes."""
        if isinstance(statement, list | tuple):
            for item in statement:
                self.sql(item, node)
            return
        term = as_term(statement)
        found = sql_effects(term) if term is not None else None
        if found is None:
            self.opaque("SQL that is not understood", node)
            return
        for kind, resource in found:
            self.effect(kind, resource, node, f"{kind} {resource} by SQL")

    def database_method(self, name: str, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        """A method of a hook, connection or cursor."""
        if name in _RUN_SQL and (args or "sql" in kwargs):
            self.sql(args[0] if args else kwargs["sql"], node)
            return DatabaseValue() if name == "execute" else Unknown("rows")
        if name == "insert_rows" and (args or "table" in kwargs):
            table = args[0] if args else kwargs["table"]
            if isinstance(table, str):
                self.effect("write", f"table:{table.lower()}", node, f"insert_rows {table}")
                return None
        if name in ("get_conn", "cursor", "get_cursor", "get_sqlalchemy_engine"):
            return DatabaseValue()
        if name in _NO_SQL:
            return Unknown("rows")
        self.opaque(f"method {name} of a hook", node)
        return Unknown(name, foreign=True)

    def unknown_method(
        self, owner: Unknown, name: str, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST
    ) -> Any:
        """A method of something that is not known."""
        if name in _WRITERS and args:
            self.file("write", args[0], node)
            return None
        if name == "to_sql" and args and isinstance(args[0], str):
            self.effect("write", f"table:{args[0].lower()}", node, f"to_sql {args[0]}")
            return None
        if owner.foreign or name not in _INNOCENT:
            self.opaque(f"method {name} of something that is not known", node)
        return Unknown(name, owner.foreign)


def _asks(value: Any) -> frozenset[str]:
    """Files whose being there is all that the value tells."""
    if isinstance(value, list) and value:
        found = [_asks(item) for item in value]
        return frozenset().union(*found) if all(found) else frozenset()
    return value.about if isinstance(value, Unknown) else frozenset()
