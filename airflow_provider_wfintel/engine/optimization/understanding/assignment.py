"""Assignment of values to names, items, attributes and patterns."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.build import DagBuild, TaskBuild, XComValue
from airflow_provider_wfintel.engine.optimization.understanding.state import ReaderState
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    ClassValue,
    External,
    Frame,
    InstanceValue,
    ModuleValue,
    RecordValue,
    Unknown,
    acts,
    is_concrete,
    join,
)

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
            self._set_item(target, value, frame)
        elif isinstance(target, ast.Attribute):
            self._set_attribute(target, value, frame)

    def _set_item(self, target: ast.Subscript, value: Any, frame: Frame) -> None:
        owner, key = self.evaluate(target.value, frame), self.evaluate(target.slice, frame)
        if (isinstance(owner, dict) and is_concrete(key) and not isinstance(key, list | dict | set)) or (
            isinstance(owner, list) and isinstance(key, int) and -len(owner) <= key < len(owner)
        ):
            self.mutated(owner)
            owner[key] = value
        elif isinstance(owner, dict):
            self.mutated(owner)
            owner[Unknown("a key")] = Unknown("an item", acts(value))
        elif isinstance(owner, list):
            self.mutated(owner)
            owner[:] = [Unknown("an item", acts([item, value])) for item in owner]
        elif isinstance(owner, InstanceValue | External) and self.task is not None:
            self.opaque("an item of an object is set", target)

    def _set_attribute(self, target: ast.Attribute, value: Any, frame: Frame) -> None:
        owner = self.evaluate(target.value, frame)
        if isinstance(owner, InstanceValue):
            self.set_field(owner, target.attr, value)
        elif isinstance(owner, RecordValue):
            self.mutated(owner)
            known = self.doubt == 0 and self.task is None
            owner.fields[target.attr] = value if known else Unknown("a field that was set", acts(value))
        elif isinstance(owner, ModuleValue | ClassValue) and self.task is not None:
            self.opaque("an attribute of a module or class is set", target)
        elif isinstance(owner, TaskBuild | XComValue | DagBuild):
            self.doubtful(f"an attribute of a task is set at line {target.lineno}")

    def set_field(self, owner: InstanceValue, name: str, value: Any) -> None:
        """Set a field of an object."""
        if owner.depth < len(self.recordings) and self.task is not None:
            self.recordings[-1].mutates = True
        if self.doubt and name in owner.seen(self.task):
            value = join([owner.seen(self.task)[name], value])
        owner.put(self.task, name, value)

    def assign_name(self, name: str, value: Any, frame: Frame) -> None:
        """Bind a value to a name."""
        place = frame.top if name in frame.globals_ else frame
        if place is not frame and self.task is not None:
            self.opaque(f"the global variable {name} is set", None)
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
