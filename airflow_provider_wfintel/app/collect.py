"""Use case: keep our tables up to date with what Airflow ran, in one process at a time."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll, Step, run_steps
from airflow_provider_wfintel.app.collecting.cursors import Cursors
from airflow_provider_wfintel.app.collecting.poll import CollectOptions, CollectReport, LeaseLost, Poll, Stopped
from airflow_provider_wfintel.app.collecting.seen import Seen
from airflow_provider_wfintel.exceptions import StoreError, WfIntelError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.alerts import Alerting
    from airflow_provider_wfintel.engine.model import RunHistory
    from airflow_provider_wfintel.store.repositories.leases import HeldLease

__all__ = [
    "GAP",
    "LEASE",
    "CollectOptions",
    "CollectReport",
    "Collector",
    "collect_until",
    "history",
    "lease_length",
    "make_collector",
]

log = logging.getLogger(__name__)

LEASE = "collector"
GAP = "collection_gap"
_GAP_TOLD_FOR = timedelta(hours=1)
"""For so long a gap stays an alert: it must be heard of, and nothing that is done mends it."""
"""Kind of the insight that tells of runs which nobody can know any more."""

_LONGEST_WAIT = 300.0

Sessions = Callable[[], "AbstractContextManager[Session]"]


def history(session: Session, dag_id: str, *, last: int = 500) -> RunHistory:
    """The newest runs of a DAG with their tries, oldest first, as monitoring and optimization take them.

    Args:
        session: a session on the metadata database.
        dag_id: the DAG.
        last: how many runs at most.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.executions import Executions

    return Executions(session).history(dag_id, last=last)


class Collector:
    """Brings our tables up to date, one poll at a time.

    Args:
        sessions: opens sessions on the metadata database.
        options: how to collect.
        clock: the present, with its zone.
        holder: a name for this process, as the lease keeps it.
        stop: when set, a poll ends after its present batch.
        on_batch: called after every batch with the cursors, for progress.
        after: what is done after every complete poll.
        alerting: what tells people of what was read; None: nothing does.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        options: CollectOptions | None = None,
        clock: Callable[[], datetime] | None = None,
        holder: str = "",
        stop: Event | None = None,
        on_batch: Callable[[Cursors], None] | None = None,
        after: Sequence[Step] = (),
        alerting: Alerting | None = None,
    ) -> None:
        from airflow_provider_wfintel.store.base import utc_now

        self._sessions = sessions
        self._options = options or CollectOptions()
        self._clock = clock or utc_now
        self._holder = holder or f"{socket.gethostname()[:100]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stop = stop or Event()
        self._on_batch = on_batch
        self._after = tuple(after)
        self._alerting = alerting
        self._alerts_said = ""
        self._last_gap: datetime | None = self._clock()
        self._seen = Seen()
        self._lease: HeldLease | None = None

    def poll(self) -> CollectReport:
        """Read everything that is new or has changed. `held` is False if another process does that at present.

        Raises:
            StoreError: the tables are missing, or the database cannot be reached; trying again later is safe.
        """
        from airflow_provider_wfintel.store.health import store_errors

        with store_errors():
            poll = self._begin()
            if poll is None:
                return CollectReport(held=False)
            try:
                self._steps(poll)
                self._alert(poll)
            except LeaseLost:
                log.warning("another process collects now; this one stands by")
                self._lease = None
                poll.report.held = False
            except Stopped:
                log.debug("the collector was asked to stop")
        return poll.report

    def give_back(self) -> None:
        """Let another process collect at once.

        Raises:
            StoreError: the database cannot be reached.
        """
        from airflow_provider_wfintel.store.repositories.leases import Leases

        lease, self._lease = self._lease, None
        if lease is not None:
            with self._sessions() as session:
                Leases(session).give_back(lease, now=self._clock())
                session.commit()

    def _begin(self) -> Poll | None:
        from sqlalchemy.orm import configure_mappers

        from airflow_provider_wfintel.host.airflow_tables import missing_columns
        from airflow_provider_wfintel.store.health import require_tables
        from airflow_provider_wfintel.store.repositories.leases import Leases

        with self._sessions() as session:
            if self._lease is None:
                configure_mappers()  # or SQLAlchemy does it after our first write, and takes a third of a second
                require_tables(session)
                missing = missing_columns(session)
                if missing:
                    hint = "use a version of this provider that supports your version of Airflow"
                    raise StoreError(f"Airflow's tables have no {', '.join(missing)}", hint=hint)
            now = self._clock()
            lease = Leases(session).take(LEASE, self._holder, now=now, length=self._options.lease)
            session.commit()
            if lease is not None and self._lease is None and self._alerting is not None:
                # Before the first import, so that what fails while it goes on is told. In a transaction of its own:
                # what it loads for the first time takes seconds, and in SQLite nobody else may write meanwhile.
                self._alerting.begin(session, written=Cursors.from_state(lease.state).batch)
                session.commit()
        if lease is None:
            self._lease = None
            return None
        fresh = self._lease is None
        self._lease = lease
        cursors = Cursors.from_state(lease.state)
        if fresh:
            # What changed while nobody looked is looked for at once.
            self._seen, cursors = Seen(), replace(cursors, swept_at="")
        return Poll(self._sessions, lease, cursors, self._options, self._clock, self._seen, self._between)

    def _steps(self, poll: Poll) -> None:
        poll.begin()
        self._report_gap(poll)
        poll.read_new()
        poll.read_past()
        poll.read_runs()
        poll.follow_open()
        poll.follow_runs()
        poll.sweep()
        poll.read_notes()
        poll.drop_old()
        poll.end()
        retention = self._options.retention
        run_steps(AfterPoll(self._sessions, self._clock, poll.report, poll.keep, retention), self._after)

    def _alert(self, poll: Poll) -> None:
        """Tell people. Whatever is wrong with that, the collector goes on; what is not told now is told later."""
        if self._alerting is None or not poll.cursors.imported:
            return
        try:
            poll.report.messages = self._alerting.turn(poll.hold, written=poll.cursors.batch).delivered
            self._alerts_said = ""
        except LeaseLost:
            raise
        except WfIntelError as error:
            if error.message != self._alerts_said:
                log.error("alerts wait until this is mended: %s (%s)", error.message, error.hint)
            self._alerts_said = error.message
        except Exception:
            log.exception("alerts failed and will be tried again")

    def _between(self, cursors: Cursors) -> None:
        if self._on_batch is not None:
            self._on_batch(cursors)
        if self._stop.is_set():
            raise Stopped

    def _report_gap(self, poll: Poll) -> None:
        """After a long pause, say so if Airflow's tables were pruned of runs that were never read."""
        from airflow_provider_wfintel.host.airflow_tables import AirflowTables
        from airflow_provider_wfintel.store.repositories.insights import Insight, Insights

        last = poll.cursors.polled_at
        if not last or self._clock() - datetime.fromisoformat(last) < self._options.gap_after:
            self._gap_is_over()
            return
        with self._sessions() as session:
            missing = AirflowTables(session).missing_run_numbers(poll.cursors.run)
            if not missing:
                return
            poll.report.missing_runs = missing
            message = (
                f"up to {missing} runs that began after {last} were deleted from Airflow's tables before they were "
                "read; figures for that time are incomplete"
            )
            evidence = [{"after_run_row": poll.cursors.run, "last_poll": last}]
            Insights(session).keep(
                Insight(GAP, message, "warning", subject=last, value=float(missing), evidence=evidence),
                now=self._clock(),
            )
            self._tell_gap(session, message, missing, last)
            session.commit()
        log.warning(message)

    def _tell_gap(self, session: Session, message: str, missing: int, last: str) -> None:
        from airflow_provider_wfintel.app.alerting.say import tell
        from airflow_provider_wfintel.engine.monitoring.service import Seen as Event

        now = self._clock()
        self._last_gap = now
        event = Event(
            kind="monitor.gap", at=now.timestamp(), event_id=f"gap {last}", value=float(missing), message=message
        )
        tell(session, [event], by="collector", now=now)

    def _gap_is_over(self) -> None:
        """Some time after the last gap, also one that an earlier process had, say that there is none any more."""
        from airflow_provider_wfintel.app.alerting.say import tell
        from airflow_provider_wfintel.engine.monitoring.service import Seen as Event

        now = self._clock()
        if self._last_gap is None or now - self._last_gap < _GAP_TOLD_FOR:
            return
        with self._sessions() as session:
            event = Event(kind="monitor.caught_up", at=now.timestamp(), event_id=f"after {self._last_gap.isoformat()}")
            tell(session, [event], by="collector", now=now)
            session.commit()
        self._last_gap = None


