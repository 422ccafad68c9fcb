"""A short memory of what was read, so that rows that are read twice are not written twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from time import monotonic
from typing import TypeVar

from airflow_provider_wfintel.engine.model import RunChange, TryChange

__all__ = ["Seen"]

_MOST = 200_000
"""What comes at 300 tries a second in the time that a sweep looks back; 40 MB when full, 2 MB at 10 a second."""
_SECONDS = 400.0
"""For so long at least a row is remembered: a poll reads the last minute again, a sweep the last six."""
_BYTES = 16

Change = TypeVar("Change", TryChange, RunChange)


class Seen:
    """The newest versions of what was written last. Forgetting one costs a write, nothing else.

    Keys and versions are kept as digests of 128 bits, some 150 to 250 bytes a row: the texts take more than twice as
    much, and no other state of a collector grows with every row. What is older than twice `seconds` is forgotten: how
    much is held depends on how many rows come in a time, not on how long the process runs.

    Args:
        most: so many rows are remembered at most.
        seconds: those of so long ago are remembered, unless they are more than half of `most`.
        clock: seconds that only grow.
    """

    def __init__(self, most: int = _MOST, *, seconds: float = _SECONDS, clock: Callable[[], float] = monotonic) -> None:
        self._half = max(1, most // 2)
        self._seconds, self._clock = seconds, clock
        self._begun = clock()
        # Two generations: the older one is forgotten as a whole, so no order has to be kept.
        self._newer: dict[bytes, bytes] = {}
        self._older: dict[bytes, bytes] = {}

    def __len__(self) -> int:
        """How many rows are remembered, those in both generations counted twice."""
        return len(self._newer) + len(self._older)

    def new(self, changes: Iterable[Change]) -> list[Change]:
        """Those that differ from what was written."""
        return [change for change in changes if self._known(_key(change)) != _version(change)]

    def add(self, changes: Iterable[TryChange | RunChange]) -> None:
        """Remember what was written and committed."""
        if self._clock() - self._begun >= self._seconds:
            self._forget()
        for change in changes:
            if len(self._newer) >= self._half:
                self._forget()
            self._newer[_key(change)] = _version(change)

    def _forget(self) -> None:
        """Forget the older generation."""
        self._older, self._newer = self._newer, {}
        self._begun = self._clock()

    def _known(self, key: bytes) -> bytes | None:
        return self._newer.get(key) or self._older.get(key)


def _key(change: TryChange | RunChange) -> bytes:
    if isinstance(change, TryChange):
        return _digest(change.item.try_id)
    return _digest(change.run.dag_id, change.run.run_id)


def _version(change: TryChange | RunChange) -> bytes:
    if isinstance(change, TryChange):
        item = change.item
        return _digest(item.state, change.changed_at, item.started_at, item.ended_at, str(item.try_number))
    run = change.run
    return _digest(run.state, change.changed_at, run.started_at, run.ended_at)


def _digest(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
