"""Use case: lay out the DAG of a file better, and check the result before anybody uses it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.optimization.rewrites.draft import PoolSize
from airflow_provider_wfintel.engine.optimization.service import (
    Goal,
    Limits,
    first_steps,
    optimization_report,
    optimize_file,
    read_dag_ids,
)
from airflow_provider_wfintel.exceptions import NotTextError, UserInputError

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.model import RunHistory
    from airflow_provider_wfintel.engine.optimization.rewrites.draft import Strategy
    from airflow_provider_wfintel.engine.optimization.service import Deployment

__all__ = [
    "OptimizeRequest",
    "Optimized",
    "neighbours_of",
    "optimize",
    "read_history_file",
    "read_pools_file",
    "siblings_of",
]

_LARGEST_FILE = 2_000_000
_MATTERS_OF_TASTE = ("AIR001", "F841", "F401")
"""Rules of ruff that a file may break: AIR001 wants variables to be named like their tasks; a name that nobody uses
breaks nothing."""
_MODULES_DEEP, _MOST_MODULES = 4, 60
_MOST_FILES = 400


@dataclass(frozen=True, slots=True)
class OptimizeRequest:
    """What is asked for.

    Attributes:
        path: the DAG file.
        dags_folder: the folder that its modules are imported from; the file's own folder if not given.
        history: tries of earlier runs.
        pools: the pools of the deployment.
        slots: tasks that may run at once.
        strategy: what is to become better.
        dag_id: the DAG, if the file has several.
        confirmed: what a person has confirmed: `pool:NAME`, `first->second` for an order that is not needed.
        execute: whether the file may be imported in a child process, to compare its structure with what was read.
        goal: deadline and weights.
        limits: what must stay.
        pick: for `hybrid`, which of the layouts that none beats is taken.
        slot_price: money for one slot and hour; without it `cost` counts slot seconds.
    """

    path: Path
    history: RunHistory
    dags_folder: Path | None = None
    pools: tuple[PoolSize, ...] = ()
    slots: int | None = None
    strategy: Strategy = "performance"
    dag_id: str = ""
    execute: bool = True
    confirmed: frozenset[str] = frozenset()
    goal: Goal = Goal()
    limits: Limits = Limits()
    pick: str = "balanced"
    slot_price: float = 0.0


@dataclass(frozen=True, slots=True)
class Optimized:
    """The answer: the file before and after, and the report."""

    before: str
    after: str
    report: dict[str, Any]
    checks: tuple[str, ...] = field(default=())
    others: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Other DAG files that have to change with it, by their path in the DAGs folder: text before and after."""

    @property
    def changed(self) -> bool:
        """Whether the file, or the size of a pool, is another one."""
        return bool(self.report["changed"])


def optimize(request: OptimizeRequest) -> Optimized:
    """Optimize a DAG file.

    Raises:
        UserInputError: the file cannot be read, is no Python, or has no such DAG.
    """
    source = _read(request.path)
    siblings = siblings_of(source, request.path, request.dags_folder)
    referred, awaited = _named_elsewhere(request.path, request.dags_folder)
    result = optimize_file(
        source,
        siblings,
        request.history,
        deployment=_deployment(request),
        pools=request.pools,
        strategy=request.strategy,
        referred=referred,
        dag_id=request.dag_id,
        confirmed=request.confirmed,
        goal=request.goal,
        limits=request.limits,
        pick=request.pick,
        awaited=awaited,
        neighbours=lambda: neighbours_of(request.path, request.dags_folder),
    )
    checks: list[str] = []
    faults: list[dict[str, str]] = []
    for count in range(len(result.plan.applied), -1, -1):
        candidate = first_steps(result, count)
        checks = ["the file parses", "every needed order is kept (closures compared)", "limits and pools are kept"]
        wrong = _wrong(source, candidate.source, siblings, result.dag_id, request, checks)
        folder = request.dags_folder or request.path.parent
        others = {path: (_read(folder / path), text) for path, text in candidate.plan.final.others.items()}
        for path, (before, after) in others.items():
            wrong = wrong or _wrong_elsewhere(before, after, siblings_of(before, folder / path, folder), path, request)
        if not wrong:
            break
        # The rewrites before the one that the check finds fault with still count.
        faults.append({"what": result.plan.applied[count - 1].proposal.title, "why": wrong})
    report = optimization_report(candidate)
    report["file"] = request.path.name
    report["left"] = faults + report["left"]
    report["checks"] = checks
    return Optimized(source, candidate.source, report, tuple(checks), others)


