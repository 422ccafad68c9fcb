"""Values of the reader that are no plain Python values: symbols, paths, functions, things of outside.

The reader runs a DAG file symbolically. What it can compute is a plain Python value. What it cannot compute but is the
same for every task of one DAG run (an environment variable, a templated date) is a `Term`: text with holes. All
else is `Unknown`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = [
    "BoundMethod",
    "ClassValue",
    "External",
    "FieldDefault",
    "Frame",
    "FunctionValue",
    "Hole",
    "InstanceValue",
    "ModuleValue",
    "PathTerm",
    "RecordValue",
    "Term",
    "Unknown",
    "acts",
    "as_term",
    "is_concrete",
    "is_truthy",
    "join",
    "show",
]

Value: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text that only a run knows. `varying`: differs between tasks, tries or moments of one run."""

    text: str
    varying: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Text with holes. Two equal terms without varying holes name the same thing in every task of a run."""

    parts: tuple[str | Hole, ...]

    @property
    def varying(self) -> bool:
        """Whether the term may have another value in another task, try or moment."""
        return any(isinstance(part, Hole) and part.varying for part in self.parts)

    @property
    def text(self) -> str:
        """The canonical text: holes in angle brackets."""
        return "".join(part if isinstance(part, str) else f"⟨{part.text}⟩" for part in self.parts)


@dataclass(frozen=True, slots=True)
class PathTerm(Term):
    """A file system path, with or without holes."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known.

    Attributes:
        foreign: it came from code that was not read, so its methods may do anything.
        about: files whose being there is all that the value tells.
    """

    why: str = ""
    foreign: bool = False
    about: frozenset[str] = frozenset()


@dataclass(slots=True)
class Frame:
    """Variables of one module or function call. `parent` is the frame that names are looked up in next."""

    module: str
    variables: dict[str, Value] = field(default_factory=dict)
    parent: Frame | None = None
    returns: list[Value] = field(default_factory=list)
    globals_: set[str] = field(default_factory=set)
    yields: list[Value] | None = None
    """What a generator has given so far; None once it is not known whether it gave something."""
    doubt: int = 0
    """How doubtful it was that the call is made at all."""

    def lookup(self, name: str) -> Value:
        """The value of a name; raises `KeyError` if neither this frame nor one around it has it."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.variables:
                return frame.variables[name]
            frame = frame.parent
        raise KeyError(name)

    @property
    def top(self) -> Frame:
        """The frame of the module."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame


@dataclass(frozen=True, eq=False, slots=True)
class FunctionValue:
    """A function whose code is at hand."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    frame: Frame
    name: str
    module: str
    defaults: tuple[Value, ...] = ()
    keyword_defaults: Mapping[str, Value] = field(default_factory=dict)
    manager: bool = False
    """Whether it is a generator that `contextlib.contextmanager` has made a context manager of."""
    wraps: FunctionValue | None = None
    """The function whose name and signature it was given by `functools.wraps`."""

    @property
    def shown(self) -> FunctionValue:
        """The function whose signature a caller sees."""
        return self if self.wraps is None else self.wraps.shown


@dataclass(frozen=True, eq=False, slots=True)
class ClassValue:
    """A class of the file or of its sibling module."""

    node: ast.ClassDef
    frame: Frame
    name: str
    bases: tuple[Value, ...] = ()
    fields: tuple[tuple[str, Value], ...] | None = None
    """Names and defaults of the fields, for a dataclass or named tuple."""
    space: Mapping[str, Value] | None = None
    """Methods and class variables; None if the class cannot be followed."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Methods that are no plain ones: `static`, `class` or `property`."""

    @property
    def line(self) -> tuple[ClassValue, ...]:
        """The class and those that it inherits from, in the order in which attributes are looked up (no diamonds)."""
        return (self, *(item for base in self.bases if isinstance(base, ClassValue) for item in base.line))

    def find(self, name: str) -> tuple[ClassValue, Value] | None:
        """The class of the line that has the attribute, and the attribute."""
        return next(((item, item.space[name]) for item in self.line if item.space and name in item.space), None)


