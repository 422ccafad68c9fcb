"""Runs our migrations on Airflow's database, offline (SQL to standard output) or online."""

from __future__ import annotations

import contextlib
from typing import Any

from airflow import settings
from alembic import context
from sqlalchemy.schema import SchemaItem

from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.tables import Base

target_metadata = Base.metadata
version_table = "alembic_version_wfintel"


def include_object(_object: SchemaItem, name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:
    """Airflow's tables live in the same database and are none of our business."""
    return type_ != "table" or name in target_metadata.tables


OPTIONS: dict[str, Any] = {
    "target_metadata": target_metadata,
    "include_object": include_object,
    "compare_type": True,
    "render_as_batch": True,  # SQLite cannot alter columns in place
    "version_table": version_table,
}


def run_offline() -> None:
    """Print the statements instead of running them."""
    context.configure(url=settings.SQL_ALCHEMY_CONN, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the statements on the given connection, or on Airflow's engine."""
    with contextlib.ExitStack() as stack:
        connection = context.config.attributes.get("connection")
        if connection is None:
            if settings.engine is None:
                raise StoreError("Airflow has no database connection here", hint="run it with `airflow db migrate`")
            connection = stack.enter_context(settings.engine.connect())
        context.configure(connection=connection, transaction_per_migration=True, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
