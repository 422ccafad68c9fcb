"""A stand-in for the REST app that builds the real one when the first request arrives.

Airflow imports plugins in every process; FastAPI and Airflow's security modules cost seconds of CPU that only
the api-server should pay. Standard library only.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

__all__ = ["LazyApp"]

log = logging.getLogger(__name__)

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class LazyApp:
    """An ASGI app around `build`, which is called once, at the first request.

    If building fails, that request gets a 500 in our error form and the next one tries again.
    """

    def __init__(self, build: Callable[[], App]) -> None:
        self._build = build
        self._app: App | None = None
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        # The server's own app, which the one below replaces by itself: remedies call Airflow's routes through it.
        scope.setdefault("wfintel.server", scope.get("app"))
        if self._app is None:
            import asyncio  # only a process that serves requests pays for it

            try:
                # Importing takes seconds when cold: the event loop must go on meanwhile.
                await asyncio.to_thread(self._ensure)
            except Exception:
                log.exception("the REST app of the workflow intelligence provider cannot start")
                await _refuse(scope, send)
                return
        assert self._app is not None  # noqa: S101 - `_ensure` sets it or raises
        await self._app(scope, receive, send)

    def build_ahead(self) -> None:
        """Build it now, in this thread, so that the first request need not wait. Never raises."""
        try:
            self._ensure()
        except Exception:  # the first request tries again and tells
            log.warning("the REST app of the workflow intelligence provider could not be built ahead", exc_info=True)

    def _ensure(self) -> None:
        with self._lock:
            if self._app is None:
                self._app = self._build()


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] != "http":
        raise RuntimeError("the REST app cannot start")
    body = {
        "error": "the REST app of the workflow intelligence provider cannot start",
        "error_type": "InternalError",
        "hint": "see the log of the api-server",
        "retryable": False,
    }
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
