"""Sums of figures over windows of time: what the rows of the table of figures have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from operator import attrgetter
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.tables import MonitoringMetric
from airflow_provider_wfintel.store.upsert import upsert_many

__all__ = [
    "ALL_TIME",
    "DAY",
    "DEPLOYMENT",
    "EPOCH",
    "FIGURES",
    "HOUR",
    "KEY",
    "TOTAL",
    "Sums",
    "add_sums",
    "start_of",
    "summed_columns",
    "sums_of_row",
]

HOUR, DAY = 3600, 86_400
ALL_TIME = 0
"""Window length of the sums of days that were deleted by age."""
TOTAL = -1
"""Window length of the sums of all days there ever were, kept up to date with them: what counters show."""
DEPLOYMENT = ""
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
KEY = ("dag_id", "window_seconds", "window_start")
_COUNTS = ("runs", "failed_runs", "tries", "failed_tries", "retries")
_SECONDS = ("makespan_seconds", "task_seconds", "wait_seconds", "slot_seconds", "cost")
FIGURES = (*_COUNTS, *_SECONDS, "last_success_at")
"""The columns that are summed, in the order of the fields of `Sums`."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The columns of a DAG, summed over windows. Times in seconds."""

    runs: int = 0
    failed_runs: int = 0
    tries: int = 0
    failed_tries: int = 0
    retries: int = 0
    makespan_seconds: float = 0.0
    task_seconds: float = 0.0
    wait_seconds: float = 0.0
    slot_seconds: float = 0.0
    cost: float = 0.0
    last_success_at: datetime | None = None

    def minus(self, other: Sums) -> Sums:
        """What this is more than another; the last success is this one's."""
        values: dict[str, Any] = {name: getattr(self, name) - getattr(other, name) for name in (*_COUNTS, *_SECONDS)}
        return Sums(**values, last_success_at=self.last_success_at)

    @classmethod
    def added(cls, parts: Iterable[Sums]) -> Sums:
        """The sums of several DAGs or times."""
        rows = list(parts)
        if not rows:
            return cls()
        # By column: for thousands of DAGs a look at every field of every row by its name takes twice as long.
        *numbers, moments = zip(*map(_all_fields, rows), strict=True)
        last = max((moment for moment in moments if moment is not None), default=None)
        names = (*_COUNTS, *_SECONDS)
        values: dict[str, Any] = {name: sum(column) for name, column in zip(names, numbers, strict=True)}
        return cls(**values, last_success_at=last)


_all_fields = attrgetter(*FIGURES)


def start_of(moment: datetime, seconds: int) -> datetime:
    """The start of the window of that length in which a moment lies."""
    number = moment.timestamp() // seconds
    return EPOCH + timedelta(seconds=number * seconds)


def add_sums(session: Session, rows: Mapping[tuple[str, int, datetime], Sums]) -> None:
    """Add sums to what is stored of windows, each named by DAG, length and start; what is not there is made."""
    now = utc_now()
    values = [
        {
            **dict(zip(KEY, key, strict=True)),
            **{name: getattr(one, name) for name in FIGURES},
            "detail": {},
            "updated_at": now,
        }
        for key, one in rows.items()
    ]
    upsert_many(session, MonitoringMetric, values, key=KEY, change=_added)


def summed_columns() -> list[Any]:
    """The sums of the columns over the rows of a group."""
    table = MonitoringMetric
    sums = [func.sum(getattr(table, name)).label(name) for name in (*_COUNTS, *_SECONDS)]
    return [*sums, func.max(table.last_success_at).label("last_success_at")]


def sums_of_row(row: Any) -> Sums:
    """What a row with these columns holds."""
    values: dict[str, Any] = {name: int(getattr(row, name) or 0) for name in _COUNTS}
    values |= {name: float(getattr(row, name) or 0.0) for name in _SECONDS}
    return Sums(**values, last_success_at=row.last_success_at)


def _added(stored: Any, offered: Any) -> dict[str, Any]:
    sums = {name: getattr(stored, name) + offered[name] for name in (*_COUNTS, *_SECONDS)}
    last = case(
        (stored.last_success_at.is_(None), offered.last_success_at),
        (offered.last_success_at > stored.last_success_at, offered.last_success_at),
        else_=stored.last_success_at,
    )
    return {**sums, "last_success_at": last, "updated_at": offered.updated_at}
