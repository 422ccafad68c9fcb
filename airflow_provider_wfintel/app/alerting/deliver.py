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
_SHOWS_TWICE = frozenset({"slack", "teams", "log"})
"""Channels that have no field for a key by which the other side could drop what comes again."""
_PERHAPS = "You may have been told this before: the process that sent it was stopped before it could note that."
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
        taken, error = 0, ""
        for item in items:
            if not error and time.monotonic() < until:
                error = self._once(item, receiver)
                taken += not error
            else:
                error = error or "there was no time left for it in this turn"
                self._record(item, error, tried=False)
        return taken, len(items) - taken

    def _once(self, item: Notification, receiver: Receiver) -> str:
        """Note that it is about to be sent, send it, and note how that ended; the reason if it was not taken."""
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories

        with self._sessions() as session:
            in_doubt = AlertMemories(session).begin_to_send(item.key, now=self._clock())
            session.commit()
        if in_doubt and receiver.in_doubt == "drop":
            log.warning(
                "receiver %r may not have got %r: it was being sent when the process ended", receiver.name, item.title
            )
            error = ""
        else:
            error = self._attempt(item, receiver, in_doubt=in_doubt)
        self._record(item, error)
        return error

    def _record(self, item: Notification, error: str, *, tried: bool = True) -> None:
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories, Answer

        with self._sessions() as session:
            AlertMemories(session).record(Answer(item.key, not error, error), now=self._clock(), tried=tried)
            session.commit()

    def _attempt(self, item: Notification, receiver: Receiver, *, in_doubt: bool) -> str:
        """Send one; the reason if that failed, else nothing."""
        message = message_of(item, base_url=self._base_url, now=self._clock().timestamp())
        if in_doubt and receiver.channel in _SHOWS_TWICE:
            message = replace(message, lines=(*message.lines, _PERHAPS))
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
