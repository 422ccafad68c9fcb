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

from airflow_provider_wfintel.engine.optimization.understanding.calls import SPECIAL, environment
from airflow_provider_wfintel.engine.optimization.understanding.effects import EffectKind, file_resource
from airflow_provider_wfintel.engine.optimization.understanding.expressions import Expressions
from airflow_provider_wfintel.engine.optimization.understanding.sql import sql_effects
from airflow_provider_wfintel.engine.optimization.understanding.terms import join_path
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    External,
    Hole,
    PathTerm,
    Term,
    Unknown,
    as_term,
    is_concrete,
    show,
)

__all__ = ["DatabaseValue", "FileValue", "Library"]


class FileValue:
    """An open file; reading and writing were noted when it was opened."""


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
    "__future__", "typing_extensions", "structlog", "abc", "inspect", "locale", "numpy", "gc", "csv",
}  # fmt: skip
"""Modules whose functions touch nothing outside the process."""

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


class Library(Expressions):
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
        name = function.dotted
        special = SPECIAL.get(name) or SPECIAL.get(name.removeprefix("builtins."))
        if special is not None:
            return special(self, args, kwargs, node)
        if name in _VARYING:
            return Term((Hole(name, varying=True),))
        if name in _COMPUTED:
            return self._compute(name, args, kwargs)
        if name in _FILE_READS and args:
            self.file("read", args[0], node)
            return Unknown("what is in the file system")
        if function.name in _READERS and function.root in ("pandas", "pd", "polars", "pl"):
            self.file("read", args[0] if args else Unknown(), node)
            return Unknown("data")
        if function.name.endswith("Hook"):
            return DatabaseValue()
        if name in ("sqlite3.connect", "psycopg2.connect", "psycopg.connect", "duckdb.connect"):
            return DatabaseValue()
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
        if name in ("map", "filter") and args:
            for item in self.items_of(args[1]) or [Unknown("item")] if len(args) > 1 else []:
                self.call(args[0], [item], {}, node)
            return Unknown(name)
        return Unknown(name, any(getattr(item, "foreign", False) for item in args))

    # files
    def file(self, kind: EffectKind, path: Any, node: ast.AST) -> None:
        """Note an access to a file."""
        term = as_term(path)
        if term is None:
            self.opaque("a file whose path is not known", node)
            return
        resource = file_resource(term)
        if resource is not None:
            self.effect(kind, resource, node, f"{kind} {term.text}")
        elif kind != "read":
            # A name of its own for every process: nobody else can rely on it, unless it is renamed later.
            self.effect("write", f"file:private {term.text}", node, f"write {term.text}")

    def open_file(self, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> FileValue:
        """`open(path, mode)`."""
        mode = args[1] if len(args) > 1 else kwargs.get("mode", "r")
        path = args[0] if args else kwargs.get("file", Unknown())
        if not isinstance(mode, str):
            self.file("write", path, node)
            self.file("read", path, node)
            return FileValue()
        if "a" in mode:
            self.file("append", path, node)
        elif "x" in mode:
            self.file("claim", path, node)
        elif "w" in mode:
            self.file("write", path, node)
        if mode[:1] == "r" or "+" in mode:
            self.file("read", path, node)
            if "+" in mode:
                self.file("write", path, node)
        return FileValue()

    def rename(self, source: Any, target: Any, node: ast.AST) -> PathTerm | Unknown:
        """`source.replace(target)`: what was written under a private name appears under the other one."""
        term = as_term(source)
        self.file("write", target, node)
        if term is not None and term.varying:
            private = f"file:private {term.text}"
            effects = self.recordings[-1].effects
            for effect in [item for item in effects if item.resource == private]:
                del effects[effect]
        elif term is not None:
            self.file("read", source, node)
            self.file("delete", source, node)
        goal = as_term(target)
        return PathTerm(goal.parts) if goal is not None else Unknown("path")

    def path_method(self, path: PathTerm, name: str, args: list[Any], kwargs: Mapping[str, Any], node: ast.AST) -> Any:
        """A method of a path."""
        if name in ("read_text", "read_bytes", "exists", "is_file", "is_dir", "stat", "lstat"):
            self.file("read", path, node)
            return Unknown("what is in a file")
        if name in ("write_text", "write_bytes", "touch", "symlink_to"):
            self.file("write", path, node)
            return None
        if name == "open":
            return self.open_file([path, *args], kwargs, node)
        if name in ("replace", "rename") and args:
            return self.rename(path, args[0], node)
        if name in ("unlink", "rmdir"):
            self.file("delete", path, node)
            return None
        if name in ("mkdir", "chmod"):
            return None
        if name == "joinpath":
            for item in args:
                path = join_path(path, item)
            return path
        if name in ("resolve", "absolute", "expanduser", "as_posix", "as_uri", "__str__", "__fspath__"):
            return path
        if name in ("with_suffix", "with_name", "with_stem", "relative_to"):
            text = f"{path.text}.{name}({','.join(show(item) for item in args)})"
            return PathTerm((Hole(text, path.varying),))
        if name in ("glob", "rglob", "iterdir", "walk"):
            self.file("read", PathTerm((*path.parts, "/")), node)
            return Unknown("files of a folder", foreign=False)
        return Unknown(f"path.{name}")

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
