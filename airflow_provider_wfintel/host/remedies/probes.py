"""Looks that change nothing: does the server of a connection answer, is a part of Airflow healthy."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Probe
from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.host.remedies.calls import API, Call
from airflow_provider_wfintel.host.services.address import address_of
from airflow_provider_wfintel.host.services.connect import NotAllowed, connect

__all__ = ["probe"]

_SECONDS = 3.0


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
    own = found.get("port")
    host, port = address_of(
        str(found.get("host") or ""),
        own if isinstance(own, int) else None,
        str(found.get("conn_type") or ""),
        str(found.get("schema") or ""),
    )
    if not host or not port:
        return False, f"the connection {conn_id} has no host and port to probe"
    try:
        connect(host, port, seconds=_SECONDS)
        return True, f"the server of {conn_id} answers on port {port}"
    except NotAllowed:
        return False, f"the address of {conn_id} is one that is never connected to"
    except OSError as error:
        return False, f"the server of {conn_id} does not answer on port {port}: {error.strerror or error}"
