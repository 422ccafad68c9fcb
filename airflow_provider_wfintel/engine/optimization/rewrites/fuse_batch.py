"""Fuses many tiny tasks that stand side by side into one task, or into a few groups of them.

They have the same tasks before and after them, so nobody waits longer for one of them than for all; each costs more to
start than to run.
"""

from __future__ import annotations

import ast
from collections import defaultdict

from airflow_provider_wfintel.engine.optimization.rewrites.call_source import CallSource, call_source, settings_of
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Part, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.fuse_chain import work_seconds
from airflow_provider_wfintel.engine.optimization.rewrites.relayout import Relayout, relayout
from airflow_provider_wfintel.engine.optimization.rewrites.stated import without_once
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, indented, loaded, quoted
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel

__all__ = ["REWRITE"]

_TINY_SECONDS = 1.5
_LEAST = 4
_GROUPS = (1, 2, 4, 8)


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts:
        return []
    found = []
    for tasks in _groups(draft, around):
        same = {id(task.build.site.node) for task in tasks}
        if len(same) == 1 and tasks[0].build.site.items:
            ways = [count for count in _GROUPS if count == 1 or len(tasks) >= 3 * count]
            proposals = [_loop(draft, tasks, count) for count in ways]
        elif len(same) == len(tasks):
            proposals = [_listed(draft, tasks)]
        else:
            proposals = []
        found += [proposal for proposal in proposals if proposal is not None]
    return found


def _groups(draft: Draft, around: Surroundings) -> list[list[TaskModel]]:
    """Tiny tasks with the same tasks before and after them and the same settings."""
    above: dict[str, set[str]] = defaultdict(set)
    below: dict[str, set[str]] = defaultdict(set)
    for one, two in draft.dag.edges:
        below[one].add(two)
        above[two].add(one)
    groups: dict[tuple[object, ...], list[TaskModel]] = defaultdict(list)
    for task in draft.dag.tasks:
        if (
            task.role != "work"
            or task.gates
            or task.record.mutates
            or task.trigger_rule != "all_success"
            or task.build.expanded is not None
        ):
            continue
        if work_seconds(draft, task, around) > _TINY_SECONDS or _fails(draft, task, around):
            continue
        if not without_once(draft, [task], around.limits):
            continue
        if any(f"xcom:{task.task_id}" in other.reads for other in draft.dag.tasks if other is not task):
            continue
        ends = frozenset(above[task.task_id]), frozenset(below[task.task_id])
        key = (*ends, task.build.kind, task.build.site.block and task.build.site.block.lineno, settings_of(task))
        groups[key].append(task)
    return [tasks for tasks in groups.values() if len(tasks) >= _LEAST]


def _fails(draft: Draft, task: TaskModel, around: Surroundings) -> bool:
    return any(part.task_id in around.failing for part in draft.parts_of(task.task_id))


def _loop(draft: Draft, tasks: list[TaskModel], groups: int) -> Proposal | None:
    """Tasks that one statement makes in every turn of a loop: the loop moves into one task."""
    first = tasks[0]
    site = first.build.site
    if len(site.items) != 1 or len(tasks) != sum(item.build.site.node is site.node for item in draft.dag.tasks):
        return None
    loop = site.items[0][0]
    call = call_source(draft, first)
    if not isinstance(loop, ast.For) or loop.orelse or call is None or site.statement not in loop.body:
        return None
    carried = _body(draft, loop, first, call)
    if carried is None:
        return None
    name = fresh_name(draft.file.tree, f"{_word(call)}_all")
    edits = Edits()
    header = f"for {segment(draft.source, loop.target)} in {{}}:\n" + "\n".join(
        indented(line) for line in (*carried, call.text)
    )
    items = segment(draft.source, loop.iter)
    definition, makes = _function(draft, call, name, header, items, groups)
    if call.definition is not None:
        edits.replaced[call.definition.lineno] = []
        # Only the decorator goes: the function itself is now called by the task.
        plain = segment(draft.source, call.definition)
        edits.add_before(loop.lineno, _undecorated(plain))
    edits.add_before(loop.lineno, definition)
    edits.add_before(loop.lineno, makes)
    assert site.statement is not None  # noqa: S101 - it lies in the loop's body
    edits.replaced[site.statement.lineno] = []
    for statement in loop.body:
        if _fills_with(statement, first.build.variable):
            edits.replaced[statement.lineno] = []
    return _finish(draft, tasks, edits, name, call, groups)


def _body(draft: Draft, loop: ast.For, first: TaskModel, call: CallSource) -> list[str] | None:
    """Statements of the loop that the call needs, or None if the loop does something that cannot move."""
    needed = loaded([first.build.site.node])
    lines = []
    for statement in loop.body:
        if statement is first.build.site.statement or statement is call.definition:
            continue
        if isinstance(statement, ast.Assign) and not any(
            isinstance(item, ast.Call) for item in ast.walk(statement.value)
        ):
            names = {item.id for item in statement.targets if isinstance(item, ast.Name)}
            if names & needed:
                lines.append(segment(draft.source, statement))
    if call.definition is not None:
        targets = {item.id for item in ast.walk(loop.target) if isinstance(item, ast.Name)}
        arguments = {item.arg for item in call.definition.args.args}
        if targets & (loaded(call.definition.body) - arguments):
            return None
    return lines


