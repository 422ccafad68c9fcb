"""Use case: what is worth knowing about this deployment's performance, with evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from airflow_provider_wfintel.app.monitoring.facts import MARKED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.paging import Place
    from airflow_provider_wfintel.store.repositories.insights import StoredInsight

__all__ = ["insights"]


def insights(
    session: Session,
    *,
    dag_ids: Collection[str] | None = None,
    status: str = "open",
    limit: int = 200,
    offset: int = 0,
    after: Place | None = None,
) -> Sequence[StoredInsight]:
    """Findings about performance, those seen last first; anomalies of single runs are apart, see `anomalies`.

    Args:
        session: a session on the metadata database.
        dag_ids: only of these DAGs; None: of all, and those about none.
        status: `open`, `gone` or `dismissed`; empty: any.
        limit: at most so many.
        offset: how many to leave out.
        after: only those after this place.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.insights import Insights

    return Insights(session).stored(
        dag_ids=dag_ids, not_kind_prefix=MARKED, status=status, limit=limit, offset=offset, after=after
    )