def _deployment(request: OptimizeRequest) -> Deployment:
    from airflow_provider_wfintel.engine.optimization.service import Deployment

    if not 0 <= request.slot_price < float("inf"):
        raise UserInputError(
            f"--slot-price {request.slot_price} is no price", hint="give 0 or more for a slot and hour"
        )
    if request.slots is None:
        return Deployment(slot_price=request.slot_price)
    if request.slots < 1:
        raise UserInputError(f"--slots {request.slots} cannot run anything", hint="give 1 or more")
    return Deployment(parallelism=request.slots, slot_price=request.slot_price)


def _wrong(
    before: str, after: str, siblings: Mapping[str, str], dag_id: str, request: OptimizeRequest, checks: list[str]
) -> str:
    """Why the rewritten file must not be used, or nothing."""
    if before == after:
        return ""
    from airflow_provider_wfintel.app.validate import validate_file

    old = {
        (issue.check, issue.message) for issue in validate_file(before, execute=False).issues if issue.check == "lint"
    }
    new = [
        issue for issue in validate_file(after, execute=False).issues
        if issue.check in ("lint", "syntax") and (issue.check, issue.message) not in old
        and not issue.message.startswith(_MATTERS_OF_TASTE)
    ]  # fmt: skip
    if new:
        return f"the rewritten file does not pass ruff: {new[0].message} (line {new[0].line})"
    checks.append("ruff finds nothing new")
    return _imported(before, after, siblings, dag_id, checks) if request.execute else ""


def _wrong_elsewhere(before: str, after: str, siblings: Mapping[str, str], path: str, request: OptimizeRequest) -> str:
    """Why another file that has to change must not be used, or nothing."""
    dags = read_dag_ids(after, siblings)
    wrong = next((found for dag_id in dags if (found := _wrong(before, after, siblings, dag_id, request, []))), "")
    return f"{path}: {wrong}" if wrong else ""


def _imported(before: str, after: str, siblings: Mapping[str, str], dag_id: str, checks: list[str]) -> str:
    """Compare what Airflow sees in both files with what was read from them."""
    from airflow_provider_wfintel.engine.optimization.service import structure_as_read
    from airflow_provider_wfintel.host.dag_structure import structures_of

    found = structures_of({"before": before, "after": after}, siblings)
    if found["before"].error:
        checks.append("not imported: the original cannot be imported here")
        return ""
    if found["after"].error:
        return f"Airflow cannot import the rewritten file: {found['after'].error.strip().splitlines()[-1]}"
    for name, text in (("before", before), ("after", after)):
        seen = {task: set(below) for task, below in found[name].dags.get(dag_id, {}).items()}
        read = {task: set(below) for task, below in structure_as_read(text, siblings, dag_id).items()}
        if seen != read:
            odd = sorted(task for task in {*seen, *read} if seen.get(task) != read.get(task))
            which = "original" if name == "before" else "rewritten"
            return f"Airflow sees another structure in the {which} file than was read (at {odd[0]})"
    checks.append("Airflow imports both files and sees the structure that was read")
    return ""


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UserInputError(f"{path} is larger than {_LARGEST_FILE:,} bytes", hint="name a DAG file")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotTextError(f"{path} is no UTF-8 text", hint="name a Python file") from error
    except OSError as error:
        raise UserInputError(f"{path}: {error.strerror or error}", hint="name a file that can be read") from error


def neighbours_of(path: Path, dags_folder: Path | None = None) -> dict[str, tuple[str, dict[str, str]]]:
    """The other DAG files of the folder, by their path in it: text, and the modules that it imports."""
    folder, found = dags_folder or path.parent, dict[str, tuple[str, dict[str, str]]]()
    for file in sorted(folder.glob("**/*.py"))[:_MOST_FILES]:
        if file.resolve() == path.resolve():
            continue
        try:
            text = _read(file)
        except UserInputError:
            continue
        if "DAG(" in text or "@dag" in text:
            found[file.relative_to(folder).as_posix()] = (text, siblings_of(text, file, dags_folder))
    return found


