"""Makes a task that only cleans up a teardown: it also runs when the work failed, and its success hides no failure.

Only for a task at the end whose every effect is to delete what tasks before it make, and whose code is fully understood.
Without `on_failure_fail_dagrun`, which in Airflow 3.3 would make the teardown decide the state of the run: one that succeeds
would hide a failure before it. Leftovers of a failed run may be what somebody looks into, so a person confirms it as
`teardown:TASK`.
"""

from __future__ import annotations

import ast
import re

from airflow_provider_wfintel.engine.optimization.proof.order import bits, closure, short
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.handles import Handles
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel

__all__ = ["REWRITE", "cleans_up"]

_DROPS = re.compile(r"\s*(?:drop\s+(?:table|view)|truncate)\b[^;]*;?\s*$", re.IGNORECASE)
_RULES = ("all_success", "all_done")


def cleans_up(dag: DagModel, task: TaskModel) -> tuple[str, ...]:
    """What a task at the end deletes of the work of tasks before it; nothing if it does or may do anything else."""
    if task.role != "work" or not task.known or task.gates or task.trigger_rule not in _RULES:
        return ()
    if any(one == task.task_id for one, _ in dag.edges) or task.build.expanded is not None:
        return ()
    own = f"xcom:{task.task_id}"
    effects = [effect for effect in task.effects if effect.resource != own]
    gone = {effect.resource for effect in effects if effect.kind == "delete"}
    if _only_drops(task):
        gone |= {effect.resource for effect in effects if effect.kind == "write"}
    # Looking whether a thing is there before deleting it is part of deleting it.
    if not gone or any(effect.resource not in gone for effect in effects):
        return ()
    before = closure(len(dag.tasks), [(dag.index[one], dag.index[two]) for one, two in dag.edges])
    made = {item for place in bits(before[task.position]) for item in dag.tasks[place].writes | dag.tasks[place].claims}
    return tuple(sorted(gone)) if gone <= made else ()


def _only_drops(task: TaskModel) -> bool:
    sql = task.argument("sql")
    statements = sql if isinstance(sql, list) else [sql]
    return bool(statements) and all(isinstance(item, str) and _DROPS.match(item) for item in statements)


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts:
        return []
    found = []
    for task in draft.dag.tasks:
        gone = cleans_up(draft.dag, task)
        source = _written(draft, task) if gone else None
        if source is None:
            continue
        hides = task.trigger_rule == "all_done"
        confirm = f"teardown:{task.task_id}"
        found.append(
            Proposal(
                "teardown-for-cleanup",
                f"make {task.task_id} a teardown",
                "it ends the run with success although tasks before it failed"
                if hides
                else "it does not run when a task before it fails, and what it would delete is left over",
                "all it does is to delete what tasks before it make; nothing follows it; the tasks before it now decide the state of the run",
                tuple(f"it deletes {short(item)}" for item in gone[:5]),
                draft.with_source(source),
                effort="low",
                risk="medium",
                risk_note="what a failed run leaves behind is deleted too, and a cleanup that fails no longer fails the run",
                tasks=(task.task_id,),
                suggestion=confirm not in around.confirmed,
                confirm=confirm,
                unseen=True,
            )
        )
    return found


def _written(draft: Draft, task: TaskModel) -> str | None:
    """The file with the task marked at the end of the DAG's block."""
    site, block = task.build.site, draft.dag.build.block
    if site.items or site.path_in(block) or not isinstance(site.node, ast.Call):
        return None
    edits = Edits()
    statement = site.statement
    if (
        isinstance(statement, ast.Assign)
        and statement.value is site.node
        and isinstance(statement.targets[0], ast.Name)
    ):
        name: str | None = statement.targets[0].id
    else:
        name = Handles(draft.file, draft.dag, edits, {}).local(site.node)
    if name is None:
        return None
    edits.append(block, f"{name}.as_teardown()")
    return apply_edits(draft.source, edits)


REWRITE = Rewrite("teardown-for-cleanup", frozenset({"performance", "cost", "reliability", "hybrid"}), _propose)
