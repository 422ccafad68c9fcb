"""A short memory of what was read, so that rows that are read twice are not written twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import TypeVar

from airflow_provider_wfintel.engine.model import RunChange, TryChange

__all__ = ["Seen"]

_MOST = 50_000

Change = TypeVar("Change", TryChange, RunChange)


class Seen:
    """The newest versions of what was written last. Forgetting one costs a write, nothing else."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._versions: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def new(self, changes: Iterable[Change]) -> list[Change]:
        """Those that differ from what was written."""
        return [change for change in changes if self._versions.get(_key(change)) != _version(change)]

    def add(self, changes: Iterable[TryChange | RunChange]) -> None:
        """Remember what was written and committed."""
        for change in changes:
            key = _key(change)
            self._versions[key] = _version(change)
            self._versions.move_to_end(key)
        while len(self._versions) > self._most:
            self._versions.popitem(last=False)


def _key(change: TryChange | RunChange) -> str:
    if isinstance(change, TryChange):
        return change.item.try_id
    return f"{change.run.dag_id}\n{change.run.run_id}"


def _version(change: TryChange | RunChange) -> tuple[str, ...]:
    if isinstance(change, TryChange):
        item = change.item
        return item.state, change.changed_at, item.started_at, item.ended_at, str(item.try_number)
    run = change.run
    return run.state, change.changed_at, run.started_at, run.ended_at
