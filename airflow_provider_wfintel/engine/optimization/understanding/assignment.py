"""Assignment of values to names, items, attributes and patterns."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.build import DagBuild, TaskBuild, XComValue
from airflow_provider_wfintel.engine.optimization.understanding.state import ReaderState
from airflow_provider_wfintel.engine.optimization.understanding.values import Frame, RecordValue, Unknown, is_concrete

__all__ = ["Assignments"]


class Assignments(ReaderState):
    """The part of the reader that binds values."""

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> None:
        """Bind a value to a target."""
        if isinstance(target, ast.Name):
            self.assign_name(target.id, value, frame)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value, frame)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, frame)
        elif isinstance(target, ast.Subscript):
            owner, key = self.evaluate(target.value, frame), self.evaluate(target.slice, frame)
            if (isinstance(owner, dict) and is_concrete(key) and not isinstance(key, list | dict | set)) or (
                isinstance(owner, list) and isinstance(key, int) and -len(owner) <= key < len(owner)
            ):
                owner[key] = value
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, frame)
            if isinstance(owner, TaskBuild | XComValue | DagBuild):
                self.doubtful(f"an attribute of a task is set at line {target.lineno}")

    def assign_name(self, name: str, value: Any, frame: Frame) -> None:
        """Bind a value to a name."""
        place = frame.top if name in frame.globals_ else frame
        task = value.task if isinstance(value, XComValue) else value
        here = self.statements[-1] if self.statements else None
        if isinstance(task, TaskBuild) and not task.variable and task.site.statement is here and here is not None:
            task.variable = name
        place.variables[name] = value

    def _unpack(self, targets: Sequence[ast.expr], value: Any, frame: Frame) -> None:
        if isinstance(value, RecordValue):
            value = list(value.fields.values())
        items = list(value) if isinstance(value, list | tuple | str) else None
        star = next((index for index, item in enumerate(targets) if isinstance(item, ast.Starred)), None)
        if items is None or (star is None and len(items) != len(targets)) or len(items) < len(targets) - 1:
            foreign = getattr(value, "foreign", False)
            for target in targets:
                self.assign(target, Unknown("part of an unknown value", foreign), frame)
            return
        if star is not None:
            rest = len(targets) - star - 1
            middle = items[star : len(items) - rest]
            items = [*items[:star], middle, *items[len(items) - rest :]]
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item, frame)
