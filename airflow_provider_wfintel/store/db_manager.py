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
    revision_heads_map = {"0.1.0": "0003"}  # noqa: RUF012 - declared so by Airflow's class

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
