"""Statements of Python, run symbolically. A condition that is not known runs both branches."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.build import DagBuild, GroupBuild
from airflow_provider_wfintel.engine.optimization.understanding.objects import Objects
from airflow_provider_wfintel.engine.optimization.understanding.state import (
    MAIN,
    LoopNote,
    Recording,
)
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    ClassValue,
    External,
    Frame,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    Unknown,
    acts,
    is_truthy,
    join,
)

__all__ = ["Statements"]

_MOST_TURNS = 20_000
_IO_ERRORS = {
    "OSError", "IOError", "FileNotFoundError", "FileExistsError", "PermissionError", "ConnectionError", "TimeoutError",
    "ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError", "InterruptedError", "NotADirectoryError",
    "NotImplementedError", "StopIteration", "KeyboardInterrupt",
}  # fmt: skip
"""Errors of the outside world: they do not judge data, so a task that raises them is no check."""
_MAKERS = {"__init__", "__new__", "__getattr__", "__getattribute__"}
_MISSING = Unknown("a field without a value")
_SKIPS = {"AirflowSkipException", "DownstreamTasksSkipped"}


class Statements(Objects):
    """The statement half of the reader."""

    def run_block(self, body: Sequence[ast.stmt], frame: Frame, owner: ast.stmt | None) -> str:
        """Run statements one after the other."""
        self.blocks.append(owner)
        try:
            for statement in body:
                status = self.run_statement(statement, frame)
                if status != "next":
                    return status
            return "next"
        finally:
            self.blocks.pop()

    def run_statement(self, node: ast.stmt, frame: Frame) -> str:
        """Run one statement."""
        self.step()
        self.statements.append(node)
        outermost = frame.parent is None and self.module == MAIN and self.dag is None and self.task is None
        try:
            if outermost:
                with self.recording() as record:
                    status = self._dispatch(node, frame)
                self._note_top_level(node, record)
                return status
            return self._dispatch(node, frame)
        finally:
            self.statements.pop()

    def _note_top_level(self, node: ast.stmt, record: Recording) -> None:
        if record.sleeps or any(effect.kind != "read" or effect.resource for effect in record.effects):
            what = "; ".join(effect.why for effect in record.effects)
            self.top_level.append((node, what or f"sleeps {record.sleeps:g} s", record.sleeps))

    def _dispatch(self, node: ast.stmt, frame: Frame) -> str:
        method: Callable[[ast.stmt, Frame], str | None] | None = getattr(self, f"run_{type(node).__name__}", None)
        if method is None:
            self.opaque(type(node).__name__, node)
            self.doubtful(f"{type(node).__name__} at line {node.lineno} is not read")
            return "next"
        return method(node, frame) or "next"

    # simple statements
    def run_Pass(self, node: ast.Pass, frame: Frame) -> None:
        """Nothing."""

    def run_Global(self, node: ast.Global, frame: Frame) -> None:
        """Names that belong to the module."""
        frame.globals_.update(node.names)

    run_Nonlocal = run_Global

    def run_Expr(self, node: ast.Expr, frame: Frame) -> None:
        """An expression for its effect."""
        self.evaluate(node.value, frame)

    def run_Assign(self, node: ast.Assign, frame: Frame) -> None:
        """`a = b = value`."""
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.assign(target, value, frame)

    def run_AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> None:
        """`a: type = value`."""
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, frame), frame)

    def run_AugAssign(self, node: ast.AugAssign, frame: Frame) -> None:
        """`a += value`."""
        load = ast.copy_location(_as_load(node.target), node)
        value = self.evaluate(ast.copy_location(ast.BinOp(load, node.op, node.value), node), frame)
        self.assign(node.target, value, frame)

    def run_Delete(self, node: ast.Delete, frame: Frame) -> None:
        """`del name`."""
        for target in node.targets:
            if isinstance(target, ast.Name):
                frame.variables.pop(target.id, None)

    def run_Return(self, node: ast.Return, frame: Frame) -> str:
        """`return value`."""
        frame.returns.append(None if node.value is None else self.evaluate(node.value, frame))
        return "return"

    def run_Break(self, node: ast.Break, frame: Frame) -> str:
        """`break`."""
        return "break"

    def run_Continue(self, node: ast.Continue, frame: Frame) -> str:
        """`continue`."""
        return "continue"

    def run_Raise(self, node: ast.Raise, frame: Frame) -> str:
        """`raise`: an error of the outside world, a verdict on data, or a skip."""
        name = _error_name(node.exc)
        if node.exc is not None:
            self.evaluate(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, frame)
        if name in _SKIPS:
            self.recordings[-1].skips = True
        elif name and name not in _IO_ERRORS:
            self.gate(name, node)
        return "raise"

    def run_Assert(self, node: ast.Assert, frame: Frame) -> None:
        """`assert`: a verdict, unless it holds for certain."""
        if is_truthy(self.evaluate(node.test, frame)) is not True:
            self.gate("assert", node)

    def run_Import(self, node: ast.Import, frame: Frame) -> None:
        """`import a.b as c`."""
        for alias in node.names:
            inner = self.load_module(alias.name)
            name = alias.asname or alias.name.partition(".")[0]
            if inner is not None:
                self.assign_name(name, ModuleValue(alias.name, inner), frame)
            else:
                self.assign_name(name, External(alias.name if alias.asname else name), frame)

    def run_ImportFrom(self, node: ast.ImportFrom, frame: Frame) -> None:
        """`from a import b as c`."""
        module = node.module or ""
        inner = self.load_module(module) if module else None
        for alias in node.names:
            name = alias.asname or alias.name
            if inner is not None and alias.name == "*":
                frame.variables.update({key: item for key, item in inner.variables.items() if not key.startswith("_")})
            elif inner is not None:
                self.assign_name(name, inner.variables.get(alias.name, Unknown(alias.name, foreign=True)), frame)
            else:
                beside = self.load_module(alias.name) if node.level else None
                value = ModuleValue(alias.name, beside) if beside is not None else External(f"{module}.{alias.name}")
                self.assign_name(name, value, frame)

    # definitions
    def run_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
        """`def`, with its decorators applied."""
        defaults = tuple(self.evaluate(item, frame) for item in node.args.defaults)
        keywords = {
            argument.arg: self.evaluate(default, frame)
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            if default is not None
        }
        value: Any = FunctionValue(node, frame, node.name, self.module, defaults, keywords)
        for decorator in reversed(node.decorator_list):
            value = self.call(self.evaluate(decorator, frame), [value], {}, decorator)
        self.assign_name(node.name, value, frame)

    run_AsyncFunctionDef = run_FunctionDef

    def run_ClassDef(self, node: ast.ClassDef, frame: Frame) -> None:
        """`class`: its methods are read when they are called."""
        bases = tuple(self.evaluate(base, frame) for base in node.bases)
        fields = self._fields(node, bases, frame)
        space, marks = self.class_space(node, bases, frame)
        self.assign_name(node.name, ClassValue(node, frame, node.name, bases, fields, space, marks), frame)

    def _fields(self, node: ast.ClassDef, bases: tuple[Any, ...], frame: Frame) -> tuple[tuple[str, Any], ...] | None:
        """Fields and defaults of a dataclass or named tuple without methods of its own at creation, else None."""
        decorators = [item.func if isinstance(item, ast.Call) else item for item in node.decorator_list]
        kinds = [self.evaluate(item, frame) for item in decorators]
        known = {"dataclasses.dataclass", "typing.NamedTuple"}
        if not any(isinstance(item, External) and item.dotted in known for item in (*kinds, *bases)):
            return None
        if any(isinstance(item, ast.FunctionDef) and item.name in _MAKERS for item in node.body):
            return None
        found = dict(pair for base in bases if isinstance(base, ClassValue) for pair in base.fields or ())
        for item in node.body:
            if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
                continue
            if "ClassVar" not in ast.unparse(item.annotation):
                found[item.target.id] = _MISSING if item.value is None else self.evaluate(item.value, frame)
        return tuple(found.items())

    # compound statements
    def run_If(self, node: ast.If, frame: Frame) -> str:
        """`if`: one branch, or both if the condition is not known."""
        if _is_main_guard(node.test):
            return "next"
        test = self.evaluate(node.test, frame)
        truth = is_truthy(test)
        if truth is True:
            return self.run_block(node.body, frame, node)
        if truth is False:
            return self.run_block(node.orelse, frame, node)
        outer, self.asked = self.asked, getattr(test, "about", frozenset())
        with self.doubting():
            before = dict(frame.variables)
            status = self.run_block(node.body, frame, node)
            after = frame.variables
            frame.variables = before
            other = self.run_block(node.orelse, frame, node)
        self.asked = outer
        if status != "next":
            return other
        if other != "next":
            frame.variables = after
            return "next"
        frame.variables = _merged(after, frame.variables)
        return "next"

    def run_For(self, node: ast.For | ast.AsyncFor, frame: Frame) -> str:
        """`for`: turn by turn if the items are known, else one turn in doubt."""
        source = self.evaluate(node.iter, frame)
        items = self.items_of(source)
        note = LoopNote(node, self.module) if self.task is not None else None
        if items is None or len(items) > _MOST_TURNS:
            if note is not None:
                note.known = False
                self.recordings[-1].loops.append(note)
            if self.dag is not None and self.task is None:
                self.doubtful(f"the items of the loop at line {node.lineno} are not known")
            with self.doubting():
                self.assign(node.target, Unknown("item of an unknown list", acts(source)), frame)
                before = dict(frame.variables)
                self.run_block(node.body, frame, node)
                frame.variables = _merged(before, frame.variables)
            return "next"
        outer, outer_items = self.path, self.loop_items
        status = "next"
        for number, item in enumerate(items):
            if self.module == MAIN:
                self.path, self.loop_items = (*outer, (node.lineno, number)), (*outer_items, (node, item))
            self.assign(node.target, item, frame)
            if note is not None:
                with self.recording() as turn:
                    status = self.run_block(node.body, frame, node)
                note.turns.append(turn)
                self.merge(turn)
            else:
                status = self.run_block(node.body, frame, node)
            if status in ("break", "return", "raise"):
                break
        self.path, self.loop_items = outer, outer_items
        if note is not None:
            note.items = items
            note.known = note.known and status not in ("break", "return", "raise")
            self.recordings[-1].loops.append(note)
        if status in ("return", "raise"):
            return status
        return self.run_block(node.orelse, frame, node) if status != "break" else "next"

    run_AsyncFor = run_For

    def run_While(self, node: ast.While, frame: Frame) -> str:
        """`while`: as long as the condition is known, else one turn in doubt."""
        for _ in range(_MOST_TURNS):
            truth = is_truthy(self.evaluate(node.test, frame))
            if truth is None:
                break
            if not truth:
                return "next"
            status = self.run_block(node.body, frame, node)
            if status in ("return", "raise"):
                return status
            if status == "break":
                return "next"
        if self.dag is not None and self.task is None:
            self.doubtful(f"the loop at line {node.lineno} has no known end")
        with self.doubting():
            before = dict(frame.variables)
            self.run_block(node.body, frame, node)
            frame.variables = _merged(before, frame.variables)
        return "next"

    def run_With(self, node: ast.With | ast.AsyncWith, frame: Frame) -> str:
        """`with`: DAGs, task groups, open files."""
        outer_dag, outer_group = self.dag, self.group
        entered: DagBuild | None = None
        for item in node.items:
            value = self.evaluate(item.context_expr, frame)
            if isinstance(value, InstanceValue):
                value = self.enter(value, item.context_expr)
            if isinstance(value, DagBuild):
                self.dag, self.group, entered = value, None, value
                value.block = node
            elif isinstance(value, GroupBuild):
                self.group = value
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, frame)
        try:
            return self.run_block(node.body, frame, node)
        finally:
            if entered is not None:
                entered.final = dict(frame.variables)
            self.dag, self.group = outer_dag, outer_group

    run_AsyncWith = run_With

    def run_Try(self, node: ast.Try, frame: Frame) -> str:
        """`try`: the body, then each handler in doubt."""
        with self.recording() as record:
            status = self.run_block(node.body, frame, node)
        if node.handlers:
            # What the handlers catch is no refusal to go on; what they raise themselves is.
            record.gates.clear()
        self.merge(record)
        for handler in node.handlers:
            with self.doubting():
                if handler.name:
                    frame.variables[handler.name] = Unknown("an error")
                before = dict(frame.variables)
                ended = self.run_block(handler.body, frame, node)
                frame.variables = _merged(before, frame.variables) if ended == "next" else before
        if status == "next":
            status = self.run_block(node.orelse, frame, node)
        final = self.run_block(node.finalbody, frame, node)
        if final != "next":
            return final
        return "next" if node.handlers and status == "raise" else status

    run_TryStar = run_Try


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {
        name: join([one[name], other[name]])
        if name in one and name in other
        else Unknown("set in one branch only", acts(one.get(name, other.get(name))))
        for name in dict.fromkeys((*one, *other))
    }


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    assert isinstance(target, ast.Subscript)  # noqa: S101 - the grammar allows nothing else
    return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)


def _error_name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_main_guard(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "__name__"
