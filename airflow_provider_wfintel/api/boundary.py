"""ASGI middlewares around all routes: no credentials, no service; a limit on bodies; a last net for exceptions."""

from __future__ import annotations

import logging
import secrets

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimit", "CredentialsFirst", "ErrorBoundary"]

log = logging.getLogger(__name__)


class CredentialsFirst:
    """Refuses calls without any credentials before a byte of their body is read.

    FastAPI reads and parses bodies before it asks a route's dependencies, so without this anybody could have the
    server parse something. Whether the credentials are right is for the dependencies to say.
    """

    def __init__(self, app: ASGIApp, cookie: str) -> None:
        self._app = app
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            connection = HTTPConnection(scope)
            # A middleware of Airflow may have found out already who is calling.
            known = getattr(connection.state, "user", None) is not None
            if not (known or "authorization" in connection.headers or self._cookie in connection.cookies):
                body = {
                    "error": "Not authenticated",
                    "error_type": "NotAuthenticatedError",
                    "hint": "log in, or send a valid token as `Authorization: Bearer ...`",
                    "retryable": False,
                }
                answer = JSONResponse(body, status_code=401, headers={"WWW-Authenticate": "Bearer"})
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies of more than `max_bytes`, whether or not the client announces their length."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._max_bytes:
            await self._too_large()(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                # FastAPI lets HTTP exceptions pass while it reads a body; our handler writes the answer.
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

    def _too_large(self) -> JSONResponse:
        body = {
            "error": f"the request is longer than {self._max_bytes} bytes",
            "error_type": "InputTooLargeError",
            "hint": "send less, or raise [wfintel] max_request_bytes",
            "retryable": False,
        }
        return JSONResponse(body, status_code=413)


class ErrorBoundary:
    """Answers exceptions that nobody expected without telling their text, and logs them under a reference."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("unexpected error, reference %s", reference)
            if started or scope["type"] != "http":
                raise
            body = {
                "error": "an unexpected error on our side",
                "error_type": "InternalError",
                "hint": f"look for the reference {reference} in the log of the api-server",
                "retryable": False,
            }
            await JSONResponse(body, status_code=500)(scope, receive, send)
