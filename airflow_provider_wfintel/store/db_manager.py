"""What `airflow db migrate` runs to create and upgrade our tables."""

from __future__ import annotations

from pathlib import Path

from airflow.utils.db_manager import BaseDBManager

from airflow_provider_wfintel.store.revisions import VERSION_TABLE
from airflow_provider_wfintel.store.tables import Base

__all__ = ["WfIntelDBManager"]

_HERE = Path(__file__).parent


class WfIntelDBManager(BaseDBManager):
    """Creates, upgrades and drops the `wfintel_` tables. Airflow finds it in the provider's metadata."""

    metadata = Base.metadata
    version_table_name = VERSION_TABLE
    migration_dir = (_HERE / "migrations").as_posix()
    alembic_file = (_HERE / "alembic.ini").as_posix()
    supports_table_dropping = True
    revision_heads_map = {"0.1.0": "0004"}  # noqa: RUF012 - declared so by Airflow's class

    def upgradedb(
        self,
        to_revision: str | None = None,
        from_revision: str | None = None,
        show_sql_only: bool = False,
        use_migration_files: bool = False,
    ) -> None:
        """Upgrade our tables, also where an earlier call was interrupted.

        Airflow takes tables without a version for those of the first migration. After an interrupted creation on a
        database whose DDL is not transactional (SQLite) some are there and others are not, and no migration would ever
        make those: they are made first. Tables that were dropped by hand are made anew, although the version still says
        that they are there.
        """
        plain = not (to_revision or show_sql_only or use_migration_files)
        if plain:
            versioned, present = bool(self.get_current_revision()), bool(self._present())  # type: ignore[no-untyped-call]
            if present and not versioned:
                self._complete()
            elif versioned and not present:
                self._forget_version()
        super().upgradedb(to_revision, from_revision, show_sql_only, use_migration_files)  # type: ignore[no-untyped-call]
        if plain and self._present() != set(self.metadata.tables):
            self._complete()

    def _forget_version(self) -> None:
        """Take away the version of tables that are not there any more."""
        from sqlalchemy import delete, table

        self.session.execute(delete(table(self.version_table_name)))
        self.session.commit()

    def _present(self) -> set[str]:
        from sqlalchemy import inspect

        return set(inspect(self.session.connection()).get_table_names()) & set(self.metadata.tables)

    def _complete(self) -> None:
        """Make the tables that are missing; if all are as the newest version has them, say so in the database."""
        from airflow import settings
        from alembic import command
        from sqlalchemy import inspect

        self.session.rollback()
        engine = settings.get_engine()  # type: ignore[no-untyped-call]
        self.metadata.create_all(engine)
        inspector = inspect(engine)
        newest = all(
            {column["name"] for column in inspector.get_columns(name)} == set(table.columns.keys())
            for name, table in self.metadata.tables.items()
        )
        if newest:
            command.stamp(self.get_alembic_config(), "heads")  # type: ignore[no-untyped-call]

    def downgrade(self, to_revision: str, from_revision: str | None = None, show_sql_only: bool = False) -> None:
        """Go back to `to_revision` (`base` for no tables at all).

        Args:
            to_revision: the revision to end at.
            from_revision: where to start; only used, and needed, when SQL is printed.
            show_sql_only: print the statements instead of running them.
        """
        from alembic import command

        revision = f"{from_revision}:{to_revision}" if show_sql_only and from_revision else to_revision
        command.downgrade(self.get_alembic_config(), revision, sql=show_sql_only)  # type: ignore[no-untyped-call]
