"""After a poll: the figures of every hour and day in which something ended are brought up to date.

Hours are computed anew from their tries and runs, days from their hours, or at once where hours are not kept: doing it
twice changes nothing, and what changes after its end is right in the end. All is read and computed before the first
write, and figures are written some at a time; the place up to which rows were seen is written last.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.monitoring.service import Prices, WindowFigures
    from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
    from airflow_provider_wfintel.store.repositories.rollups import Rollups, Window

__all__ = ["AGAIN", "STATE", "RollUp", "compute_again"]

STATE = "rollups"
AGAIN = "rollups-again"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ROWS = 10_000
"""Rows looked at at a time."""
_WRITTEN = 50
"""Windows written in one transaction: in SQLite nobody else can write meanwhile, no task can start or end."""
_DEPLOYMENT_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RollUp:
    """The step.

    Attributes:
        every: least time between two of its rounds: the hour that goes on is computed anew in each.
        budget_seconds: after this time it goes on after the next poll, as in the first import.
        keep_hours: how long figures by hour are kept.
        keep_days: how long figures by day are kept; None: for ever.
        prices: money per slot-hour.
    """

    every: timedelta = timedelta(seconds=60)
    budget_seconds: float = 20.0
    keep_hours: timedelta = timedelta(days=30)
    keep_days: timedelta | None = None
    prices: Prices | None = None

    def __call__(self, work: AfterPoll) -> None:
        """Bring the figures up to date, as far as the budget allows."""
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates

        began = time.monotonic()
        with work.sessions() as session:
            state = LearnedStates(session).get(STATE)
        now = work.clock()
        # A clock that went back must not stop the work.
        if not state.get("more") and timedelta(0) <= now - _moment(state.get("at", "")) < self.every:
            return
        while True:
            with work.sessions() as session:
                more = self._chunk(work, session)
                work.keep(session)
            if not more or time.monotonic() - began > self.budget_seconds:
                break
        if not more:
            self._deployment(work)

    def _chunk(self, work: AfterPoll, session: Session) -> bool:
        """Compute the hours and days that the next rows touch; whether there are more rows."""
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
        from airflow_provider_wfintel.store.repositories.rollups import DAY, HOUR, Rollups
        from airflow_provider_wfintel.store.repositories.spans import Spans

        states, rollups = LearnedStates(session), Rollups(session)
        state = dict(states.get(STATE))
        if not state.get("totals"):
            rollups.make_totals()
        if Spans(session).slide(work.clock()) or not state.get("totals"):
            work.keep(session)
        touched, again = rollups.touched(str(state.get("until", "")), limit=_ROWS), _asked_again(states)
        hours, old = self._split(work, touched.hours | again)
        by_hour = self._windows(rollups, hours, HOUR)
        by_day = [*self._days(rollups, by_hour), *self._windows(rollups, old, DAY)]
        for part in _parts(by_hour):
            rollups.keep(part)
            work.keep(session)
        for part in _parts(by_day):
            rollups.keep_days(part)
            work.keep(session)
        if again:
            states.keep(AGAIN, {})
        waiting = {*state.get("days", ()), *(window.start.isoformat() for window in by_day)}
        state |= {"until": touched.until, "at": work.clock().isoformat()}
        states.keep(STATE, {**state, "more": touched.more, "days": sorted(waiting), "totals": True})
        return touched.more

    def _split(
        self, work: AfterPoll, touched: Iterable[tuple[str, datetime]]
    ) -> tuple[set[tuple[str, datetime]], set[tuple[str, datetime]]]:
        """The hours to compute, and the days whose hours are not kept; nothing whose tries were deleted by age."""
        from airflow_provider_wfintel.store.repositories.rollups import DAY, start_of

        now = work.clock()
        hours: set[tuple[str, datetime]] = set()
        days: set[tuple[str, datetime]] = set()
        for dag_id, hour in touched:
            day = start_of(hour, DAY)
            if work.retention is not None and day < now - work.retention:
                continue
            if day < now - self.keep_hours:
                days.add((dag_id, day))
            else:
                hours.add((dag_id, hour))
        return hours, days

    def _windows(self, rollups: Rollups, touched: Iterable[tuple[str, datetime]], seconds: int) -> list[Window]:
        """Compute windows of that length from their tries and runs.

        Days of an imported history, too: it has hours that nobody will look at.
        """
        from airflow_provider_wfintel.store.repositories.rollups import Window

        figures = self._figures(rollups, touched, seconds)
        return [Window(dag_id, seconds, start, one) for (dag_id, start), one in figures.items()]

    def _figures(
        self, rollups: Rollups, touched: Iterable[tuple[str, datetime]], seconds: int
    ) -> dict[tuple[str, datetime], WindowFigures]:
        """The figures of windows of that length, from their tries and runs."""
        from airflow_provider_wfintel.engine.monitoring.service import Prices, WindowFigures
        from airflow_provider_wfintel.store.repositories.rollups import DAY, start_of

        prices = self.prices or Prices()
        figures = {pair: WindowFigures() for pair in touched}
        by_day: dict[datetime, list[tuple[str, datetime]]] = {}
        for dag_id, start in figures:
            by_day.setdefault(start_of(start, DAY), []).append((dag_id, start))
        for pairs in by_day.values():
            # One question for all windows of a day: most of them have few rows.
            first, last = min(start for _, start in pairs), max(start for _, start in pairs)
            until = last + timedelta(seconds=seconds)
            tries, runs = rollups.ended_between(first, until, {dag_id for dag_id, _ in pairs})
            for item in tries:
                one = figures.get((item.dag_id, start_of(_moment(item.ended_at), seconds)))
                if one is not None:
                    one.add_try(item, prices)
            for run in runs:
                one = figures.get((run.dag_id, start_of(_moment(run.ended_at), seconds)))
                if one is not None:
                    one.add_run(run)
        return figures

    def _days(self, rollups: Rollups, hours: Sequence[Window]) -> list[Window]:
        """Compute the days of these hours, from them and the hours of these days that are stored."""
        from airflow_provider_wfintel.engine.monitoring.service import WindowFigures
        from airflow_provider_wfintel.store.repositories.rollups import DAY, HOUR, Window, start_of

        by_day: dict[datetime, dict[str, WindowFigures]] = {}
        new = {(window.dag_id, window.start) for window in hours}
        for window in hours:
            figures = by_day.setdefault(start_of(window.start, DAY), {})
            figures.setdefault(window.dag_id, WindowFigures()).merge(window.figures)
        for day, figures in by_day.items():
            for window in rollups.windows(HOUR, day, day + timedelta(days=1), figures):
                if (window.dag_id, window.start) not in new:
                    figures[window.dag_id].merge(window.figures)
        return [Window(dag_id, DAY, day, one) for day, figures in by_day.items() for dag_id, one in figures.items()]

    def _deployment(self, work: AfterPoll) -> None:
        """Merge the days of all DAGs into those of the deployment, now and then, and delete what is old."""
        from airflow_provider_wfintel.engine.monitoring.service import WindowFigures
        from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
        from airflow_provider_wfintel.store.repositories.rollups import DAY, DEPLOYMENT, HOUR, Rollups, Window

        now = work.clock()
        while True:
            with work.sessions() as session:
                states, rollups = LearnedStates(session), Rollups(session)
                state = dict(states.get(STATE))
                waiting = list(state.get("days", ()))
                if timedelta(0) <= now - _moment(state.get("deployment_at", "")) < _DEPLOYMENT_EVERY:
                    return
                if waiting:
                    day, merged = _moment(waiting[0]), WindowFigures()
                    for window in rollups.windows(DAY, day, day + timedelta(days=1)):
                        merged.merge(window.figures, tasks=False)
                    rollups.keep([Window(DEPLOYMENT, DAY, day, merged)])
                else:
                    rollups.drop_before(now - self.keep_hours, seconds=HOUR)
                    if self.keep_days is not None:
                        rollups.drop_before(now - self.keep_days, seconds=DAY)
                    state["deployment_at"] = now.isoformat()
                states.keep(STATE, {**state, "days": waiting[1:]})
                work.keep(session)


def compute_again(session: Session, try_ids: Collection[str]) -> None:
    """Have the hours in which these tries ended computed anew: something was added to them.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.executions import Executions
    from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
    from airflow_provider_wfintel.store.repositories.rollups import HOUR, start_of

    states = LearnedStates(session)
    ended = [row.item for row in Executions(session).ended(sorted(try_ids))]
    pairs = {(item.dag_id, start_of(_moment(item.ended_at), HOUR).isoformat()) for item in ended}
    pairs |= {(dag_id, hour) for dag_id, hour in states.get(AGAIN).get("hours", ())}
    states.keep(AGAIN, {"hours": [list(pair) for pair in sorted(pairs)]})


def _asked_again(states: LearnedStates) -> frozenset[tuple[str, datetime]]:
    """The hours that are to be computed anew."""
    return frozenset((dag_id, _moment(hour)) for dag_id, hour in states.get(AGAIN).get("hours", ()))


def _parts(windows: Sequence[Window]) -> Iterator[Sequence[Window]]:
    return (windows[start : start + _WRITTEN] for start in range(0, len(windows), _WRITTEN))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else _EPOCH
