"""Fuses tasks that follow each other and are short compared with what one more task costs into one task.

Both run in the same order as before, in one process. A retry then repeats all of it, so long tasks are left apart.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from airflow_provider_wfintel.engine.optimization.rewrites.call_source import CallSource, call_source, settings_of
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.relayout import Relayout, relayout
from airflow_provider_wfintel.engine.optimization.rewrites.stated import without_once
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, indented, loaded
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.understanding.aliases import is_log
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel

__all__ = ["REWRITE", "fused_id", "work_seconds"]

_LINK_SECONDS = 1.2
"""What one more task in a chain costs: dispatch and process start (measured on Airflow 3.3.2)."""
_SHARE = 0.1
"""Two tasks are fused if a link costs more than this share of their work."""
_SHORT_SECONDS = 3.0
"""At least one of the two has to be as short as that."""
_PREFIX = re.compile(r"""^f?(["'])([A-Za-z0-9_\-.]*?)(\{.*|)\1$""", re.DOTALL)


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts:
        return []
    draft = _one_by_one(draft)
    sites: dict[int, list[TaskModel]] = defaultdict(list)
    for task in draft.dag.tasks:
        sites[id(task.build.site.node)].append(task)
    found = []
    if len(draft.dag.tasks) <= 2:
        return []  # one task for all the work of a DAG would hide which step failed
    for first, second in _pairs(draft, sites):
        if not _short_enough(draft, first, second, around) or not without_once(draft, first + second, around.limits):
            continue
        proposal = _fused(draft, first, second)
        if proposal is not None:
            found.append(proposal)
    return found[:6]


def _one_by_one(draft: Draft) -> Draft:
    """The draft with `a, b = f(), g()` as two statements, where these make tasks."""
    lines = {
        task.build.site.statement.lineno: task.build.site.statement
        for task in draft.dag.tasks
        if task.build.site.statement
    }
    edits = Edits()
    for line, statement in lines.items():
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target, value = statement.targets[0], statement.value
        if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple) or len(target.elts) != len(value.elts):
            continue
        names = {item.id for item in target.elts if isinstance(item, ast.Name)}
        if len(names) != len(target.elts) or names & loaded([value]):
            continue
        pairs = zip(target.elts, value.elts, strict=True)
        edits.replaced[line] = [f"{segment(draft.source, one)} = {segment(draft.source, two)}" for one, two in pairs]
    return draft.with_source(apply_edits(draft.source, edits)) if edits else draft


def _pairs(draft: Draft, sites: dict[int, list[TaskModel]]) -> list[tuple[list[TaskModel], list[TaskModel]]]:
    """Sites whose tasks follow each other one by one, and nothing else comes between or beside them."""
    below: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for one, two in draft.dag.edges:
        below[one].add(two)
        above[two].add(one)
    pairs = []
    for tasks in sites.values():
        nexts = [below[task.task_id] for task in tasks]
        if any(len(item) != 1 for item in nexts):
            continue
        others = [draft.dag.task(next(iter(item))) for item in nexts]
        site = id(others[0].build.site.node)
        if len({id(item.build.site.node) for item in others}) != 1 or len(sites[site]) != len(tasks):
            continue
        if all(
            above[two.task_id] == {one.task_id} and _same_place(one, two)
            for one, two in zip(tasks, others, strict=True)
        ):
            pairs.append((tasks, others))
    return pairs


def _same_place(one: TaskModel, two: TaskModel) -> bool:
    first, second = one.build.site, two.build.site
    fits = first.path == second.path and first.block is second.block and first.statement is not second.statement
    plain = one.role == two.role == "work" and one.build.kind == two.build.kind and settings_of(one) == settings_of(two)
    free = f"xcom:{one.task_id}" not in two.reads and not one.gates and not two.record.mutates
    # A retry for the sake of the second one would add the lines of the first one again.
    return fits and plain and free and all(map(is_log, one.appends))


def work_seconds(draft: Draft, task: TaskModel, around: Surroundings) -> float:
    """The work of a task as history shows it."""
    total = 0.0
    for part in draft.parts_of(task.task_id):
        seen = around.profile.task(part.task_id)
        total += (seen.seconds if seen is not None else task.record.sleeps or 10.0) * part.share
    return total


def _short_enough(draft: Draft, first: list[TaskModel], second: list[TaskModel], around: Surroundings) -> bool:
    pairs = [
        (work_seconds(draft, one, around), work_seconds(draft, two, around))
        for one, two in zip(first, second, strict=True)
    ]
    mean = sum(map(sum, pairs)) / len(pairs)
    shorter = sum(map(min, pairs)) / len(pairs)
    failing = any(part.task_id in around.failing for task in (*first, *second) for part in draft.parts_of(task.task_id))
    return not failing and shorter <= _SHORT_SECONDS and _SHARE * mean <= _LINK_SECONDS