def _fills_with(statement: ast.stmt, variable: str) -> bool:
    """Whether the statement only puts the task into a list or dict: `x.append(task)`, `x[key] = task`."""
    if isinstance(statement, ast.Assign):
        value: ast.expr | None = statement.value
        fits = len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Subscript)
    else:
        call = statement.value if isinstance(statement, ast.Expr) else None
        fits = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append"
        value = call.args[0] if fits and isinstance(call, ast.Call) and call.args else None
    return bool(variable) and fits and isinstance(value, ast.Name) and value.id == variable


def _function(draft: Draft, call: CallSource, name: str, header: str, items: str, groups: int) -> tuple[str, str]:
    """The function that works through the loop, and the statement that makes the task."""
    parameter = "" if groups == 1 else "batch"
    body = indented(header.replace("{}", parameter or items, 1))
    options = [f"{key}={value}" for key, value in call.settings]
    batches = f"[list({items})[start::{groups}] for start in range({groups})]"
    if call.definition is not None:
        decorator = f"@{call.make}({', '.join(options)})" if options else f"@{call.make}"
        made = f"{name}()" if groups == 1 else f"{name}.expand(batch={batches})"
        return f"{decorator}\ndef {name}({parameter}):\n{body}", f"{name}_task = {made}"
    arguments = ", ".join([f"task_id={quoted(name)}", f"python_callable={name}", *options])
    made = f"{call.make}({arguments})"
    if groups > 1:
        made = f"{call.make}.partial({arguments}).expand(op_args=[[list({items})[start::{groups}]] for start in range({groups})])"
    return f"def {name}({parameter}):\n{body}", f"{name}_task = {made}"


def _listed(draft: Draft, tasks: list[TaskModel]) -> Proposal | None:
    """Tasks that have a statement each: one function calls what they call, one after the other."""
    calls = [call_source(draft, task) for task in tasks]
    known = [call for call in calls if call is not None]
    block = {id(task.build.site.block) for task in tasks}
    if len(known) != len(calls) or len(block) != 1 or any(task.build.site.items for task in tasks):
        return None
    if any(call.definition is not None or call.free for call in known) or len({call.settings for call in known}) != 1:
        return None
    statements = [task.build.site.statement for task in tasks]
    if not all(
        isinstance(item, ast.Assign | ast.Expr) and item.value is task.build.site.node
        for item, task in zip(statements, tasks, strict=True)
    ):
        return None
    name = fresh_name(draft.file.tree, f"{_word(known[0])}_all")
    options = [f"{key}={value}" for key, value in known[0].settings]
    arguments = ", ".join([f"task_id={quoted(name)}", f"python_callable={name}", *options])
    body = "\n".join(indented(call.text) for call in known)
    edits = Edits()
    first = statements[0]
    assert first is not None  # noqa: S101 - checked above
    for statement in statements[1:]:
        edits.replaced[statement.lineno] = []  # type: ignore[union-attr]
    edits.replaced[first.lineno] = [f"def {name}():\n{body}", f"{name}_task = {known[0].make}({arguments})"]
    return _finish(draft, tasks, edits, name, known[0], 1)


def _finish(
    draft: Draft, tasks: list[TaskModel], edits: Edits, name: str, call: CallSource, groups: int
) -> Proposal | None:
    gone = frozenset(task.task_id for task in tasks)
    wanted = frozenset((name if one in gone else one, name if two in gone else two) for one, two in draft.dag.edges)
    gone_lines = frozenset(edits.replaced)
    source = relayout(Relayout(draft.file, draft.dag, wanted, gone, edits, gone_lines, {name: f"{name}_task"}))
    if source is None:
        return None
    parts = {key: item for key, item in draft.parts.items() if key not in gone}
    parts[name] = tuple(
        Part(part.task_id, part.share / groups) for task in tasks for part in draft.parts_of(task.task_id)
    )
    how = "one task" if groups == 1 else f"{groups} tasks"
    return Proposal(
        "fuse-batch",
        f"run {len(tasks)} tiny tasks ({tasks[0].task_id}, …) in {how}",
        "each task costs more to start than to run",
        "they have the same tasks before and after them; none of them reads what another one writes",
        (f"{len(tasks)} tasks of at most {_TINY_SECONDS:g} s",),
        draft.with_source(tidy(draft.source, source), parts=parts),
        effort="medium",
        risk="low",
        risk_note="a retry repeats all of them",
        tasks=tuple(task.task_id for task in tasks),
    )


def _undecorated(text: str) -> str:
    """A function's source without its decorators."""
    lines = text.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(("def ", "async def ")))
    return "\n".join(lines[start:])


def _word(call: CallSource) -> str:
    word = call.definition.name if call.definition is not None else call.text.partition("(")[0].rpartition(".")[2]
    return word if word.isidentifier() else "steps"


REWRITE = Rewrite("fuse-batch", frozenset({"performance", "cost", "hybrid"}), _propose, 0.05)
