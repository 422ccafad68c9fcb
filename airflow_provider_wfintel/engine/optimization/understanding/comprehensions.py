"""Comprehensions and generator expressions, turn by turn."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.links import Links
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    Frame,
    Unknown,
    acts,
    is_concrete,
    is_truthy,
)

__all__ = ["Comprehensions"]


class Comprehensions(Links):
    """The part of the reader that runs comprehensions."""

    def eval_ListComp(self, node: ast.ListComp | ast.GeneratorExp, frame: Frame) -> Any:
        """`[x for …]`."""
        self.conditions = []
        items: list[Any] = []
        inner = Frame(frame.module, parent=frame)
        if not self._turns(node.generators, inner, lambda: items.append(self.evaluate(node.elt, inner)), node):
            return self._unknown_items(items)
        return items

    eval_GeneratorExp = eval_ListComp

    def eval_SetComp(self, node: ast.SetComp, frame: Frame) -> Any:
        """`{x for …}`."""
        self.conditions = []
        items: list[Any] = []
        inner = Frame(frame.module, parent=frame)
        if not self._turns(node.generators, inner, lambda: items.append(self.evaluate(node.elt, inner)), node):
            return self._unknown_items(items)
        try:
            return set(items)
        except TypeError:
            return Unknown("a set of what cannot be in one")

    def eval_DictComp(self, node: ast.DictComp, frame: Frame) -> Any:
        """`{k: v for …}`."""
        self.conditions = []
        found: dict[Any, Any] = {}
        inner = Frame(frame.module, parent=frame)

        def add() -> None:
            key = self.evaluate(node.key, inner)
            found[key if is_concrete(key) and not isinstance(key, list | dict | set) else id(key)] = self.evaluate(
                node.value, inner
            )

        if not self._turns(node.generators, inner, add, node):
            return self._unknown_items(found.values())
        return found

    def _unknown_items(self, items: Iterable[Any]) -> Unknown:
        """What a comprehension gives if its items are not known; its conditions may ask for files only."""
        about = frozenset().union(*self.conditions) if all(self.conditions) else frozenset()
        self.conditions = []
        return Unknown("items of an unknown list", any(acts(item) for item in items), about)

    conditions: list[frozenset[str]]
    """Of the comprehension that is run: for each condition that is not known, the files whose being there it asks for."""

    def _turns(
        self, generators: list[ast.comprehension], inner: Frame, action: Callable[[], None], node: ast.expr
    ) -> bool:
        """Run the action for every combination of items; false if the items are not known (one turn in doubt)."""
        if not generators:
            action()
            return True
        first, rest = generators[0], generators[1:]
        source = self.evaluate(first.iter, inner)
        items = self.items_of(source)
        if items is None:
            with self.doubting():
                self.assign(first.target, Unknown("item of an unknown list", acts(source)), inner)
                for test in first.ifs:
                    self.evaluate(test, inner)
                self._turns(rest, inner, action, node)
            self.conditions = [*self.conditions, frozenset()]
            return False
        known, outer = True, self.path
        for number, item in enumerate(items):
            self.path = (*outer, (node.lineno, number))
            self.assign(first.target, item, inner)
            tests = [self.evaluate(test, inner) for test in first.ifs]
            truths = [is_truthy(test) for test in tests]
            if None in truths:
                known = False
                doubted = [test for test, truth in zip(tests, truths, strict=True) if truth is None]
                self.conditions = [*self.conditions, *(getattr(test, "about", frozenset()) for test in doubted)]
            if False not in truths:
                known = self._turns(rest, inner, action, node) and known
        self.path = outer
        return known
