"""How far the collector has read: kept with its lease, written in the transaction that writes what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

__all__ = ["Cursors"]


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where to read on.

    Attributes:
        tries: greatest key of a present try that was read; empty before the first.
        past: greatest key of a past try that was read. Never beyond `tries`, see `Poll.read_past`.
        run: greatest row number of a run that was read.
        note: greatest row number of the event log that was read.
        tries_swept_at: `updated_at` up to which changes of present tries were looked for, ISO time.
        runs_swept_at: the same for runs.
        swept_at: when that was, by our clock, ISO time.
        polled_at: end of the last complete poll, by our clock, ISO time.
        imported: whether the whole history was read once.
        total: how many tries there were when the import began.
        done: how many tries the import has read.
        batch: number of the last batch that wrote rows; it stands in these rows.
    """

    tries: str = ""
    past: str = ""
    run: int = 0
    note: int = 0
    tries_swept_at: str = ""
    runs_swept_at: str = ""
    swept_at: str = ""
    polled_at: str = ""
    imported: bool = False
    total: int = 0
    done: int = 0
    batch: int = 0

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Cursors:
        """Cursors as `as_state` wrote them. What is not known or of another type starts anew: reading twice is safe."""
        known = {field.name: type(field.default) for field in fields(cls)}
        found: dict[str, Any] = {name: value for name, value in state.items() if type(value) is known.get(name)}
        return cls(**found)

    def as_state(self) -> dict[str, Any]:
        """The cursors as JSON data."""
        return asdict(self)
