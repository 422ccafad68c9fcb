"""Floor 1, what is known: services, their actions and operator signatures as reviewed data."""

from __future__ import annotations

from airflow_provider_wfintel.engine.catalog.catalog import DATA_FOLDER, Catalog, load_catalog
from airflow_provider_wfintel.engine.catalog.choose import choose
from airflow_provider_wfintel.engine.catalog.parse_source import parse_source
from airflow_provider_wfintel.engine.catalog.records import (
    ActionKind,
    ClassKind,
    MethodSignature,
    OperatorSignature,
    Service,
    ServiceAction,
)
from airflow_provider_wfintel.engine.catalog.shaping import Shape
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

__all__ = [
    "DATA_FOLDER",
    "ActionKind",
    "ArgumentSource",
    "Catalog",
    "ClassKind",
    "ConnectionSource",
    "FirstSource",
    "JsonSource",
    "ListSource",
    "LiteralSource",
    "MethodSignature",
    "ObjectSource",
    "OperatorSignature",
    "Service",
    "ServiceAction",
    "Shape",
    "SlotSource",
    "SymbolSource",
    "TemplateSource",
    "TextSource",
    "choose",
    "load_catalog",
    "parse_source",
]
