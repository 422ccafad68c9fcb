"""What a detector is given, and what it answers.

A detector names what costs time and hands in the DAG as it would be without it. How much that saves is told by
simulating both, so that all kinds are ranked by one measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from airflow_provider_wfintel.engine.model import RunHistory
from airflow_provider_wfintel.engine.optimization.proof.order import EdgeProof, classify_edges
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, Profile, SimulationResult, Workload
from airflow_provider_wfintel.engine.optimization.strategies.options import Situation
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel

__all__ = ["Bottleneck", "Candidate", "Case", "Detector"]


@dataclass(frozen=True)
class Case:
    """A DAG that is slow, as far as it is known.

    Attributes:
        workload: its tasks with their times.
        deployment: where it runs.
        before: simulated runs of it.
        profile: what history says of its tasks.
        history: the tries that the profile comes from.
        others: tries of other DAGs of the same deployment.
        dag: the DAG as read from its file; None where only its structure is known.
        failing: tasks with failed tries in the history.
    """

    workload: Workload
    deployment: Deployment
    before: SimulationResult
    profile: Profile = field(default_factory=lambda: Profile("", (), ()))
    history: RunHistory = field(default_factory=RunHistory)
    others: RunHistory = field(default_factory=RunHistory)
    dag: DagModel | None = None
    failing: frozenset[str] = frozenset()

    @cached_property
    def proofs(self) -> tuple[EdgeProof, ...]:
        """What data say about every direct dependency; nothing if the source is not known or leaves a doubt."""
        return () if self.dag is None or self.dag.doubts else classify_edges(self.dag)

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Direct successors of every task."""
        found: dict[str, list[str]] = {task.task_id: [] for task in self.workload.tasks}
        for task in self.workload.tasks:
            for name in task.upstream:
                found[name].append(task.task_id)
        return found

    def operator_of(self, task_id: str) -> str:
        """The class of a task, as its source or history tells; empty if neither does."""
        if self.dag is not None and task_id in self.dag.index:
            return self.dag.task(task_id).operator.rpartition(".")[2]
        seen = self.profile.task(task_id)
        return "" if seen is None else seen.operator.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may cost time.

    Attributes:
        explanation: what it is, for a person, with the figures that show it.
        tasks: the tasks that are concerned.
        without: the DAG without it; if there are several ways to be without it, the best counts.
        given: the DAG with it, where the case's own workload does not show it.
    """

    explanation: str
    tasks: tuple[str, ...]
    without: tuple[Situation, ...]
    given: Situation | None = None


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of bottleneck.

    Attributes:
        kind: its name, for a person.
        find: looks for it.
        rewrite: the rewrite that answers to it; empty if none does.
    """

    kind: str
    find: Callable[[Case], Iterable[Candidate]]
    rewrite: str = ""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One thing that costs time. `saves` is the simulated effect of removing it alone: seconds of the mean makespan."""

    kind: str
    explanation: str
    saves: float
    tasks: tuple[str, ...]
    rewrite: str = ""
