"""Whether our tables are there, and database errors in our own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.tables import Base

__all__ = ["MIGRATE_HINT", "as_store_error", "may_write", "missing_tables", "require_tables", "store_errors"]

MIGRATE_HINT = "run `airflow db migrate`"


def missing_tables(session: Session) -> tuple[str, ...]:
    """The names of our tables that the database does not have, sorted.

    Raises:
        StoreError: the database cannot be reached.
    """
    with store_errors():
        present = set(inspect(session.connection()).get_table_names())
    return tuple(sorted(name for name in Base.metadata.tables if name not in present))


def require_tables(session: Session) -> None:
    """Do nothing if all of our tables are there.

    Raises:
        StoreError: a table is missing or the database cannot be reached.
    """
    missing = missing_tables(session)
    if missing:
        raise StoreError(f"{len(missing)} of our tables are missing, {missing[0]} for one", hint=MIGRATE_HINT)


def may_write(session: Session) -> str:
    """Try to insert, change and delete a row of ours, and take it back; the name of the error if that is refused.

    Raises:
        StoreError: the database cannot be reached, or the tables are missing.
    """
    from sqlalchemy import delete, insert, update

    from airflow_provider_wfintel.store.base import new_id, utc_now
    from airflow_provider_wfintel.store.tables import Lease

    row = {"name": f"trial:{new_id()}", "holder": "", "token": 0, "acquired_at": utc_now(), "expires_at": utc_now()}
    own = Lease.name == row["name"]
    require_tables(session)
    with store_errors():
        try:
            session.execute(insert(Lease).values(**row, state={}))
            session.execute(update(Lease).where(own).values(token=1), execution_options={"synchronize_session": False})
            session.execute(delete(Lease).where(own), execution_options={"synchronize_session": False})
        except DBAPIError as error:
            return f"{type(error.orig).__name__}: {str(error.orig).splitlines()[0][:200]}"
        finally:
            session.rollback()
    return ""


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn the database's errors inside the block into `StoreError`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise as_store_error(error) from error


def as_store_error(error: SQLAlchemyError) -> StoreError:
    """The error in our words, without the statement and its values."""
    reason = str(error.orig).lower() if isinstance(error, DBAPIError) else ""
    if "no such table" in reason or ("relation" in reason and "does not exist" in reason):
        return StoreError("a table is missing in the database", hint=MIGRATE_HINT)
    if "database is locked" in reason:
        return StoreError("the database is busy", hint="try again in a moment")
    return StoreError(
        f"the database refused the work ({type(error).__name__})",
        hint="see that the database is up and migrated (`airflow db check`, `airflow db migrate`)",
    )
