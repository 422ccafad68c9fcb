"""Insert a row, or change the one with the same key, in one statement that two processes may run at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Text, cast, column, func, literal, literal_column, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.base import Base

__all__ = ["among", "upsert", "upsert_many"]

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
    statement = _insert(session, table).values(dict(row))
    changes = change(table, statement.excluded)
    if changes:
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=dict(changes))
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    session.execute(statement, execution_options={"synchronize_session": False})


def upsert_many(
    session: Session,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: tuple[str, ...],
    change: Change,
    unless_same: tuple[str, ...] = (),
) -> None:
    """As `upsert`, for many rows of equal columns in few statements. No two rows may have the same key.

    Args:
        session: an open session; the caller commits.
        table: the table class.
        rows: the rows.
        key: columns of the primary key or of a unique constraint.
        change: as for `upsert`; must not be empty.
        unless_same: a stored row that equals the offered one in these columns is left alone, which saves the write.

    Raises:
        StoreError: the database is neither SQLite nor PostgreSQL.
    """
    if not rows:
        return
    statement = _insert(session, table)
    differs = [getattr(table, name).is_distinct_from(statement.excluded[name]) for name in unless_same]
    statement = statement.on_conflict_do_update(
        index_elements=list(key),
        set_=dict(change(table, statement.excluded)),
        where=or_(*differs) if differs else None,
    )
    # The plain connection: the session would look for objects to refresh, row by row.
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(statement.from_select(list(rows[0]), _rows_as_table(table, rows)))
    else:
        session.connection().execute(statement, [dict(row) for row in rows])


def among(session: Session, column: Any, names: Collection[str]) -> ColumnElement[bool]:
    """The condition that a text column holds one of these names; some thousand of them cost one parameter."""
    if session.get_bind().dialect.name == "postgresql":
        array = cast(literal(sorted(names), postgresql.ARRAY(Text())), postgresql.ARRAY(Text()))
        return column == func.any(array)  # type: ignore[no-any-return]
    parts = func.json_each(json.dumps(sorted(names))).table_valued("value")
    return column.in_(select(parts.c.value))  # type: ignore[no-any-return]


def _rows_as_table(table: type[Base], rows: Sequence[Mapping[str, Any]]) -> Any:
    """The rows as one JSON value that the server takes apart: one parameter for a batch, not thousands."""
    text = json.dumps([dict(row) for row in rows], default=datetime.isoformat)
    kind: Any = literal_column(f"CAST(NULL AS {table.__tablename__})")
    parts = func.json_populate_recordset(kind, cast(literal(text, Text()), JSON()))
    offered = parts.table_valued(*(column(name) for name in rows[0])).alias("offered")
    return select(*(offered.c[name] for name in rows[0]))


def _insert(session: Session, table: type[Base]) -> Any:
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        return sqlite.insert(table)
    if dialect == "postgresql":
        return postgresql.insert(table)
    raise StoreError(f"the database {dialect!r} is not supported", hint="use PostgreSQL or SQLite", retryable=False)
