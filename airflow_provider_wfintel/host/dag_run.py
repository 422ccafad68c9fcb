"""A trial run of DAG files: in a child process, with a recording stand-in for every outside service.

The child has an empty environment, a home and a database of its own, limits on time and memory, and no network. What
generated code calls is replaced there (`host.trial`). It is a rehearsal, not a sandbox: run only files that passed the
static checks.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.model import Trial, TrialCall, TrialRun, TrialTask
from airflow_provider_wfintel.exceptions import CatalogError
from airflow_provider_wfintel.host.child import run_child

__all__ = ["ANSWERS", "missing_distributions", "try_dag_files"]

ANSWERS = ("rows", "empty")
"""The answers of the stand-ins in the runs of one DAG: data and approvals, then nothing and refusals."""

_CHILD = Path(__file__).with_name("dag_run_child.py")
# A library or a provider that an installed provider wants, seen when the file is imported.
_ABSENT = re.compile(r"No module named '([\w.]+)'|pip install ([\w-]+)")
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV")


def try_dag_files(
    sources: Mapping[str, str],
    *,
    answers: Sequence[str] = ANSWERS,
    seconds: float = 60.0,
    memory_mb: int = 6144,
) -> dict[str, Trial]:
    """Run every DAG once for each kind of answers and tell what it called.

    Args:
        sources: the texts of DAG files by a name that is usable as a file name.
        answers: which runs to make, of `ANSWERS`.
        seconds: wall time that one run may take.
        memory_mb: address space of the child in MiB.
    """
    missing = {name: missing_distributions(source) for name, source in sources.items()}
    runnable = {name: source for name, source in sources.items() if not missing[name]}
    trials = {name: Trial("", missing=found) for name, found in missing.items() if found}
    if runnable:
        trials.update(_run(runnable, tuple(answers), seconds, memory_mb))
    return {name: trials[name] for name in sources}


def missing_distributions(source: str) -> tuple[str, ...]:
    """The provider distributions that the file imports from, also inside of functions, and that are not installed."""
    import ast

    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ()
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    missing = [_distribution(module) for module in sorted(modules) if not _is_installed(module)]
    return tuple(dict.fromkeys(missing))


def _is_installed(module: str) -> bool:
    """Whether the module can be found; nothing of Airflow is imported to look for a provider."""
    from importlib.util import find_spec

    if module.startswith("airflow.providers."):
        place = Path(*module.split("."))
        return any((Path(part) / place).is_dir() or (Path(part) / f"{place}.py").is_file() for part in sys.path if part)
    try:
        return find_spec(module.partition(".")[0]) is not None
    except (ImportError, ValueError):
        return False


def _distribution(module: str) -> str:
    with contextlib.suppress(CatalogError):
        found = load_catalog().distribution_of(module)
        if found:
            return found
    parts = module.split(".")
    if module.startswith("airflow.providers.") and len(parts) > 2:
        return "apache-airflow-providers-" + parts[2]
    return module.partition(".")[0]


def _run(sources: Mapping[str, str], answers: tuple[str, ...], seconds: float, memory_mb: int) -> dict[str, Trial]:
    with tempfile.TemporaryDirectory(prefix="wfintel-") as folder:
        home, results = Path(folder), Path(folder) / "results"
        for name in ("dags", "files", "tmp", "results"):
            (home / name).mkdir()
        request = {
            "files": [{"name": f"f{number}", "source": source} for number, source in enumerate(sources.values())],
            "answers": answers,
            "seconds": seconds,
            "memory_mb": memory_mb,
            "template": str(_template()),
        }
        (home / "request.json").write_text(json.dumps(request), encoding="utf-8")
        _, said = run_child(
            _CHILD,
            [str(home / "request.json"), str(results)],
            home=home,
            environment=_environment(home),
            timeout=60 + seconds * len(sources) * len(answers),
        )
        found = {
            name: {kind: _read(results / f"f{number}.{kind}.json", said) for kind in answers}
            for number, name in enumerate(sources)
        }
    return {name: _trial(runs) for name, runs in found.items()}


def _read(path: Path, said: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"error": f"the child process gave no result: {said[-400:].strip() or 'it was stopped'}"}
    return found


def _template() -> Path:
    """The migrated database that runs start from, kept beside the user's other caches."""
    from importlib.metadata import version

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "airflow-provider-wfintel"
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        cache = Path(tempfile.mkdtemp(prefix="wfintel-cache-"))
    return cache / f"airflow-{version('apache-airflow-core')}.db"


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # What this process can import, the child can import: a package that is used from its sources included.
    kept["PYTHONPATH"] = os.pathsep.join(part for part in sys.path if part and Path(part).is_dir())
    return {
        **kept,
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API_AUTH__JWT_SECRET": "known to this child only: 0123456789abcdef0123456789abcdef0123456789abcdef",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__FERNET_KEY": "",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _trial(runs: Mapping[str, dict[str, Any]]) -> Trial:
    first = next(iter(runs.values()))
    absent = tuple(
        dict.fromkeys(
            found for run in runs.values() for pair in _ABSENT.findall(run.get("error", "")) for found in pair if found
        )
    )
    if absent:
        return Trial("", missing=absent)
    bad = next((run["error"] for run in runs.values() if run.get("error")), "")
    return Trial(
        dag_id=first.get("dag_id", ""),
        runs=tuple(TrialRun(kind, _tasks(run["tasks"])) for kind, run in runs.items() if not run.get("error")),
        params=tuple(first.get("params", ())),
        error=_last_line(bad),
        seconds=round(sum(run.get("seconds", 0.0) for run in runs.values()), 2),
    )


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    named = re.findall(r'generated_dag\.py", line (\d+)', text)
    return (f"line {named[-1]}: " if named else "") + lines[-1].strip()[:500] if lines else ""


def _tasks(found: Sequence[Mapping[str, Any]]) -> tuple[TrialTask, ...]:
    tasks = []
    for item in found:
        error = item["error"]
        if error and not item["line"] and item.get("where"):
            error += f" ({item['where'][-1]})"
        tasks.append(
            TrialTask(
                item["task_id"],
                item["operator"],
                item["state"],
                item["level"],
                tuple(TrialCall(**call) for call in item["calls"]),
                error,
                item["line"],
                item["reason"],
                item["mapped"],
            )
        )
    return tuple(tasks)
