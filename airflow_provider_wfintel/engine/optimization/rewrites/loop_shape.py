"""Which loops inside tasks can be split: their turns are independent, and nothing is carried from turn to turn."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft
from airflow_provider_wfintel.engine.optimization.rewrites.edit import segment
from airflow_provider_wfintel.engine.optimization.rewrites.loop_output import Collected, Taker, collected, takers
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, loaded, stored
from airflow_provider_wfintel.engine.optimization.understanding.airflow_words import context_value
from airflow_provider_wfintel.engine.optimization.understanding.build import XComValue
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.state import MAIN, LoopNote, Recording
from airflow_provider_wfintel.engine.optimization.understanding.values import FunctionValue, is_concrete

__all__ = ["Split", "independent_turns", "splittable"]

_MOST = 1000
FULL = 64
"""The most instances that a loop is split into one by one."""


@dataclass(frozen=True, slots=True)
class Split:
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
    lines: tuple[str, ...] = ()
    """Assignments that give the parameters of the function their values."""
    output: Collected | None = None
    """The list that the loop fills for others."""
    lazy: bool = False
    """Whether the items are the output of another task: there is no list of them before that has run."""
    takers: tuple[Taker, ...] = ()
    """Functions that take the output and have to see it as a list."""


def splittable(draft: Draft, task: TaskModel) -> Split | None:
    """The loop of a task that can be split, or None."""
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
    output = collected(node, loop)
    taken = (
        takers(draft, task, len(note.turns)) if output is not None else ([] if not _handed_on(draft, task) else None)
    )
    place = node.body.index(loop)
    left = () if output is None else output.statements
    before, after = (
        [item for item in body if item not in left] for body in (node.body[:place], node.body[place + 1 :])
    )
    parts = _parts_of_body(before, after, loop)
    if parts is None or taken is None or (output is not None and any(parts[1:])):
        return None
    found = _items(draft, task, node, loop, parts)
    if found is None:
        return None
    items, lines = found
    parameter = loop.target.id if isinstance(loop.target, ast.Name) else fresh_name(draft.file.tree, "item")
    inner = _inner_loop(draft, loop, note) if output is None else None
    lazy = isinstance(loop.iter, ast.Name) and loop.iter.id in _handed_in(task, node)
    if lazy and inner is not None:
        inner = None
    return Split(task, node, loop, note, *parts, items, parameter, inner, lines, output, lazy, tuple(taken))


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
    if not 1 < len(turns) <= FULL or not _independent(turns) or not is_concrete([item.items for item in notes]):
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
        if not wrote or turn.verdicts or turn.mutates:
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


def _items(
    draft: Draft, task: TaskModel, node: ast.FunctionDef, loop: ast.For, parts: Sequence[list[ast.stmt]]
) -> tuple[str, tuple[str, ...]] | None:
    """Source of the items at the place where the task is made, and lines that give parameters their values."""
    copied, *work = parts
    parameters = {item.arg for item in node.args.args}
    bound = _bound(draft, task, node)
    iterated = loop.iter
    for statement in copied:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and isinstance(iterated, ast.Name) and target.id == iterated.id:
            assert isinstance(statement, ast.Assign)  # noqa: S101 - only that has targets
            iterated = statement.value
    used = loaded([*loop.body, *copied]) & parameters
    if used - bound.keys() or loaded([item for body in work for item in body]) & parameters or _other_uses(node):
        return None
    lines = tuple(f"{name} = {segment(draft.source, bound[name])}" for name in sorted(used))
    if isinstance(iterated, ast.Name) and iterated.id in parameters:
        expression = _given(task, node).get(iterated.id)
        return None if expression is None else (segment(draft.source, expression), lines)
    if loaded([ast.Expr(iterated)]) & (stored(node.body) | (parameters - bound.keys())):
        return None
    if loaded([ast.Expr(iterated)]) & parameters:
        filled = _Fill(bound).visit(copy.deepcopy(iterated))
        return f"list({ast.unparse(filled)})", lines
    return _as_list(draft, iterated), lines


class _Fill(ast.NodeTransformer):
    """Puts expressions in the place of parameters."""

    def __init__(self, bound: Mapping[str, ast.expr]) -> None:
        self.bound = bound

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name."""
        return copy.deepcopy(self.bound[node.id]) if node.id in self.bound else node


def _bound(draft: Draft, task: TaskModel, node: ast.FunctionDef) -> dict[str, ast.expr]:
    """Parameters whose value is an expression that means the same everywhere in the file."""
    arguments = node.args.args
    found = dict(
        zip(
            [item.arg for item in arguments[len(arguments) - len(node.args.defaults) :]],
            node.args.defaults,
            strict=True,
        )
    )
    found.update(_given(task, node))
    local = {item.arg for item in arguments} | stored(node.body)
    outputs = _handed_in(task, node)
    return {
        name: value
        for name, value in found.items()
        if context_value(name) is None
        and name not in outputs
        and all(
            item in draft.file.variables and item not in local
            for item in loaded([ast.Expr(value)]) - stored([ast.Expr(value)])
        )
    }


def _handed_in(task: TaskModel, node: ast.FunctionDef) -> set[str]:
    """Parameters that get what another task hands on: where the task is made, nothing but its name is there."""
    names = [item.arg for item in node.args.args]
    given = {**dict(zip(names, task.build.call_args, strict=False)), **task.build.call_kwargs}
    return {name for name, value in given.items() if _holds_output(value)}


def _holds_output(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_output(item) for item in value.values())
    if isinstance(value, list | tuple | set):
        return any(_holds_output(item) for item in value)
    return isinstance(value, XComValue)


def _other_uses(node: ast.FunctionDef) -> bool:
    """Whether the function uses arguments of another kind: keywords only, `*args`, `**kwargs`."""
    spec = node.args
    others = [*spec.posonlyargs, *spec.kwonlyargs, spec.vararg, spec.kwarg]
    return bool({item.arg for item in others if item is not None} & loaded(node.body))


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
