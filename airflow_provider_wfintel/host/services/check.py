"""One look at the service behind a connection."""

from __future__ import annotations

import logging
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.model import ServiceCheck, ServiceState
from airflow_provider_wfintel.host.services.address import address_of
from airflow_provider_wfintel.host.services.connect import NotAllowed, connect
from airflow_provider_wfintel.host.services.logins import login_of

if TYPE_CHECKING:
    from airflow.sdk import Connection

__all__ = ["check_connection", "check_connections"]

log = logging.getLogger(__name__)

_CONNECT_SECONDS = 5.0
_LOGIN_SECONDS = 20.0
_AT_ONCE = 8
_MOST_LETTERS = 300

Find = Callable[[str], "Connection"]


def check_connections(conn_ids: Sequence[str], *, find: Find | None = None) -> tuple[ServiceCheck, ...]:
    """Look at several connections, some at a time; in the order of `conn_ids`.

    Args:
        conn_ids: the connections.
        find: gives a connection by its id, as `BaseHook.get_connection` does, which is the default.
    """
    waiting: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
    for item in enumerate(conn_ids):
        waiting.put(item)
    found: dict[int, ServiceCheck] = {}

    def work() -> None:
        while True:
            try:
                place, conn_id = waiting.get_nowait()
            except queue.Empty:
                return
            found[place] = check_connection(conn_id, find=find)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(_AT_ONCE, len(conn_ids)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(found[place] for place in range(len(conn_ids)))


def check_connection(
    conn_id: str, *, find: Find | None = None, connect_seconds: float = _CONNECT_SECONDS,
    login_seconds: float = _LOGIN_SECONDS,
) -> ServiceCheck:  # fmt: skip
    """Look at one connection: TCP first, then the login if somebody answers. Nothing is ever raised.

    Args:
        conn_id: the connection.
        find: see `check_connections`.
        connect_seconds: how long to wait for a TCP connection.
        login_seconds: how long to wait for the login.
    """
    look = _Look(conn_id)
    try:
        connection = (find or _find)(conn_id)
    except Exception as error:  # every secrets backend has errors of its own
        missing = type(error).__name__ in ("AirflowNotFoundException", "AirflowRuntimeError")
        return look.end("missing" if missing else "unknown", f"no such connection is found ({type(error).__name__})")
    look.conn_type = connection.conn_type or ""
    host, port = address_of(
        connection.host or "", connection.port, look.conn_type, connection.schema or "", _extra(connection)
    )
    if host and port:
        look.address = f"{host}:{port}"
        try:
            look.latency = connect(host, port, seconds=connect_seconds)
        except NotAllowed:
            return look.end("unknown", "not looked at: such addresses are never connected to")
        except OSError as error:
            return look.end("unreachable", error.strerror or str(error) or type(error).__name__)
    return _with_login(look, connection, login_seconds)


class _Look:
    """What is known so far."""

    def __init__(self, conn_id: str) -> None:
        self.conn_id, self.conn_type, self.address = conn_id, "", ""
        self.latency: float | None = None
        self.login: float | None = None

    def end(self, state: ServiceState, message: str) -> ServiceCheck:
        from airflow_provider_wfintel.engine.troubleshooting.service import redact

        return ServiceCheck(
            conn_id=self.conn_id,
            state=state,
            checked_at=datetime.now(timezone.utc).isoformat(),
            conn_type=self.conn_type,
            address=self.address,
            latency_seconds=self.latency,
            login_seconds=self.login,
            message=redact(" ".join(message.split()))[:_MOST_LETTERS],
            checked_by=socket.gethostname()[:100],
        )


def _with_login(look: _Look, connection: Connection, seconds: float) -> ServiceCheck:
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            answers.put(login_of(look.conn_type).attempt(connection, seconds))
        except Exception as error:  # every client has errors of its own
            answers.put(error)

    before = time.perf_counter()
    # A client that hangs cannot be stopped; it must not keep the process alive.
    threading.Thread(target=attempt, name="wfintel-login", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        return look.end("refused" if look.address else "unreachable", f"no end of the login within {seconds:g} s")
    if found is None or isinstance(found, ImportError):
        # No hook of this type, none that can try it, or its provider is not installed here.
        why = "nobody knows how to try the login" if found is None else "its provider is not installed here"
        return look.end("ok" if look.address else "unknown", why)
    look.login = time.perf_counter() - before
    if isinstance(found, Exception):
        if type(found).__name__ == "AirflowException" and "Unknown hook type" in str(found):
            return look.end("ok" if look.address else "unknown", "its provider is not installed here")
        return look.end("refused" if look.address else "unreachable", f"{type(found).__name__}: {found}")
    passed, said = found
    return look.end("ok" if passed else "refused", said)


def _find(conn_id: str) -> Connection:
    from airflow.providers.common.compat.sdk import BaseHook

    found: Connection = BaseHook.get_connection(conn_id)
    return found


def _extra(connection: Connection) -> Any:
    try:
        return connection.extra_dejson
    except ValueError:
        return None
