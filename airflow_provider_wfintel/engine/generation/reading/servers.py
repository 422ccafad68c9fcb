"""Servers by name: "the SFTP server bank_sftp" names the connection to it, for a host would have dots or a port."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.slots import Slot

__all__ = ["as_connection"]

_SERVERS = frozenset({"sftp", "ftp", "ssh"})
_DATABASES = frozenset(
    {"clickhouse", "elasticsearch", "exasol", "hive", "impala", "mongodb", "mssql", "mysql", "neo4j", "opensearch", "oracle",
     "postgres", "presto", "redis", "teradata", "trino", "vertica", "druid", "pinot", "cassandra", "influxdb", "samba"}
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z]\w*")


def as_connection(slot: Slot, service: str) -> Slot:
    """The slot as a connection, if it is the plain name of a server."""
    # No host has an underscore in its name; a plain word may be the host of a database.
    known = service in _SERVERS or (service in _DATABASES and "_" in slot.value)
    named = slot.name == "instance" and known and _NAME.fullmatch(slot.value) is not None
    return replace(slot, name="connection") if named else slot
