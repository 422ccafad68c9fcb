"""DAGs as they were generated and saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import Workflow
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["SavedWorkflow", "Workflows"]


@dataclass(frozen=True, slots=True)
class SavedWorkflow:
    """A DAG that was generated here.

    Attributes:
        dag_id: the DAG.
        request_text: the words that it was generated from.
        spec: its `WorkflowSpec` as JSON data.
        fingerprint: SHA-256 of the canonical JSON of `spec`.
        file_path: the file that it was written to.
        file_hash: SHA-256 of the file as it was written; another one means that somebody edited it.
        created_by: who saved it.
        description: its description.
    """

    dag_id: str
    request_text: str
    spec: Mapping[str, Any]
    fingerprint: str
    file_path: str
    file_hash: str
    created_by: str
    description: str = ""


class Workflows:
    """Keeps one row per DAG: saving it again replaces what was known."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, saved: SavedWorkflow) -> None:
        """Store what was saved.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        now = utc_now()
        row = {
            "dag_id": saved.dag_id,
            "origin": "generated",
            "description": saved.description,
            "request_text": saved.request_text,
            "spec": dict(saved.spec),
            "fingerprint": saved.fingerprint,
            "file_path": saved.file_path,
            "file_hash": saved.file_hash,
            "dag_version": "",
            "created_by": saved.created_by,
            "created_at": now,
            "updated_at": now,
        }
        changing = tuple(name for name in row if name not in ("dag_id", "created_at"))
        with store_errors():
            upsert(
                self._session,
                Workflow,
                row,
                key=("dag_id",),
                change=lambda _stored, offered: {name: offered[name] for name in changing},
            )

    def of(self, dag_id: str) -> SavedWorkflow | None:
        """What is known of a DAG.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(Workflow).where(Workflow.dag_id == dag_id).execution_options(populate_existing=True)
        with store_errors():
            row = self._session.scalars(query).one_or_none()
        if row is None:
            return None
        return SavedWorkflow(
            dag_id=row.dag_id,
            request_text=row.request_text,
            spec=row.spec,
            fingerprint=row.fingerprint,
            file_path=row.file_path,
            file_hash=row.file_hash,
            created_by=row.created_by,
            description=row.description,
        )
