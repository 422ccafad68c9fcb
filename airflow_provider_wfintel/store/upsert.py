"""Insert a row, or change the one with the same key, in one statement that two processes may run at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.base import Base

__all__ = ["upsert"]

Change = Callable[[Any, Any], Mapping[str, ColumnElement[Any] | Any]]


def upsert(
    session: Session, table: type[Base], row: Mapping[str, Any], *, key: tuple[str, ...], change: Change
) -> None:
    """Insert `row`; if a row with the same `key` columns exists, apply `change` to it instead.

    Args:
        session: an open session; the caller commits.
        table: the table class.
        row: all columns to insert, by attribute name.
        key: columns of the primary key or of a unique constraint.
        change: given the stored columns and the offered ones, the columns to set; empty: leave the row alone.

    Raises:
        StoreError: the database is neither SQLite nor PostgreSQL.
    """
    dialect = session.get_bind().dialect.name
    statement: Any
    if dialect == "sqlite":
        statement = sqlite.insert(table)
    elif dialect == "postgresql":
        statement = postgresql.insert(table)
    else:
        raise StoreError(f"the database {dialect!r} is not supported", hint="use PostgreSQL or SQLite", retryable=False)
    statement = statement.values(dict(row))
    changes = change(table, statement.excluded)
    if changes:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=dict(changes))
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    session.execute(statement, execution_options={"synchronize_session": False})
