"""Splits a loop over independent partitions inside one task into dynamic task mapping.

A turn of the loop may not touch what another turn writes, and no variable may carry a value from turn to turn. Work
before and after the loop becomes tasks of its own, so that it is still done once.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Part, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.relayout import Relayout, relayout
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, indented, loaded, quoted, stored
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN, LoopNote, Recording
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue, is_concrete

__all__ = ["REWRITE", "independent_turns"]

_MOST = 1000
_FULL = 64
_GROUPS = (16, 8, 4)


@dataclass(frozen=True, slots=True)
class _Split:
    """A loop that can be split, with all that is needed to write it anew."""

    task: TaskModel
    function: ast.FunctionDef
    loop: ast.For
    note: LoopNote
    copied: list[ast.stmt]
    before: list[ast.stmt]
    after: list[ast.stmt]
    items: str
    parameter: str
    inner: tuple[str, str] | None = None
    """Variable and items of a loop that is all that the loop holds, if its turns are independent, too."""


@dataclass(frozen=True, slots=True)
class _Made:
    """Statements that make the tasks around the loop, and the one that makes the mapped task."""

    lines: list[str]
    statement: str


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts:
        return []
    found = []
    for task in draft.dag.tasks:
        split = _splittable(draft, task)
        if split is None:
            continue
        count = len(split.note.turns)
        ways = [0] if count <= _FULL else []
        ways += [groups for groups in _GROUPS if count >= 2 * groups]
        splits = [split] if split.inner is None else [split, replace(split, inner=None)]
        for one in splits:
            for groups in ways if one.inner is None else [0]:
                proposal = _proposal(draft, one, groups)
                if proposal is not None:
                    found.append(proposal)
    return found


def _splittable(draft: Draft, task: TaskModel) -> _Split | None:
    build = task.build
    function = build.function
    if not task.known or task.role != "work" or build.expanded is not None or not isinstance(function, FunctionValue):
        return None
    node = function.node
    if (
        function.module != MAIN
        or not isinstance(node, ast.FunctionDef)
        or build.site.items
        or _uses(draft, node.name) != 1
    ):
        return None
    if build.kind == "taskflow" and build.operator not in ("task", "task.python"):
        return None
    loops = [item for item in node.body if isinstance(item, ast.For)]
    notes = {id(note.statement): note for note in task.loops if note.module == MAIN}
    loop = next((item for item in loops if id(item) in notes and len(notes[id(item)].turns) > 1), None)
    if loop is None or loop.orelse or _leaves(loop):
        return None
    note = notes[id(loop)]
    if not note.known or len(note.turns) > _MOST or not is_concrete(note.items) or not _independent(note.turns):
        return None
    place = node.body.index(loop)
    parts = _parts_of_body(node.body[:place], node.body[place + 1 :], loop)
    if parts is None or _handed_on(draft, task):
        return None
    items = _items(draft, task, node, loop, parts[0])
    if items is None:
        return None
    parameter = loop.target.id if isinstance(loop.target, ast.Name) else fresh_name(draft.file.tree, "item")
    return _Split(task, node, loop, note, *parts, items, parameter, _inner_loop(draft, loop, note))


def _inner_loop(draft: Draft, loop: ast.For, note: LoopNote) -> tuple[str, str] | None:
    """Variable and items of the loop within, if the body is nothing else and all turns of both are independent."""
    inner = loop.body[0]
    if len(loop.body) != 1 or not isinstance(inner, ast.For) or inner.orelse or not isinstance(inner.target, ast.Name):
        return None
    if not isinstance(loop.target, ast.Name) or loaded([ast.Expr(inner.iter)]) & stored([loop]):
        return None
    notes = [item for turn in note.turns for item in turn.loops if item.statement is inner]
    turns = [turn for item in notes for turn in item.turns]
    counts = {len(item.turns) for item in notes}
    if len(notes) != len(note.turns) or not all(item.known for item in notes) or len(counts) != 1:
        return None
    if not 1 < len(turns) <= _FULL or not _independent(turns) or not is_concrete([item.items for item in notes]):
        return None
    return inner.target.id, _as_list(draft, inner.iter)


def _uses(draft: Draft, name: str) -> int:
    return sum(isinstance(item, ast.Name) and item.id == name for item in ast.walk(draft.file.tree))


def _leaves(loop: ast.For) -> bool:
    """Whether the loop may end early, or skips its turns in a way that a task cannot."""
    inner = [item for statement in loop.body for item in ast.walk(statement)]
    return any(
        isinstance(item, ast.Break | ast.Continue | ast.Return | ast.Yield | ast.YieldFrom | ast.Await)
        for item in inner
    )


def independent_turns(task: TaskModel) -> int:
    """The most turns that a loop of a task has which touch nothing of each other; 0 if it has no such loop."""
    if not task.known or task.role != "work" or task.build.expanded is not None:
        return 0
    counts = (len(note.turns) for note in task.loops if note.known and len(note.turns) > 1 and _independent(note.turns))
    return max(counts, default=0)


def _independent(turns: Sequence[Recording]) -> bool:
    """Whether no turn touches what another one writes, and each writes something."""
    writers: dict[str, int] = {}
    for number, turn in enumerate(turns):
        wrote = False
        for effect in turn.effects:
            if effect.kind == "opaque":
                return False
            if effect.kind in ("write", "delete"):
                wrote = True
                if writers.setdefault(effect.resource, number) != number:
                    return False
        if not wrote or turn.gates:
            return False
    for number, turn in enumerate(turns):
        for effect in turn.effects:
            if effect.kind == "read" and writers.get(effect.resource, number) != number:
                return False
    return True


def _parts_of_body(
    before: list[ast.stmt], after: list[ast.stmt], loop: ast.For
) -> tuple[list[ast.stmt], list[ast.stmt], list[ast.stmt]] | None:
    """Statements that go along into every mapped instance, work before the loop, work after it; None if entangled."""
    copied = [item for item in before if _harmless(item)]
    work = [item for item in before if not _harmless(item)]
    rest = [item for item in after if not _harmless(item)]
    carried = stored(before) & stored(loop.body)
    touched = stored(before) & _mutated(loop.body)
    handed = (stored(work) & (loaded([loop, *after]))) | (stored([loop]) & (loaded(after) - stored(after)))
    if (
        carried
        or touched
        or handed
        or (stored(copied) & loaded(rest))
        or any(isinstance(item, ast.Return) for item in work)
    ):
        return None
    if any(isinstance(item, ast.Return) and item.value is not None for item in after):
        return None
    rest = [item for item in rest if not isinstance(item, ast.Return)]
    return copied, work, rest


def _harmless(statement: ast.stmt) -> bool:
    """Whether the statement may be run any number of times: imports, texts, plain assignments, messages."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        words = ("print",), ("debug", "info", "warning")
        return (isinstance(function, ast.Name) and function.id in words[0]) or (
            isinstance(function, ast.Attribute) and function.attr in words[1]
        )
    if isinstance(statement, ast.Assign):
        return not any(isinstance(item, ast.Call) for item in ast.walk(statement.value))
    return False


