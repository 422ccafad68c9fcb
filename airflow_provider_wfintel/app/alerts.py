"""Use case: tell people, once, of what the collector has seen.

One turn is one transaction: what is new is read, the machine makes a step, and its state, the alerts, the messages and
the place up to which was read are saved together, on top of the revision that was loaded and under the collector's
lease. Only then are messages delivered, and the end of each delivery is written down at once. So after a crash at any
point whoever goes on has lost nothing and repeats at most a delivery that was under way, under its key.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.alerting.deliver import Courier, Send
from airflow_provider_wfintel.app.alerting.news import END, News, read_news
from airflow_provider_wfintel.app.alerting.settings import SettingsSource
from airflow_provider_wfintel.engine.model import to_json
from airflow_provider_wfintel.engine.monitoring.service import (
    AlertMachine,
    AlertSettings,
    AlertState,
    Notification,
    changed_views,
)
from airflow_provider_wfintel.exceptions import StoreError, UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.monitoring.service import AlertView
    from airflow_provider_wfintel.store.repositories.alert_memory import Memory, NewMessage

__all__ = ["AlertReport", "Alerting", "check_alert_settings", "make_alerting"]

log = logging.getLogger(__name__)

Sessions = Callable[[], "AbstractContextManager[Session]"]
Hold = Callable[["Session"], None]

_MOST_STEPS = 200
"""Steps of one turn; what is left is read in the next, so that a flood does not keep the collector from its work."""
_MOST_SECONDS = 20.0
"""Seconds after which a turn begins no further step, for the same reason: a step takes longer the more is wrong."""
_CLEAN_EVERY = timedelta(hours=1)


@dataclass(slots=True)
class AlertReport:
    """What one turn did: steps of the machine, alerts that changed, messages that were taken or not."""

    steps: int = 0
    changed: int = 0
    delivered: int = 0
    refused: int = 0


class Alerting:
    """Drives the alert machine after each poll of the collector.

    Args:
        sessions: opens sessions on the metadata database.
        source: the settings.
        clock: the present, with its zone.
        send: delivers one message; the receiver's channel by default.
        base_url: the address of Airflow's pages, for links.
        retention: alerts that ended longer ago are deleted; None: none are.
    """

    def __init__(
        self,
        sessions: Sessions,
        source: SettingsSource,
        *,
        clock: Callable[[], datetime] | None = None,
        send: Send | None = None,
        base_url: str = "",
        retention: timedelta | None = None,
    ) -> None:
        from airflow_provider_wfintel.store.base import utc_now

        self._sessions = sessions
        self._source = source
        self._clock = clock or utc_now
        self._courier = Courier(sessions, self._clock, send=send, base_url=base_url)
        self._retention = retention
        self._cleaned_at: datetime | None = None

    def begin(self, session: Session, *, written: int) -> None:
        """Begin, unless that was done: what happened until now raises nothing. The caller commits.

        Args:
            session: the session in whose transaction it is done.
            written: number of the collector's last batch.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories, Memory

        now = self._clock()
        state = AlertMachine(AlertSettings()).start(now.timestamp()).as_json()
        AlertMemories(session).begin(Memory(0, written, END, state), now=now)

    def turn(self, hold: Hold, *, written: int) -> AlertReport:
        """Read what is new, make steps until nothing is, and deliver what is to be said.

        Args:
            hold: makes sure, in a session's transaction, that this process still has the collector's lease; it raises
                an error if not.
            written: number of the collector's last batch.

        Raises:
            AlertSettingsError: the settings file cannot be followed; nothing was read.
            StoreError: the tables are missing or the database cannot be reached; trying again later is safe.
        """
        report, settings, more, began = AlertReport(), AlertSettings(), True, time.monotonic()
        out: list[Notification] = []
        while more and report.steps < _MOST_STEPS and time.monotonic() - began < _MOST_SECONDS:
            with self._sessions() as session:
                settings = self._source.now(session)
                more, notifications = self._step(session, settings, hold, written, report)
            out.extend(notifications)
        report.delivered, report.refused = self._courier.deliver(out, settings)
        self._clean(hold)
        return report

    def _step(
        self, session: Session, settings: AlertSettings, hold: Hold, written: int, report: AlertReport
    ) -> tuple[bool, tuple[Notification, ...]]:
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories, Memory

        memories = AlertMemories(session)
        memory = memories.load()
        if memory is None:
            self.begin(session, written=written)
            session.commit()
            return False, ()
        now = self._clock()
        before = _state_of(memory, now)
        news = read_news(session, memory, before, horizon=settings.horizon, written=written, now=now.timestamp())
        after, notifications = AlertMachine(settings).step(before, news.inputs, now.timestamp())
        report.steps += 1
        place = (news.batch, news.execution_id)
        if not news.heard and not news.answered and not notifications and _same(before, after):
            if place == (memory.batch, memory.execution_id):
                return news.more, ()
            # Nothing but the place has changed.
            after = replace(before, revision=after.revision)
        saved = Memory(after.revision, *place, after.as_json())
        views = changed_views(settings, before, after, news.inputs)
        if not memories.save(saved, on=memory.revision, now=now):
            session.rollback()
            raise StoreError("another process has gone on with the alerts", hint="this one stands by")
        self._write(session, views, before, after, news)
        report.changed += len(views)
        hold(session)
        session.commit()
        return news.more, notifications

    def _write(
        self, session: Session, views: Sequence[AlertView], before: AlertState, after: AlertState, news: News
    ) -> None:
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories
        from airflow_provider_wfintel.store.repositories.alerts import Alerts

        Alerts(session).write(views)
        memories = AlertMemories(session)
        known = {item.notification.key for item in before.outbox}
        memories.add_messages(
            _message(item.notification) for item in after.outbox if item.notification.key not in known
        )
        memories.told(news.answered)
        memories.heard(news.heard)

    def _clean(self, hold: Hold) -> None:
        """Delete what ended long ago, now and then."""
        from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories
        from airflow_provider_wfintel.store.repositories.alerts import Alerts

        now = self._clock()
        if self._retention is None or (self._cleaned_at is not None and now - self._cleaned_at < _CLEAN_EVERY):
            return
        with self._sessions() as session:
            dropped = Alerts(session).drop_before(now - self._retention)
            dropped += AlertMemories(session).drop_before(now - self._retention)
            if dropped:
                hold(session)
            session.commit()
        self._cleaned_at = now


