"""Triggers for the cases with deferred tasks; the triggerer imports them from here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

__all__ = ["RefusedTrigger", "WaitTrigger"]


class RefusedTrigger(BaseTrigger):
    """Asks a port on which nothing listens."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "fault_triggers.RefusedTrigger", {"port": self.port}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        import asyncio

        await asyncio.open_connection("127.0.0.1", self.port)
        yield TriggerEvent("open")


class WaitTrigger(BaseTrigger):
    """Waits for ever."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "fault_triggers.WaitTrigger", {}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        import asyncio

        while True:
            await asyncio.sleep(1)
        yield TriggerEvent("never")
