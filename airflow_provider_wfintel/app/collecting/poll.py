"""One poll: read what is new or has changed in Airflow's tables, batch by batch, and write it to ours.

Why every try is known exactly once in the end:

- Rows are written by the try's UUID, so reading twice is harmless; batch and cursors are one transaction, so stopping
  between any two statements loses nothing.
- A try has its UUID from the moment its row is made, and keys grow with time: `read_new` finds every try that is still
  present, `read_past` those that came and went between two polls.
- A try that was seen before its end is looked up by its key until it is over (`follow_open`), in both tables. This does
  not trust `updated_at`, which Airflow copies into the history as it was before the try's end.
- When a run is over, all tries of it are read once more by the run (`follow_runs`), which needs no clock at all.
- What changes after its end, as by a person's hand, is found by `updated_at` now and then (`sweep`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeVar

from airflow_provider_wfintel.app.collecting.cursors import Cursors
from airflow_provider_wfintel.app.collecting.seen import Seen
from airflow_provider_wfintel.engine.model import RunChange, TaskTry, TryChange

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.host.airflow_tables import AirflowTables
    from airflow_provider_wfintel.store.repositories.executions import Executions
    from airflow_provider_wfintel.store.repositories.leases import HeldLease

__all__ = ["CollectOptions", "CollectReport", "LeaseLost", "Poll", "Stopped"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_SWEPT = 50_000
"""Keys of changed rows that are read at a time: some 10 MB."""
# Under these a task instance may get another UUID without ever having run.
_NOT_BEGUN = frozenset({"none", "scheduled", "queued", "up_for_retry", "restarting"})


Item = TypeVar("Item")


class LeaseLost(Exception):
    """Another process collects now; what this one had in hand was rolled back."""


class Stopped(Exception):
    """The poll was asked to stop; everything up to the last batch is written."""


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """How to collect.

    Attributes:
        batch: rows per transaction.
        overlap: how far back new rows are read again. Must be longer than any transaction of Airflow that makes tries
            and than the clocks of its machines differ.
        sweep_every: how often changes of rows that were over are looked for; each time reads whole tables.
        lease: how long the right to collect lasts after each batch.
        gap_after: a pause longer than this is checked for runs that came and went meanwhile.
        retention: what ended longer ago is deleted, and not imported; None: nothing is.
    """

    batch: int = 1000
    overlap: timedelta = timedelta(seconds=60)
    sweep_every: timedelta = timedelta(minutes=5)
    lease: timedelta = timedelta(seconds=90)
    gap_after: timedelta = timedelta(minutes=10)
    retention: timedelta | None = None


@dataclass(slots=True)
class CollectReport:
    """What one poll did: rows written, rows closed because Airflow's are gone, rows deleted by age, messages sent."""

    held: bool = True
    tries: int = 0
    runs: int = 0
    notes: int = 0
    lost: int = 0
    superseded: int = 0
    dropped: int = 0
    missing_runs: int = 0
    imported: bool = False
    messages: int = 0


