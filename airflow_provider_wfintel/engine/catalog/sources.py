"""Where an operator's argument comes from: the small language of the action records.

In the data files a source is one of

- `{"slot": "bucket"}`: a value the words name; with `"default"` it may be missing, with `"optional"` the argument
  is left out without it, `"as"` shapes it,
- `{"literal": 5}`: a constant,
- `{"template": "{{ ds }}"}`: a Jinja template that the product wrote,
- `{"text": "s3://{bucket}/{key}"}`: text put together from slots,
- `{"sql": "SELECT * FROM {table}"}`: the same, open unless every slot holds a plain (dotted) identifier,
- `{"json": source}`: the JSON text of another source,
- `{"first": [...]}`: the first of several sources that has a value,
- `{"object": {...}}` and `{"list": [...]}`: JSON data whose leaves are sources,
- `{"symbol": "module:Name"}`: a name to import,
- `{"connection": "source"}` or `"target"`: the connection id of that side; `"default"` where it is not the service's.

`resolve` gives the value of the argument for given slots. None means: leave the argument out if the source is
`optional`, else it is open and a person must be asked; `missing` names the slots to ask for.
"""

from __future__ import annotations

import json
import string
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from airflow_provider_wfintel.engine.catalog.shaping import (
    Shape,
    as_leaf,
    as_template,
    is_identifier,
    shaped,
    with_marks,
)
from airflow_provider_wfintel.engine.model import (
    ArgumentValue,
    LiteralValue,
    SymbolRef,
    TemplateValue,
)

__all__ = [
    "ArgumentSource",
    "ConnectionSource",
    "FirstSource",
    "JsonSource",
    "ListSource",
    "LiteralSource",
    "ObjectSource",
    "SlotSource",
    "SymbolSource",
    "TemplateSource",
    "TextSource",
]

_LIVE = ("{{", "{%", "{#")


class _Source(ABC):
    """What all sources share."""

    __slots__ = ()

    @abstractmethod
    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """The slots outside `known` that must be asked for."""

    @property
    def required_slots(self) -> tuple[str, ...]:
        """The slots that must be asked for when nothing is known."""
        return self.missing(())


@dataclass(frozen=True, slots=True)
class SlotSource(_Source):
    """A value that the words name. Without one the default stands in; without a default the argument is open."""

    kind_tag: ClassVar[str] = "slot"
    slot: str
    default: LiteralValue | None = None
    shape: Shape = ""
    optional: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The one slot."""
        return (self.slot,)

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """The slot, unless it is known, optional or there is a default."""
        return () if self.slot in known or self.optional or self.default is not None else (self.slot,)

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The slot's value in the wanted shape, the default, or None if it is open."""
        value = values.get(self.slot, self.default)
        if not isinstance(value, LiteralValue) or not self.shape:
            return value
        return shaped(value, self.shape)


