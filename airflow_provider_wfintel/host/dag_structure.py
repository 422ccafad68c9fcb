"""The tasks and dependencies of a DAG file as Airflow sees them: the file is imported in a child process.

Unlike `dag_import` this may be given modules beside the file. The child has no credentials and no database.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from airflow_provider_wfintel.host.child import run_child

__all__ = ["DagStructure", "structures_of"]

_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "VIRTUAL_ENV")
_CHILD = Path(__file__).with_name("dag_structure_child.py")


@dataclass(frozen=True, slots=True)
class DagStructure:
    """The DAGs of a file: DAG id -> task id -> direct downstream task ids; or why it cannot be imported."""

    dags: Mapping[str, Mapping[str, tuple[str, ...]]]
    error: str = ""


def structures_of(
    sources: Mapping[str, str], siblings: Mapping[str, str], *, timeout: float = 120.0
) -> dict[str, DagStructure]:
    """Import DAG files, each under a name of its own, with the modules beside them.

    Args:
        sources: texts of DAG files by a name for each.
        siblings: texts of modules by module name.
        timeout: seconds for all of them.
    """
    with tempfile.TemporaryDirectory(prefix="wfintel-") as folder:
        home = Path(folder)
        for name, text in siblings.items():
            path = home.joinpath(*name.split(".")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        paths = {}
        for number, (name, text) in enumerate(sources.items()):
            paths[name] = home / f"dag_file_{number}.py"
            paths[name].write_text(text, encoding="utf-8")
        result = home / "result.json"
        arguments = [str(result), *(str(path) for path in paths.values())]
        code, errors = run_child(_CHILD, arguments, home=home, environment=_environment(home), timeout=timeout)
        if code is None:
            errors = f"the import took longer than {timeout:g} seconds"
        try:
            found = json.loads(result.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {name: DagStructure({}, errors[-500:] or "the import ended without a result") for name in sources}
    return {
        name: DagStructure(
            {dag: {task: tuple(below) for task, below in tasks.items()} for dag, tasks in item["dags"].items()},
            item["error"],
        )
        for name, item in zip(sources, found, strict=True)
    }


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join([str(home), *(part for part in sys.path if part and Path(part).is_dir())])
    return {
        **kept,
        "HOME": str(home),
        "AIRFLOW_HOME": str(home / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/no_database/none.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
    }