@dataclass
class Poll:
    """The steps of one poll, run in order by `app.collect.Collector`."""

    sessions: Callable[[], AbstractContextManager[Session]]
    lease: HeldLease
    cursors: Cursors
    options: CollectOptions
    clock: Callable[[], datetime]
    seen: Seen
    between: Callable[[Cursors], None]
    report: CollectReport = field(default_factory=CollectReport)

    def begin(self) -> None:
        """Note where the first import starts, so that what changes while it goes on is found afterwards."""
        if self.cursors.tries_swept_at:
            return
        with self.sessions() as session:
            tables = _tables(session)
            since = (tables.last_change() or _EPOCH).isoformat()
            start = replace(
                self.cursors,
                tries_swept_at=since,
                runs_swept_at=since,
                total=tables.count(),
                # Numbers go on from what is there even if the cursors were lost: who reads by them must miss nothing.
                batch=max(self.cursors.batch, _executions(session).last_batch()),
            )
            self._keep(session, start)

    def read_new(self) -> None:
        """Present tries, by key: all of them at first, later those that were made since the last poll."""
        key = self._back(self.cursors.tries)
        while True:
            with self.sessions() as session:
                tables = _tables(session)
                changes = tables.tries_after(key, limit=self.options.batch)
                if not changes:
                    return
                key = changes[-1].item.try_id
                reopened = self._reopened(session, tables, changes)
                done = self.cursors.done + self._counted(changes)
                cursors = replace(self.cursors, tries=max(self.cursors.tries, key), done=done)
                self._write(session, changes, reopened, cursors)

    def read_past(self) -> None:
        """Past tries, by key, up to the key to which the present ones were read and not further.

        A try that is made after `read_new` has ended may be archived while this goes on, before older ones are. If the
        cursor went past those, they would be found by neither step.
        """
        key, until = self._back(self.cursors.past), self.cursors.tries
        while until:
            with self.sessions() as session:
                changes = _tables(session).past_tries_after(key, until=until, limit=self.options.batch)
                if not changes:
                    return
                key = changes[-1].item.try_id
                done = self.cursors.done + self._counted(changes)
                self._write(session, changes, (), replace(self.cursors, past=max(self.cursors.past, key), done=done))

    def read_runs(self) -> None:
        """Runs, by row number."""
        while True:
            with self.sessions() as session:
                tables = _tables(session)
                runs = tables.runs_after(self.cursors.run, limit=self._run_batch())
                if not runs:
                    return
                # While importing, the walk over all tries brings these; afterwards a run may have come and ended.
                tries = self._tries_of_ended(tables, runs) if self.cursors.imported else []
                self._write(session, tries, runs, replace(self.cursors, run=runs[-1].row))

    def read_notes(self) -> None:
        """Entries of the event log, by row number."""
        while True:
            with self.sessions() as session:
                notes = _tables(session).notes_after(self.cursors.note, limit=self.options.batch)
                if not notes:
                    return
                self.report.notes += _executions(session).add_notes(notes)
                self._keep(session, replace(self.cursors, note=notes[-1].row))

    def follow_open(self) -> None:
        """Tries that were not over when last seen."""
        key = ""
        while True:
            with self.sessions() as session:
                tables, executions = _tables(session), _executions(session)
                waiting = executions.open_tries(key, limit=self.options.batch)
                if not waiting:
                    return
                key = waiting[-1].try_id
                changes = tables.tries([item.try_id for item in waiting])
                found = {change.item.try_id for change in changes}
                self._settle(session, tables, [item for item in waiting if item.try_id not in found])
                self._write(session, changes, (), self.cursors)

    def follow_runs(self) -> None:
        """Runs that were not over when last seen; with those that are over now, all of their tries."""
        key = ""
        while True:
            with self.sessions() as session:
                tables, executions = _tables(session), _executions(session)
                waiting = executions.open_runs(key, limit=self._run_batch())
                if not waiting:
                    return
                key = waiting[-1][0]
                runs = tables.runs((run.dag_id, run.run_id) for _, run in waiting)
                found = {(change.run.dag_id, change.run.run_id) for change in runs}
                gone = [own for own, run in waiting if (run.dag_id, run.run_id) not in found]
                self._close(session, gone)
                self._write(session, self._tries_of_ended(tables, runs), runs, self.cursors)

    def sweep(self) -> None:
        """Rows that changed after their end, by `updated_at`, if the last time is long enough ago."""
        now = self.clock()
        last = _moment(self.cursors.swept_at)
        if timedelta(0) <= now - last < self.options.sweep_every:
            return
        self._sweep_tries()
        self._sweep_runs()
        with self.sessions() as session:
            self._keep(session, replace(self.cursors, swept_at=now.isoformat()))

    def drop_old(self) -> None:
        """Delete what ended before the time of retention."""
        horizon = self._horizon()
        while horizon is not None:
            with self.sessions() as session:
                dropped = _executions(session).drop_before(horizon, limit=self.options.batch)
                self.report.dropped += dropped
                self._keep(session, self.cursors)
            if dropped < self.options.batch:
                return

    def end(self) -> None:
        """Say that the poll was complete."""
        with self.sessions() as session:
            self._keep(session, replace(self.cursors, imported=True, polled_at=self.clock().isoformat()))
        self.report.imported = True

    def keep(self, session: Session) -> None:
        """Commit what the session holds, if the lease is still held.

        Raises:
            LeaseLost: it is not; the session was rolled back.
            Stopped: the collector was asked to stop; the session was committed.
        """
        self._keep(session, self.cursors)

    def _sweep_tries(self) -> None:
        since, key = _moment(self.cursors.tries_swept_at) - self.options.overlap, ""
        while True:
            with self.sessions() as session:
                found = _tables(session).changed_tries(since, key, limit=_SWEPT)
            for part in _parts(found, self.options.batch):
                with self.sessions() as session:
                    changes = _tables(session).tries([key for _, key in part])
                    swept = max(part[-1][0], _moment(self.cursors.tries_swept_at)).isoformat()
                    self._write(session, changes, (), replace(self.cursors, tries_swept_at=swept))
            if len(found) < _SWEPT:
                return
            since, key = found[-1]

    def _sweep_runs(self) -> None:
        since, row = _moment(self.cursors.runs_swept_at) - self.options.overlap, 0
        while True:
            with self.sessions() as session:
                found = _tables(session).changed_runs(since, row, limit=_SWEPT)
            for part in _parts(found, self._run_batch()):
                with self.sessions() as session:
                    tables = _tables(session)
                    runs = tables.runs_in([row for _, row in part])
                    swept = max(part[-1][0], _moment(self.cursors.runs_swept_at)).isoformat()
                    tries = self._tries_of_ended(tables, runs) if self.cursors.imported else []
                    self._write(session, tries, runs, replace(self.cursors, runs_swept_at=swept))
            if len(found) < _SWEPT:
                return
            since, row = found[-1]

    def _reopened(self, session: Session, tables: AirflowTables, changes: Sequence[TryChange]) -> list[RunChange]:
        """The runs of new tries that we took to be over: somebody cleared them."""
        if not self.cursors.imported:
            return []
        keys = {(change.item.dag_id, change.item.run_id) for change in self.seen.new(changes)}
        known = _executions(session).known_runs(keys)
        return tables.runs(key for key, over in known.items() if over)

    def _tries_of_ended(self, tables: AirflowTables, runs: Iterable[RunChange]) -> list[TryChange]:
        ended = [(item.run.dag_id, item.run.run_id) for item in self.seen.new(runs) if item.run.ended_at]
        return tables.tries_of_runs(ended)

    def _settle(self, session: Session, tables: AirflowTables, missing: Sequence[TaskTry]) -> None:
        """Tries that are in neither table any more."""
        if not missing:
            return
        there = tables.still_there(missing)
        superseded = [
            item.try_id
            for item in missing
            if item.state in _NOT_BEGUN and (item.dag_id, item.run_id, item.task_id, item.map_index) in there
        ]
        _executions(session).forget(superseded)
        self.report.superseded += len(superseded)
        self._close(session, sorted({item.try_id for item in missing} - set(superseded)))

    def _close(self, session: Session, keys: Sequence[str]) -> None:
        if keys:
            _executions(session).close_lost(keys, now=self.clock())
            self.report.lost += len(keys)

    def _write(self, session: Session, tries: Sequence[TryChange], runs: Sequence[RunChange], cursors: Cursors) -> None:
        """Write a batch with the cursors behind it, in one transaction."""
        horizon = self._horizon()
        new = [item for item in self.seen.new(tries) if not _older(item.item.ended_at, horizon)]
        changed = [item for item in self.seen.new(runs) if not _older(item.run.ended_at, horizon)]
        if new or changed:
            cursors = replace(cursors, batch=cursors.batch + 1)
        _executions(session).write(new, changed, batch=cursors.batch)
        self._keep(session, cursors, written=(*new, *changed))

    def hold(self, session: Session) -> None:
        """Make sure, in the session's transaction, that this process still has the lease, and prolong it.

        Raises:
            LeaseLost: another process has it; the transaction was rolled back.
        """
        self._hold(session, self.cursors)

    def _hold(self, session: Session, cursors: Cursors) -> None:
        from airflow_provider_wfintel.store.repositories.leases import Leases

        now = self.clock()
        if not Leases(session).keep(self.lease, cursors.as_state(), now=now, length=self.options.lease):
            session.rollback()
            raise LeaseLost(f"another process has taken over {self.lease.name!r}")

    def _keep(self, session: Session, cursors: Cursors, written: Sequence[TryChange | RunChange] = ()) -> None:
        self._hold(session, cursors)
        session.commit()
        self.cursors = cursors
        self.seen.add(written)
        tries = sum(isinstance(item, TryChange) for item in written)
        self.report.tries += tries
        self.report.runs += len(written) - tries
        self.between(cursors)

    def _counted(self, changes: Sequence[TryChange]) -> int:
        return 0 if self.cursors.imported else len(changes)

    def _run_batch(self) -> int:
        """How many runs to read at a time: each may bring some dozen tries."""
        return self.options.batch if not self.cursors.imported else max(1, self.options.batch // 20)

    def _back(self, key: str) -> str:
        """Where to read on from: a little before `key`, since transactions do not end in the order they began."""
        from airflow_provider_wfintel.host.airflow_tables import first_key_at, time_of_key

        if not key or not self.cursors.imported:
            return key
        return min(key, first_key_at(time_of_key(key) - self.options.overlap))

    def _horizon(self) -> datetime | None:
        return None if self.options.retention is None else self.clock() - self.options.retention


def _tables(session: Session) -> AirflowTables:
    from airflow_provider_wfintel.host.airflow_tables import AirflowTables

    return AirflowTables(session)


def _executions(session: Session) -> Executions:
    from airflow_provider_wfintel.store.repositories.executions import Executions

    return Executions(session)


def _parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else _EPOCH


def _older(ended_at: str, horizon: datetime | None) -> bool:
    return horizon is not None and ended_at != "" and datetime.fromisoformat(ended_at) < horizon
