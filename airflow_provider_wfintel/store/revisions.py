"""Which migrations this package has, and which the database has seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_wfintel.store.health import store_errors

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory
    from sqlalchemy.orm import Session

__all__ = ["VERSION_TABLE", "known_revisions", "newest_revisions", "present_revisions"]

VERSION_TABLE = "alembic_version_wfintel"
_FOLDER = Path(__file__).parent / "migrations"


def newest_revisions() -> frozenset[str]:
    """The newest revisions that this package has; one, unless somebody made a fork."""
    return frozenset(_scripts().get_heads())


def known_revisions() -> frozenset[str]:
    """All revisions that this package has."""
    return frozenset(item.revision for item in _scripts().walk_revisions())


def present_revisions(session: Session) -> frozenset[str]:
    """The revisions that the database says it is at; none before the first migration.

    Raises:
        StoreError: the database cannot be reached.
    """
    from alembic.migration import MigrationContext

    with store_errors():
        context = MigrationContext.configure(session.connection(), opts={"version_table": VERSION_TABLE})
        return frozenset(context.get_current_heads())


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(_FOLDER)
