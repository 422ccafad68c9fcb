"""Declarative base and column types of our tables.

The metadata is our own: Airflow's must not know these tables, and they have no foreign keys to Airflow's
tables, which its migrations drop and recreate.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Any
from uuid import uuid4

from sqlalchemy import JSON, DateTime, Dialect, Double, MetaData, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

__all__ = [
    "Base",
    "DagId",
    "Json",
    "Key36",
    "LongText",
    "Name",
    "RunId",
    "TaskId",
    "UtcDateTime",
    "Uuid",
    "Word",
    "new_id",
    "utc_now",
]

# Named constraints can be dropped by a later migration on every dialect.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with its zone: naive times are refused, what comes back is in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn the moment into what the driver stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        moment = value.astimezone(timezone.utc)
        # SQLite has no zones; all of its values are UTC by this rule.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment its zone back."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


class Base(DeclarativeBase):
    """Base of all our tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain attribute
        float: Double(),
        datetime: UtcDateTime(),
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        list[Any]: JSON().with_variant(JSONB(), "postgresql"),
    }


# Lengths of Airflow's own identifiers, so that every id of theirs fits.
DagId = Annotated[str, mapped_column(String(250))]
RunId = Annotated[str, mapped_column(String(250))]
TaskId = Annotated[str, mapped_column(String(250))]
Key36 = Annotated[str, mapped_column(String(36))]
Uuid = Annotated[str, mapped_column(String(36), primary_key=True)]
Word = Annotated[str, mapped_column(String(32))]
Name = Annotated[str, mapped_column(String(250))]
LongText = Annotated[str, mapped_column(Text())]
Json = dict[str, Any]


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(timezone.utc)


def new_id() -> str:
    """A fresh random key."""
    return str(uuid4())
