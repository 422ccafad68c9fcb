"""Front door of the static checks."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from airflow_provider_wfintel.engine.generation.checks.calls import call_issues
from airflow_provider_wfintel.engine.generation.checks.dags import dag_facts, dag_issues
from airflow_provider_wfintel.engine.generation.checks.imports import import_issues
from airflow_provider_wfintel.engine.generation.checks.strings import secret_issues, template_issues
from airflow_provider_wfintel.engine.model import Check, ValidationIssue, ValidationReport

__all__ = ["STATIC_CHECKS", "check_source"]

STATIC_CHECKS: tuple[Check, ...] = ("syntax", "imports", "calls", "templates", "secrets", "dag")
_MAX_LENGTH = 1_000_000


def check_source(source: str, *, allow: Iterable[str] = ()) -> ValidationReport:
    """Check the text of a DAG file without running it.

    What is looked for: imports outside the allow-list, calls that run code or commands, work at the top level,
    template variables that Airflow 3 removed, secrets in literals, DAGs without an id, task ids used twice.

    Args:
        source: the text of the file.
        allow: further modules that may be imported, for files that people wrote themselves.
    """
    tree = _parse(source)
    if isinstance(tree, ValidationIssue):
        return ValidationReport(ok=False, issues=(tree,), checks=("syntax",))
    issues = [
        *import_issues(tree, frozenset(allow)),
        *call_issues(tree),
        *template_issues(tree),
        *secret_issues(tree),
        *dag_issues(tree),
    ]
    dag_ids, task_ids = dag_facts(tree)
    ordered = tuple(sorted(dict.fromkeys(issues), key=lambda issue: (issue.line, issue.check, issue.message)))
    return ValidationReport(not ordered, ordered, STATIC_CHECKS, dag_ids, task_ids)


def _parse(source: str) -> ast.Module | ValidationIssue:
    if len(source) > _MAX_LENGTH:
        return ValidationIssue("syntax", "the file is longer than a million letters", hint="split it into DAGs")
    try:
        return ast.parse(source)
    except SyntaxError as error:
        return ValidationIssue("syntax", error.msg or "invalid syntax", error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return ValidationIssue("syntax", str(error) or "too deeply nested")
