"""What a measure is given and what it proposes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.model import RunHistory, WorkflowSpec
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, Profile, Workload
from airflow_provider_wfintel.engine.optimization.strategies import StrategyName

__all__ = ["Change", "Measure", "RunTimeCase", "Set"]


@dataclass(frozen=True)
class RunTimeCase:
    """A DAG as Airflow knows it, and what ran of it.

    Attributes:
        spec: its structure and settings.
        workload: the same with the times of the history.
        deployment: where it runs.
        profile: what history says of its tasks.
        history: runs and tries of this DAG.
        failing: tasks with failed tries.
    """

    spec: WorkflowSpec
    workload: Workload
    deployment: Deployment
    profile: Profile
    history: RunHistory = field(default_factory=RunHistory)
    failing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Set:
    """One value to set on a task, named as the plan of the cluster policy names it; `was`: what the DAG file says."""

    task_id: str
    name: str
    value: int | float | bool | str
    was: int | float | bool | str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a measure proposes.

    Attributes:
        measure: its name.
        title: what it does, for a person.
        reason: why.
        sets: the values.
        evidence: figures of the history.
        risk_note: what can go wrong.
        confirm: whether a person has to confirm it.
    """

    measure: str
    title: str
    reason: str
    sets: tuple[Set, ...]
    evidence: tuple[str, ...] = ()
    risk_note: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of change: its name, the strategies it serves, and how it is found."""

    name: str
    strategies: frozenset[StrategyName]
    find: Callable[[RunTimeCase], Change | None]