def siblings_of(source: str, path: Path, dags_folder: Path | None = None) -> dict[str, str]:
    """Texts of the modules of the DAGs folder that the file imports, and of those that these import."""
    folders = [path.parent, *([dags_folder] if dags_folder is not None else [])]
    own, found, waiting = path.resolve(), dict[str, str](), [(source, folders)]
    for _ in range(_MODULES_DEEP):
        texts, waiting = waiting, []
        for text, places in texts:
            for name in _imported_names(text):
                file = next((item for item in (_file_of(name, place) for place in places) if item.is_file()), None)
                if file is not None and file.resolve() != own and name not in found and len(found) < _MOST_MODULES:
                    found[name] = _read(file)
                    waiting.append((found[name], list(dict.fromkeys([file.parent, *folders]))))
    return found


def _file_of(name: str, folder: Path) -> Path:
    return folder.joinpath(*name.split(".")).with_suffix(".py")


def _imported_names(source: str) -> list[str]:
    """Dotted names that a file imports, as they are written."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(dict.fromkeys(alias.name for alias in node.names))
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module:
                names[module] = None
            names.update(dict.fromkeys(f"{module}.{alias.name}".lstrip(".") for alias in node.names))
    return list(names)


def _named_elsewhere(path: Path, dags_folder: Path | None) -> tuple[frozenset[str], frozenset[str]]:
    """Task ids that other files of the folder wait for or clear by name, and DAGs that they wait for or trigger."""
    found: set[str] = set()
    dags: set[str] = set()
    files = sorted((dags_folder or path.parent).glob("**/*.py"))[:_MOST_FILES]
    for file in files:
        if file.resolve() == path.resolve():
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for word in re.findall(r"external_task_ids?\s*=\s*(\[[^\]]*\]|[\"'][^\"']+[\"'])", text):
            found.update(re.findall(r"[\"']([^\"']+)[\"']", word))
        dags.update(re.findall(r"(?:external|trigger)_dag_id\s*=\s*[\"']([^\"']+)[\"']", text))
    return frozenset(found), frozenset(dags)


def read_history_file(path: Path) -> RunHistory:
    """Tries of earlier runs from a JSON file: task instances as the REST API v2 lists them.

    Raises:
        UserInputError: the file cannot be read or does not have that form.
    """
    from airflow_provider_wfintel.engine.optimization.simulation import read_history

    return read_history(_instances(_json(path)))


def _instances(data: object) -> object:
    """The list of task instances of one answer, of answers by run, or of runs with their tasks."""
    if isinstance(data, dict) and "task_instances" not in data:
        parts = next((data[key] for key in ("runs", "dag_runs") if isinstance(data.get(key), list)), None)
        parts = list(data.values()) if parts is None else parts
        rows: list[object] = []
        for part in parts:
            inner = part.get("task_instances", []) if isinstance(part, dict) else part
            rows.extend(inner if isinstance(inner, list) else [])
        return rows
    return data


def read_pools_file(path: Path) -> tuple[PoolSize, ...]:
    """Pools from a JSON file: as the REST API v2 lists them, a list of them, or `{"name": slots}`.

    Raises:
        UserInputError: the file cannot be read or does not have that form.
    """
    data = _json(path)
    if isinstance(data, dict) and isinstance(data.get("pools"), list | dict):
        data = data["pools"]
    if isinstance(data, dict):
        data = [
            {"name": name, **(item if isinstance(item, dict) else {"slots": item})} for name, item in data.items()
            if name != "total_entries"
        ]  # fmt: skip
    pools = []
    for item in data if isinstance(data, list) else [None]:
        row: dict[str, Any] = item if isinstance(item, dict) else {}
        name, slots = row.get("name", row.get("pool")), row.get("slots")
        if not isinstance(name, str) or not isinstance(slots, int):
            raise UserInputError(f"{path} does not list pools", hint='expected {"pools": [{"name": …, "slots": …}]}')
        pools.append(PoolSize(name, slots, str(row.get("description") or "")))
    return tuple(pools)


def _json(path: Path) -> Any:
    try:
        return json.loads(_read(path))
    except ValueError as error:
        raise UserInputError(f"{path} is no JSON: {error}", hint="save the answer of the REST API") from error
