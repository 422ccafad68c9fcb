"""Which modules a DAG file may import, at its top level and inside functions."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from airflow_provider_wfintel.engine.model import ValidationIssue

__all__ = ["import_issues", "imported_names", "top_level"]

_STDLIB = frozenset((
    "__future__", "abc", "base64", "calendar", "collections", "contextlib", "csv", "dataclasses", "datetime",
    "decimal", "enum", "fnmatch", "fractions", "functools", "glob", "gzip", "hashlib", "hmac", "html", "io",
    "itertools", "json", "logging", "math", "operator", "pathlib", "random", "re", "statistics", "string",
    "tempfile", "textwrap", "time", "typing", "unicodedata", "urllib.parse", "uuid", "xml.etree", "zipfile",
    "zlib", "zoneinfo",
))  # fmt: skip
_STDLIB_INSIDE = frozenset("importlib sqlite3 sys tarfile".split())  # noqa: SIM905
"""Standard modules that only task code needs. `importlib` only for `import_module`."""

_TOP = frozenset((
    "airflow.sdk", "airflow.providers", "airflow.timetables", "pendulum", "dateutil", "airbyte_provider",
    "airflow_clickhouse_plugin", "airflow_dbt_python", "airflow_provider_census",
    "airflow_provider_hightouch", "airflow_provider_wfintel", "anyscale_provider", "astronomer", "cosmos",
    "duckdb_provider", "fivetran_provider_async", "great_expectations_provider", "ray_provider",
))  # fmt: skip
_INSIDE = frozenset((
    "boto3", "great_expectations", "holidays", "jinja2", "numpy", "openpyxl", "pandas", "polars", "pyarrow", "pydantic",
    "requests", "sqlalchemy", "yaml",
))  # fmt: skip
_LEGACY = {
    "airflow.decorators": "airflow.sdk",
    "airflow.models": "airflow.sdk",
    "airflow.operators": "airflow.providers.standard.operators",
    "airflow.sensors": "airflow.providers.standard.sensors",
    "airflow.hooks": "airflow.sdk",
    "airflow.utils": "airflow.sdk",
    "airflow.datasets": "airflow.sdk (Asset)",
    "airflow": "airflow.sdk",
}


def import_issues(tree: ast.Module, allow: frozenset[str]) -> Iterator[ValidationIssue]:
    """Imports that are not on the list."""
    outside = set(map(id, top_level(tree)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield ValidationIssue("imports", "a relative import", node.lineno, "DAG files stand alone")
                continue
            module = node.module or ""
            modules = [module]
            if module == "importlib" and any(alias.name != "import_module" for alias in node.names):
                yield ValidationIssue("imports", "importlib is there for import_module only", node.lineno)
                continue
            if any(alias.name == "*" for alias in node.names):
                yield ValidationIssue("imports", f"all names of {module} at once", node.lineno, "name what is used")
        else:
            continue
        for module in modules:
            issue = _judge(module, node.lineno, allow, at_top=id(node) in outside)
            if issue is not None:
                yield issue


def _judge(module: str, line: int, allow: frozenset[str], *, at_top: bool) -> ValidationIssue | None:
    if _within(module, _TOP | _STDLIB | allow) or (not at_top and _within(module, _INSIDE | _STDLIB_INSIDE)):
        return None
    for old, new in _LEGACY.items():
        if module == old or (old != "airflow" and module.startswith(old + ".")):
            return ValidationIssue("imports", f"{module} is not for Airflow 3 DAG files", line, f"use {new}")
    if at_top and _within(module, _INSIDE | _STDLIB_INSIDE):
        return ValidationIssue(
            "imports", f"{module} at the top level", line, "import it inside the function that needs it"
        )
    own = module.split(".")[0]
    kind = "standard library module" if own in sys.stdlib_module_names else "module"
    hint = f"leave it out, or if you know what it does: wfintel validate --allow {own}"
    return ValidationIssue("imports", f"the {kind} {module} is not on the allow-list", line, hint)


def _within(module: str, allowed: frozenset[str]) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:count]) in allowed for count in range(1, len(parts) + 1))


def top_level(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes that run when the file is imported: everything but the bodies of functions."""
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop(0)
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            todo.extend([*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)])
        elif isinstance(node, ast.Lambda):
            continue
        else:
            todo.extend(ast.iter_child_nodes(node))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Local names of top-level imports → `module` or `module:name`."""
    found: dict[str, str] = {}
    for node in top_level(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}:{alias.name}"
    return found