def _mutated(body: Sequence[ast.stmt]) -> set[str]:
    """Names whose value is changed in place: `x.append(…)`, `x[k] = …`."""
    found = set()
    for statement in body:
        for item in ast.walk(statement):
            owner = item.func.value if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) else None
            if isinstance(item, ast.Subscript) and isinstance(item.ctx, ast.Store):
                owner = item.value
            if isinstance(owner, ast.Name):
                found.add(owner.id)
    return found


def _handed_on(draft: Draft, task: TaskModel) -> bool:
    """Whether another task takes the output, which mapping would turn into a list."""
    return any(f"xcom:{task.task_id}" in other.reads for other in draft.dag.tasks if other is not task)


def _items(draft: Draft, task: TaskModel, node: ast.FunctionDef, loop: ast.For, copied: list[ast.stmt]) -> str | None:
    """Source of the items at the place where the task is made."""
    source = draft.source
    parameters = [item.arg for item in node.args.args]
    given = _given(task, node)
    iterated = loop.iter
    for statement in copied:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and isinstance(iterated, ast.Name) and target.id == iterated.id:
            assert isinstance(statement, ast.Assign)  # noqa: S101 - only that has targets
            iterated = statement.value
    if isinstance(iterated, ast.Name) and iterated.id in parameters:
        expression = given.get(iterated.id)
        if expression is None or len(parameters) != 1:
            return None
        return segment(source, expression)
    if parameters:
        return None
    local = stored(node.body) | set(parameters)
    if loaded([ast.Expr(iterated)]) & local:
        return None
    return _as_list(draft, iterated)


def _as_list(draft: Draft, iterated: ast.expr) -> str:
    """Source of a list of the items that a loop goes over."""
    text = segment(draft.source, iterated)
    is_list = isinstance(iterated, ast.List) or (
        isinstance(iterated, ast.Name) and isinstance(draft.file.variables.get(iterated.id), list)
    )
    return text if is_list else f"list({text})"


