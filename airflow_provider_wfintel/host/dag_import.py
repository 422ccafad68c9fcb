"""Import of a DAG file in a child process with an empty environment, limits and a guard.

Parsing a DAG file executes it. The child therefore has no credentials, no database, a time and memory limit and an
audit hook that stops sockets, processes and writing. That is a seat belt, not a sandbox: the static checks come first.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.model import ValidationIssue, ValidationReport
from airflow_provider_wfintel.exceptions import CatalogError
from airflow_provider_wfintel.host.child import run_child

__all__ = ["import_dag_file"]

_MISSING = re.compile(r"No module named '(airflow\.providers[\w.]*|[A-Za-z_][\w.]*)'")
_CANNOT = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "VIRTUAL_ENV")
_CHILD = Path(__file__).with_name("dag_import_child.py")


def import_dag_file(source: str, *, timeout: float = 60.0, memory_mb: int = 4096) -> ValidationReport:
    """Import the file with Airflow, serialize its DAGs and read them back.

    Args:
        source: the text of the file.
        timeout: seconds that the child may take, Airflow's own import included.
        memory_mb: address space of the child in MiB.
    """
    with tempfile.TemporaryDirectory(prefix="wfintel-") as folder:
        home = Path(folder)
        path = home / "dags" / "generated_dag.py"
        path.parent.mkdir()
        try:
            path.write_text(source, encoding="utf-8")
        except UnicodeEncodeError:
            return _failed("the file holds half of a surrogate pair and cannot be stored as UTF-8")
        result = home / "result.json"
        arguments = [str(path), str(result), str(int(timeout)), str(memory_mb)]
        code, errors = run_child(_CHILD, arguments, home=home, environment=_environment(home), timeout=timeout)
        if code is None:
            return _failed(f"the import took longer than {timeout:g} seconds", hint="a DAG file must do no work")
        try:
            found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return _failed(f"the importing process ended with status {code}", hint=errors[-300:].strip())
    return _report(found)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # What this process can import, the child can import: a package that is used from its sources included.
    kept["PYTHONPATH"] = os.pathsep.join(part for part in sys.path if part and Path(part).is_dir())
    return {
        **kept,
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/no_database/none.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _failed(message: str, *, hint: str = "") -> ValidationReport:
    return ValidationReport(False, (ValidationIssue("import", message, hint=hint),), ("import",))


def _report(found: dict[str, Any]) -> ValidationReport:
    issues = [_import_issue(text) for text in found["import_errors"]]
    issues += [
        ValidationIssue("import", f"at import: {event}", hint="a DAG file must do no work") for event in found["events"]
    ]
    issues += [ValidationIssue("serialize", text) for text in found["serialize_errors"]]
    if not issues and not found["dag_ids"]:
        issues.append(ValidationIssue("import", "Airflow found no DAG in the file"))
    return ValidationReport(
        ok=not issues,
        issues=tuple(issues),
        checks=("import", "serialize"),
        dag_ids=tuple(found["dag_ids"]),
        task_ids=tuple(found["task_ids"]),
    )


def _import_issue(text: str) -> ValidationIssue:
    """One import error, with the distribution to install if a provider is missing."""
    last = next((line for line in reversed(text.strip().splitlines()) if line.strip()), "import failed")
    lines = re.findall(r'generated_dag\.py", line (\d+)', text)
    line = int(lines[-1]) if lines else 0
    missing = _MISSING.search(text)
    if missing:
        module = missing[1]
        distribution = _distribution(module)
        hint = f"pip install {distribution}" if distribution else f"install what brings the module {module}"
        return ValidationIssue("import", f"{module} is not installed", line, hint)
    wrong = _CANNOT.search(text)
    if wrong:
        hint = f"the installed version of {_distribution(wrong[2]) or wrong[2]} may be older than the catalogue"
        return ValidationIssue("import", f"{wrong[2]} has no {wrong[1]}", line, hint)
    return ValidationIssue("import", last.strip()[:500], line)


def _distribution(module: str) -> str:
    try:
        found = load_catalog().distribution_of(module)
    except CatalogError:
        found = ""
    parts = module.split(".")
    if not found and module.startswith("airflow.providers.") and len(parts) > 2:
        found = "apache-airflow-providers-" + parts[2]
    return found