def _fused(draft: Draft, first: list[TaskModel], second: list[TaskModel]) -> Proposal | None:
    one, two = call_source(draft, first[0]), call_source(draft, second[0])
    statement_one, statement_two = first[0].build.site.statement, second[0].build.site.statement
    if one is None or two is None or one.settings != two.settings or statement_one is None or statement_two is None:
        return None
    if not _simple(statement_one, first[0]) or not _simple(statement_two, second[0]):
        return None
    edits = Edits()
    code = _code(draft, one, two, first[0], second[0], edits)
    if code is None:
        return None
    edits.replaced[statement_one.lineno] = []
    edits.replaced[statement_two.lineno] = code
    pairs = {task.task_id: other.task_id for task, other in zip(first, second, strict=True)}
    wanted = frozenset(
        (before, pairs.get(after, after)) for before, after in draft.dag.edges if pairs.get(before) != after
    )
    source = relayout(Relayout(draft.file, draft.dag, wanted, frozenset(pairs), edits))
    if source is None:
        return None
    changed = draft.with_source(tidy(draft.source, source))
    names = _new_names(draft, changed, first, second)
    if names is None:
        return None
    parts = {name: item for name, item in draft.parts.items() if name not in pairs and name not in pairs.values()}
    for task, other in zip(first, second, strict=True):
        parts[names[other.task_id]] = (*draft.parts_of(task.task_id), *draft.parts_of(other.task_id))
    return Proposal(
        "fuse-chain",
        f"run {first[0].task_id} and {second[0].task_id}"
        + (f" (and {len(first) - 1} pairs like it)" if len(first) > 1 else "")
        + " in one task",
        "each task costs about a second beside its work, and these are short",
        "the second task waits for the first one only, and nobody else waits for the first one; they run in the same order",
        (f"the link costs about {_LINK_SECONDS:g} s",),
        changed.with_source(changed.source, parts=parts),
        effort="medium",
        risk="low",
        risk_note="a retry repeats both",
        tasks=tuple(name for pair in pairs.items() for name in pair),
    )


def _simple(statement: ast.stmt, task: TaskModel) -> bool:
    """Whether the statement makes the task and does nothing else."""
    if isinstance(statement, ast.Assign):
        return (
            len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
            and statement.value is task.build.site.node
        )
    return isinstance(statement, ast.Expr) and statement.value is task.build.site.node


def _code(
    draft: Draft, one: CallSource, two: CallSource, first: TaskModel, second: TaskModel, edits: Edits
) -> list[str] | None:
    """The statements that make the fused task, in the place of the second one."""
    word = f"{_function_word(one, first)}_and_{_function_word(two, second)}"
    name = fresh_name(draft.file.tree, word)
    free = tuple(dict.fromkeys((*one.free, *two.free)))
    body = indented(f"{one.text}\n{two.text}")
    variable = second.build.variable
    target = f"{variable} = " if variable else ""
    task_id = fused_id(one.task_id, two.task_id)
    if first.build.kind == "taskflow":
        if one.definition is None or two.definition is None or one.make != two.make:
            return None
        loops = {item for place in first.build.site.items for item in _targets(place[0])}
        if loops & (_free_in(one.definition) | _free_in(two.definition)):
            return None
        edits.stripped |= {one.definition.lineno, two.definition.lineno}
        options = [*([f"task_id={task_id}"] if task_id else []), *(f"{key}={value}" for key, value in one.settings)]
        decorator = f"@{one.make}({', '.join(options)})" if options else f"@{one.make}"
        return [f"{decorator}\ndef {name}({', '.join(free)}):\n{body}", f"{target}{name}({', '.join(free)})"]
    block = draft.dag.build.block
    outermost = block.lineno if block is not None else _outermost(draft, first)
    edits.add_before(outermost, f"def {name}({', '.join(free)}):\n{body}\n")
    lines = [f"task_id={task_id}", f"python_callable={name}"]
    if free:
        lines.append(f"op_args=[{', '.join(free)}]")
    lines += [f"{key}={value}" for key, value in one.settings]
    joined = f"{target}{one.make}({', '.join(lines)})"
    return [
        joined
        if len(joined) <= 105 and "\n" not in joined
        else f"{target}{one.make}(\n" + "".join(indented(f"{line},\n") for line in lines) + ")"
    ]


def _outermost(draft: Draft, task: TaskModel) -> int:
    """The statement of the module in which the task is made."""
    for statement in draft.file.tree.body:
        if any(inner is task.build.site.statement for inner in ast.walk(statement)):
            return statement.lineno
    return 0


def _function_word(call: CallSource, task: TaskModel) -> str:
    variable = task.build.variable.removesuffix("_task")
    if len(variable) > 1:
        return variable
    word = call.definition.name if call.definition is not None else call.text.partition("(")[0].rpartition(".")[2]
    return word if word.isidentifier() else "step"


def fused_id(one: str, two: str) -> str:
    """Source of the id of a fused task: `f"extract_{t}"` and `f"load_{t}"` give `f"extract_and_load_{t}"`."""
    first, second = _PREFIX.match(one), _PREFIX.match(two)
    if first is None or second is None:
        return ""
    mark = "f" if first[3] or second[3] else ""
    if first[3] == second[3] and first[2] and second[2]:
        if first[3]:
            return f'{mark}"{first[2].rstrip("_")}_and_{second[2]}{first[3]}"'
        return f'"{first[2]}_and_{second[2]}"'
    return f'{mark}"{first[2]}{first[3]}_and_{second[2]}{second[3]}"'


def _targets(statement: ast.stmt) -> set[str]:
    target = getattr(statement, "target", None)
    return {item.id for item in ast.walk(target) if isinstance(item, ast.Name)} if target is not None else set()


def _free_in(node: ast.FunctionDef) -> set[str]:
    names = {item.id for statement in node.body for item in ast.walk(statement) if isinstance(item, ast.Name)}
    return names - {item.arg for item in node.args.args}


def _new_names(draft: Draft, changed: Draft, first: list[TaskModel], second: list[TaskModel]) -> dict[str, str] | None:
    """The ids of the fused tasks, in the order in which they are made."""
    gone = {task.task_id for task in (*first, *second)}
    old = {task.task_id for task in draft.dag.tasks} - gone
    try:
        new = [task.task_id for task in changed.dag.tasks if task.task_id not in old]
    except StopIteration:
        return None
    if len(new) != len(second):
        return None
    return dict(zip([task.task_id for task in second], new, strict=True))


REWRITE = Rewrite("fuse-chain", frozenset({"performance", "cost", "hybrid"}), _propose)