def _given(task: TaskModel, node: ast.FunctionDef) -> dict[str, ast.expr]:
    """The expressions that the parameters get, by name."""
    call = task.build.site.node
    names = [item.arg for item in node.args.args]
    if not isinstance(call, ast.Call):
        return {}
    if task.build.kind == "taskflow":
        found = dict(zip(names, call.args, strict=False))
        return {**found, **{item.arg: item.value for item in call.keywords if item.arg}}
    found = {}
    for keyword in call.keywords:
        if keyword.arg == "op_args" and isinstance(keyword.value, ast.List | ast.Tuple):
            found.update(zip(names, keyword.value.elts, strict=False))
        if keyword.arg == "op_kwargs" and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant):
                    found[str(key.value)] = value
    return found


def _proposal(draft: Draft, split: _Split, groups: int) -> Proposal | None:
    count = len(split.note.turns)
    if split.inner is not None:
        count = sum(
            len(note.turns) for turn in split.note.turns for note in turn.loops if note.statement is split.loop.body[0]
        )
    task = split.task
    edits = Edits()
    call = _new_call(draft, split, groups)
    if call is None:
        return None
    edits.replaced[split.function.lineno] = [_new_function(draft, split, groups)]
    statement = task.build.site.statement
    if statement is None or not isinstance(task.build.site.node, ast.Call):
        return None
    changed, wanted, extra = _surround(draft, split, edits)
    old = segment(draft.source, task.build.site.node)
    body = segment(draft.source, statement)
    edits.replaced[statement.lineno] = [*changed, body.replace(old, call, 1)]
    if extra:
        source = _with_orders(draft, split, edits, wanted, extra, _Made(changed, body.replace(old, call, 1)))
    else:
        source = apply_edits(draft.source, edits)
    if source is None:
        return None
    share = 1 / (groups or count)
    parts = {
        **draft.parts,
        task.task_id: tuple(Part(part.task_id, part.share * share) for part in draft.parts_of(task.task_id)),
    }
    parts.update(dict.fromkeys(extra, ()))
    how = f"{groups} groups of partitions" if groups else f"{count} partitions"
    return Proposal(
        "split-loop",
        f"run the {how} of {task.task_id} side by side",
        f"one task works through {count} partitions one after the other",
        "no turn of the loop touches what another turn writes, and no variable carries a value from turn to turn",
        _evidence(split),
        draft.with_source(tidy(draft.source, source), parts=parts),
        effort="medium",
        risk="low",
        risk_note="the outside systems see several partitions at once; set max_active_tis_per_dagrun if they must not",
        tasks=(task.task_id,),
    )


def _evidence(split: _Split) -> tuple[str, ...]:
    from airflow_provider_wfintel.engine.optimization.proof.order import short

    lines = []
    for item, turn in list(zip(split.note.items, split.note.turns, strict=False))[:3]:
        writes = sorted({short(effect.resource) for effect in turn.effects if effect.kind == "write"})
        lines.append(f"{item!r}: writes {', '.join(writes[:4])}")
    return tuple(lines)


def _new_function(draft: Draft, split: _Split, groups: int) -> str:
    """The function for one partition, or for a group of them."""
    source, node = draft.source, split.function
    lines = [segment(source, decorator) for decorator in node.decorator_list]
    parameter = split.parameter
    name = f"{parameter}s" if groups else parameter
    more = f", {split.inner[0]}" if split.inner is not None else ""
    head = f"def {node.name}({name}{more}):"
    body = [indented(segment(source, item)) for item in split.copied if not _assigns_items(item, split)]
    turn = split.loop.body
    if split.inner is not None:
        assert isinstance(turn[0], ast.For)  # noqa: S101 - that is what an inner loop is
        turn = turn[0].body
    inner = [segment(source, item) for item in turn]
    if not isinstance(split.loop.target, ast.Name):
        inner.insert(0, f"{segment(source, split.loop.target)} = {parameter}")
    if groups:
        body.append(indented(f"for {parameter} in {name}:\n" + "\n".join(indented(item) for item in inner)))
    else:
        body += [indented(item) for item in inner]
    return "\n".join([*(f"@{line}" for line in lines), head, *body])


def _assigns_items(statement: ast.stmt, split: _Split) -> bool:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return isinstance(target, ast.Name) and isinstance(split.loop.iter, ast.Name) and target.id == split.loop.iter.id


