"""`airflow db migrate` makes our tables, and the migration files make exactly the tables of the ORM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from airflow import settings
from airflow.utils.db_manager import RunDBManager
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, Integer, MetaData, NullPool, create_engine, inspect, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel import __version__
from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.db_manager import WfIntelDBManager
from airflow_provider_wfintel.store.health import missing_tables, require_tables
from airflow_provider_wfintel.store.tables import Base

pytestmark = pytest.mark.integration

TABLES = {
    "wfintel_alert_inputs",
    "wfintel_alert_memory",
    "wfintel_alert_messages",
    "wfintel_alert_rules",
    "wfintel_alerts",
    "wfintel_dag_states",
    "wfintel_feedback",
    "wfintel_kept_answers",
    "wfintel_learned_state",
    "wfintel_lease",
    "wfintel_performance_insights",
    "wfintel_remedy_attempts",
    "wfintel_service_checks",
    "wfintel_service_mappings",
    "wfintel_troubleshooting_sessions",
    "wfintel_workflow_executions",
    "wfintel_workflow_monitoring_metrics",
    "wfintel_workflow_optimization",
    "wfintel_workflows",
}


@pytest.fixture
def engine(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty database that Airflow's settings point to."""
    engine = create_engine(empty_database, poolclass=NullPool)
    monkeypatch.setattr(settings, "engine", engine)
    monkeypatch.setattr(settings, "SQL_ALCHEMY_CONN", empty_database)
    yield engine
    engine.dispose()


@pytest.fixture
def manager(engine: Engine) -> Iterator[WfIntelDBManager]:
    with Session(engine) as session:
        yield WfIntelDBManager(session)


def tables_in(engine: Engine) -> set[str]:
    return {name for name in inspect(engine).get_table_names() if name.startswith("wfintel_")}


def differences(engine: Engine, metadata: MetaData) -> list[Any]:
    def ours(_object: object, name: str | None, type_: str, *_: object) -> bool:
        return type_ != "table" or not str(name).startswith("alembic_version")

    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": ours}
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found


