"""Reading the data files: from JSON or YAML to records, with errors that name the file and the field."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import Any

from airflow_provider_wfintel.engine.catalog.files import read_data
from airflow_provider_wfintel.engine.catalog.records import (
    ActionKind,
    ClassKind,
    MethodSignature,
    OperatorSignature,
    Service,
    ServiceAction,
)
from airflow_provider_wfintel.engine.catalog.source_form import parse_source
from airflow_provider_wfintel.engine.catalog.sources import ArgumentSource
from airflow_provider_wfintel.engine.model import Action
from airflow_provider_wfintel.exceptions import CatalogError

__all__ = ["read_actions", "read_data", "read_services", "read_signatures"]

_SERVICE_TEXTS = (
    "id", "name", "category", "provider", "hook", "connection_type", "default_connection_id", "http_base_url", "note",
)  # fmt: skip
_SERVICE_LISTS = ("aliases", "ambiguous_aliases")
_ACTION_TEXTS = ("service", "action", "operator", "kind", "distribution", "target_service", "method", "note")
_ACTIONS: tuple[str, ...] = typing.get_args(Action)
_ACTION_KINDS: tuple[str, ...] = typing.get_args(ActionKind)
_CLASS_KINDS: tuple[str, ...] = typing.get_args(ClassKind)


def read_services(records: Iterable[object], where: str) -> list[Service]:
    """Turn records into services; optional fields may be missing.

    Raises:
        CatalogError: a field is missing, unknown or of the wrong type.
    """
    return [_service(record, f"{where}[{index}]") for index, record in enumerate(records)]


def _service(record: object, where: str) -> Service:
    data = _fields(record, where, texts=_SERVICE_TEXTS, lists=_SERVICE_LISTS, needed=("id", "name", "category"))
    name = data["id"]
    if not name.isascii() or not name.replace("_", "a").isalnum() or name != name.lower():
        raise CatalogError(f"{where}.id: {name!r} is no id", hint="lower-case letters, digits and underscores")
    stray = set(data.get("ambiguous_aliases", ())) - set(data.get("aliases", ()))
    if stray:
        raise CatalogError(f"{where}.ambiguous_aliases: {sorted(stray)[0]!r} is not among the aliases")
    if data.get("hook") and data["hook"].count(":") != 1:
        raise CatalogError(f"{where}.hook: {data['hook']!r} is not of the form 'package.module:Class'")
    return Service(**data)


def read_actions(records: Iterable[object], where: str) -> list[ServiceAction]:
    """Turn records into actions.

    Raises:
        CatalogError: a field is missing, unknown or of the wrong type.
    """
    return [_action(record, f"{where}[{index}]") for index, record in enumerate(records)]


def _action(record: object, where: str) -> ServiceAction:
    needed = ("service", "action", "operator", "kind", "distribution")
    special = ("arguments", "construct", "priority")
    data = _fields(record, where, texts=_ACTION_TEXTS, lists=(), needed=needed, special=special)
    if data["action"] not in _ACTIONS:
        raise CatalogError(f"{where}.action: unknown action {data['action']!r}", hint=f"one of {', '.join(_ACTIONS)}")
    if data["kind"] not in _ACTION_KINDS:
        raise CatalogError(f"{where}.kind: unknown kind {data['kind']!r}", hint=f"one of {', '.join(_ACTION_KINDS)}")
    if (data["kind"] == "hook") != bool(data.get("method")):
        raise CatalogError(f"{where}.method: a method is named exactly for actions of kind hook")
    if type(data.get("priority", 0)) is not int:
        raise CatalogError(f"{where}.priority: expected a whole number")
    for key in ("arguments", "construct"):
        data[key] = _sources(data.get(key, {}), f"{where}.{key}")
    return ServiceAction(**data)


def _sources(data: object, where: str) -> tuple[tuple[str, ArgumentSource], ...]:
    if not isinstance(data, dict):
        raise CatalogError(f"{where}: expected an object, got {type(data).__name__}")
    return tuple((str(name), parse_source(source, f"{where}.{name}")) for name, source in data.items())


def read_signatures(data: Mapping[str, Any], where: str) -> dict[str, OperatorSignature]:
    """Turn a signature file (written by `scripts/build_catalog.py`) into signatures by path.

    Raises:
        CatalogError: the file has another form.
    """
    try:
        distribution = data["distribution"]
        return {path: _signature(path, distribution, record) for path, record in data["classes"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise CatalogError(f"{where}: not a signature file ({error!r})", hint="run `make catalog`") from error


def _signature(path: str, distribution: str, record: Mapping[str, Any]) -> OperatorSignature:
    if record["kind"] not in _CLASS_KINDS:
        raise TypeError(f"unknown kind {record['kind']!r}")
    methods = record.get("methods", {})
    return OperatorSignature(
        path=path,
        kind=record["kind"],
        distribution=distribution,
        required=tuple(record.get("required", ())),
        optional=tuple(record.get("optional", {}).items()),
        template_fields=tuple(record.get("template_fields", ())),
        connections=tuple(record.get("connections", {}).items()),
        deferrable=record.get("deferrable", False),
        deprecated=record.get("deprecated", False),
        abstract=record.get("abstract", False),
        methods=tuple(
            MethodSignature(name, tuple(item.get("required", ())), tuple(item.get("optional", {}).items()))
            for name, item in methods.items()
        ),
    )


def _fields(
    record: object,
    where: str,
    *,
    texts: tuple[str, ...],
    lists: tuple[str, ...],
    needed: tuple[str, ...],
    special: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The checked fields of a record; lists become tuples."""
    if not isinstance(record, dict):
        raise CatalogError(f"{where}: expected an object, got {type(record).__name__}")
    for key in needed:
        if not record.get(key):
            raise CatalogError(f"{where}.{key}: missing", hint=f"needed: {', '.join(needed)}")
    data: dict[str, Any] = {}
    for key, value in record.items():
        if key in texts:
            if not isinstance(value, str):
                raise CatalogError(f"{where}.{key}: expected text, got {type(value).__name__}")
            data[key] = value
        elif key in lists:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise CatalogError(f"{where}.{key}: expected a list of texts")
            data[key] = tuple(value)
        elif key in special:
            data[key] = value
        else:
            known = ", ".join((*texts, *lists, *special))
            raise CatalogError(f"{where}.{key}: unknown field", hint=f"known fields: {known}")
    return data
