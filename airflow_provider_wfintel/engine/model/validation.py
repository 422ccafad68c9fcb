"""What checking a generated DAG file found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Check", "ValidationIssue", "ValidationReport"]

Check: TypeAlias = Literal["syntax", "imports", "calls", "templates", "secrets", "lint", "import", "serialize", "dag"]


@dataclass(frozen=True, slots=True)
class ValidationIssue:
    """One thing that is wrong. `line` is 1-based, 0 if it has no line."""

    check: Check
    message: str
    line: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The outcome of all checks that ran, with the DAGs and tasks that an import found."""

    ok: bool
    issues: tuple[ValidationIssue, ...] = ()
    checks: tuple[Check, ...] = ()
    dag_ids: tuple[str, ...] = ()
    task_ids: tuple[str, ...] = ()