@dataclass(frozen=True, slots=True)
class LiteralSource(_Source):
    """A constant of the record."""

    kind_tag: ClassVar[str] = "literal"
    value: LiteralValue
    optional: ClassVar[bool] = False
    slots: ClassVar[tuple[str, ...]] = ()

    def missing(self, known: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:  # noqa: ARG002
        """The constant."""
        return self.value


@dataclass(frozen=True, slots=True)
class TemplateSource(_Source):
    """A Jinja template of the record."""

    kind_tag: ClassVar[str] = "template"
    template: str
    optional: ClassVar[bool] = False
    slots: ClassVar[tuple[str, ...]] = ()

    def missing(self, known: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:  # noqa: ARG002
        """The template."""
        return TemplateValue(self.template)


@dataclass(frozen=True, slots=True)
class SymbolSource(_Source):
    """A name to import."""

    kind_tag: ClassVar[str] = "symbol"
    path: str
    optional: ClassVar[bool] = False
    slots: ClassVar[tuple[str, ...]] = ()

    def missing(self, known: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:  # noqa: ARG002
        """The reference to the name."""
        return SymbolRef(self.path)


@dataclass(frozen=True, slots=True)
class ConnectionSource(_Source):
    """The connection id of one side.

    Give it to `resolve` under `connection.source` or `connection.target` if the words or the deployment name one;
    else `default` stands in, which the catalogue fills from the service of that side.
    """

    kind_tag: ClassVar[str] = "connection"
    side: Literal["source", "target"]
    default: str = ""

    optional: ClassVar[bool] = True
    slots: ClassVar[tuple[str, ...]] = ()

    def missing(self, known: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The given connection id, else the default."""
        given = values.get(f"connection.{self.side}")
        if given is None and self.default:
            return LiteralValue.of(self.default)
        return given


@dataclass(frozen=True, slots=True)
class TextSource(_Source):
    """Text put together from slots, such as `s3://{bucket}/{key}`."""

    kind_tag: ClassVar[str] = "text"
    pattern: str
    identifiers: bool = False
    """Whether every part must be a plain (dotted) identifier, so that the text is safe as SQL."""
    optional: ClassVar[bool] = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots between braces, in order."""
        return tuple(name for _, name, _, _ in string.Formatter().parse(self.pattern) if name)

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """Those that are not known."""
        return tuple(slot for slot in self.slots if slot not in known)

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The text, as a template if a part is known only at run time; None if a part is open."""
        texts: dict[str, str] = {}
        words: dict[str, str] = {}
        for name in self.slots:
            value = values.get(name)
            if value is None or (self.identifiers and not is_identifier(value)):
                return None
            texts[name] = as_template(value)
            words[name] = texts[name] if isinstance(value, LiteralValue) else "\0"
        if words == texts:
            return LiteralValue.of(self.pattern.format(**texts))
        # Beside a live part the whole text is rendered: words of the user must not open a template there.
        if any(mark in self.pattern.format(**words) for mark in _LIVE):
            return None
        return TemplateValue(self.pattern.format(**texts))


@dataclass(frozen=True, slots=True)
class JsonSource(_Source):
    """The JSON text of another source's value, for operators that send a body as it is."""

    kind_tag: ClassVar[str] = "json"
    source: ArgumentSource
    optional: ClassVar[bool] = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of the source."""
        return self.source.slots

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """What the source lacks."""
        return self.source.missing(known)

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The text, as a template if a part is known only at run time; None if a part is open."""
        value = self.source.resolve(values)
        if value is None:
            return None
        live: list[str] = []
        text = json.dumps(with_marks(as_leaf(value), live), ensure_ascii=False)
        if not live:
            return LiteralValue.of(text)
        if any(mark in text for mark in _LIVE):
            return None
        for index, template in enumerate(live):
            text = text.replace(f'"\\u0000{index}"', template)
        return TemplateValue(text)


@dataclass(frozen=True, slots=True)
class FirstSource(_Source):
    """The first of several sources that has a value."""

    kind_tag: ClassVar[str] = "first"
    items: tuple[ArgumentSource, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of all of them."""
        return tuple(slot for source in self.items for slot in source.slots)

    @property
    def optional(self) -> bool:
        """Whether one of them is."""
        return any(source.optional for source in self.items)

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """Nothing if one of them lacks nothing, else what the one lacks that lacks the fewest."""
        return min((source.missing(known) for source in self.items), key=len)

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The value of the first source that has one."""
        return next((value for source in self.items if (value := source.resolve(values)) is not None), None)


@dataclass(frozen=True, slots=True)
class ObjectSource(_Source):
    """A JSON object whose values are sources. Optional values that are open are left out."""

    kind_tag: ClassVar[str] = "object"
    items: tuple[tuple[str, ArgumentSource], ...]
    optional: ClassVar[bool] = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of all values."""
        return tuple(slot for _, source in self.items for slot in source.slots)

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """What the values lack."""
        return tuple(slot for _, source in self.items for slot in source.missing(known))

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The object as a literal; parts known only at run time stand in it as `{"__template__": ...}`."""
        data: dict[str, Any] = {}
        for key, source in self.items:
            value = source.resolve(values)
            if value is not None:
                data[key] = as_leaf(value)
            elif not source.optional:
                return None
        return LiteralValue.of(data)


@dataclass(frozen=True, slots=True)
class ListSource(_Source):
    """A JSON list whose items are sources."""

    kind_tag: ClassVar[str] = "list"
    items: tuple[ArgumentSource, ...]
    optional: ClassVar[bool] = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of all items."""
        return tuple(slot for source in self.items for slot in source.slots)

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """What the items lack."""
        return tuple(slot for source in self.items for slot in source.missing(known))

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The list as a literal, or None if an item is open; optional items that are open are left out."""
        data: list[Any] = []
        for source in self.items:
            value = source.resolve(values)
            if value is not None:
                data.append(as_leaf(value))
            elif not source.optional:
                return None
        return LiteralValue.of(data)


ArgumentSource: TypeAlias = (
    SlotSource
    | LiteralSource
    | TemplateSource
    | TextSource
    | JsonSource
    | FirstSource
    | ObjectSource
    | ListSource
    | SymbolSource
    | ConnectionSource
)
