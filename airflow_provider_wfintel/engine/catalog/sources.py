"""Where an operator's argument comes from: the small language of the action records.

In the data files a source is one of

- `{"slot": "bucket"}`: a value the words name; with `"default"` it may be missing, with `"optional"` the argument
  is left out without it, `"as"` shapes it,
- `{"literal": 5}`: a constant,
- `{"template": "{{ ds }}"}`: a Jinja template that the product wrote,
- `{"text": "s3://{bucket}/{key}"}`: text put together from slots,
- `{"sql": "SELECT * FROM {table}"}`: the same, open unless every slot holds a plain (dotted) identifier,
- `{"first": [...]}`: the first of several sources that has a value,
- `{"object": {...}}` and `{"list": [...]}`: JSON data whose leaves are sources,
- `{"symbol": "module:Name"}`: a name to import,
- `{"connection": "source"}` or `"target"`: the connection id of that side; `"default"` where it is not the service's.

`resolve` gives the value of the argument for given slots. None means: leave the argument out if
`required_slots` is empty, else it is open and a person must be asked.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from airflow_provider_wfintel.engine.model import (
    ArgumentValue,
    LiteralValue,
    OutputRef,
    ParamRef,
    SecondsValue,
    SymbolRef,
    TemplateValue,
)
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = [
    "ArgumentSource",
    "ConnectionSource",
    "FirstSource",
    "ListSource",
    "LiteralSource",
    "ObjectSource",
    "Shape",
    "SlotSource",
    "SymbolSource",
    "TemplateSource",
    "TextSource",
    "parse_source",
]

Shape: TypeAlias = Literal["", "list", "seconds", "text", "integer"]
"""What a slot's value must be for the argument: as it is, a list (one value becomes a list of one), a duration,
text, or a whole number."""

_SHAPES = ("", "list", "seconds", "text", "integer")
_LIVE = ("{{", "{%", "{#")


@dataclass(frozen=True, slots=True)
class SlotSource:
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

    @property
    def required_slots(self) -> tuple[str, ...]:
        """The slot, unless it is optional or there is a default."""
        return () if self.optional or self.default is not None else (self.slot,)

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The slot's value in the wanted shape, the default, or None if it is open."""
        value = values.get(self.slot, self.default)
        if not isinstance(value, LiteralValue) or not self.shape:
            return value
        return _shaped(value, self.shape)


@dataclass(frozen=True, slots=True)
class LiteralSource:
    """A constant of the record."""

    kind_tag: ClassVar[str] = "literal"
    value: LiteralValue
    slots: ClassVar[tuple[str, ...]] = ()
    required_slots: ClassVar[tuple[str, ...]] = ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:  # noqa: ARG002
        """The constant."""
        return self.value


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A Jinja template of the record."""

    kind_tag: ClassVar[str] = "template"
    template: str
    slots: ClassVar[tuple[str, ...]] = ()
    required_slots: ClassVar[tuple[str, ...]] = ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:  # noqa: ARG002
        """The template."""
        return TemplateValue(self.template)


@dataclass(frozen=True, slots=True)
class SymbolSource:
    """A name to import."""

    kind_tag: ClassVar[str] = "symbol"
    path: str
    slots: ClassVar[tuple[str, ...]] = ()
    required_slots: ClassVar[tuple[str, ...]] = ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:  # noqa: ARG002
        """The reference to the name."""
        return SymbolRef(self.path)


@dataclass(frozen=True, slots=True)
class ConnectionSource:
    """The connection id of one side.

    Give it to `resolve` under `connection.source` or `connection.target` if the words or the deployment name one;
    else `default` stands in, which the catalogue fills from the service of that side.
    """

    kind_tag: ClassVar[str] = "connection"
    side: Literal["source", "target"]
    default: str = ""

    slots: ClassVar[tuple[str, ...]] = ()
    required_slots: ClassVar[tuple[str, ...]] = ()

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The given connection id, else the default."""
        given = values.get(f"connection.{self.side}")
        if given is None and self.default:
            return LiteralValue.of(self.default)
        return given


