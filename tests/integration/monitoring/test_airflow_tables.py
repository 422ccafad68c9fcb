"""The columns of Airflow's tables that are read are there; a version of Airflow without one of them is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collect import Collector
from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.host.airflow_tables import COLUMNS, first_key_at, missing_columns, time_of_key
from tests.integration.monitoring.world import make_tables

pytestmark = pytest.mark.integration


def test_what_airflow_db_migrate_makes_has_every_column(session: Session) -> None:
    assert missing_columns(session) == ()


def test_so_has_the_orm(engine: Engine) -> None:
    with Session(engine) as session:
        assert missing_columns(session) == ()


@pytest.fixture
def other_airflow(tmp_path: object) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/other.db")
    make_tables(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(("table", "column"), [("task_instance", "scheduled_dttm"), ("dag_run", "run_after")])
def test_a_column_that_is_gone_is_named(other_airflow: Engine, table: str, column: str) -> None:
    with other_airflow.begin() as connection:
        connection.execute(text("DROP INDEX IF EXISTS idx_dag_run_run_after"))
        connection.execute(text(f"ALTER TABLE {table} RENAME COLUMN {column} TO something_else"))
    with Session(other_airflow) as session:
        assert missing_columns(session) == (f"{table}.{column}",)
    with pytest.raises(StoreError, match=rf"{table}\.{column}"):
        Collector(lambda: Session(other_airflow)).poll()


def test_all_columns_are_missed_where_there_is_no_airflow(tmp_path: object) -> None:
    with Session(create_engine(f"sqlite:///{tmp_path}/empty.db")) as session:
        assert len(missing_columns(session)) == sum(len(columns) for columns in COLUMNS.values())


def test_keys_tell_when_a_try_was_made() -> None:
    moment = datetime(2026, 3, 1, 12, 0, 0, 5000, tzinfo=timezone.utc)
    assert time_of_key(first_key_at(moment)) == moment
    assert first_key_at(moment) < first_key_at(moment + timedelta(milliseconds=1))
