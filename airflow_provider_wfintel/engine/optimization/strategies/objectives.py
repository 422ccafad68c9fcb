"""The four strategies: by what a simulated result is judged. Each is one record in `STRATEGIES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.optimization.simulation import SimulationResult

__all__ = ["STRATEGIES", "Goal", "Strategy", "StrategyName", "measures"]

StrategyName: TypeAlias = Literal["performance", "cost", "reliability", "hybrid"]
_NO_PRICE = 1e-9


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked for.

    Attributes:
        deadline: seconds within which a run is to be over; None if there is no deadline.
        weights: for `hybrid`, how much makespan, slot seconds and the risk of missing the deadline count.
    """

    deadline: float | None = None
    weights: tuple[float, float, float] = (0.5, 0.25, 0.25)


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to judge: of two results the one with the smaller score is better, the first difference decides.

    Attributes:
        name: how users name it.
        says: what it does, in one sentence.
        score: of a result, given the goal and the result before any change.
    """

    name: StrategyName
    says: str
    score: Callable[[SimulationResult, Goal, SimulationResult], tuple[float, ...]]


def measures(result: SimulationResult, goal: Goal) -> tuple[float, float, float]:
    """What all strategies weigh: p90 makespan, slot seconds, and the odds of failing or being late."""
    deadline = float("inf") if goal.deadline is None else goal.deadline
    return result.p90, result.slot_seconds, 1 - result.odds_by(deadline)


def _performance(result: SimulationResult, _goal: Goal, _before: SimulationResult) -> tuple[float, ...]:
    return (result.p90, result.makespan)


def _cost(result: SimulationResult, goal: Goal, _before: SimulationResult) -> tuple[float, ...]:
    late = 0.0 if goal.deadline is None else max(0.0, result.p90 - goal.deadline)
    spent = result.cost if result.cost > _NO_PRICE else result.slot_seconds
    return (late, spent, result.p90)


def _reliability(result: SimulationResult, goal: Goal, _before: SimulationResult) -> tuple[float, ...]:
    return (measures(result, goal)[2], result.p90)


def _hybrid(result: SimulationResult, goal: Goal, before: SimulationResult) -> tuple[float, ...]:
    """Weighted mean of the three measures, each relative to what it was; the risk counts as it is."""
    p90, slots, risk = measures(result, goal)
    first = measures(before, goal)
    parts = (p90 / max(first[0], _NO_PRICE), slots / max(first[1], _NO_PRICE), 1 + risk - first[2])
    return (sum(weight * part for weight, part in zip(goal.weights, parts, strict=True)) / sum(goal.weights),)


STRATEGIES: tuple[Strategy, ...] = (
    Strategy("performance", "The shortest run that nine of ten runs keep to.", _performance),
    Strategy("cost", "The fewest slot seconds among runs that keep to the deadline.", _cost),
    Strategy("reliability", "The best odds of success by the deadline.", _reliability),
    Strategy("hybrid", "A weighted mean of time, cost and risk, with the set of results that none beats.", _hybrid),
)
