"""Where the service behind a connection listens."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

__all__ = ["PORTS", "address_of"]

PORTS = {
    "http": 80, "https": 443, "postgres": 5432, "mysql": 3306, "mssql": 1433, "oracle": 1521, "redis": 6379, "sftp": 22,
    "ssh": 22, "ftp": 21, "mongo": 27017, "kafka": 9092, "elasticsearch": 9200, "trino": 8080, "smtp": 587, "imap": 993,
    "snowflake": 443, "databricks": 443, "presto": 8080, "opensearch": 9200, "neo4j": 7687, "cassandra": 9042,
    "samba": 445, "hive_cli": 10000, "hiveserver2": 10000, "livy": 8998, "vertica": 5433, "clickhouse": 8123,
    "qdrant": 6333, "weaviate": 8080, "vault": 8200, "influxdb": 8086, "exasol": 8563, "docker": 443,
}  # fmt: skip
_FIRST_OF_MANY = ("bootstrap.servers", "endpoint_url", "endpoint")


def address_of(host: str, port: int | None, conn_type: str, schema: str = "", extra: Any = None) -> tuple[str, int]:
    """Host and port of a connection: its own, those in its URL, or the usual port of its type.

    Args:
        host: the connection's host, which may be a URL.
        port: the connection's port.
        conn_type: the connection's type.
        schema: the connection's schema: for HTTP, the scheme.
        extra: the connection's extra fields; brokers and object stores have their address there.

    Returns:
        Host and port; an empty host or port 0 for what is not known.
    """
    if not host.strip() and isinstance(extra, dict):
        stated = next((str(extra[name]) for name in _FIRST_OF_MANY if extra.get(name)), "")
        host = stated.split(",")[0]
    host = host.strip().split(",")[0]
    parts = urlsplit(host if "://" in host else f"//{host}")
    try:
        named = parts.port
    except ValueError:
        named = None
    number = port or named or PORTS.get(parts.scheme or schema) or PORTS.get(conn_type) or 0
    return parts.hostname or "", number