def schema_of(engine: Engine) -> dict[str, Any]:
    """Everything that the database itself tells about our tables, names of constraints included."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(inspector.get_foreign_keys(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "indexes": sorted(inspector.get_indexes(table), key=str),
        }
        for table in sorted(tables_in(engine))
    }


class TestMigrations:
    def test_airflow_finds_the_db_manager_by_itself(self) -> None:
        runner = RunDBManager()
        runner.validate()
        assert runner.get_required_table_names() >= TABLES

    def test_the_newest_migration_is_the_one_of_this_version(self, manager: WfIntelDBManager) -> None:
        heads = manager.get_script_object().get_heads()
        assert heads == [manager.revision_heads_map[__version__]]

    def test_the_files_make_what_the_orm_says(self, manager: WfIntelDBManager, engine: Engine) -> None:
        manager.upgradedb(use_migration_files=True)
        assert tables_in(engine) == TABLES
        assert differences(engine, Base.metadata) == []
        assert manager.check_migration()

    def test_a_difference_would_be_noticed(self, manager: WfIntelDBManager, engine: Engine) -> None:
        manager.upgradedb(use_migration_files=True)
        changed = MetaData(naming_convention=Base.metadata.naming_convention)
        for table in Base.metadata.tables.values():
            table.to_metadata(changed)
        changed.tables["wfintel_lease"].append_column(Column("extra", Integer()))
        changed.tables["wfintel_workflows"].indexes.clear()
        assert sorted(item[0] for item in differences(engine, changed)) == ["add_column", "remove_index"]

    def test_the_files_and_create_all_make_the_same_schema(self, manager: WfIntelDBManager, engine: Engine) -> None:
        manager.upgradedb(use_migration_files=True)
        by_files = schema_of(engine)
        manager.downgrade("base")
        manager.create_db_from_orm()
        assert schema_of(engine) == by_files

    @pytest.mark.parametrize("by_files", [True, False], ids=["files", "create_all"])
    def test_details_of_windows_are_kept_apart_from_their_rows_in_postgresql(
        self, manager: WfIntelDBManager, engine: Engine, by_files: bool
    ) -> None:
        """Set by a statement: the argument for it came with SQLAlchemy 2.1, and Python 3.10 has Airflow with 2.0."""
        if engine.dialect.name != "postgresql":
            return
        manager.upgradedb(use_migration_files=True) if by_files else Base.metadata.create_all(engine)
        query = text("SELECT reloptions FROM pg_class WHERE relname = 'wfintel_workflow_monitoring_metrics'")
        with engine.connect() as connection:
            assert connection.scalar(query) == ["toast_tuple_target=128"]

    def test_migrating_twice_changes_nothing(self, manager: WfIntelDBManager, engine: Engine) -> None:
        manager.initdb()
        before = schema_of(engine)
        manager.initdb()
        assert schema_of(engine) == before
        assert set(before) == TABLES

    def test_tables_without_a_version_are_adopted(self, manager: WfIntelDBManager, engine: Engine) -> None:
        Base.metadata.create_all(engine)
        manager.upgradedb()
        assert manager.check_migration()

    @pytest.mark.parametrize("kept", [0, 3])
    def test_tables_that_were_dropped_by_hand_are_made_anew(
        self, manager: WfIntelDBManager, engine: Engine, kept: int
    ) -> None:
        """The last resort of the runbooks. The version stays in a table of its own and says that they are there."""
        manager.upgradedb()
        made = schema_of(engine)
        Base.metadata.drop_all(engine, tables=Base.metadata.sorted_tables[kept:])
        assert len(tables_in(engine)) == kept
        manager.upgradedb()
        assert schema_of(engine) == made
        assert manager.check_migration()

    def test_down_to_nothing_and_up_again(self, manager: WfIntelDBManager, engine: Engine) -> None:
        manager.upgradedb(use_migration_files=True)
        manager.downgrade("base")
        assert tables_in(engine) == set()
        manager.upgradedb(use_migration_files=True)
        assert tables_in(engine) == TABLES

    def test_each_step_down_and_up_keeps_what_is_in_other_tables(
        self, manager: WfIntelDBManager, engine: Engine
    ) -> None:
        manager.upgradedb(use_migration_files=True)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO wfintel_learned_state (name, state, updated_at) VALUES ('x', '{}', '2026-03-02 06:00:00')"
            )
        revisions = [item.revision for item in manager.get_script_object().walk_revisions()]
        for revision in revisions[1:]:
            manager.downgrade(revision)
            manager.upgradedb(use_migration_files=True)
            assert tables_in(engine) == TABLES
            assert differences(engine, Base.metadata) == []
        with engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT count(*) FROM wfintel_learned_state").scalar()
        assert kept == 1

    def test_the_sql_can_be_printed_instead(
        self, manager: WfIntelDBManager, engine: Engine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        manager.upgradedb(show_sql_only=True)
        up = capsys.readouterr().out
        manager.downgrade("base", from_revision="0004", show_sql_only=True)
        down = capsys.readouterr().out
        assert len(re.findall("CREATE TABLE (?:IF NOT EXISTS )?wfintel_", up)) == len(TABLES)
        assert down.count("DROP TABLE wfintel_") == len(TABLES)
        assert tables_in(engine) == set()

    def test_a_reset_drops_our_tables_and_no_others(self, manager: WfIntelDBManager, engine: Engine) -> None:
        manager.initdb()
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE somebody_elses (x INTEGER)")
            manager.drop_tables(connection)
        assert set(inspect(engine).get_table_names()) == {"somebody_elses"}


class TestMissingTables:
    def test_all_tables_are_named(self, engine: Engine) -> None:
        with Session(engine) as session:
            assert set(missing_tables(session)) == TABLES

    def test_the_error_says_what_to_do(self, engine: Engine) -> None:
        with Session(engine) as session, pytest.raises(StoreError) as caught:
            require_tables(session)
        assert caught.value.hint == "run `airflow db migrate`"

    def test_nothing_is_missing_after_migrating(self, manager: WfIntelDBManager, engine: Engine) -> None:
        manager.initdb()
        with Session(engine) as session:
            require_tables(session)


def test_airflow_db_migrate_makes_them(session: Session) -> None:
    assert missing_tables(session) == ()
