"""From a notification to a channel that has taken it, and a note of how that ended."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.monitoring.service import (
    AlertSettings,
    Message,
    Notification,
    Receiver,
    message_of,
)
from airflow_provider_wfintel.engine.troubleshooting.service import redact

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Courier", "Send"]

log = logging.getLogger(__name__)

Sessions = Callable[[], "AbstractContextManager[Session]"]
Send = Callable[[Message, Receiver], None]

_MOST_RECEIVERS = 8
_BUDGET = 25.0
"""Seconds for all deliveries of one turn. Far less than the lease and the time after which a message without an answer
goes out again, so that nobody else sends it meanwhile."""


class Courier:
    """Delivers messages, each receiver's in order, several receivers at once.

    Args:
        sessions: opens sessions on the metadata database.
        clock: the present, with its zone.
        send: delivers one message; the receiver's channel by default.
        base_url: the address of Airflow's pages, for links.
    """

    def __init__(
        self, sessions: Sessions, clock: Callable[[], datetime], *, send: Send | None = None, base_url: str = ""
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._send = send or _by_channel
        self._base_url = base_url

    def deliver(self, notifications: Sequence[Notification], settings: AlertSettings) -> tuple[int, int]:
        """Deliver what the machine handed out; returns how many were taken and how many were not.

        The end of each attempt is written down at once. What is not tried because time is up, or because its receiver
        has just failed, goes out again later.

        Raises:
            StoreError: the database cannot be reached.
        """
        known = self._sent(notifications)
        waiting: dict[str, list[Notification]] = {}
        for item in notifications:
            if item.key not in known:
                waiting.setdefault(item.receiver, []).append(item)
        if not waiting:
            return 0, 0
        until = time.monotonic() + _BUDGET
        with ThreadPoolExecutor(min(_MOST_RECEIVERS, len(waiting)), thread_name_prefix="wfintel-alerts") as pool:
            done = list(pool.map(lambda name: self._to(settings.receiver(name), waiting[name], until), waiting))
        return sum(taken for taken, _ in done), sum(refused for _, refused in done)

    def _sent(self, notifications: Sequence[Notification]) -> frozenset[str]:
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories

        with self._sessions() as session:
            return AlertMemories(session).sent([item.key for item in notifications])

    def _to(self, receiver: Receiver, items: Sequence[Notification], until: float) -> tuple[int, int]:
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories, Answer

        taken, error = 0, ""
        for item in items:
            if not error and time.monotonic() < until:
                error = self._attempt(item, receiver)
                taken += not error
            elif not error:
                error = "there was no time left for it in this turn"
            with self._sessions() as session:
                AlertMemories(session).record(Answer(item.key, not error, error), now=self._clock())
                session.commit()
        return taken, len(items) - taken

    def _attempt(self, item: Notification, receiver: Receiver) -> str:
        """Send one; the reason if that failed, else nothing."""
        message = message_of(item, base_url=self._base_url, now=self._clock().timestamp())
        try:
            self._send(_redacted(message), receiver)
        except Exception as error:  # whatever a channel raises, the message stays in the outbox
            reason = redact(f"{type(error).__name__}: {error}")
            log.warning("receiver %r did not take %r: %s", receiver.name, item.title, reason)
            return reason
        return ""


def _by_channel(message: Message, receiver: Receiver) -> None:
    from airflow_provider_wfintel.host.channels import channel_of

    channel_of(receiver.channel).send(message, receiver)


def _redacted(message: Message) -> Message:
    """The last look before it leaves the house: what was pushed or diagnosed may hold secrets."""
    return replace(message, title=redact(message.title), lines=tuple(redact(line) for line in message.lines))
