"""What insights are drawn from and what they are. Times are seconds, moments seconds since the epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from airflow_provider_wfintel.engine.model import Severity
from airflow_provider_wfintel.engine.monitoring.metrics.windows import TaskTotals

__all__ = ["DagPicture", "DeploymentPicture", "InsightFinding", "Rule", "TimedRun"]


@dataclass(frozen=True, slots=True)
class TimedRun:
    """A successful run: when it began and how long it took."""

    began: float
    makespan: float


@dataclass(frozen=True, slots=True)
class DagPicture:
    """What a DAG did in the last two weeks.

    Attributes:
        runs: runs that are over; `failed_runs` of them failed.
        tasks: sums by task; `pools`: by pool.
        sensors: tasks that are sensors.
        week: slot-seconds and cost of the last seven days; `week_before`: of the seven before.
        versions: number and moment of each version that came in this time.
        timed: successful runs, oldest first; only for DAGs with a new version.
    """

    dag_id: str
    runs: int = 0
    failed_runs: int = 0
    tasks: Mapping[str, TaskTotals] = field(default_factory=dict)
    pools: Mapping[str, TaskTotals] = field(default_factory=dict)
    sensors: frozenset[str] = frozenset()
    week: tuple[float, float] = (0.0, 0.0)
    week_before: tuple[float, float] = (0.0, 0.0)
    versions: Sequence[tuple[int, float]] = ()
    timed: Sequence[TimedRun] = ()


@dataclass(frozen=True, slots=True)
class DeploymentPicture:
    """What all DAGs together did.

    Attributes:
        due_minutes: for each DAG with a rhythm the hour and minute (UTC) at which its newest run was due.
        waits: tries and seconds waited, by hour of the day (UTC).
    """

    due_minutes: Mapping[str, tuple[int, int]]
    waits: Mapping[int, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class InsightFinding:
    """One finding. `subject` tells findings of a kind about one DAG apart; `evidence` are JSON values."""

    kind: str
    message: str
    severity: Severity = "info"
    dag_id: str = ""
    task_id: str = ""
    subject: str = ""
    value: float | None = None
    expected: float | None = None
    samples: int = 0
    evidence: Sequence[Mapping[str, object]] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding: about a DAG, or about the deployment."""

    kind: str
    of_dag: Callable[[DagPicture], Iterable[InsightFinding]] | None = None
    of_deployment: Callable[[DeploymentPicture], Iterable[InsightFinding]] | None = None
