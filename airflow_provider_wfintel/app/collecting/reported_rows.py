"""After a poll: rows that tasks reported are kept with their runs, for figures and for the detector of row drops.

Asset events are read on by their number, XComs when their run is over. An XCom of a task counts before its asset
events; of several asset events of a task the sum counts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.host.reported_rows import AssetRows, RunKey

__all__ = ["STATE", "ReadRows"]

STATE = "reported-rows"
_EVENTS, _RUNS = 1000, 500
_PATIENCE = timedelta(minutes=10)
"""So long an event waits for the row of its run: its transaction may have ended before that of the run was read."""


@dataclass(frozen=True, slots=True)
class ReadRows:
    """The step. After `budget_seconds` it goes on after the next poll, as in the first import."""

    budget_seconds: float = 10.0

    def __call__(self, work: AfterPoll) -> None:
        """Read what was reported since."""
        began = time.monotonic()
        for turn in (self._assets, self._xcoms):
            more = True
            while more and time.monotonic() - began < self.budget_seconds:
                with work.sessions() as session:
                    more = turn(work, session)
                    work.keep(session)

    def _assets(self, work: AfterPoll, session: Session) -> bool:
        """Keep what the next asset events report; whether there are more."""
        from airflow_provider_wfintel.host.reported_rows import asset_rows_after
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
        from airflow_provider_wfintel.store.repositories.reported_rows import ReportedRows

        states, store = LearnedStates(session), ReportedRows(session)
        state = dict(states.get(STATE))
        events = asset_rows_after(session, int(state.get("event", 0)), limit=_EVENTS)
        if not events:
            return False
        known = store.known({item.run for item in events if item.rows is not None})
        waits = self._waits(state, events, known, work.clock())
        full = len(events) == _EVENTS
        if full and waits is None and events[0].run != events[-1].run:
            # Of its last run there may be more: what a task reports of several assets is one figure.
            waits = next(item.event for item in events if item.run == events[-1].run)
        taken = [item for item in events if waits is None or item.event < waits]
        store.keep(_summed([item for item in taken if item.rows is not None and item.run in known]))
        if taken:
            state["event"] = taken[-1].event
        states.keep(STATE, state)
        return full and bool(taken)

    def _waits(
        self, state: dict[str, object], events: list[AssetRows], known: frozenset[RunKey], now: datetime
    ) -> int | None:
        """The first event whose run has no row yet, unless it has been waited for long enough."""
        for item in events:
            if item.rows is None or item.run in known:
                continue
            if state.get("waits_for") != item.event:
                state |= {"waits_for": item.event, "waits_since": now.isoformat()}
            if now - datetime.fromisoformat(str(state["waits_since"])) < _PATIENCE:
                return item.event
        return None

    def _xcoms(self, work: AfterPoll, session: Session) -> bool:  # noqa: ARG002 - as the other turn
        """Keep what tasks of the next ended runs reported in XComs; whether there are more runs."""
        from airflow_provider_wfintel.host.reported_rows import xcom_rows
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
        from airflow_provider_wfintel.store.repositories.reported_rows import ReportedRows

        states, store = LearnedStates(session), ReportedRows(session)
        state = dict(states.get(STATE))
        before = str(state.get("until", ""))
        runs, until = store.ended_since(before, limit=_RUNS)
        if until != before:
            store.keep(xcom_rows(session, runs))
            states.keep(STATE, {**state, "until": until})
        return len(runs) == _RUNS


def _summed(events: list[AssetRows]) -> dict[RunKey, dict[str, float]]:
    """Rows by run and task; of several events of a task, as for several assets, the sum."""
    found: dict[RunKey, dict[str, float]] = {}
    for item in events:
        tasks = found.setdefault(item.run, {})
        tasks[item.task] = tasks.get(item.task, 0.0) + (item.rows or 0.0)
    return found
