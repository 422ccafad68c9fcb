"""Ways to try a login, the first that fits is taken. A new one is a function here and a line in `LOGINS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow.sdk import Connection

__all__ = ["LOGINS", "Login", "login_of"]

Tried = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class Login:
    """A way to try a login.

    Attributes:
        conn_types: for connections of these types; empty: for all that are left.
        attempt: tries it; gives whether the service has taken it and what it said, or None if it cannot be tried.
    """

    conn_types: tuple[str, ...]
    attempt: Callable[[Connection, float], Tried | None]


def _http(connection: Connection, seconds: float) -> Tried | None:
    """A GET of the base address with the connection's credentials; a redirect is not followed, no body is read.

    401 and 403 are a login that was refused, 5xx a service that is not well; anything else is an answer.
    """
    from airflow.providers.http.hooks.http import HttpHook

    from airflow_provider_wfintel.host.services.guarded import guarded_adapter

    hook = HttpHook(method="GET", http_conn_id=connection.conn_id, adapter=guarded_adapter())
    with hook.get_conn() as session:
        answer = session.get(hook.base_url, timeout=seconds, allow_redirects=False, stream=True)
        status = answer.status_code
        answer.close()
    return status not in (401, 403) and status < 500, f"status {status}"


def _redis(connection: Connection, seconds: float) -> Tried | None:  # noqa: ARG001 - all have one signature
    client: Any = _hook_of(connection).get_conn()
    return bool(client.ping()), "pong"


def _hook_of(connection: Any) -> Any:
    return connection.get_hook()


def _by_hook(connection: Connection, seconds: float) -> Tried | None:  # noqa: ARG001 - all have one signature
    """What the Test button of Airflow's connection form does, where the hook of the type has it."""
    hook = _hook_of(connection)
    test = getattr(hook, "test_connection", None)
    if test is None:
        return None
    passed, said = test()
    return bool(passed), str(said)


LOGINS: tuple[Login, ...] = (
    Login(("http", "https"), _http),
    Login(("redis",), _redis),
    Login((), _by_hook),
)


def login_of(conn_type: str) -> Login:
    """The way for connections of a type."""
    return next(item for item in LOGINS if not item.conn_types or conn_type in item.conn_types)