@dataclass(frozen=True, slots=True)
class TextSource:
    """Text put together from slots, such as `s3://{bucket}/{key}`."""

    kind_tag: ClassVar[str] = "text"
    pattern: str
    identifiers: bool = False
    """Whether every part must be a plain (dotted) identifier, so that the text is safe as SQL."""

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots between braces, in order."""
        return tuple(name for _, name, _, _ in string.Formatter().parse(self.pattern) if name)

    @property
    def required_slots(self) -> tuple[str, ...]:
        """All of them."""
        return self.slots

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The text, as a template if a part is known only at run time; None if a part is open."""
        texts: dict[str, str] = {}
        words: dict[str, str] = {}
        for name in self.slots:
            value = values.get(name)
            if value is None or (self.identifiers and not _is_identifier(value)):
                return None
            texts[name] = _as_template(value)
            words[name] = texts[name] if isinstance(value, LiteralValue) else "\0"
        if words == texts:
            return LiteralValue.of(self.pattern.format(**texts))
        # Beside a live part the whole text is rendered: words of the user must not open a template there.
        if any(mark in self.pattern.format(**words) for mark in _LIVE):
            return None
        return TemplateValue(self.pattern.format(**texts))


@dataclass(frozen=True, slots=True)
class FirstSource:
    """The first of several sources that has a value."""

    kind_tag: ClassVar[str] = "first"
    items: tuple[ArgumentSource, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of all of them."""
        return tuple(slot for source in self.items for slot in source.slots)

    @property
    def required_slots(self) -> tuple[str, ...]:
        """Those of the first, unless one of them needs none."""
        needs = [source.required_slots for source in self.items]
        return () if () in needs else needs[0]

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The value of the first source that has one."""
        return next((value for source in self.items if (value := source.resolve(values)) is not None), None)


@dataclass(frozen=True, slots=True)
class ObjectSource:
    """A JSON object whose values are sources. Optional values that are open are left out."""

    kind_tag: ClassVar[str] = "object"
    items: tuple[tuple[str, ArgumentSource], ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of all values."""
        return tuple(slot for _, source in self.items for slot in source.slots)

    @property
    def required_slots(self) -> tuple[str, ...]:
        """The required slots of all values."""
        return tuple(slot for _, source in self.items for slot in source.required_slots)

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The object as a literal; parts known only at run time stand in it as `{"__template__": ...}`."""
        data: dict[str, Any] = {}
        for key, source in self.items:
            value = source.resolve(values)
            if value is None and source.required_slots:
                return None
            if value is not None:
                data[key] = _as_leaf(value)
        return LiteralValue.of(data)


@dataclass(frozen=True, slots=True)
class ListSource:
    """A JSON list whose items are sources."""

    kind_tag: ClassVar[str] = "list"
    items: tuple[ArgumentSource, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of all items."""
        return tuple(slot for source in self.items for slot in source.slots)

    @property
    def required_slots(self) -> tuple[str, ...]:
        """The required slots of all items."""
        return tuple(slot for source in self.items for slot in source.required_slots)

    def resolve(self, values: Mapping[str, ArgumentValue]) -> ArgumentValue | None:
        """The list as a literal, or None if an item is open."""
        found = [source.resolve(values) for source in self.items]
        if any(value is None for value in found):
            return None
        return LiteralValue.of([_as_leaf(value) for value in found if value is not None])


ArgumentSource: TypeAlias = (
    SlotSource
    | LiteralSource
    | TemplateSource
    | TextSource
    | FirstSource
    | ObjectSource
    | ListSource
    | SymbolSource
    | ConnectionSource
)


def parse_source(data: object, where: str) -> ArgumentSource:
    """Read one source from a data file.

    Raises:
        CatalogError: it is none of the forms this module describes.
    """
    if not isinstance(data, dict):
        raise CatalogError(f"{where}: a source is an object, got {type(data).__name__}")
    if "slot" in data:
        return _slot_source(data, where)
    if "connection" in data:
        return _connection_source(data, where)
    if len(data) != 1:
        raise CatalogError(f"{where}: expected one key, got {sorted(data)}", hint="e.g. {'literal': 5}")
    ((kind, value),) = data.items()
    if kind == "literal":
        return LiteralSource(LiteralValue.of(value))
    if kind == "object" and isinstance(value, dict):
        return ObjectSource(tuple((key, parse_source(item, f"{where}.{key}")) for key, item in value.items()))
    if kind in ("list", "first") and isinstance(value, list):
        items = tuple(parse_source(item, f"{where}[{i}]") for i, item in enumerate(value))
        return ListSource(items) if kind == "list" else FirstSource(items)
    if isinstance(value, str):
        if kind == "template":
            return TemplateSource(value)
        if kind in ("text", "sql"):
            return TextSource(value, identifiers=kind == "sql")
        if kind == "symbol":
            return SymbolSource(value)
    raise CatalogError(
        f"{where}: unknown source {data!r}",
        hint="one of slot, literal, template, text, sql, first, object, list, symbol, connection",
    )


def _slot_source(data: dict[str, Any], where: str) -> SlotSource:
    unknown = set(data) - {"slot", "default", "as", "optional"}
    optional = data.get("optional", False)
    if unknown or not isinstance(data["slot"], str) or not isinstance(optional, bool):
        raise CatalogError(f"{where}: bad slot source {data!r}", hint="keys: slot, default, as, optional")
    shape = data.get("as", "")
    if shape not in _SHAPES:
        raise CatalogError(f"{where}: unknown shape {shape!r}", hint=f"one of {', '.join(_SHAPES[1:])}")
    default = LiteralValue.of(data["default"]) if "default" in data else None
    return SlotSource(data["slot"], default, shape, optional)


def _connection_source(data: dict[str, Any], where: str) -> ConnectionSource:
    side, default = data["connection"], data.get("default", "")
    if side not in ("source", "target") or not isinstance(default, str) or set(data) - {"connection", "default"}:
        raise CatalogError(f"{where}: bad connection source {data!r}", hint="connection is 'source' or 'target'")
    return ConnectionSource("source" if side == "source" else "target", default)


def _is_identifier(value: ArgumentValue) -> bool:
    """Whether the value is a literal such as `orders` or `shop.public.orders`."""
    if not isinstance(value, LiteralValue) or not isinstance(value.value, str):
        return False
    return all(part.isascii() and part.isidentifier() for part in value.value.split("."))


def _shaped(value: LiteralValue, shape: Shape) -> ArgumentValue:
    content = value.value
    if shape == "list":
        return value if isinstance(content, list) else LiteralValue.of([content])
    if shape == "seconds" and isinstance(content, int | float):
        return SecondsValue(float(content))
    if shape == "text" and not isinstance(content, str):
        return LiteralValue.of(str(content))
    if shape == "integer" and isinstance(content, str) and content.lstrip("-").isdigit():
        return LiteralValue.of(int(content))
    return value


def _as_template(value: ArgumentValue) -> str:
    """The text of a value inside a larger text."""
    if isinstance(value, LiteralValue):
        return str(value.value)
    if isinstance(value, TemplateValue):
        return value.template
    if isinstance(value, ParamRef):
        return f"{{{{ params.{value.name} }}}}"
    if isinstance(value, OutputRef):
        return f"{{{{ ti.xcom_pull(task_ids='{value.task_id}') }}}}"
    if isinstance(value, SecondsValue):
        return f"{value.seconds:g}"
    raise CatalogError(f"{value!r} cannot stand inside a text")


def _as_leaf(value: ArgumentValue) -> Any:
    """A value inside a JSON literal."""
    if isinstance(value, LiteralValue):
        return value.value
    if isinstance(value, SecondsValue):
        return value.seconds
    return {"__template__": _as_template(value)}
