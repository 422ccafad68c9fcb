"""Runs the collector in the api-server, from its start to its end.

Airflow enters the lifespan only of mounted FastAPI apps, and ours is not built before it is needed. A middleware
of the server's own app sees the same two events and costs other processes nothing: it is the standard library and one
comparison per request.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

__all__ = ["CollectorLifespan"]

log = logging.getLogger(__name__)

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_STOP_SECONDS = 5.0
_AHEAD_SECONDS = 60.0
"""So long the collector waits at most for what is loaded ahead."""


class CollectorLifespan:
    """An ASGI middleware that starts a thread when the server has started and stops it when the server stops.

    Args:
        app: the app behind.
        work: what the thread does until the event is set; the configured collector by default.
        ahead: what another thread does once, so that first requests need not wait for it.
    """

    def __init__(
        self,
        app: App,
        work: Callable[[threading.Event], None] | None = None,
        ahead: Callable[[], None] | None = None,
    ) -> None:
        self._app = app
        self._work = work or _collect
        self._ahead = ahead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or one life of the server."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        stop = threading.Event()
        ahead = threading.Thread(target=self._get_ready, name="wfintel-ahead", daemon=True)
        waited_for = ahead if self._ahead is not None else None
        thread = threading.Thread(target=self._guarded, args=(stop, waited_for), name="wfintel-collector", daemon=True)

        async def send_and_start(message: MutableMapping[str, Any]) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                if self._ahead is not None:
                    ahead.start()
                thread.start()

        async def receive_and_stop() -> MutableMapping[str, Any]:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                stop.set()
            return message

        try:
            await self._app(scope, receive_and_stop, send_and_start)
        finally:
            stop.set()
            if thread.is_alive():
                import asyncio

                await asyncio.to_thread(thread.join, _STOP_SECONDS)

    def _get_ready(self) -> None:
        try:
            assert self._ahead is not None  # noqa: S101 - the caller has asked
            self._ahead()
            _spare_the_collector_of_garbage()
        except Exception:  # it is done later then, when it is needed
            log.warning("the workflow intelligence provider could not get ready ahead", exc_info=True)

    def _guarded(self, stop: threading.Event, ahead: threading.Thread | None) -> None:
        # Both at once, beside the first requests, would take turns on one interpreter lock; a transaction of the
        # collector would then last longer, and in SQLite nobody else can write meanwhile.
        until = time.monotonic() + _AHEAD_SECONDS
        while ahead is not None and ahead.is_alive() and time.monotonic() < until and not stop.is_set():
            ahead.join(0.2)
        try:
            self._work(stop)
        except Exception:  # the server serves on without it
            log.exception("the collector of the workflow intelligence provider cannot start")


def _spare_the_collector_of_garbage() -> None:
    """Leave what is loaded by now out of further rounds of Python's garbage collector.

    It lives as long as the process. Looking through all of it takes a fifth of a second, and one answer in some twenty
    had to wait for that.
    """
    import gc

    gc.collect()
    gc.freeze()


def _collect(stop: threading.Event) -> None:
    from airflow_provider_wfintel.app.collect import collect_until, make_collector
    from airflow_provider_wfintel.config import read_settings

    if read_settings().collector != "api-server":
        return
    collector, interval = make_collector(stop=stop)
    collect_until(stop, collector, interval=interval)