@dataclass(eq=False, slots=True)
class InstanceValue:
    """An object of a class whose code is at hand.

    Attributes:
        depth: how many recordings were open when it was made.
        home: the task within which it was made; what another one sets is seen by that one only.
    """

    made: ClassValue
    fields: dict[str, Value]
    depth: int = 0
    home: object = None
    local: dict[int, dict[str, Value]] = field(default_factory=dict)

    def seen(self, task: object) -> dict[str, Value]:
        """The fields as a task sees them."""
        return {**self.fields, **self.local.get(id(task), {})}

    def put(self, task: object, name: str, value: Value) -> None:
        """Set a field."""
        place = self.fields if task is self.home else self.local.setdefault(id(task), {})
        place[name] = value


@dataclass(eq=False, slots=True)
class RecordValue:
    """An object with named fields: an instance of a dataclass or named tuple."""

    kind: str
    fields: dict[str, Value]


@dataclass(frozen=True, eq=False, slots=True)
class FieldDefault:
    """`dataclasses.field(…)`: what a field is if it gets no value, and whether it can get one when the object is made."""

    value: Value
    factory: Value = None
    given: bool = True


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module beside the DAG file whose code was read."""

    name: str
    frame: Frame = field(compare=False)


@dataclass(frozen=True, slots=True)
class External:
    """Something imported that is not read: a module, class, function, or an attribute of one."""

    dotted: str

    @property
    def name(self) -> str:
        """The last part of the dotted name."""
        return self.dotted.rpartition(".")[2]

    @property
    def root(self) -> str:
        """The first part of the dotted name."""
        return self.dotted.partition(".")[0]


@dataclass(frozen=True, eq=False, slots=True)
class BoundMethod:
    """A method of a value that is not called yet."""

    owner: Value
    name: str


_PLAIN = (str, bytes, int, float, complex, bool, type(None), range, slice)


def is_concrete(value: Value, depth: int = 0) -> bool:
    """Whether the value is a plain Python value through and through."""
    if isinstance(value, _PLAIN):
        return True
    if depth > 8:
        return False
    if isinstance(value, list | tuple | set | frozenset):
        return all(is_concrete(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return all(is_concrete(key, depth + 1) and is_concrete(item, depth + 1) for key, item in value.items())
    return type(value).__module__ in ("datetime", "re", "decimal", "collections")


def is_truthy(value: Value) -> bool | None:
    """The truth of the value, or None if it is not known."""
    if isinstance(value, Unknown | Term | External | BoundMethod | InstanceValue | RecordValue):
        return None  # what an imported name or an attribute of an unknown thing holds is not known
    if isinstance(value, list | tuple | set | dict | str | bytes):
        return len(value) > 0
    if is_concrete(value):
        return bool(value)
    return True


def join(values: list[Value]) -> Value:
    """One value for several possible ones: the value if all are the same, else unknown."""
    if not values:
        return None
    first = values[0]
    for other in values[1:]:
        if other is first:
            continue
        try:
            same = type(other) is type(first) and bool(other == first)
        except (TypeError, ValueError):
            same = False
        if not same:
            return Unknown("differs between branches", any(acts(item) for item in values))
    return first


def acts(value: Value) -> bool:
    """Whether methods of the value may touch something outside: of all but plain data."""
    if isinstance(value, Unknown):
        return value.foreign
    if isinstance(value, list | tuple | set | frozenset):
        return any(acts(item) for item in value)
    if isinstance(value, dict):
        return any(acts(item) for item in value.values())
    if isinstance(value, BoundMethod):
        return acts(value.owner)
    return isinstance(value, PathTerm | External) or not (is_concrete(value) or isinstance(value, Term))


def as_term(value: Value) -> Term | None:
    """The value as text with holes, or None if it is not known at all."""
    if isinstance(value, Term):
        return value
    if isinstance(value, str):
        return Term((value,))
    if isinstance(value, External):
        return Term((Hole(value.dotted),))
    if is_concrete(value):
        return Term((str(value),))
    return None


def show(value: Value, depth: int = 0) -> str:
    """Short text of a value for the inside of a hole: equal values give equal texts."""
    if isinstance(value, Term):
        return value.text
    if isinstance(value, External):
        return value.dotted
    if isinstance(value, list | tuple) and depth < 4:
        return "[" + ",".join(show(item, depth + 1) for item in value) + "]"
    return repr(value) if is_concrete(value) else type(value).__name__
