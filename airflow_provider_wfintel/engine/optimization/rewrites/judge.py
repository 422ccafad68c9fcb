"""By what a change of the file is judged: one list of measures for each strategy, with what the simulator cannot tell.

Two results are compared measure by measure; the first that differs by more than its margin decides. All are simulated
with the same random numbers, so that a margin is about the simulator and not about luck.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.simulation import SimulationResult
from airflow_provider_wfintel.engine.optimization.strategies import Goal, StrategyName
from airflow_provider_wfintel.engine.optimization.strategies.objectives import STRATEGIES, measures

__all__ = ["Judge", "runs_for"]

_LEAST_SECONDS = 0.2
_LEAST_ODDS = 0.03
"""Of the odds of success: what four of a hundred and more simulated runs say."""
_CLEARLY = 0.1
_RUNS, _ODDS_RUNS = 25, 120
_NOTHING = 1e-9


def runs_for(strategy: StrategyName) -> int:
    """How many runs are simulated for one estimate: odds need more of them than a length does."""
    return _ODDS_RUNS if strategy in ("reliability", "hybrid") else _RUNS


@dataclass(frozen=True, slots=True)
class _Measure:
    """A figure to make small, and by how much it has to differ to count."""

    value: float
    margin: float


@dataclass(frozen=True)
class Judge:
    """Compares simulated results by a strategy.

    Attributes:
        strategy: what is to become better.
        goal: deadline and weights.
        first: the DAG as it is; for `cost` its p90 counts as the deadline if there is none, so that nothing gets
            slower for the sake of a saving, and `hybrid` measures everything relative to it.
    """

    strategy: StrategyName
    goal: Goal
    first: SimulationResult

    def pays(self, before: SimulationResult, after: SimulationResult, least_share: float) -> bool:
        """Whether a change is better by enough; `least_share` is what it has to save at least, as a share."""
        return self._gain(before, after, least_share) > 0

    def harms(self, before: SimulationResult, after: SimulationResult) -> bool:
        """Whether a change makes the first measure that differs worse."""
        return self._gain(before, after, 0.02) < 0

    def clearly_better(self, one: SimulationResult, other: SimulationResult) -> bool:
        """Whether one way of doing a thing is so much better than a simpler one that it is worth it."""
        return self._gain(other, one, _CLEARLY) > 0

    def score(self, result: SimulationResult) -> tuple[float, ...]:
        """What the strategy makes small."""
        found = next(item for item in STRATEGIES if item.name == self.strategy)
        return found.score(result, self.goal, self.first)

    def _gain(self, before: SimulationResult, after: SimulationResult, share: float) -> int:
        old, new = (_MEASURES[self.strategy](self, item, share) for item in (before, after))
        for was, now in zip(old, new, strict=True):
            if was.value - now.value > was.margin:
                return 1
            if now.value - was.value > was.margin:
                return -1
        return 0


def _length(result: SimulationResult, share: float) -> _Measure:
    """The makespan that nine of ten runs stay under, steadied by the median: few runs tell a tail badly."""
    return _Measure((result.p90 + result.makespan) / 2, max(_LEAST_SECONDS, share * result.makespan))


def _performance(_judge: Judge, result: SimulationResult, share: float) -> list[_Measure]:
    return [_length(result, share)]


def _cost(judge: Judge, result: SimulationResult, share: float) -> list[_Measure]:
    deadline = judge.first.p90 if judge.goal.deadline is None else judge.goal.deadline
    late = max(0.0, result.p90 - deadline)
    spent = result.cost if result.cost > _NOTHING else result.slot_seconds
    least = _LEAST_SECONDS * (spent / max(result.slot_seconds, _NOTHING))
    return [_Measure(late, max(_LEAST_SECONDS, 0.01 * deadline)), _Measure(spent, max(least, share * spent))]


def _reliability(judge: Judge, result: SimulationResult, share: float) -> list[_Measure]:
    risk = _Measure(measures(result, judge.goal)[2], _LEAST_ODDS)
    if judge.goal.deadline is None:
        return [risk]
    # Where all runs are late, or none is, the odds do not tell two layouts apart; how late they are does.
    late = max(0.0, result.p90 - judge.goal.deadline)
    return [risk, _Measure(late, max(_LEAST_SECONDS, share * judge.goal.deadline))]


def _hybrid(judge: Judge, result: SimulationResult, share: float) -> list[_Measure]:
    return [_Measure(judge.score(result)[0], max(0.005, share))]


_MEASURES: dict[StrategyName, Callable[[Judge, SimulationResult, float], list[_Measure]]] = {
    "performance": _performance,
    "cost": _cost,
    "reliability": _reliability,
    "hybrid": _hybrid,
}
