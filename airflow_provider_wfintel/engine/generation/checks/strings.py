"""What string literals must not hold: template variables that are gone, and secrets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from airflow_provider_wfintel.engine.model import ValidationIssue

__all__ = ["REMOVED_VARIABLES", "secret_issues", "template_issues"]

REMOVED_VARIABLES = {
    "execution_date": "logical_date",
    "next_execution_date": "data_interval_end",
    "prev_execution_date": "prev_data_interval_start_success",
    "prev_execution_date_success": "prev_data_interval_start_success",
    "next_ds": "data_interval_end | ds",
    "next_ds_nodash": "data_interval_end | ds_nodash",
    "prev_ds": "prev_start_date_success | ds",
    "prev_ds_nodash": "prev_start_date_success | ds_nodash",
    "tomorrow_ds": "macros.ds_add(ds, 1)",
    "tomorrow_ds_nodash": "macros.ds_add(ds, 1) without dashes",
    "yesterday_ds": "macros.ds_add(ds, -1)",
    "yesterday_ds_nodash": "macros.ds_add(ds, -1) without dashes",
    "triggering_dataset_events": "triggering_asset_events",
}
"""Template variables of Airflow 2 → what stands for them in Airflow 3."""

_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_TAG = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"")
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")

_SECRET_NAME = re.compile(
    r"(^|_)(password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|secret_?key|private_?key)$", re.IGNORECASE
)
_SECRET_VALUES = (
    (re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"), "an AWS access key"),
    (re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}"), "a GitHub token"),
    (re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{10,}"), "a Slack token"),
    (re.compile(r"hooks\.slack\.com/services/\w+/\w+/\w+"), "a Slack webhook"),
    (re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"), "an API key"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}"), "a signed token"),
    (re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/:@{]+@", re.IGNORECASE), "an address with a password"),
)


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """String constants that are no docstrings."""
    docs = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def template_issues(tree: ast.Module) -> Iterator[ValidationIssue]:
    """Removed variables in templates and in the parameters of task functions."""
    for node in _texts(tree):
        text = str(node.value)
        if "{{" not in text and "{%" not in text:
            continue
        for tag in _TAG.finditer(_RAW.sub("", text)):
            inner = _QUOTED.sub("''", tag[1] or tag[2] or "")
            for word in _WORD.findall(inner):
                if word in REMOVED_VARIABLES:
                    yield _removed(word, node.lineno)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument in (*function.args.args, *function.args.kwonlyargs):
                if argument.arg in REMOVED_VARIABLES:
                    yield _removed(argument.arg, argument.lineno)


def _removed(word: str, line: int) -> ValidationIssue:
    return ValidationIssue("templates", f"Airflow 3 has no {word}", line, f"use {REMOVED_VARIABLES[word]}")


def secret_issues(tree: ast.Module) -> Iterator[ValidationIssue]:
    """Literals that are secrets, by their form or by the name they are given."""
    hint = "put it into an Airflow connection and name the connection's id"
    for node in _texts(tree):
        for pattern, what in _SECRET_VALUES:
            if pattern.search(str(node.value)):
                yield ValidationIssue("secrets", f"a literal holds {what}", node.lineno, hint)
    for name, value in _named_values(tree):
        if _SECRET_NAME.search(name) and _is_secret(value):
            yield ValidationIssue("secrets", f"{name} is given as a literal", value.lineno, hint)


def _named_values(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.arguments):
            free = len(node.args) - len(node.defaults)
            yield from ((item.arg, value) for item, value in zip(node.args[free:], node.defaults, strict=True))


def _is_secret(value: ast.expr) -> bool:
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
        return False
    text = value.value.strip()
    return len(text) >= 4 and "{{" not in text and not re.fullmatch(r"[<*].*|.*_default|.*_conn(_id)?", text)
