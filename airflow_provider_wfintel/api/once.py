"""`Idempotency-Key`: a write that is sent twice is done once, and answered twice (IETF httpapi draft of that name).

The key is taken in a transaction of its own, so that a second request finds it while the first is being served. The
answer is kept in the transaction of the write itself: either both are there or neither. What was refused or failed is
not kept; the key is free again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, Header, HTTPException, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from airflow_provider_wfintel.app.kept_answers import Answer, KeptAnswers, Reserved

__all__ = ["ONCE", "Replayed", "WriteRoute", "once"]

_LONGEST = 200


class Replayed(Exception):
    """The request was served before."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("served before")
        self.answer = answer

    def response(self) -> Response:
        """The answer as it was given, marked as a repetition."""
        answer = self.answer
        return Response(
            answer.body or None,
            status_code=answer.status,
            headers={"Idempotency-Replayed": "true"},
            media_type=answer.media_type or None,
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """A key that this request has taken, and the session in whose transaction it writes."""

    reserved: Reserved
    session: Any


async def _body(request: Request) -> bytes:
    return await request.body()


def once(
    request: Request,
    user: GetUserDep,
    session: SessionDep,
    body: Annotated[bytes, Depends(_body)],
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=_LONGEST,
            pattern=r"^[\x21-\x7e]+$",
            description=(
                "A key of the caller's choice. The same request with the same key within a day is done once and gets "
                "the same answer; another request with it is refused."
            ),
        ),
    ] = None,
) -> None:
    """Take the key of the request, or end it with the answer that was given before."""
    if key is None:
        return
    parts = [request.method, request.url.path, request.url.query, hashlib.sha256(body).hexdigest()]
    found = KeptAnswers.reserve(user.get_id(), key, json.dumps(parts))
    if isinstance(found, Answer):
        if not found.same_request:
            raise HTTPException(
                status.HTTP_422_UNPROCESSABLE_CONTENT, "this Idempotency-Key was used for another request"
            )
        if found.status == 0:
            raise HTTPException(
                status.HTTP_409_CONFLICT,
                "the request with this Idempotency-Key is being served",
                headers={"Retry-After": "1"},
            )
        raise Replayed(found)
    request.state.once = _Held(found, session)


ONCE = Depends(once)


class WriteRoute(APIRoute):
    """A route that keeps its answer under the key that `ONCE` has taken."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with that."""
        serve = super().get_route_handler()

        async def served(request: Request) -> Response:
            try:
                response = await serve(request)
            except Exception:
                held: _Held | None = getattr(request.state, "once", None)
                if held is not None:
                    await run_in_threadpool(_release, held)
                raise
            held = getattr(request.state, "once", None)
            if held is not None:
                await run_in_threadpool(_keep, held, response)
            return response

        return served


def _keep(held: _Held, response: Response) -> None:
    answer = Answer(
        response.status_code,
        bytes(response.body).decode("utf-8", "replace"),
        response.headers.get("content-type", ""),
    )
    if response.status_code < 300:
        KeptAnswers.keep(held.session, held.reserved, answer)
    else:
        _release(held)


def _release(held: _Held) -> None:
    # What the route has begun is undone first: on SQLite nobody else can write until then.
    held.session.rollback()
    KeptAnswers.release(held.reserved)
