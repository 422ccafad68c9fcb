"""After a poll: what the listener measured in the process of a try is joined to the try's row.

The line is in the try's log, which may lie on another machine and may come late. Logs are read in a thread of their
own, so that nothing waits for them; what was not found is tried again some times, then given up. Tries that wait for
their log are kept in the tables, those that are being read only in memory: after a restart they are read again.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["MOST_WAITING", "STATE", "JoinMeasures"]

log = logging.getLogger(__name__)

STATE = "measures"
MOST_WAITING = 500
"""More tries do not wait for their log; while so many do, only failed ones are taken in."""
_WAITS = (timedelta(0), timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))
"""How long after a look the next one follows; after the last, the try stays without measures."""
_TOO_OLD = timedelta(days=1)
_ROWS = 2000
_RAN = frozenset({"success", "failed", "skipped", "up_for_retry", "up_for_reschedule"})

Read = Callable[["Session", str], "Mapping[str, Any] | None"]


@dataclass
class JoinMeasures:
    """The step.

    Attributes:
        read: finds the values of a try in its log, see `host.try_logs`; by default that.
        threads: how many logs are read at a time.
    """

    read: Read | None = None
    threads: int = 2
    _wanted: queue.Queue[tuple[str, Callable[[], AbstractContextManager[Session]]]] = field(default_factory=queue.Queue)
    _found: queue.Queue[tuple[str, Mapping[str, Any] | None]] = field(default_factory=queue.Queue)
    _reading: set[str] = field(default_factory=set)
    _started: bool = False

    def __call__(self, work: AfterPoll) -> None:
        """Write what was found since, ask for what is due, take in tries that ended."""
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        with work.sessions() as session:
            states = LearnedStates(session)
            state = dict(states.get(STATE))
            waiting: dict[str, list[Any]] = dict(state.get("waiting", {}))
            before = dict(waiting)
            done, values = self._read_so_far(waiting, work.clock())
            until = self._take_in(session, str(state.get("until", "")), waiting, work.clock())
            changed = done or before != waiting or until != state.get("until", "")
            if changed:
                self._write(session, values)
                states.keep(STATE, {"until": until, "waiting": waiting})
                work.keep(session)
        self._reading -= done
        self._ask(work, waiting)

    def _read_so_far(
        self, waiting: dict[str, list[Any]], now: datetime
    ) -> tuple[set[str], dict[str, Mapping[str, Any]]]:
        """The tries that the threads are done with, and what they found of them."""
        done, found = set[str](), dict[str, Mapping[str, Any]]()
        while True:
            try:
                try_id, values = self._found.get_nowait()
            except queue.Empty:
                break
            done.add(try_id)
            looks = int(waiting.pop(try_id, (0,))[0]) + 1
            if values is not None:
                found[try_id] = values
            elif looks < len(_WAITS):
                waiting[try_id] = [looks, (now + _WAITS[looks]).isoformat()]
        return done, found

    def _write(self, session: Session, found: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep what was found."""
        from airflow_provider_wfintel.app.collecting.rollups import compute_again
        from airflow_provider_wfintel.store.repositories.executions import Executions

        if found:
            compute_again(session, found)
        for try_id, values in found.items():
            Executions(session).add_measures(try_id, **_measures(values))

    def _take_in(self, session: Session, place: str, waiting: dict[str, list[Any]], now: datetime) -> str:
        """Let the tries that ended since wait for their log; returns the place up to which they were looked at."""
        from airflow_provider_wfintel.store.repositories.executions import Executions

        if len(waiting) >= 2 * MOST_WAITING:
            return place
        rows, until = Executions(session).tries_that_ran(place, since=now - _TOO_OLD, limit=_ROWS)
        for row in rows:
            if row.state in _RAN and (len(waiting) < MOST_WAITING or row.state == "failed"):
                waiting.setdefault(row.try_id, [0, now.isoformat()])
        return until

    def _ask(self, work: AfterPoll, waiting: Mapping[str, list[Any]]) -> None:
        self._start()
        now = work.clock().isoformat()
        for try_id, (_, due) in list(waiting.items()):
            if try_id not in self._reading and due <= now:
                self._reading.add(try_id)
                self._wanted.put((try_id, work.sessions))

    def _start(self) -> None:
        if not self._started:
            self._started = True
            for number in range(self.threads):
                # A log that never comes must not keep the process alive.
                name = f"wfintel-logs-{number}"
                threading.Thread(target=self._serve, name=name, daemon=True).start()

    def _serve(self) -> None:
        from airflow_provider_wfintel.host.try_logs import measured_in_log

        read = self.read or measured_in_log
        while True:
            try_id, sessions = self._wanted.get()
            values = None
            try:
                with sessions() as session:
                    values = read(session, try_id)
            except Exception:
                log.debug("the log of the try %s cannot be read", try_id, exc_info=True)
            self._found.put((try_id, values))


def _measures(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the line as columns: what is no number is left out, a log is not to be trusted."""
    peaks = [values.get(name) for name in ("peak_rss_bytes", "children_peak_rss_bytes")]
    known = [int(peak) for peak in peaks if peak is not None and _is_number(peak)]
    cpu, fingerprint = values.get("cpu_seconds"), values.get("error_fingerprint")
    return {
        "peak_rss_bytes": min(max(known), 2**62) if known else None,
        "cpu_seconds": float(cpu) if cpu is not None and _is_number(cpu) else None,
        "error_fingerprint": fingerprint if isinstance(fingerprint, str) else "",
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