def check_alert_settings() -> None:
    """See that the settings file of this deployment can be followed.

    Raises:
        UserInputError: it cannot, or the setting that names it is wrong; the message says what.
    """
    from airflow_provider_wfintel.config import read_settings

    SettingsSource(read_settings().alerts_file).check()


def make_alerting(
    sessions: Sessions, *, clock: Callable[[], datetime] | None = None, retention: timedelta | None = None
) -> Alerting:
    """The alerting of this deployment as configured.

    Raises:
        UserInputError: a setting is wrong. The settings file itself is read at each turn.
    """
    from airflow.providers.common.compat.sdk import conf

    from airflow_provider_wfintel.config import read_settings

    source = SettingsSource(read_settings().alerts_file)
    base_url = conf.get("api", "base_url", fallback="")
    return Alerting(sessions, source, clock=clock, base_url=base_url, retention=retention)


def _state_of(memory: Memory, now: datetime) -> AlertState:
    try:
        return AlertState.from_json(dict(memory.state))
    except UserInputError as error:
        log.error("%s (%s)", error.message, error.hint)
        fresh = AlertMachine(AlertSettings()).start(now.timestamp())
        return replace(fresh, revision=memory.revision)


def _same(before: AlertState, after: AlertState) -> bool:
    return replace(after, now=before.now, revision=before.revision) == before


def _message(item: Notification) -> NewMessage:
    from airflow_provider_wfintel.store.repositories.alert_memory import NewMessage

    data: dict[str, Any] = to_json(item)
    made_at = datetime.fromtimestamp(item.made_at, tz=timezone.utc)
    return NewMessage(item.key, item.incident, item.receiver, item.kind, made_at, data)
