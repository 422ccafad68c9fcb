"""Disks that are full, migrations that are interrupted, clocks that jump: nothing is lost, and all goes on."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow import settings
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, NullPool, create_engine, event, inspect
from sqlalchemy.orm import Session

from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.db_manager import WfIntelDBManager
from airflow_provider_wfintel.store.tables import Base
from tests.integration.monitoring.conftest import engine, made_engine, make_world, quick  # noqa: F401 - fixtures
from tests.integration.monitoring.test_collector import assert_equal_to_truth, collector_of
from tests.integration.monitoring.world import World, make_tables

pytestmark = pytest.mark.integration

Make = Callable[..., World]


def finished_run(world: World, tasks: int = 3) -> None:
    run_id = world.new_run(tasks=tasks)
    for item in world.present(run_id=run_id):
        world.begin_try(item.id)
        world.set(item.id, state="success")
    world.set_run("orders", run_id, state="success")


class TestFullDisk:
    def test_a_database_that_can_grow_no_further_loses_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The collector's writes are refused by SQLite itself; when there is room again, it catches up."""
        full = create_engine(f"sqlite:///{tmp_path / 'airflow.db'}")
        make_tables(full)
        world = World(full, 1, monkeypatch)
        collector = collector_of(world)
        collector.poll()
        for _ in range(40):
            finished_run(world, tasks=5)
        limit = {"pages": 1}

        @event.listens_for(full, "begin")
        def _limited(connection: Any) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {limit['pages']}")  # never below what there is

        with pytest.raises(StoreError):
            collector.poll()
        limit["pages"] = 1_000_000
        world.tick(5)
        collector.poll()
        assert_equal_to_truth(world)
        full.dispose()

    def test_a_file_that_does_not_fit_leaves_the_old_one(self, tmp_path: Path) -> None:
        """A real limit of the operating system, in a process of its own, and the real command."""
        target = tmp_path / "orders.py"
        text = "Every day at 06:00 run the shell command `date`"
        command = [sys.executable, "-m", "airflow_provider_wfintel.cli.main", "generate", text, "--out", str(target)]
        target.write_text("old")

        def small() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

        done = subprocess.run(
            [*command, "--force", "--no-validate"], preexec_fn=small, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 1, done.stdout + done.stderr
        assert "File too large" in done.stderr
        assert {item.name: item.read_text() for item in tmp_path.iterdir()} == {"orders.py": "old"}


class TestInterruptedMigration:
    @pytest.fixture
    def empty(self, empty_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
        made = create_engine(empty_database, poolclass=NullPool)
        monkeypatch.setattr(settings, "engine", made)
        monkeypatch.setattr(settings, "SQL_ALCHEMY_CONN", empty_database)
        yield made
        made.dispose()

    def complete(self, empty: Engine) -> bool:
        with Session(empty) as session:
            manager = WfIntelDBManager(session)
            manager.initdb()
            current = manager.check_migration()

        def ours(_object: object, name: str | None, type_: str, *_: object) -> bool:
            return type_ != "table" or str(name).startswith("wfintel_")

        with empty.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": ours})
            return bool(current) and compare_metadata(context, Base.metadata) == []

    @pytest.mark.parametrize("made", [0, 1, 7, 16])
    def test_tables_were_being_made(self, empty: Engine, made: int) -> None:
        """Without transactions around DDL, so many tables are there, and no version."""
        tables = list(Base.metadata.sorted_tables)[:made]
        Base.metadata.create_all(empty, tables=tables)
        assert self.complete(empty)

    def test_a_migration_was_under_way(self, empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        with Session(empty) as session:
            WfIntelDBManager(session).upgradedb(to_revision="0001", use_migration_files=True)
        with monkeypatch.context() as patch:
            patch.setattr(op, "create_index", lambda *_args, **_more: (_ for _ in ()).throw(KeyboardInterrupt))
            with Session(empty) as session, pytest.raises(KeyboardInterrupt):
                WfIntelDBManager(session).upgradedb()
        assert self.complete(empty)

    def test_nothing_was_lost_by_it(self, empty: Engine) -> None:
        with Session(empty) as session:
            WfIntelDBManager(session).initdb()
        with empty.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO wfintel_learned_state (name, state, updated_at) VALUES ('x', '{}', '2026-03-02 06:00:00')"
            )
            connection.exec_driver_sql("DELETE FROM alembic_version_wfintel")
            Base.metadata.tables["wfintel_service_checks"].drop(connection)
        assert self.complete(empty)
        with empty.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM wfintel_learned_state").scalar() == 1
        assert "wfintel_service_checks" in inspect(empty).get_table_names()


JUMPS = [timedelta(hours=1), timedelta(days=400), -timedelta(hours=1), -timedelta(days=400)]


class TestClockJumps:
    @pytest.mark.parametrize("jump", JUMPS, ids=str)
    def test_the_collectors_clock_jumps_and_comes_back(self, make_world: Make, jump: timedelta) -> None:  # noqa: F811
        world = make_world()
        wrong = {"by": timedelta(0)}
        collector = collector_of(world)
        collector._clock = lambda: world.now + wrong["by"]
        for by in (timedelta(0), jump, timedelta(0)):
            wrong["by"] = by
            finished_run(world)
            world.tick(30)
            assert collector.poll().held
        world.tick(600)
        collector.poll()
        assert_equal_to_truth(world)

    def test_another_collector_takes_over_from_one_with_a_wrong_clock(self, make_world: Make) -> None:  # noqa: F811
        world = make_world()
        first, second = collector_of(world, holder="a"), collector_of(world, holder="b")
        first._clock = lambda: world.now + timedelta(days=4000)
        finished_run(world)
        assert first.poll().held
        finished_run(world)
        assert second.poll().held
        assert_equal_to_truth(world)
