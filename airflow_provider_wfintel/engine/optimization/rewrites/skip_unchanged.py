"""Leaves work out whose input files are the same as when it was last done: a checksum gate around its function.

Only for a task that is fully understood, reads files that no task of the DAG makes, writes files under fixed names and
returns nothing. That its code depends on nothing else (the time, a service that a library asks) cannot be proven from
the file, so a person confirms it as `unchanged:TASK`.
"""

from __future__ import annotations

import ast
import json

from airflow_provider_wfintel.engine.optimization.proof.order import short
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.fuse_chain import work_seconds
from airflow_provider_wfintel.engine.optimization.rewrites.imports import import_name
from airflow_provider_wfintel.engine.optimization.rewrites.settings import set_arguments, sites
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue

__all__ = ["REWRITE", "file_work"]

_LEAST_SECONDS = 30.0
_MODULE, _NAME = "airflow_provider_wfintel.operators.unchanged", "only_if_changed"


def file_work(dag: DagModel, task: TaskModel) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files that a task reads and files that it writes, if that is all it does; two empty tuples otherwise."""
    nothing: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    if task.role != "work" or not task.known or task.returns is not None or task.build.expanded is not None:
        return nothing
    own = f"xcom:{task.task_id}"
    effects = [effect for effect in task.effects if effect.resource != own]
    if any(effect.kind not in ("read", "write") or not _fixed(effect.resource) for effect in effects):
        return nothing
    reads = {effect.resource for effect in effects if effect.kind == "read"}
    writes = {effect.resource for effect in effects if effect.kind == "write"}
    made = {item for other in dag.tasks for item in other.writes | other.appends | other.claims}
    others = {item for other in dag.tasks if other is not task for item in other.writes | other.appends}
    if not reads or not writes or reads & made or writes & others:
        return nothing
    return tuple(sorted(reads)), tuple(sorted(writes))


def _fixed(resource: str) -> bool:
    return resource.startswith("file:/") and "⟨" not in resource


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    found = []
    for tasks in sites(draft):
        task = tasks[0]
        reads, writes = file_work(draft.dag, task) if len(tasks) == 1 else ((), ())
        if not reads or task.task_id in draft.parts or work_seconds(draft, task, around) < _LEAST_SECONDS:
            continue
        source = _written(draft, task, reads, writes)
        if source is None:
            continue
        confirm = f"unchanged:{task.task_id}"
        found.append(
            Proposal(
                "skip-unchanged",
                f"let {task.task_id} do nothing while its input is the same",
                f"it works for {work_seconds(draft, task, around):.0f} s in every run, whether or not its input has changed",
                "it reads and writes nothing but these files; their contents, its code and its results are compared",
                tuple(f"it reads {short(item)}" for item in reads[:3])
                + tuple(f"it writes {short(item)}" for item in writes[:3]),
                draft.with_source(source),
                effort="low",
                risk="medium",
                risk_note="what it makes must depend on these files only; functions that it calls in other modules are not compared",
                tasks=(task.task_id,),
                suggestion=confirm not in around.confirmed,
                confirm=confirm,
                unseen=True,
            )
        )
    return found


def _written(draft: Draft, task: TaskModel, reads: tuple[str, ...], writes: tuple[str, ...]) -> str | None:
    edits = Edits()
    gate = f"{_NAME}(reads={_paths(reads)}, writes={_paths(writes)})"
    if task.build.kind == "operator":
        call = task.build.site.node
        value = next((item.value for item in getattr(call, "keywords", []) if item.arg == "python_callable"), None)
        if value is None or _NAME in segment(draft.source, value):
            return None
        if not set_arguments(draft, task, {"python_callable": f"{gate}({segment(draft.source, value)})"}, edits):
            return None
    elif not _decorated(draft, task, gate, edits):
        return None
    return apply_edits(draft.source, edits) if import_name(draft, _MODULE, _NAME, edits) else None


def _decorated(draft: Draft, task: TaskModel, gate: str, edits: Edits) -> bool:
    """The function of a TaskFlow task with the gate below its decorator."""
    function = task.build.function
    if not isinstance(function, FunctionValue) or not isinstance(function.node, ast.FunctionDef):
        return False
    node = function.node
    if function.module != "__dag_file__" or len(node.decorator_list) != 1 or task.build.operator != "task":
        return False
    lines = segment(draft.source, node).split("\n")
    place = next((number for number, line in enumerate(lines) if line.startswith("def ")), None)
    if place is None:
        return False
    edits.replaced[node.lineno] = ["\n".join([*lines[:place], f"@{gate}", *lines[place:]])]
    return True


def _paths(resources: tuple[str, ...]) -> str:
    return json.dumps([item.removeprefix("file:") for item in resources], ensure_ascii=False)


REWRITE = Rewrite("skip-unchanged", frozenset({"performance", "cost", "hybrid"}), _propose)
