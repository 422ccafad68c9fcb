"""Connections in brackets: "WooCommerce API (wc_api)", "the table sales (Postgres, pg_core)"."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.reading.entities import Entity
from airflow_provider_wfintel.engine.model import Span

__all__ = ["is_connection_beside"]

_BETWEEN = re.compile(
    r"(?:\s+(?:REST\s+)?(?:API|database|db|server|cluster|instance|account|warehouse))?\s*(?:\(|,\s*|:\s*)", re.I
)
# Pieces of names that people give to connections, and seldom to tables or buckets.
_PIECES = frozenset(
    [
        "prod",
        "production",
        "dev",
        "test",
        "stage",
        "staging",
        "stg",
        "ro",
        "rw",
        "api",
        "conn",
        "connection",
        "http",
        "https",
        "db",
        "dwh",
        "default",
        "live",
        "cluster",
        "srv",
        "server",
        "creds",
        "readonly",
        "reader",
        "writer",
        "pg",
        "ora",
        "sf",
        "bq",
        "ch",
        "es",
        "my",
        "mssql",
        "replica",
    ]
)


def is_connection_beside(text: str, entity: Entity, services: tuple[Span, ...]) -> bool:
    """Whether a name that ends a bracket stands right behind a service and is made as names of connections are."""
    if entity.kind != "identifier" or text[entity.span.end : entity.span.end + 1] not in (")", ","):
        return False
    if not set(entity.value.lower().split("_")) & _PIECES:
        return False
    near = (item for item in services if 0 < entity.span.start - item.end < 24)
    beside = any(_BETWEEN.fullmatch(text, item.end, entity.span.start) for item in near)
    return beside and text.rfind("(", max(0, entity.span.start - 60), entity.span.start) >= 0
