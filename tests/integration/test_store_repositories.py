"""What is written is read back, on both dialects, and writing twice counts once where it should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from threading import Thread

import pytest
from sqlalchemy import Engine, NullPool, create_engine, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.repositories.feedback import FeedbackNote, FeedbackNotes
from airflow_provider_wfintel.store.repositories.service_mappings import ServiceMappings
from airflow_provider_wfintel.store.tables import Base, Feedback, Lease, Workflow

pytestmark = pytest.mark.integration

COPY = "airflow.providers.amazon.aws.transfers.sql_to_s3:SqlToS3Operator"
QUERY = "airflow.providers.common.sql.operators.sql:SQLExecuteQueryOperator"


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    engine = create_engine(empty_database, poolclass=NullPool)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


class TestServiceMappings:
    def test_votes_add_up_and_order_the_operators(self, session: Session) -> None:
        mappings = ServiceMappings(session)
        for accepted in (True, True, False):
            mappings.vote("postgres", "copy", COPY, accepted=accepted, target_service="amazon_s3")
        mappings.vote("postgres", "query", QUERY, accepted=True)
        mappings.vote("postgres", "query", QUERY, accepted=True)
        found = mappings.of("postgres")
        assert [(item.operator, item.accepted, item.rejected) for item in found] == [(QUERY, 2, 0), (COPY, 2, 1)]
        assert found[0].weight == pytest.approx(3 / 4)
        assert found[1].weight == pytest.approx(3 / 5)

    def test_an_unknown_operator_weighs_less_than_an_accepted_and_more_than_a_rejected_one(
        self, session: Session
    ) -> None:
        mappings = ServiceMappings(session)
        mappings.vote("mysql", "query", "a:Accepted", accepted=True)
        mappings.vote("mysql", "query", "b:Rejected", accepted=False)
        accepted, rejected = mappings.of("mysql", "query")
        assert accepted.weight > 0.5 > rejected.weight

    def test_the_connection_of_the_last_accepting_vote_is_kept(self, session: Session) -> None:
        mappings = ServiceMappings(session)
        mappings.vote("postgres", "query", QUERY, accepted=True, connection_id="warehouse")
        mappings.vote("postgres", "query", QUERY, accepted=True)
        mappings.vote("postgres", "query", QUERY, accepted=False, connection_id="rejected_one")
        assert [item.connection_id for item in mappings.of("postgres")] == ["warehouse"]

    def test_narrowing(self, session: Session) -> None:
        mappings = ServiceMappings(session)
        mappings.vote("postgres", "copy", COPY, accepted=True, target_service="amazon_s3")
        assert mappings.of("postgres", "query") == ()
        assert mappings.of("postgres", target_service="gcs") == ()
        assert len(mappings.of("postgres", "copy", target_service="amazon_s3")) == 1

    def test_votes_of_several_processes_are_all_counted(self, engine: Engine) -> None:
        def vote_ten_times() -> None:
            for _ in range(10):
                with Session(engine) as own, own.begin():
                    ServiceMappings(own).vote("mysql", "query", QUERY, accepted=True)

        threads = [Thread(target=vote_ten_times) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with Session(engine) as session:
            assert [item.accepted for item in ServiceMappings(session).of("mysql")] == [40]


class TestFeedback:
    def test_saying_something_else_later_replaces_it(self, session: Session) -> None:
        notes = FeedbackNotes(session)
        notes.keep(FeedbackNote("diagnosis", "try-1", "ann", "rejected", comment="no"))
        notes.keep(FeedbackNote("diagnosis", "try-1", "ben", "accepted"))
        better = FeedbackNote("diagnosis", "try-1", "ann", "corrected", correction={"label": "disk_full"})
        notes.keep(better)
        found = {item.author: item for item in notes.of("diagnosis", "try-1")}
        assert found["ann"] == better
        assert found["ben"].verdict == "accepted"
        assert dict(notes.counts("diagnosis")) == {"accepted": 1, "corrected": 1}

    def test_answers_of_different_kinds_do_not_mix(self, session: Session) -> None:
        notes = FeedbackNotes(session)
        notes.keep(FeedbackNote("generation", "orders", "ann", "accepted"))
        assert notes.of("alert", "orders") == ()
        assert dict(notes.counts("alert")) == {}

    def test_the_first_time_stays(self, session: Session) -> None:
        notes = FeedbackNotes(session)
        notes.keep(FeedbackNote("alert", "a", "ann", "accepted"))
        first = session.scalars(select(Feedback)).one()
        created, key = first.created_at, first.feedback_id
        session.expire_all()
        notes.keep(FeedbackNote("alert", "a", "ann", "rejected"))
        second = session.scalars(select(Feedback)).one()
        assert (second.created_at, second.feedback_id) == (created, key)


class TestMoments:
    def test_they_come_back_in_utc_whatever_zone_they_had(self, session: Session) -> None:
        moment = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2)))
        session.add(Lease(name="a", holder="h", token=1, acquired_at=moment, expires_at=moment, state={}))
        session.commit()
        session.expunge_all()
        found = session.get_one(Lease, "a").acquired_at
        assert found == moment
        assert found.utcoffset() == timedelta(0)

    def test_a_moment_without_a_zone_is_refused(self, session: Session) -> None:
        naive = datetime(2026, 1, 1)  # noqa: DTZ001
        session.add(Lease(name="a", holder="h", token=1, acquired_at=naive, expires_at=utc_now(), state={}))
        with pytest.raises(StatementError, match="no time zone"):
            session.flush()


class TestErrors:
    def test_missing_tables_are_a_typed_error_with_a_hint(self, empty_database: str) -> None:
        engine = create_engine(empty_database, poolclass=NullPool)
        with Session(engine) as session, pytest.raises(StoreError) as caught:
            FeedbackNotes(session).counts("alert")
        assert caught.value.hint == "run `airflow db migrate`"
        assert caught.value.retryable

    def test_no_values_leak_into_the_error(self, session: Session) -> None:
        with pytest.raises(StoreError) as caught:
            FeedbackNotes(session).keep(FeedbackNote("alert", "a", None, "accepted", comment="s3cret"))  # type: ignore[arg-type]
        assert "s3cret" not in str(caught.value) + caught.value.hint


def test_json_keeps_nested_values(session: Session) -> None:
    spec = {"tasks": [{"id": "a", "n": 1.5, "on": True, "none": None}], "words": "grüße"}
    session.add(Workflow(dag_id="d", origin="generated", spec=spec, fingerprint="f"))
    session.commit()
    session.expunge_all()
    assert session.get_one(Workflow, "d").spec == spec
