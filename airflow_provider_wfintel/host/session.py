"""Sessions on Airflow's metadata database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow_provider_wfintel.exceptions import StoreError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["metadata_session"]


@contextmanager
def metadata_session() -> Iterator[Session]:
    """A session of its own: commits at the end of the block, rolls back if it raises.

    It never shares the thread's session: inside a listener that one belongs to Airflow's own transaction.

    Raises:
        StoreError: this process has no metadata database, as in a running task.
    """
    from airflow import settings
    from airflow.utils.session import create_session

    if getattr(settings, "NonScopedSession", None) is None:
        raise StoreError(
            "this process has no connection to Airflow's database",
            hint="call the REST routes from tasks, for instance with WfIntelHook",
            retryable=False,
        )
    with create_session(scoped=False) as session:
        yield session
