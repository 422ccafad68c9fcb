"""Floor 1, what is known: services, their actions and operator signatures as reviewed data.

The names are loaded when they are first asked for: who needs one of them does not pay for all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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
_HOME = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Load a name."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All names, loaded or not."""
    return [*globals(), *__all__]
