"""The doctor on a real database: what is right, what is missing, and what may be asked by whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collect import LEASE
from airflow_provider_wfintel.app.doctor import examine
from airflow_provider_wfintel.app.doctor.line import Line
from airflow_provider_wfintel.cli.main import main
from airflow_provider_wfintel.host.deployment import clock_of_database
from airflow_provider_wfintel.store.health import may_write
from airflow_provider_wfintel.store.repositories.leases import Leases
from airflow_provider_wfintel.store.revisions import newest_revisions, present_revisions
from airflow_provider_wfintel.store.tables import Base

pytestmark = pytest.mark.integration

NAMES = [check.name for check in examine.CHECKS]


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    engine = create_engine(empty_database)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def lines_of(lines: tuple[Line, ...], name: str) -> list[Line]:
    return [line for line in lines if line.check == name]


def test_a_migrated_airflow_is_well_as_far_as_nothing_has_to_run(
    airflow_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://127.0.0.1:9")
    lines = examine.examine(examine.make_scene())
    for name in ("versions", "settings", "entry_points", "database", "migrations", "permissions", "clock"):
        assert [line.state for line in lines_of(lines, name)] in (["ok"], ["ok", "ok"]), lines_of(lines, name)
    assert {line.state for line in lines_of(lines, "pages")} == {"fail"}, "no api-server runs here"
    assert examine.status_of(lines) == 2


def test_no_check_breaks(airflow_db: None) -> None:
    lines = examine.examine(examine.make_scene())
    assert list(dict.fromkeys(line.check for line in lines)) == NAMES
    assert not [line for line in lines if "itself broke" in line.said]
    assert all(line.fix for line in lines if line.state != "ok")


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine("postgresql+psycopg2://nobody@127.0.0.1:9/none", connect_args={"connect_timeout": 2})

    @contextmanager
    def sessions() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    lines = examine.examine(examine.make_scene(sessions))
    needing = [check.name for check in examine.CHECKS if check.needs_database]
    assert {line.check for line in lines if line.said.startswith("not looked at")} == {*needing} - {"database"}
    assert [line.state for line in lines_of(lines, "database")] == ["fail"]


def test_the_clock_of_the_database_is_read_with_its_fractions(engine: Engine) -> None:
    with Session(engine) as session:
        before = datetime.now(timezone.utc)
        there = clock_of_database(session)
    assert abs((there - before).total_seconds()) < 5.0
    assert there.tzinfo is timezone.utc


def test_a_clock_that_jumped_is_seen(airflow_db: None) -> None:
    scene = examine.make_scene(clock=lambda: datetime.now(timezone.utc) + timedelta(hours=1))
    (line,) = lines_of(examine.examine(scene), "clock")
    assert line.state == "fail"
    assert "3600" in line.said or "3599" in line.said


def test_trying_to_write_leaves_nothing(engine: Engine) -> None:
    with Session(engine) as session:
        assert may_write(session) == ""
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM wfintel_lease")).scalar() == 0


def test_a_user_who_may_only_read_is_seen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        url = engine.url.set(query={"uri": "true", "mode": "ro"}, database=f"file:{engine.url.database}")
        reader = create_engine(url)
    else:
        reader = create_engine(engine.url, connect_args={"options": "-c default_transaction_read_only=on"})
    with Session(reader) as session:
        refusal = may_write(session)
    reader.dispose()
    assert "read" in refusal.lower()


def test_revisions_of_the_database_and_the_package(engine: Engine) -> None:
    with Session(engine) as session:
        assert present_revisions(session) == frozenset()
        session.execute(text("CREATE TABLE alembic_version_wfintel (version_num VARCHAR(32) NOT NULL)"))
        for revision in newest_revisions():
            session.execute(text("INSERT INTO alembic_version_wfintel VALUES (:it)"), {"it": revision})
        assert present_revisions(session) == newest_revisions()


@pytest.fixture
def collecting(airflow_db: None) -> Iterator[None]:
    """Somebody collects, and has just looked."""
    from airflow_provider_wfintel.host.session import metadata_session

    now = datetime.now(timezone.utc)
    with metadata_session() as session:
        lease = Leases(session).take(LEASE, "test", now=now, length=timedelta(minutes=2))
        assert lease is not None
        state: dict[str, Any] = {"imported": True, "polled_at": now.isoformat()}
        assert Leases(session).keep(lease, state, now=now, length=timedelta(minutes=2))
    yield
    with metadata_session() as session:
        session.execute(text("DELETE FROM wfintel_lease"))


def test_a_collector_that_collects(collecting: None) -> None:
    lines = examine.examine(examine.make_scene())
    assert [line.state for line in lines if line.check in ("collector", "lease")] == ["ok", "ok"]


def test_the_command_prints_lines_and_json(airflow_db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 2
    text_out = capsys.readouterr().out
    assert "FAIL  collector" in text_out
    assert "-> start `airflow wfintel monitor`" in text_out
    assert main(["doctor", "--json"]) == 2
    body = json.loads(capsys.readouterr().out)
    assert body["status"] == "fail"
    assert set(body["lines"][0]) == {"check", "state", "said", "fix"}
    assert main(["doctor", "--only", "versions", "settings"]) == 0
    assert main(["doctor", "--only", "nonsense"]) == 1


def test_over_rest_nothing_is_written_or_called(client_as: Callable[[str], TestClient]) -> None:
    answer = client_as("op").get("/wfintel/api/health/checks")
    assert answer.status_code == 200
    lines = answer.json()["lines"]
    assert list(dict.fromkeys(line["check"] for line in lines)) == NAMES
    (pages,) = [line for line in lines if line["check"] == "pages"]
    assert pages["state"] == "ok"
