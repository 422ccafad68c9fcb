"""Sessions of failed tries go when nobody has touched them for the time of retention, with their audit rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll
from airflow_provider_wfintel.app.collecting.old_sessions import DropSessions
from airflow_provider_wfintel.app.collecting.poll import CollectReport
from airflow_provider_wfintel.store.base import Base
from airflow_provider_wfintel.store.tables import RemedyAttempt, TroubleshootingSession

pytestmark = pytest.mark.integration

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
OLD, NEW = NOW - timedelta(days=31), NOW - timedelta(days=29)


class Work:
    """The collector after a poll, on an empty database, with a clock of its own."""

    def __init__(self, url: str) -> None:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        self.make, self.now, self.kept = sessionmaker(engine), NOW, 0

    def run(self, *, days: int | None = 30, batch: int = 500) -> None:
        retention = None if days is None else timedelta(days=days)
        work = AfterPoll(self._open, lambda: self.now, CollectReport(), self._keep, retention)
        DropSessions(batch=batch)(work)

    @contextmanager
    def _open(self) -> Iterator[Session]:
        with self.make() as session:
            yield session

    def _keep(self, session: Session) -> None:
        self.kept += 1
        session.commit()

    def add(self, name: str, changed: datetime, *, due: datetime | None = None, status: str = "closed") -> None:
        with self.make() as session:
            session.add(
                TroubleshootingSession(
                    session_id=name, try_id=f"t-{name}", dag_id="sales", run_id="r", task_id="load", phase="closed",
                    status=status, due_at=due, opened_at=changed, updated_at=changed,
                )
            )  # fmt: skip
            session.flush()
            session.add(
                RemedyAttempt(
                    attempt_id=f"a-{name}", session_id=name, try_id=f"t-{name}", remedy="clear_with_backoff",
                    dag_id="sales", run_id="r", task_id="load", mode="policy", status="verified", actor="anna",
                    change={}, undo={}, requested_at=changed,
                )
            )  # fmt: skip
            session.commit()

    def names(self) -> tuple[set[str], set[str]]:
        with self.make() as session:
            return (
                set(session.scalars(select(TroubleshootingSession.session_id))),
                set(session.scalars(select(RemedyAttempt.session_id))),
            )


@pytest.fixture
def work(empty_database: str) -> Work:
    return Work(empty_database)


def test_what_is_older_goes_with_its_audit_rows_and_what_is_newer_stays(work: Work) -> None:
    work.add("old", OLD)
    work.add("new", NEW)
    work.run()
    assert work.names() == ({"new"}, {"new"})


def test_a_session_that_waits_for_a_later_moment_stays(work: Work) -> None:
    work.add("waits", OLD, due=NOW + timedelta(hours=1), status="in_progress")
    work.add("waited", OLD, due=OLD + timedelta(hours=1), status="in_progress")
    work.run()
    assert work.names()[0] == {"waits"}


def test_without_a_time_of_retention_nothing_is_deleted(work: Work) -> None:
    work.add("old", OLD)
    work.run(days=None)
    assert work.names()[0] == {"old"}


def test_many_go_in_batches_each_kept_under_the_lease(work: Work) -> None:
    for number in range(5):
        work.add(f"old{number}", OLD)
    work.run(batch=2)
    assert work.names()[0] == set()
    assert work.kept == 3


def test_it_looks_again_only_after_some_hours(work: Work) -> None:
    work.run()
    work.add("old", OLD)
    work.now += timedelta(hours=1)
    work.run()
    assert work.names()[0] == {"old"}
    work.now += timedelta(hours=6)
    work.run()
    assert work.names()[0] == set()


def test_other_rows_stay_as_they_are(work: Work) -> None:
    work.add("new", NEW)
    work.run()
    with work.make() as session:
        assert session.scalar(select(func.count()).select_from(RemedyAttempt)) == 1
