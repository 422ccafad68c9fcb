"""In-memory implementations of the ports, for tests and for trying things without a deployment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from airflow_provider_wfintel.engine.model.diagnoses import Diagnosis
from airflow_provider_wfintel.engine.model.generation import DeploymentContext
from airflow_provider_wfintel.engine.model.history import TaskTry, WorkflowRun
from airflow_provider_wfintel.engine.model.workflow import WorkflowSpec

__all__ = [
    "InMemoryContext",
    "InMemoryDiagnoses",
    "InMemoryHistory",
    "InMemoryLogs",
    "InMemoryStructure",
]


class InMemoryHistory:
    """A `HistoryPort` over `(changed_at, value)` pairs."""

    def __init__(self, runs: Iterable[tuple[str, WorkflowRun]] = (), tries: Iterable[tuple[str, TaskTry]] = ()) -> None:
        self._runs = sorted(runs, key=lambda pair: pair[0])
        self._tries = sorted(tries, key=lambda pair: pair[0])

    def runs_since(self, cursor: str, *, limit: int) -> Iterable[WorkflowRun]:
        """Runs changed at or after `cursor`."""
        return [run for changed, run in self._runs if changed >= cursor][:limit]

    def tries_since(self, cursor: str, *, limit: int) -> Iterable[TaskTry]:
        """Tries changed at or after `cursor`."""
        return [item for changed, item in self._tries if changed >= cursor][:limit]


class InMemoryLogs:
    """A `LogPort` over texts by try id."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    def lines(self, item: TaskTry) -> Iterator[str]:
        """The lines of the try's text."""
        yield from self._texts.get(item.try_id, "").splitlines()


class InMemoryStructure:
    """A `StructurePort` over given specs."""

    def __init__(self, specs: Iterable[WorkflowSpec]) -> None:
        self._specs = {spec.dag_id: spec for spec in specs}

    def workflow(self, dag_id: str) -> WorkflowSpec | None:
        """The spec of that name, if it was given."""
        return self._specs.get(dag_id)


class InMemoryContext:
    """A `ContextPort` that answers with one given context."""

    def __init__(self, context: DeploymentContext) -> None:
        self._context = context

    def context(self) -> DeploymentContext:
        """The given context."""
        return self._context


class InMemoryDiagnoses:
    """A `DiagnosisPort` that keeps diagnoses by try id in `kept`."""

    def __init__(self) -> None:
        self.kept: dict[str, Diagnosis] = {}

    def remember(self, item: TaskTry, diagnosis: Diagnosis) -> None:
        """Keep it."""
        self.kept[item.try_id] = diagnosis
