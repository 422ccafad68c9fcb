"""What goes into a health score and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GroupHealth", "HealthScore", "Reason", "RunOutcome"]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a DAG run ended.

    `duration` and `deadline` are seconds after the run was due; without a `deadline` a run is bad only if it failed.
    `retries` is the number of tries beyond the first of each task. `weekday` is 0 for Monday, None if it is not known.
    """

    ok: bool
    duration: float
    retries: int = 0
    deadline: float | None = None
    weekday: int | None = None

    @property
    def bad(self) -> bool:
        """Failed, or over after its deadline."""
        return not self.ok or (self.deadline is not None and self.duration > self.deadline)


@dataclass(frozen=True, slots=True)
class Reason:
    """What moves a score: `points` of health that the observation costs (negative: that it adds)."""

    name: str
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class HealthScore:
    """100 x (1 - probability that the next run fails or misses its deadline), with its reasons, largest first.

    `enough_runs` says whether there are as many past runs as the published accuracy is measured with.
    """

    score: float
    failure_probability: float
    miss_probability: float
    runs: int
    enough_runs: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def bad_probability(self) -> float:
        """Probability that the next run fails or misses its deadline."""
        return 1.0 - self.score / 100.0


@dataclass(frozen=True, slots=True)
class GroupHealth:
    """Health of several DAGs: the expected share of next runs that end well, the score of the worst, and its DAG."""

    name: str
    score: float
    dags: int
    worst_score: float
    worst_dag: str
