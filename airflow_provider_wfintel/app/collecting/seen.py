"""A short memory of what was read, so that rows that are read twice are not written twice."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeVar

from airflow_provider_wfintel.engine.model import RunChange, TryChange

__all__ = ["Seen"]

_MOST = 1 << 18
"""More than what comes at 400 tries a second in the six minutes that a sweep looks back."""
_WAYS = 8
"""Rows of one place. With fewer, more are forgotten before their time: rows fall to places by chance."""
_WORD = 8

Change = TypeVar("Change", TryChange, RunChange)


class Seen:
    """The newest versions of what was written last. Forgetting one costs a write, nothing else.

    A table of fixed size, as a set-associative cache of a processor: the digest of a key gives a place for eight rows,
    of which the one written longest ago makes room. So it takes 16 bytes a row, 4 MiB in all, from the first row on,
    whatever the rate and however long the process runs. Key and version are digests of 64 bits each: that a changed row
    of a known key is taken for the old one has a chance of 1 in 2^64.

    Args:
        most: so many rows are remembered at most; rounded up to a power of two, at least eight.
    """

    def __init__(self, most: int = _MOST) -> None:
        places = 1
        while places * _WAYS < most:
            places *= 2
        self._mask = places - 1
        self._keys = array("Q", bytes(_WORD * _WAYS * places))
        self._versions = array("Q", bytes(_WORD * _WAYS * places))

    @property
    def most(self) -> int:
        """How many rows are remembered at most."""
        return len(self._keys)

    @property
    def bytes_held(self) -> int:
        """Memory of the table."""
        return _WORD * (len(self._keys) + len(self._versions))

    def new(self, changes: Iterable[Change]) -> list[Change]:
        """Those that differ from what was written."""
        return [change for change in changes if not self._knows(_key(change), _version(change))]

    def add(self, changes: Iterable[TryChange | RunChange]) -> None:
        """Remember what was written and committed."""
        for change in changes:
            self._put(_key(change), _version(change))

    def _knows(self, key: int, version: int) -> bool:
        first = (key & self._mask) * _WAYS
        known = self._keys[first : first + _WAYS]
        return key in known and self._versions[first + known.index(key)] == version

    def _put(self, key: int, version: int) -> None:
        """Put the row first in its place, in the room of its last version or of the row that is there longest."""
        first = (key & self._mask) * _WAYS
        known = self._keys[first : first + _WAYS]
        at = first + (known.index(key) if key in known else _WAYS - 1)
        self._keys[first + 1 : at + 1] = self._keys[first:at]
        self._versions[first + 1 : at + 1] = self._versions[first:at]
        self._keys[first], self._versions[first] = key, version


def _key(change: TryChange | RunChange) -> int:
    if isinstance(change, TryChange):
        return _digest(change.item.try_id)
    return _digest(change.run.dag_id, change.run.run_id)


def _version(change: TryChange | RunChange) -> int:
    if isinstance(change, TryChange):
        item = change.item
        return _digest(item.state, change.changed_at, item.started_at, item.ended_at, str(item.try_number))
    run = change.run
    return _digest(run.state, change.changed_at, run.started_at, run.ended_at)


def _digest(*parts: str) -> int:
    """64 bits that are never 0, which stands for no row."""
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=_WORD).digest(), "little") or 1
