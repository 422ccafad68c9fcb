"""Reading the sources of arguments from the data files; their forms are described in `sources`."""

from __future__ import annotations

from typing import Any

from airflow_provider_wfintel.engine.catalog.shaping import SHAPES
from airflow_provider_wfintel.engine.catalog.sources import (
    ArgumentSource,
    ConnectionSource,
    FirstSource,
    JsonSource,
    ListSource,
    LiteralSource,
    ObjectSource,
    SlotSource,
    SymbolSource,
    TemplateSource,
    TextSource,
)
from airflow_provider_wfintel.engine.model import LiteralValue
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["parse_source"]


def parse_source(data: object, where: str) -> ArgumentSource:
    """Read one source from a data file.

    Raises:
        CatalogError: it is none of the forms that `sources` describes.
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
    if shape not in SHAPES:
        raise CatalogError(f"{where}: unknown shape {shape!r}", hint=f"one of {', '.join(SHAPES[1:])}")
    default = LiteralValue.of(data["default"]) if "default" in data else None
    return SlotSource(data["slot"], default, shape, optional)


def _connection_source(data: dict[str, Any], where: str) -> ConnectionSource:
    side, default = data["connection"], data.get("default", "")
    if side not in ("source", "target") or not isinstance(default, str) or set(data) - {"connection", "default"}:
        raise CatalogError(f"{where}: bad connection source {data!r}", hint="connection is 'source' or 'target'")
    return ConnectionSource("source" if side == "source" else "target", default)
