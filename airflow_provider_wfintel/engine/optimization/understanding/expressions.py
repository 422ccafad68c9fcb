"""Expressions of Python, evaluated symbolically."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from airflow_provider_wfintel.engine.optimization.understanding.build import (
    DagBuild,
    EdgeLabel,
    GroupBuild,
    TaskBuild,
    XComValue,
)
from airflow_provider_wfintel.engine.optimization.understanding.comprehensions import Comprehensions
from airflow_provider_wfintel.engine.optimization.understanding.terms import (
    computed,
    converted,
    either,
    is_foreign,
    join_path,
    path_attribute,
    percent,
    text_of,
)
from airflow_provider_wfintel.engine.optimization.understanding.values import (
    BoundMethod,
    External,
    Frame,
    FunctionValue,
    Hole,
    InstanceValue,
    ModuleValue,
    PathTerm,
    Term,
    Unknown,
    acts,
    as_term,
    is_concrete,
    is_truthy,
)

__all__ = ["Expressions"]

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.BitXor: operator.xor, ast.Pow: operator.pow,
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.inv,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
_BUILTINS = {
    "abs", "all", "any", "bool", "bytes", "callable", "dict", "divmod", "enumerate", "filter", "float", "format",
    "frozenset", "getattr", "hasattr", "hash", "id", "input", "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max",
    "min", "next", "object", "open", "ord", "chr", "pow", "print", "range", "repr", "reversed", "round", "set", "slice",
    "sorted", "str", "sum", "super", "tuple", "type", "vars", "zip", "eval", "exec", "globals", "locals", "setattr",
    "staticmethod", "classmethod", "property",
}  # fmt: skip


class Expressions(Comprehensions):
    """The expression half of the reader."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Any:
        """The value of an expression."""
        self.step()
        method: Any = getattr(self, f"eval_{type(node).__name__}", None)
        return method(node, frame) if method is not None else Unknown(type(node).__name__)

    def eval_Constant(self, node: ast.Constant, frame: Frame) -> Any:
        """A literal."""
        return node.value

    def eval_Name(self, node: ast.Name, frame: Frame) -> Any:
        """A name: of the code, or a built-in one."""
        try:
            return frame.lookup(node.id)
        except KeyError:
            if node.id in _BUILTINS or node.id.endswith(("Error", "Exception")):
                return External(f"builtins.{node.id}")
            if node.id == "__file__":
                return PathTerm((Hole("__file__ of " + self.module),))
            return Unknown(f"name {node.id}", foreign=True)

    def eval_JoinedStr(self, node: ast.JoinedStr, frame: Frame) -> Any:
        """An f-string: text, text with holes, or unknown."""
        parts: list[str | Hole] = []
        for item in node.values:
            if isinstance(item, ast.Constant):
                parts.append(str(item.value))
                continue
            assert isinstance(item, ast.FormattedValue)  # noqa: S101 - the grammar allows nothing else
            value = self.evaluate(item.value, frame)
            spec = self.evaluate(item.format_spec, frame) if item.format_spec is not None else ""
            if is_concrete(value) and isinstance(spec, str):
                shown = converted(value, item.conversion)
                try:
                    parts.append(format(shown, spec))
                except (ValueError, TypeError):
                    return Unknown("a format that does not fit")
                continue
            term = as_term(value)
            if term is None:
                return Unknown("text with an unknown part", getattr(value, "foreign", False))
            parts.extend(term.parts)
        return text_of(parts)

    def _collect(self, nodes: Sequence[ast.expr], frame: Frame) -> list[Any] | Unknown:
        items: list[Any] = []
        for item in nodes:
            if isinstance(item, ast.Starred):
                more = self.items_of(self.evaluate(item.value, frame))
                if more is None:
                    return Unknown("a list with unknown items")
                items.extend(more)
            else:
                items.append(self.evaluate(item, frame))
        return items

    def eval_List(self, node: ast.List, frame: Frame) -> Any:
        """`[…]`."""
        return self._collect(node.elts, frame)

    def eval_Tuple(self, node: ast.Tuple, frame: Frame) -> Any:
        """`(…)`."""
        items = self._collect(node.elts, frame)
        return tuple(items) if isinstance(items, list) else items

    def eval_Set(self, node: ast.Set, frame: Frame) -> Any:
        """`{…}`."""
        items = self._collect(node.elts, frame)
        try:
            return set(items) if isinstance(items, list) else items
        except TypeError:
            return Unknown("a set of what cannot be in one")

    def eval_Dict(self, node: ast.Dict, frame: Frame) -> Any:
        """`{k: v}`."""
        found: dict[Any, Any] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.evaluate(item, frame)
            if key is None:
                if not isinstance(value, dict):
                    return Unknown("a dict with unknown items")
                found.update(value)
                continue
            name = self.evaluate(key, frame)
            try:
                found[name] = value
            except TypeError:
                return Unknown("a dict with keys that cannot be keys")
        return found

    def eval_IfExp(self, node: ast.IfExp, frame: Frame) -> Any:
        """`a if b else c`."""
        truth = is_truthy(self.evaluate(node.test, frame))
        if truth is not None:
            return self.evaluate(node.body if truth else node.orelse, frame)
        with self.doubting():
            both = [self.evaluate(node.body, frame), self.evaluate(node.orelse, frame)]
        return either(both, "if")

    def eval_BoolOp(self, node: ast.BoolOp, frame: Frame) -> Any:
        """`and`, `or`."""
        wanted = isinstance(node.op, ast.Or)
        seen: list[Any] = []
        for item in node.values:
            value = self.evaluate(item, frame)
            truth = is_truthy(value)
            if truth is None:
                seen.append(value)
            elif truth is wanted or item is node.values[-1]:
                return value if not seen else either([*seen, value], "or" if wanted else "and")
        return either(seen, "or" if wanted else "and")

    def eval_UnaryOp(self, node: ast.UnaryOp, frame: Frame) -> Any:
        """`not`, `-`, `+`, `~`."""
        value = self.evaluate(node.operand, frame)
        if isinstance(node.op, ast.Not):
            truth = is_truthy(value)
            return Unknown("not", about=getattr(value, "about", frozenset())) if truth is None else not truth
        if is_concrete(value):
            try:
                return _UNARY[type(node.op)](value)
            except TypeError:
                return Unknown("sign")
        return Unknown("sign")

    def eval_BinOp(self, node: ast.BinOp, frame: Frame) -> Any:
        """Arithmetic, paths, and the order of tasks (`>>`, `<<`)."""
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        if isinstance(node.op, ast.RShift | ast.LShift):
            return self.shift(left, right, node)
        if isinstance(left, InstanceValue) or isinstance(right, InstanceValue):
            self.opaque("an operator of an object", node)
            return Unknown("arithmetic", foreign=True)
        if isinstance(node.op, ast.Div) and (isinstance(left, PathTerm) or isinstance(right, PathTerm)):
            return join_path(left, right)
        if isinstance(node.op, ast.Add) and isinstance(left, list) and isinstance(right, list):
            return left + right
        if isinstance(node.op, ast.Add) and isinstance(left, tuple) and isinstance(right, tuple):
            return left + right
        if is_concrete(left) and is_concrete(right):
            return computed(_BINARY.get(type(node.op)), left, right)
        one, two = as_term(left), as_term(right)
        if one is None or two is None:
            return Unknown("arithmetic", is_foreign(left, right))
        if isinstance(node.op, ast.Add):
            return text_of([*one.parts, *two.parts])
        if isinstance(node.op, ast.Mod) and isinstance(left, str):
            return percent(left, right)
        return Term((Hole(f"{one.text}{type(node.op).__name__}{two.text}", one.varying or two.varying),))

    def eval_Compare(self, node: ast.Compare, frame: Frame) -> Any:
        """Comparisons of known values."""
        left = self.evaluate(node.left, frame)
        for op, item in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(item, frame)
            function = _COMPARE[type(op)]
            identity = isinstance(op, ast.Is | ast.IsNot) and (left is None or right is None)
            if identity and not isinstance(left if right is None else right, Unknown | Term):
                held = function(left, right)
            elif is_concrete(left) and is_concrete(right):
                held = computed(function, left, right)
            elif isinstance(op, ast.In | ast.NotIn) and isinstance(right, dict | set | list) and is_concrete(left):
                known = [item for item in right if is_concrete(item)]
                if left not in known and len(known) != len(right):
                    return Unknown("comparison")
                held = (left in known) is isinstance(op, ast.In)
            else:
                return Unknown("comparison")
            if isinstance(held, Unknown) or not held:
                return held
            left = right
        return True

    def eval_Attribute(self, node: ast.Attribute, frame: Frame) -> Any:
        """`a.b`."""
        return self.attribute(self.evaluate(node.value, frame), node.attr, node)

    def eval_Subscript(self, node: ast.Subscript, frame: Frame) -> Any:
        """`a[b]`."""
        owner, key = self.evaluate(node.value, frame), self.evaluate(node.slice, frame)
        return self.subscript(owner, key, node)

    def eval_Slice(self, node: ast.Slice, frame: Frame) -> Any:
        """`a:b:c`."""
        parts = [None if item is None else self.evaluate(item, frame) for item in (node.lower, node.upper, node.step)]
        return slice(*parts) if all(is_concrete(item) for item in parts) else Unknown("slice")

    def eval_Starred(self, node: ast.Starred, frame: Frame) -> Any:
        """`*a` where it cannot be unpacked."""
        return self.evaluate(node.value, frame)

    def eval_Lambda(self, node: ast.Lambda, frame: Frame) -> Any:
        """`lambda`."""
        defaults = tuple(self.evaluate(item, frame) for item in node.args.defaults)
        return FunctionValue(node, frame, "<lambda>", self.module, defaults, {})

    def eval_NamedExpr(self, node: ast.NamedExpr, frame: Frame) -> Any:
        """`a := b`."""
        value = self.evaluate(node.value, frame)
        self.assign(node.target, value, frame)
        return value

    def eval_Await(self, node: ast.Await, frame: Frame) -> Any:
        """`await a`."""
        return self.evaluate(node.value, frame)

    def eval_Yield(self, node: ast.Yield, frame: Frame) -> Any:
        """`yield a`."""
        value = None if node.value is None else self.evaluate(node.value, frame)
        if frame.yields is not None:
            frame.yields = [*frame.yields, value] if self.doubt == frame.doubt else None
        return Unknown("what is sent to a generator")

    def eval_YieldFrom(self, node: ast.YieldFrom, frame: Frame) -> Any:
        """`yield from a`."""
        items = self.items_of(self.evaluate(node.value, frame))
        if frame.yields is not None:
            frame.yields = [*frame.yields, *items] if items is not None and self.doubt == frame.doubt else None
        return Unknown("what is sent to a generator")

    # attributes and items
    def attribute(self, owner: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a value."""
        if isinstance(owner, ModuleValue):
            return owner.frame.variables.get(name, Unknown(name, foreign=True))
        if isinstance(owner, External):
            return External(f"{owner.dotted}.{name}")
        if isinstance(owner, PathTerm):
            return path_attribute(owner, name)
        if isinstance(owner, TaskBuild | XComValue) and name == "output":
            return XComValue(owner) if isinstance(owner, TaskBuild) else owner
        if isinstance(owner, XComValue) and name == "operator":
            return owner.task
        if isinstance(owner, TaskBuild | GroupBuild) and name == "dag":
            return owner.dag
        if isinstance(owner, DagBuild) and name in ("dag_id",):
            return owner.dag_id
        if isinstance(owner, TaskBuild) and name == "task_id":
            return owner.task_id
        if isinstance(owner, Unknown):
            return BoundMethod(owner, name)
        return BoundMethod(owner, name)

    def subscript(self, owner: Any, key: Any, node: ast.AST) -> Any:
        """An item of a value."""
        if isinstance(owner, XComValue):
            return XComValue(owner.task, str(key)) if isinstance(key, str) else owner
        if isinstance(owner, GroupBuild) and isinstance(key, str):
            return next((task for task in owner.tasks if task.task_id == owner.prefix + key), Unknown("task"))
        if isinstance(owner, Unknown | BoundMethod):
            return Unknown("item", acts(owner))
        if isinstance(owner, Term) or isinstance(key, Term):
            one, two = as_term(owner), as_term(key)
            if one is None or two is None:
                return Unknown("item")
            return Term((Hole(f"{one.text}[{two.text}]", one.varying or two.varying),))
        if isinstance(owner, list | tuple | dict | str | bytes | range | re.Match) and is_concrete(key):
            try:
                return owner[key]
            except (KeyError, IndexError, TypeError):
                return Unknown("an item that is not there")
        if isinstance(owner, InstanceValue):
            self.opaque(f"an item of an object of the class {owner.made.name}", node)
        special = getattr(owner, "item", None)
        if callable(special):
            return special(key)
        return Unknown("item", foreign=acts(owner))

    def holds_label(self, value: Any) -> bool:
        """Whether the value is a label of an edge."""
        return isinstance(value, EdgeLabel)
