"""Calls of Airflow's own routes inside of the api-server, with the credentials of the request that is being served.

So Airflow itself decides on each single act of a remedy whether the caller may do it, and writes its own audit row.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anyio.from_thread
import httpx
from starlette.requests import Request

from airflow_provider_wfintel.api.datamodels.common import ErrorBody
from airflow_provider_wfintel.exceptions import RemoteError

__all__ = ["OF_AIRFLOW", "InProcessCall", "calls_of"]

OF_AIRFLOW: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorBody, "description": "There is no such session or task instance, or the caller may not know."},
    502: {"model": ErrorBody, "description": "Airflow's own routes did not answer as expected."},
}
"""What routes answer that ask Airflow."""
_HANDED_ON = ("authorization", "cookie")
_SECONDS = 120.0
_AT_ONCE = 8
"""Each such request holds one of the server's worker threads while its calls need others."""
_slots = threading.BoundedSemaphore(_AT_ONCE)


class InProcessCall:
    """A `host.remedies.calls.Call` on the app that serves the request. Only for routes that run in a worker thread."""

    def __init__(self, app: Any, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = {"Accept": "application/json", **headers}

    def __call__(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None) -> Any:
        """Make a call and return the decoded body.

        Raises:
            RemoteError: an error status, which it carries, or no JSON.
        """
        answer: httpx.Response = anyio.from_thread.run(self._send, method, path, params, json)
        if answer.is_error or answer.is_redirect:
            raise RemoteError(
                f"{method} {path} failed: {answer.status_code} {_said(answer)}".rstrip(),
                hint=_HINTS.get(answer.status_code, "see the log of the api-server"),
                retryable=answer.status_code in (429, 502, 503, 504),
                status=answer.status_code,
            )
        try:
            return answer.json() if answer.content else None
        except ValueError as error:
            raise RemoteError(f"the answer to {method} {path} is no JSON", hint="see the api-server's log") from error

    async def _send(self, method: str, path: str, params: Mapping[str, Any] | None, json: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://airflow.invalid", headers=self._headers, timeout=_SECONDS
        ) as client:
            return await client.request(method, path, params=dict(params) if params else None, json=json)


_HINTS = {
    401: "log in again",
    403: "ask an administrator for the permission",
    404: "see that it still exists",
    409: "somebody else was quicker; look again",
}


def _said(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return ""
    return str(body.get("detail", ""))[:300] if isinstance(body, dict) else ""


@contextmanager
def calls_of(request: Request) -> Iterator[InProcessCall]:
    """Calls with the credentials of the request.

    Raises:
        RemoteError: too many such requests are being served.
    """
    if not _slots.acquire(blocking=False):
        raise RemoteError("too many sessions are being worked on", hint="try again in a moment", retryable=True)
    try:
        headers = {name: request.headers[name] for name in _HANDED_ON if name in request.headers}
        yield InProcessCall(request.scope["wfintel.server"], headers)
    finally:
        _slots.release()
