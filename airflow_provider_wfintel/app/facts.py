"""Use case: what is known of a try beside its log, for those who diagnose in a process with the metadata database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_wfintel.host.context import Visible
from airflow_provider_wfintel.host.fact_tables import read_facts

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.engine.model import TaskTry, TryFacts

__all__ = ["facts_of"]


def facts_of(session: Session, item: TaskTry, visible: Visible | None = None) -> TryFacts | None:
    """Facts of a try, as `service.diagnose` takes them; None if there is no such try.

    Without `visible` everything is read but the sources of DAGs, so that the answer may be stored and shown to all who
    may see the DAG's runs.

    Args:
        session: a session on the metadata database; nothing is written.
        item: the try: its DAG, run, task, map index and number are looked at.
        visible: what the caller may see; nothing else gets into the facts.
    """
    return read_facts(session, item, visible or Visible(sources=frozenset()))
