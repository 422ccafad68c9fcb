"""What was said and not yet taken: it stays until the channel confirms it, in order, and is never in there twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from airflow_provider_wfintel.engine.monitoring.alerts.state import Notification, Outgoing

__all__ = ["Outbox"]

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds between two attempts, doubling from the first to the longest."""


class Outbox:
    """The notifications that are under way while a step is being made.

    Args:
        items: what the state holds.
        redeliver_after: seconds until one that was handed out and neither confirmed nor refused goes out again.
    """

    def __init__(self, items: Iterable[Outgoing], redeliver_after: float) -> None:
        self._items = {item.notification.key: item for item in items}
        self._redeliver_after = redeliver_after

    @property
    def items(self) -> tuple[Outgoing, ...]:
        """What is not confirmed, oldest first."""
        return tuple(self._items.values())

    def add(self, notification: Notification) -> None:
        """Take a notification in, once."""
        self._items.setdefault(notification.key, Outgoing(notification))

    def confirm(self, key: str) -> None:
        """It was delivered. Confirming twice does no harm."""
        self._items.pop(key, None)

    def refuse(self, key: str, reason: str, now: float) -> None:
        """It was not delivered: it goes out again after a pause."""
        item = self._items.get(key)
        if item is not None:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, min(item.attempts, 20) - 1))
            self._items[key] = replace(item, not_before=now + pause, last_error=reason)

    def waits(self, incident: str, receiver: str) -> bool:
        """Whether something of the incident has not reached the receiver yet."""
        return any(_about(item) == (incident, receiver) for item in self._items.values())

    def hand_out(self, now: float) -> tuple[Notification, ...]:
        """What is to be delivered now: of each incident only the oldest for each receiver, so that order is kept."""
        seen: set[tuple[str, str]] = set()
        due = []
        for key, item in self._items.items():
            if _about(item) in seen:
                continue
            seen.add(_about(item))
            if item.not_before <= now:
                due.append(item.notification)
                self._items[key] = replace(item, attempts=item.attempts + 1, not_before=now + self._redeliver_after)
        return tuple(due)


def _about(item: Outgoing) -> tuple[str, str]:
    return item.notification.incident, item.notification.receiver
