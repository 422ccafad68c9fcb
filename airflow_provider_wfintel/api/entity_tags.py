"""Entity tags of answers to GET: who has an answer already is told so with 304 instead of sent it again (RFC 9110)."""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["EntityTags"]

_KEPT = frozenset({b"cache-control", b"content-location", b"date", b"etag", b"expires", b"vary"})
"""What an answer 304 carries of the one that it stands for."""


class EntityTags:
    """Tags each answer 200 to a GET by its content.

    The tag is a weak one: compression on the way changes bytes, not content. The answer is computed in any case; what
    is saved is sending and reading it. `no-cache` lets browsers keep answers but has them ask each time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        wanted = Headers(scope=scope).getlist("if-none-match")
        start: Message | None = None
        body = bytearray()

        async def held(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 200:
                start = message
            elif start is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await _answer(start, bytes(body), wanted, send)

        await self._app(scope, receive, held)


async def _answer(start: Message, body: bytes, wanted: list[str], send: Send) -> None:
    tag = f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["ETag"] = tag
    headers.setdefault("Cache-Control", "private, no-cache")
    headers.add_vary_header("Authorization, Cookie")
    if _matches(tag, wanted):
        kept = [(name, value) for name, value in headers.raw if name in _KEPT]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})


def _matches(tag: str, wanted: list[str]) -> bool:
    """Weak comparison: `W/` does not count. Our tags hold no commas, so a list can be split at them."""
    opaque = tag.removeprefix("W/")
    names = [part.strip() for field in wanted for part in field.split(",")]
    return any(name == "*" or name.removeprefix("W/") == opaque for name in names)
