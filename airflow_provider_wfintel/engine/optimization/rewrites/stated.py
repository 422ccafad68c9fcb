"""Limits that a person has stated, checked on every draft: protected pools, orders, tasks that must not be repeated."""

from __future__ import annotations

import ast

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, char_column
from airflow_provider_wfintel.engine.optimization.strategies import Limits
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["broken_by", "check_limits", "without_once"]


def check_limits(limits: Limits, dag: DagModel) -> None:
    """Refuse limits that mean nothing for a DAG, so that nobody takes a misspelt one for kept.

    Raises:
        UserInputError: a task or pool is not there, or an order is none of the DAG.
    """
    from airflow_provider_wfintel.engine.optimization.proof.order import bits, closure

    for name in sorted({*limits.once, *(task for pair in limits.order for task in pair)}):
        if name not in dag.index:
            raise UserInputError(f"{dag.dag_id} has no task {name!r}", hint="limits name tasks by their ids")
    if limits.max_active_tasks is not None and limits.max_active_tasks < 1:
        raise UserInputError(f"{limits.max_active_tasks} tasks at once cannot run anything", hint="give 1 or more")
    used = {task.pool for task in dag.tasks}
    for pool in sorted(limits.pools - used):
        raise UserInputError(
            f"no task of {dag.dag_id} uses the pool {pool!r}", hint=f"it uses {', '.join(sorted(used))}"
        )
    before = closure(len(dag.tasks), [(dag.index[one], dag.index[two]) for one, two in dag.edges])
    for one, two in sorted(limits.order):
        if dag.index[one] not in bits(before[dag.index[two]]):
            raise UserInputError(
                f"{one!r} does not come before {two!r} in {dag.dag_id}", hint="state an order that the DAG has today"
            )


def with_width(draft: Draft, limits: Limits) -> str:
    """The text of a draft, with `max_active_tasks` written where the DAG is made if a stated limit asks for fewer.

    Raises:
        UserInputError: the arguments of the DAG cannot be changed where it is made.
    """
    limit, own = limits.max_active_tasks, draft.dag.settings.get("max_active_tasks")
    if limit is None or (isinstance(own, int) and own <= limit):
        return draft.source
    edits, build = Edits(), draft.dag.build
    if isinstance(build.block, ast.FunctionDef):
        edits.decorators[build.block.lineno] = {"max_active_tasks": str(limit)}
    elif isinstance(build.site.node, ast.Call) and all(item.arg is not None for item in build.site.node.keywords):
        edits.keywords[char_column(draft.source, build.site.node)] = {"max_active_tasks": str(limit)}
    text = apply_edits(draft.source, edits)
    if draft.with_source(text).dag.settings.get("max_active_tasks") != limit:
        raise UserInputError(
            f"max_active_tasks={limit} cannot be written into {draft.dag_id}", hint="write it into the DAG yourself"
        )
    return text


def without_once(draft: Draft, tasks: list[TaskModel], limits: Limits) -> bool:
    """Whether none of the tasks does work that must not be repeated."""
    return not any(part.task_id in limits.once for task in tasks for part in draft.parts_of(task.task_id))


def broken_by(limits: Limits, original: Draft, draft: Draft) -> str:
    """The first stated limit that a draft breaks, in words; empty if it keeps all. Orders are proven with the others."""
    for pool in sorted(limits.pools):
        if draft.pools.get(pool) != original.pools.get(pool):
            return f"the pool {pool} protects something, as you have said: it must not grow"
    if not limits.once:
        return ""
    before = {task.task_id: task for task in original.dag.tasks}
    seen: set[str] = set()
    for task in draft.dag.tasks:
        parts = draft.parts_of(task.task_id)
        for part in parts:
            if part.task_id not in limits.once:
                continue
            old = before[part.task_id]
            # A task that is merged with others is repeated when one of the others fails.
            if len(parts) > 1 or part.task_id in seen or task.instances > old.instances:
                return f"{part.task_id} must not be repeated, as you have said: it stays a task of its own"
            if _retries(task) > _retries(old):
                return f"{part.task_id} must not be repeated, as you have said: it gets no more retries"
            seen.add(part.task_id)
    gone = sorted(name for name in limits.once if name in before and name not in seen)
    return f"{gone[0]} must not be repeated, as you have said: its work stays where it is" if gone else ""


def _retries(task: TaskModel) -> int:
    retries = task.argument("retries")
    return retries if isinstance(retries, int) and not isinstance(retries, bool) else 0
