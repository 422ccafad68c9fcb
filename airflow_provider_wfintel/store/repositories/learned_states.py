"""What parts of the package go on from: one JSON object by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import LearnedState
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["LearnedStates"]


class LearnedStates:
    """States by name. A state is replaced as a whole."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> Mapping[str, Any]:
        """The state with that name; empty if none was kept.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            found = self._session.scalar(select(LearnedState.state).where(LearnedState.name == name))
        return dict(found or {})

    def keep(self, name: str, state: Mapping[str, Any]) -> None:
        """Replace the state with that name.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {"name": name, "state": dict(state), "updated_at": utc_now()}
        with store_errors():
            upsert(
                self._session,
                LearnedState,
                row,
                key=("name",),
                change=lambda _stored, offered: {"state": offered.state, "updated_at": offered.updated_at},
            )