def lease_length(interval: int) -> timedelta:
    """How long the right to collect lasts after each batch, for that many seconds between two polls."""
    return timedelta(seconds=max(90, 3 * interval))


def make_collector(
    *, stop: Event | None = None, on_batch: Callable[[Cursors], None] | None = None
) -> tuple[Collector, float]:
    """The collector of this deployment as configured, and the seconds between its polls.

    Raises:
        UserInputError: a setting is wrong.
    """
    from airflow_provider_wfintel.app.alerts import make_alerting
    from airflow_provider_wfintel.app.collecting.steps import make_steps
    from airflow_provider_wfintel.config import read_settings
    from airflow_provider_wfintel.host.session import metadata_session

    settings = read_settings()
    interval = settings.collector_interval_seconds
    retention = timedelta(days=settings.retention_days) if settings.retention_days else None
    options = CollectOptions(lease=lease_length(interval), retention=retention)
    alerting = make_alerting(metadata_session, retention=retention)
    collector = Collector(
        metadata_session, options=options, stop=stop, on_batch=on_batch, after=make_steps(settings), alerting=alerting
    )
    return collector, float(interval)


def collect_until(stop: Event, collector: Collector, *, interval: float) -> None:
    """Poll again and again until `stop` is set. Nothing is ever raised: errors are logged and tried again later.

    Args:
        stop: ends the loop.
        collector: what polls.
        interval: seconds between two polls; after errors the wait doubles, up to five minutes.
    """
    failures = 0
    while not stop.is_set():
        try:
            collector.poll()
            failures = 0
        except StoreError as error:
            failures += 1
            log.warning("collecting failed and will be tried again: %s (%s)", error.message, error.hint)
        except Exception:  # the host process must not go down with the collector
            failures += 1
            log.exception("collecting failed and will be tried again")
        stop.wait(interval if not failures else min(_LONGEST_WAIT, interval * 2 ** min(failures, 10)))
    try:
        collector.give_back()
    except Exception:
        log.debug("the lease was not given back; it ends by itself", exc_info=True)
