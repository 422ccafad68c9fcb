"""The stand-in for the REST app: built once, at the first request, and again only if building failed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest

from airflow_provider_wfintel.plugin.asgi import App, LazyApp

Message = MutableMapping[str, Any]


async def real_app(scope: Message, receive: object, send: Callable[[Message], Awaitable[None]]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


async def nothing() -> Message:
    return {"type": "http.request", "body": b""}


def call(app: App, *paths: str, kind: str = "http") -> list[tuple[int, bytes]]:
    async def one(path: str) -> tuple[int, bytes]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        await app({"type": kind, "path": path}, nothing, send)
        return sent[0]["status"], sent[1]["body"]

    async def all_at_once() -> list[tuple[int, bytes]]:
        return list(await asyncio.gather(*(one(path) for path in paths)))

    return asyncio.run(all_at_once())


def test_nothing_is_built_before_the_first_request() -> None:
    def build() -> App:
        raise AssertionError("built too early")

    LazyApp(build)


def test_it_can_be_built_ahead_and_is_built_once() -> None:
    built: list[int] = []

    def build() -> App:
        built.append(1)
        return real_app

    app = LazyApp(build)
    app.build_ahead()
    assert call(app, "/1") == [(200, b"/1")]
    assert built == [1]


def test_what_cannot_be_built_ahead_is_left_to_the_first_request(caplog: pytest.LogCaptureFixture) -> None:
    def build() -> App:
        raise RuntimeError("no settings")

    LazyApp(build).build_ahead()
    assert "no settings" in caplog.text


def test_many_first_requests_build_it_once() -> None:
    built: list[int] = []

    def build() -> App:
        built.append(1)
        return real_app

    answers = call(LazyApp(build), *(f"/{number}" for number in range(8)))
    assert answers == [(200, f"/{number}".encode()) for number in range(8)]
    assert built == [1]


def test_a_failure_is_a_typed_error_and_the_next_request_tries_again(caplog: pytest.LogCaptureFixture) -> None:
    attempts: list[int] = []

    def build() -> App:
        attempts.append(1)
        if len(attempts) == 1:
            raise ImportError("secret path")
        return real_app

    app = LazyApp(build)
    with caplog.at_level(logging.ERROR):
        ((status, body),) = call(app, "/a")
    assert status == 500
    assert set(json.loads(body)) == {"error", "error_type", "hint", "retryable"}
    assert b"secret path" not in body
    assert "secret path" in caplog.text
    assert call(app, "/a") == [(200, b"/a")]


def test_other_protocols_are_not_answered_with_http(caplog: pytest.LogCaptureFixture) -> None:
    def build() -> App:
        raise ImportError("no")

    with pytest.raises(RuntimeError):
        call(LazyApp(build), "/a", kind="websocket")
