"""How many requests are worked on at once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from airflow_provider_wfintel.api.turns import Turns, most_at_once


@pytest.mark.parametrize(
    ("size", "overflow", "most"),
    [(5, 10, 6), (1, 0, 1), (20, 20, 19), (5, -1, 16)],
)
def test_requests_leave_connections_of_the_pool_free(size: int, overflow: int, most: int) -> None:
    assert most_at_once(SimpleNamespace(size=lambda: size, _max_overflow=overflow)) == most


def test_a_pool_without_size_has_no_limit_of_its_own() -> None:
    assert most_at_once(object()) == 16


def test_no_more_than_the_bound_are_inside_and_all_are_served() -> None:
    inside, highest, served = 0, 0, 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal inside, highest, served
        inside += 1
        highest = max(highest, inside)
        await asyncio.sleep(0)
        inside -= 1
        served += 1

    async def ask_all() -> None:
        turns = Turns(app, most=3)
        await asyncio.gather(*(turns({"type": "http"}, None, None) for _ in range(20)))  # type: ignore[arg-type]

    asyncio.run(ask_all())
    assert (highest, served) == (3, 20)


def test_a_request_that_fails_gives_its_turn_back() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("no")

    async def ask() -> None:
        turns = Turns(app, most=1)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                await turns({"type": "http"}, None, None)  # type: ignore[arg-type]

    asyncio.run(asyncio.wait_for(ask(), 5))


def test_what_is_no_request_needs_no_turn() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(Turns(app, most=1)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