def _new_call(draft: Draft, split: _Split, groups: int) -> str | None:
    """The expression that makes the mapped task."""
    source, build = draft.source, split.task.build
    call = build.site.node
    assert isinstance(call, ast.Call)  # noqa: S101 - a task is made by a call
    items = split.items
    if groups:
        items = f"[{split.items}[start::{groups}] for start in range({groups})]"
    parameter = f"{split.parameter}s" if groups else split.parameter
    if build.kind == "taskflow":
        more = f", {split.inner[0]}={split.inner[1]}" if split.inner is not None else ""
        return f"{segment(source, call.func)}.expand({parameter}={items}{more})"
    if call.args or any(item.arg is None for item in call.keywords):
        return None
    kept = [
        f"{item.arg}={segment(source, item.value)}"
        for item in call.keywords
        if item.arg not in ("op_args", "op_kwargs")
    ]
    short = f"{segment(source, call.func)}.partial({', '.join(kept)})"
    if "\n" in short or len(short) > 90:
        inner = "".join(indented(f"{item},") + "\n" for item in kept)
        short = f"{segment(source, call.func)}.partial(\n{inner})"
    if split.inner is not None:
        name, within = split.inner
        return f"{short}.expand(op_args=[[{parameter}, {name}] for {parameter} in {items} for {name} in {within}])"
    return f"{short}.expand(op_args=[[{parameter}] for {parameter} in {items}])"


def _surround(
    draft: Draft, split: _Split, edits: Edits
) -> tuple[list[str], frozenset[tuple[str, str]], dict[str, str]]:
    """Tasks for the work before and after the loop: statements, the orders that are to be, and the new tasks' names."""
    task, dag = split.task, draft.dag
    wanted = set(dag.edges)
    lines: list[str] = []
    extra: dict[str, str] = {}
    for word, body in (("prepare", split.before), ("finish", split.after)):
        if not body:
            continue
        name = fresh_name(draft.file.tree, f"{word}_{split.function.name}")
        task_id = f"{word}_{task.task_id}"
        code = "\n".join(indented(segment(draft.source, item)) for item in body)
        decorator = "".join(f"@{_without_id(draft, item)}\n" for item in split.function.decorator_list)
        edits.add_before(split.function.lineno, f"{decorator}def {name}():\n{code}")
        variable = f"{name}_task"
        make = (
            f"{name}()"
            if task.build.kind == "taskflow"
            else f"PythonOperator(task_id={quoted(task_id)}, python_callable={name})"
        )
        extra[name if task.build.kind == "taskflow" else task_id] = variable
        lines.append(f"{variable} = {make}")
        made = name if task.build.kind == "taskflow" else task_id
        ends = {edge for edge in wanted if edge[1 if word == "prepare" else 0] == task.task_id}
        wanted -= ends
        if word == "prepare":
            wanted |= {(first, made) for first, _ in ends} | {(made, task.task_id)}
        else:
            wanted |= {(made, second) for _, second in ends} | {(task.task_id, made)}
    return lines, frozenset(wanted), extra


def _without_id(draft: Draft, decorator: ast.expr) -> str:
    if not isinstance(decorator, ast.Call):
        return segment(draft.source, decorator)
    kept = [
        f"{item.arg}={segment(draft.source, item.value)}"
        for item in decorator.keywords
        if item.arg not in ("task_id", None)
    ]
    return (
        f"{segment(draft.source, decorator.func)}({', '.join(kept)})" if kept else segment(draft.source, decorator.func)
    )


def _with_orders(
    draft: Draft, split: _Split, edits: Edits, wanted: frozenset[tuple[str, str]], extra: dict[str, str], made: _Made
) -> str | None:
    """The file with the new tasks ordered."""
    node, call = split.task.build.site.statement, split.task.build.site.node
    if node is None or not isinstance(call, ast.Call):
        return None
    if isinstance(node, ast.Expr) and node.value is call:
        variable = fresh_name(draft.file.tree, f"{split.function.name}_task")
        edits.replaced[node.lineno] = [*made.lines, f"{variable} = {made.statement}"]
        extra = {**extra, split.task.task_id: variable}
    elif not isinstance(node, ast.Assign):
        return _named_first(draft, split, node, call)
    return relayout(Relayout(draft.file, draft.dag, wanted, edits=edits, extra=extra))


def _named_first(draft: Draft, split: _Split, node: ast.stmt, call: ast.Call) -> str | None:
    """The same where the task is made within a statement that orders it: the call gets a name first."""
    first = Edits()
    variable = fresh_name(draft.file.tree, f"{split.function.name}_task")
    text = segment(draft.source, node).replace(segment(draft.source, call), variable, 1)
    first.replaced[node.lineno] = [f"{variable} = {segment(draft.source, call)}", text]
    named = draft.with_source(apply_edits(draft.source, first))
    again = _splittable(named, named.dag.task(split.task.task_id))
    proposal = None if again is None else _proposal(named, again, 0)
    return None if proposal is None else proposal.draft.source


REWRITE = Rewrite("split-loop", frozenset({"performance", "hybrid", "reliability"}), _propose, 0.12)
