"""Looks that change nothing: does the server of a connection answer, is a part of Airflow healthy."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Probe
from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.host.remedies.calls import API, Call

__all__ = ["probe"]

_SECONDS = 3.0
_PORTS = {
    "http": 80, "https": 443, "postgres": 5432, "mysql": 3306, "mssql": 1433, "oracle": 1521, "redis": 6379, "sftp": 22,
    "ssh": 22, "ftp": 21, "mongo": 27017, "kafka": 9092, "elasticsearch": 9200, "trino": 8080, "smtp": 587, "imap": 993,
    "snowflake": 443, "databricks": 443,
}  # fmt: skip


def probe(call: Call, item: Probe) -> tuple[bool, str]:
    """Whether the condition holds now, and what was seen.

    A connection is probed with a bare TCP connect to the host and port that Airflow has for it: no login, no data.

    Raises:
        RemoteError: Airflow does not answer, or the caller may not read the connection.
    """
    return _connection(call, item.name) if item.what == "connection" else _component(call, item.name)


def _component(call: Call, name: str) -> tuple[bool, str]:
    health = call("GET", f"{API}/monitor/health")
    status = (health.get(name) or {}).get("status") if isinstance(health, dict) else None
    return status == "healthy", f"Airflow's {name} is {status or 'not there'}"


def _connection(call: Call, conn_id: str) -> tuple[bool, str]:
    from urllib.parse import quote

    try:
        found = call("GET", f"{API}/connections/{quote(conn_id, safe='')}")
    except RemoteError as error:
        if error.status == 404:
            return False, f"there is no connection {conn_id} in Airflow's database"
        raise
    host, port = _address(found)
    if not host or not port:
        return False, f"the connection {conn_id} has no host and port to probe"
    try:
        with socket.create_connection((host, port), timeout=_SECONDS):
            return True, f"the server of {conn_id} answers on port {port}"
    except OSError as error:
        return False, f"the server of {conn_id} does not answer on port {port}: {error.strerror or error}"


def _address(found: dict[str, object]) -> tuple[str, int | None]:
    host = str(found.get("host") or "").strip()
    kind = str(found.get("conn_type") or "")
    port = found.get("port")
    parts = urlsplit(host if "://" in host else f"//{host}")
    try:
        named = parts.port
    except ValueError:
        named = None
    scheme = parts.scheme or str(found.get("schema") or "")
    number = port if isinstance(port, int) else named or _PORTS.get(scheme) or _PORTS.get(kind)
    return parts.hostname or "", number
