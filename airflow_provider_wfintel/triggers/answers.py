"""Asks the api-server about a DAG's health or anomalies again and again, without holding up the triggerer."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook

__all__ = ["AnswerTrigger", "NoAnomalyTrigger", "WorkflowHealthTrigger"]

log = logging.getLogger(__name__)

_MOST_FAULTS = 5


class AnswerTrigger(BaseTrigger):
    """Polls until the answer is good or the time is over. Calls run in threads, as `requests` blocks.

    Args:
        wfintel_conn_id: connection of type `wfintel`.
        poke_interval: seconds between two questions.
        end_at: time (seconds since the epoch) after which to give up; 0: never.
        more: what is asked about, such as `watched_dag_id`.
    """

    hook_class: type[WfIntelHook] = WfIntelHook

    def __init__(self, *, wfintel_conn_id: str, poke_interval: float, end_at: float, **more: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.arguments: dict[str, Any] = {
            "wfintel_conn_id": wfintel_conn_id,
            "poke_interval": poke_interval,
            "end_at": end_at,
            **more,
        }

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Path and arguments of the trigger."""
        return f"{type(self).__module__}.{type(self).__qualname__}", self.arguments

    @abstractmethod
    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask once: whether it is good, and the answer in words."""

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Ask until there is a good answer, the time is over, or the server fails again and again."""
        hook = await self.hook_class.with_connection_of(self.arguments["wfintel_conn_id"])
        faults = 0
        while True:
            try:
                good, words = await asyncio.to_thread(self.answer, hook)
                faults = 0
            except RemoteError as error:
                good, words, faults = False, error.message, faults + 1
                log.warning("%s", error.message)
                if not error.retryable or faults >= _MOST_FAULTS:
                    yield _event("error", f"{error.message} ({error.hint})")
                    return
            if good:
                yield _event("good", words)
                return
            log.info("%s", words)
            if self.arguments["end_at"] and time.time() + self.arguments["poke_interval"] > self.arguments["end_at"]:
                yield _event("timeout", words)
                return
            await asyncio.sleep(self.arguments["poke_interval"])


def _event(state: str, message: str) -> TriggerEvent:
    return TriggerEvent({"state": state, "message": message})  # type: ignore[no-untyped-call]


class WorkflowHealthTrigger(AnswerTrigger):
    """Waits until a DAG's health score is at least `min_score`."""

    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask for the score."""
        return hook.is_healthy(self.arguments["watched_dag_id"], self.arguments["min_score"])


class NoAnomalyTrigger(AnswerTrigger):
    """Waits until no anomaly of the last `hours` is left, false alarms aside."""

    def answer(self, hook: WfIntelHook) -> tuple[bool, str]:
        """Ask for anomalies."""
        return hook.has_no_anomaly(
            self.arguments["watched_dag_id"],
            hours=self.arguments["hours"],
            kinds=self.arguments["kinds"],
            min_severity=self.arguments["min_severity"],
        )
