"""What the engines and use cases need from the outside. Each port is small and has an in-memory fake in `fakes`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from airflow_provider_wfintel.engine.model.diagnoses import Diagnosis
from airflow_provider_wfintel.engine.model.generation import DeploymentContext
from airflow_provider_wfintel.engine.model.history import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.model.workflow import WorkflowSpec

__all__ = ["ContextPort", "DiagnosisPort", "HistoryPort", "LogPort", "StructurePort"]


class HistoryPort(Protocol):
    """Past and present runs, in the order in which they changed."""

    def runs_since(self, cursor: str, *, limit: int) -> Iterable[WorkflowRun]:
        """Runs changed at or after the ISO time `cursor`, oldest change first."""
        ...

    def tries_since(self, cursor: str, *, limit: int) -> Iterable[TaskTry]:
        """Tries changed at or after the ISO time `cursor`, oldest change first."""
        ...


class LogPort(Protocol):
    """Task logs."""

    def lines(self, item: TaskTry) -> Iterator[str]:
        """The log of one try, line by line; nothing if there is no log."""
        ...


class StructurePort(Protocol):
    """DAGs as they are deployed."""

    def workflow(self, dag_id: str) -> WorkflowSpec | None:
        """The deployed DAG, or None if there is none of that name."""
        ...


class ContextPort(Protocol):
    """What the deployment has."""

    def context(self) -> DeploymentContext:
        """Connections, providers, pools, assets and DAG ids of the deployment."""
        ...


class DiagnosisPort(Protocol):
    """Past diagnoses."""

    def remember(self, item: TaskTry, diagnosis: Diagnosis) -> None:
        """Keep a diagnosis for the try."""
        ...
