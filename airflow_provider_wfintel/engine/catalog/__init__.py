"""Floor 1, what is known: services, their actions and operator signatures as reviewed data.

The names are loaded when they are first asked for: who needs one of them does not pay for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.model.lazy_names import lazy_names

if TYPE_CHECKING:
    from airflow_provider_wfintel.engine.catalog.catalog import DATA_FOLDER, Catalog, load_catalog
    from airflow_provider_wfintel.engine.catalog.choice import choose
    from airflow_provider_wfintel.engine.catalog.records import (
        ActionKind,
        ClassKind,
        MethodSignature,
        OperatorSignature,
        Service,
        ServiceAction,
    )
    from airflow_provider_wfintel.engine.catalog.shaping import Shape
    from airflow_provider_wfintel.engine.catalog.source_form import parse_source
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

# The module of each name; a test holds that it is the one from which type checkers import it.
_NAMES = {
    "catalog": (
        "DATA_FOLDER",
        "Catalog",
        "load_catalog",
    ),
    "choice": ("choose",),
    "source_form": ("parse_source",),
    "records": (
        "ActionKind",
        "ClassKind",
        "MethodSignature",
        "OperatorSignature",
        "Service",
        "ServiceAction",
    ),
    "shaping": ("Shape",),
    "sources": (
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
    ),
}
__getattr__, __dir__ = lazy_names(__name__, _NAMES)
