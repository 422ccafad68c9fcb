"""Use case: check a DAG file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from airflow_provider_wfintel.engine.generation.checks import check_source
from airflow_provider_wfintel.engine.model import Check, ValidationIssue, ValidationReport
from airflow_provider_wfintel.exceptions import NotTextError, UserInputError

__all__ = ["validate_file"]

_RULES = "AIR,F,E9"
_RUFF_TIMEOUT = 60.0


def validate_file(
    source: str | Path, *, execute: bool, timeout: float = 60.0, allow: Iterable[str] = ()
) -> ValidationReport:
    """Check a DAG file: its text, `ruff check` if ruff is installed, and, if asked for, its import with Airflow.

    The import happens in a child process, and only if the checks of the text found nothing.

    Args:
        source: the text of the file, or its path.
        execute: whether to import it too.
        timeout: seconds for the import.
        allow: further modules that may be imported, for files that people wrote themselves.

    Raises:
        UserInputError: the path cannot be read.
        NotTextError: the file is no UTF-8 text.
    """
    text = _read(source) if isinstance(source, Path) else source
    report = check_source(text, allow=allow)
    if report.issues and report.issues[0].check == "syntax":
        return report
    issues, checks = list(report.issues), list(report.checks)
    lint = _lint(text)
    if lint is not None:
        issues.extend(lint)
        checks.append("lint")
    dag_ids, task_ids = report.dag_ids, report.task_ids
    if execute and not report.issues:
        from airflow_provider_wfintel.host.dag_import import import_dag_file

        imported = import_dag_file(text, timeout=timeout)
        issues.extend(imported.issues)
        checks.extend(imported.checks)
        if imported.dag_ids:
            dag_ids, task_ids = imported.dag_ids, imported.task_ids
    done: tuple[Check, ...] = tuple(checks)
    return ValidationReport(not issues, tuple(issues), done, dag_ids, task_ids)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotTextError(f"{path} is no UTF-8 text", hint="name a Python file") from error
    except OSError as error:
        raise UserInputError(f"{path}: {error.strerror or error}", hint="name a file that can be read") from error


def _ruff() -> str | None:
    beside = Path(sys.executable).with_name("ruff")
    return str(beside) if beside.is_file() else shutil.which("ruff")


def _lint(text: str) -> list[ValidationIssue] | None:
    """What ruff finds, or None if it is not installed."""
    ruff = _ruff()
    if ruff is None:
        return None
    command = [ruff, "check", "--isolated", "--no-cache", "--select", _RULES, "--output-format", "json", "-"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, the file comes in over stdin
            command,
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=_RUFF_TIMEOUT,
            check=False,
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return [ValidationIssue("lint", f"{item['code']} {item['message']}", item["location"]["row"]) for item in found]
