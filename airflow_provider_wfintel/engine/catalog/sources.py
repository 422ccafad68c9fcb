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
    "JsonSource",
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

Shape: TypeAlias = Literal["", "list", "seconds", "text", "integer", "object"]
"""What a slot's value must be for the argument: as it is, a list (one value becomes a list of one), a duration,
text, a whole number, or a JSON object (text is read as JSON; anything else is open)."""

_SHAPES = ("", "list", "seconds", "text", "integer", "object")
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
        return _shaped(value, self.shape)


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
        text = json.dumps(_with_marks(_as_leaf(value), live), ensure_ascii=False)
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
                data[key] = _as_leaf(value)
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
                data.append(_as_leaf(value))
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
    found = _text_source(kind, value) if isinstance(value, str) else _nested_source(kind, value, where)
    if found is None:
        raise CatalogError(
            f"{where}: unknown source {data!r}",
            hint="one of slot, literal, template, text, sql, json, first, object, list, symbol, connection",
        )
    return found


def _text_source(kind: str, value: str) -> ArgumentSource | None:
    if kind == "template":
        return TemplateSource(value)
    if kind in ("text", "sql"):
        return TextSource(value, identifiers=kind == "sql")
    return SymbolSource(value) if kind == "symbol" else None


def _nested_source(kind: str, value: object, where: str) -> ArgumentSource | None:
    if kind == "json":
        return JsonSource(parse_source(value, f"{where}.json"))
    if kind == "object" and isinstance(value, dict):
        return ObjectSource(tuple((key, parse_source(item, f"{where}.{key}")) for key, item in value.items()))
    if kind in ("list", "first") and isinstance(value, list) and value:
        items = tuple(parse_source(item, f"{where}[{i}]") for i, item in enumerate(value))
        return ListSource(items) if kind == "list" else FirstSource(items)
    return None


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


def _shaped(value: LiteralValue, shape: Shape) -> ArgumentValue | None:
    content = value.value
    if shape == "object":
        return _as_object(content)
    if shape == "list":
        return value if isinstance(content, list) else LiteralValue.of([content])
    if shape == "seconds" and isinstance(content, int | float):
        return SecondsValue(float(content))
    if shape == "text" and not isinstance(content, str):
        return LiteralValue.of(str(content))
    if shape == "integer" and isinstance(content, str) and content.lstrip("-").isdigit():
        return LiteralValue.of(int(content))
    return value


def _as_object(content: object) -> LiteralValue | None:
    """The JSON object that a value is or spells, or None."""
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except ValueError:
            return None
    return LiteralValue.of(content) if isinstance(content, dict) else None


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


def _with_marks(data: Any, live: list[str]) -> Any:
    """The data with every live part replaced by a numbered mark; the templates are collected in `live`."""
    if isinstance(data, list):
        return [_with_marks(item, live) for item in data]
    if not isinstance(data, dict):
        return data
    if set(data) != {"__template__"}:
        return {key: _with_marks(item, live) for key, item in data.items()}
    template = str(data["__template__"])
    # `{{ x }}` becomes `{{ (x) | tojson }}`, so that quotes in the value cannot break the text.
    if template.startswith("{{") and template.endswith("}}") and template.count("{{") == 1:
        template = f"{{{{ ({template[2:-2].strip()}) | tojson }}}}"
    else:
        template = json.dumps(template, ensure_ascii=False)
    live.append(template)
    return f"\0{len(live) - 1}"


def _as_leaf(value: ArgumentValue) -> Any:
    """A value inside a JSON literal."""
    if isinstance(value, LiteralValue):
        return value.value
    if isinstance(value, SecondsValue):
        return value.seconds
    return {"__template__": _as_template(value)}
