"""How many of our requests are worked on at once, so that they never starve each other or Airflow of connections."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Turns", "most_at_once"]

_WITHOUT_LIMIT = 16
"""At once if the pool of connections has no limit."""


def most_at_once(pool: Any) -> int:
    """How many requests may hold connections of a pool of SQLAlchemy at the same time.

    A request has a session and may open a second one to ask the auth manager; FastAPI runs it, and writes its answer,
    on a thread out of 40. If more requests wait for connections than the pool has, they hold all threads, and those
    with a connection cannot end. Half of the pool, less one for Airflow's own routes, cannot do that.
    """
    size = getattr(pool, "size", None)
    overflow = getattr(pool, "_max_overflow", -1)
    if size is None or overflow < 0:
        return _WITHOUT_LIMIT
    return max(1, (int(size()) + int(overflow)) // 2 - 1)


class Turns:
    """Lets a bounded number of requests in; others wait without a thread and without a connection.

    Args:
        app: what serves the requests.
        most: how many at once; by default it follows the pool of Airflow's database.
    """

    def __init__(self, app: ASGIApp, most: int | None = None) -> None:
        self._app = app
        self._most = most
        self._turns: asyncio.Semaphore | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._turns is None:
            self._turns = asyncio.Semaphore(self._most or _of_airflow())
        async with self._turns:
            await self._app(scope, receive, send)


def _of_airflow() -> int:
    from airflow import settings

    engine = getattr(settings, "engine", None)
    return most_at_once(engine.pool) if engine is not None else _WITHOUT_LIMIT
