"""Sums of the last days, kept ready with the figures by day: an overview reads one row for each DAG.

A span is named by its length and the day on which it begins. Once a day it begins anew, see `Spans.slide`; until then
what changes in its days is added. Whoever asks for a span that is not kept, as shortly after midnight, adds up days.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.repositories.sums import (
    DAY,
    DEPLOYMENT,
    FIGURES,
    KEY,
    TOTAL,
    Sums,
    add_sums,
    start_of,
    summed_columns,
)
from airflow_provider_wfintel.store.tables import MonitoringMetric
from airflow_provider_wfintel.store.upsert import among

__all__ = ["EACH_DAY", "FEW", "SPANS", "Spans"]

SPANS = (7, 30)
"""Lengths in days: those that pages, the report and the command line ask for by default."""
EACH_DAY = -2
"""Window length of the sums of one day over all DAGs, for the days of the longest span."""
FEW = 100
"""For more DAGs than this, reading all and leaving some out is quicker than naming them."""


class Spans:
    """The spans in the table of figures. The collector writes them, overviews read them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def slide(self, now: datetime) -> bool:
        """Begin the spans anew, if one of them is not that of today; whether that was done.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        wanted = {_length(days): start_of(now - timedelta(days=days), DAY) for days in SPANS}
        if self._begun() == wanted:
            return False
        table = MonitoringMetric
        with store_errors():
            self._session.execute(
                delete(table).where(table.window_seconds < TOTAL), execution_options={"synchronize_session": False}
            )
            for length, since in wanted.items():
                start = literal(since, table.window_start.type)
                self._compute((table.dag_id, literal(length), start), table.dag_id, since)
            longest = min(wanted.values())
            self._compute((literal(DEPLOYMENT), literal(EACH_DAY), table.window_start), table.window_start, longest)
            # The row of the deployment says that the span is complete.
            add_sums(self._session, {(DEPLOYMENT, length, since): Sums() for length, since in wanted.items()})
        return True

    def add(self, changes: Mapping[tuple[str, datetime], Sums]) -> None:
        """Add what has become more or less of days of DAGs to the spans that they lie in.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        parts: dict[tuple[str, int, datetime], list[Sums]] = {}
        begun = self._begun()
        for (dag_id, day), change in changes.items():
            inside = [(length, since) for length, since in begun.items() if day >= since]
            for length, since in inside:
                parts.setdefault((dag_id, length, since), []).append(change)
            if inside:
                parts.setdefault((DEPLOYMENT, EACH_DAY, day), []).append(change)
        with store_errors():
            add_sums(self._session, {key: Sums.added(some) for key, some in parts.items()})

    def drop_before(self, moment: datetime) -> None:
        """Forget spans that begin before `moment`: days of theirs were deleted.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        with store_errors():
            self._session.execute(
                delete(table).where(table.window_seconds < TOTAL, table.window_start < moment),
                execution_options={"synchronize_session": False},
            )

    def since(self, moment: datetime, dag_ids: Collection[str] | None = None) -> Mapping[str, Sums] | None:
        """The sums of the days from `moment` on, by DAG; None if no span begins there.

        Args:
            moment: the start of a day.
            dag_ids: only these, if they are few; None: all.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        length = next((length for length, since in self._begun().items() if since == moment), None)
        if length is None:
            return None
        table = MonitoringMetric
        query = select(table.dag_id, *_columns()).where(table.window_seconds == length, table.window_start == moment)
        if dag_ids is not None and len(dag_ids) <= FEW:
            query = query.where(among(self._session, table.dag_id, {DEPLOYMENT, *dag_ids}))
        with store_errors():
            # The plain connection: for thousands of DAGs the session's rows take longer than the question.
            found = {dag_id: Sums(*figures) for dag_id, *figures in self._session.connection().execute(query)}
        found.pop(DEPLOYMENT)
        return found

    def each_day(self, moment: datetime) -> Sequence[tuple[datetime, Sums]]:
        """The sums over all DAGs of each day since the start of a span.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = MonitoringMetric
        query = (
            select(table.window_start, *_columns())
            .where(table.dag_id == DEPLOYMENT, table.window_seconds == EACH_DAY, table.window_start >= moment)
            .order_by(table.window_start)
        )
        with store_errors():
            return [(row[0], Sums(*row[1:])) for row in self._session.execute(query)]

    def _begun(self) -> dict[int, datetime]:
        """The spans that are kept: length and start."""
        table = MonitoringMetric
        lengths = [_length(days) for days in SPANS]
        query = select(table.window_seconds, table.window_start).where(
            table.dag_id == DEPLOYMENT, table.window_seconds.in_(lengths)
        )
        with store_errors():
            return {row.window_seconds: row.window_start for row in self._session.execute(query)}

    def _compute(self, key: Sequence[Any], group: Any, since: datetime) -> None:
        """Add up the days of all DAGs from `since` on, into a row for each DAG or day."""
        table = MonitoringMetric
        query = (
            select(*key, *summed_columns(), literal({}, table.detail.type), literal(utc_now(), table.updated_at.type))
            .where(table.window_seconds == DAY, table.window_start >= since, table.dag_id != DEPLOYMENT)
            .group_by(group)
        )
        names = [*KEY, *FIGURES, "detail", "updated_at"]
        self._session.execute(insert(table).from_select(names, query), execution_options={"synchronize_session": False})


def _length(days: int) -> int:
    return -days * DAY


def _columns() -> list[Any]:
    return [getattr(MonitoringMetric, name) for name in FIGURES]
