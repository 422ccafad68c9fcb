"""Splits a loop over independent partitions inside one task into dynamic task mapping.

A turn of the loop may not touch what another turn writes, and no variable may carry a value from turn to turn. Work
before and after the loop becomes tasks of its own, so that it is still done once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Part, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits, segment
from airflow_provider_wfintel.engine.optimization.rewrites.from_module import brought_here
from airflow_provider_wfintel.engine.optimization.rewrites.loop_shape import FULL, Split, independent_turns, splittable
from airflow_provider_wfintel.engine.optimization.rewrites.pulled_list import handed_over
from airflow_provider_wfintel.engine.optimization.rewrites.relayout import Relayout, relayout
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, indented, quoted
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.rewrites.written_out import written_out

__all__ = ["REWRITE", "TOGETHER"]

_GROUPS = (16, 8, 4)
_MOST_TOGETHER = 6


@dataclass(frozen=True, slots=True)
class _Made:
    """Statements that make the tasks around the loop, and the one that makes the mapped task."""

    lines: list[str]
    statement: str


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts:
        return []
    return [proposal for task in draft.dag.tasks for proposal in _of_task(draft, task.task_id)]


def _of_task(draft: Draft, task_id: str) -> list[Proposal]:
    """The proposals for the loop of one task."""
    if task_id not in draft.dag.index:
        return []
    for version in _versions(draft, task_id):
        split = splittable(version, version.dag.task(task_id))
        if split is not None:
            return _ways(version, split)
    return []


def _versions(draft: Draft, task_id: str) -> Iterator[Draft]:
    """The draft, and others that say the same in forms in which a loop may be seen."""
    task = draft.dag.task(task_id)
    yield draft
    looped = written_out(draft, task)
    if looped is not None:
        yield looped
    # To write a file anew takes its time, so it is only done for loops that are known to be independent.
    for another in (handed_over, brought_here) if independent_turns(task) > 1 else ():
        version = another(draft, task)
        if version is not None:
            yield version


def _propose_together(draft: Draft, around: Surroundings) -> list[Proposal]:
    """One proposal for the loops of several tasks: where these run side by side, one alone gains little."""
    if draft.dag.doubts:
        return []
    steps: list[Proposal] = []
    for task in draft.dag.tasks:
        ways = _of_task(steps[-1].draft if steps else draft, task.task_id)
        if ways and not {way.title for way in ways} & around.limits.skip and len(steps) < _MOST_TOGETHER:
            steps.append(ways[0])
    if len(steps) < 2:
        return []
    tasks = tuple(name for step in steps for name in step.tasks)
    return [
        replace(
            steps[-1],
            title=f"run the partitions of {', '.join(tasks)} side by side",
            reason=f"{len(tasks)} tasks each work through their partitions one after the other",
            evidence=tuple(line for step in steps for line in step.evidence[:2]),
            tasks=tasks,
        )
    ]


def _ways(draft: Draft, split: Split) -> list[Proposal]:
    """The proposals for one loop: one instance for each turn, or for groups of them."""
    count = len(split.note.turns)
    ways = [0] if count <= FULL else []
    if split.output is None and not split.lazy:
        ways += [groups for groups in _GROUPS if count >= 2 * groups]
    splits = [split] if split.inner is None else [split, replace(split, inner=None)]
    found = [_proposal(draft, one, groups) for one in splits for groups in (ways if one.inner is None else [0])]
    return [proposal for proposal in found if proposal is not None]


def _proposal(draft: Draft, split: Split, groups: int) -> Proposal | None:
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
    for taker in split.takers:
        edits.add_before(taker.place.lineno, f"{taker.parameter} = list({taker.parameter})")
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


def _evidence(split: Split) -> tuple[str, ...]:
    from airflow_provider_wfintel.engine.optimization.proof.order import short

    lines = []
    for item, turn in list(zip(split.note.items, split.note.turns, strict=False))[:3]:
        writes = sorted({short(effect.resource) for effect in turn.effects if effect.kind == "write"})
        lines.append(f"{item!r}: writes {', '.join(writes[:4])}")
    return tuple(lines)


def _new_function(draft: Draft, split: Split, groups: int) -> str:
    """The function for one partition, or for a group of them."""
    source, node = draft.source, split.function
    lines = [segment(source, decorator) for decorator in node.decorator_list]
    parameter = split.parameter
    name = f"{parameter}s" if groups else parameter
    more = f", {split.inner[0]}" if split.inner is not None else ""
    head = f"def {node.name}({name}{more}):"
    body = [indented(line) for line in split.lines]
    body += [indented(segment(source, item)) for item in split.copied if not _assigns_items(item, split)]
    turn = split.loop.body
    if split.inner is not None:
        assert isinstance(turn[0], ast.For)  # noqa: S101 - that is what an inner loop is
        turn = turn[0].body
    inner = [segment(source, item) for item in turn if split.output is None or item not in split.output.statements]
    if split.output is not None:
        inner.append(f"return {segment(source, split.output.value)}")
    if not isinstance(split.loop.target, ast.Name):
        inner.insert(0, f"{segment(source, split.loop.target)} = {parameter}")
    if groups:
        body.append(indented(f"for {parameter} in {name}:\n" + "\n".join(indented(item) for item in inner)))
    else:
        body += [indented(item) for item in inner]
    return "\n".join([*(f"@{line}" for line in lines), head, *body])


def _assigns_items(statement: ast.stmt, split: Split) -> bool:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return isinstance(target, ast.Name) and isinstance(split.loop.iter, ast.Name) and target.id == split.loop.iter.id


def _new_call(draft: Draft, split: Split, groups: int) -> str | None:
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
    if split.lazy:
        return f"{short}.expand(op_args={items}.map(lambda {parameter}: [{parameter}]))"
    if split.inner is not None:
        name, within = split.inner
        return f"{short}.expand(op_args=[[{parameter}, {name}] for {parameter} in {items} for {name} in {within}])"
    return f"{short}.expand(op_args=[[{parameter}] for {parameter} in {items}])"


def _surround(draft: Draft, split: Split, edits: Edits) -> tuple[list[str], frozenset[tuple[str, str]], dict[str, str]]:
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
    draft: Draft, split: Split, edits: Edits, wanted: frozenset[tuple[str, str]], extra: dict[str, str], made: _Made
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


def _named_first(draft: Draft, split: Split, node: ast.stmt, call: ast.Call) -> str | None:
    """The same where the task is made within a statement that orders it: the call gets a name first."""
    first = Edits()
    variable = fresh_name(draft.file.tree, f"{split.function.name}_task")
    text = segment(draft.source, node).replace(segment(draft.source, call), variable, 1)
    first.replaced[node.lineno] = [f"{variable} = {segment(draft.source, call)}", text]
    named = draft.with_source(apply_edits(draft.source, first))
    again = splittable(named, named.dag.task(split.task.task_id))
    proposal = None if again is None else _proposal(named, again, 0)
    return None if proposal is None else proposal.draft.source


REWRITE = Rewrite("split-loop", frozenset({"performance", "hybrid", "reliability"}), _propose, 0.12)
TOGETHER = Rewrite("split-loops", REWRITE.strategies, _propose_together, 0.12)
