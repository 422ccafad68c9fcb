"""Small values that everything else is made of: spans of text, argument values, their origin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from airflow_provider_wfintel.engine.model.codec import canonical_json

__all__ = [
    "Argument",
    "ArgumentValue",
    "LiteralValue",
    "Origin",
    "OutputRef",
    "ParamRef",
    "SecondsValue",
    "Span",
    "SymbolRef",
    "TemplateValue",
]

Origin: TypeAlias = Literal["stated", "implied", "context", "default", "assumed", "missing"]
"""Where a value comes from: the words say it, the words imply it, the deployment has it, the operator's own
default, a documented assumption of ours, or nowhere (a typed DAG parameter stands in until a person fills it)."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of characters of the text that was read."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of the span."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether both spans share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A constant. It is kept as canonical JSON, so the value cannot change and compares by content."""

    kind_tag: ClassVar[str] = "literal"
    json: str

    @classmethod
    def of(cls, value: object) -> LiteralValue:
        """Wrap JSON data (str, int, float, bool, None, lists and dicts of them)."""
        return cls(canonical_json(value))

    @property
    def value(self) -> Any:
        """The constant as Python data."""
        return json.loads(self.json)


@dataclass(frozen=True, slots=True)
class TemplateValue:
    """A Jinja template that *the product* wrote, such as `{{ ds }}`; never a piece of the user's text."""

    kind_tag: ClassVar[str] = "template"
    template: str


@dataclass(frozen=True, slots=True)
class OutputRef:
    """What another task returns (its XCom `return_value`)."""

    kind_tag: ClassVar[str] = "output"
    task_id: str


@dataclass(frozen=True, slots=True)
class ParamRef:
    """A typed parameter of the DAG, see `ParamSpec`."""

    kind_tag: ClassVar[str] = "param"
    name: str


@dataclass(frozen=True, slots=True)
class SecondsValue:
    """A duration, rendered as `timedelta`."""

    kind_tag: ClassVar[str] = "seconds"
    seconds: float


@dataclass(frozen=True, slots=True)
class SymbolRef:
    """A name to import: `"package.module:Name"` or, for members, `"package.module:Class.MEMBER"`."""

    kind_tag: ClassVar[str] = "symbol"
    path: str


ArgumentValue: TypeAlias = LiteralValue | TemplateValue | OutputRef | ParamRef | SecondsValue | SymbolRef


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operator or recipe: its value, where it comes from and the words behind it."""

    name: str
    value: ArgumentValue
    origin: Origin = "stated"
    evidence: Span | None = None
