"""Which options to take: a search over subsets by simulated gain.

Up to six options all subsets are tried; beyond that, two searches: the best option is added as long as one pays, and
starting from all of them, each is left out that does not pay beside the others. The better outcome is taken. All
simulations use the same random numbers, so that two subsets differ by their layout and not by luck; the answer depends
on the input only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from airflow_provider_wfintel.engine.optimization.simulation import (
    Deployment,
    SimulationResult,
    Workload,
    simulate,
)
from airflow_provider_wfintel.engine.optimization.strategies.objectives import (
    STRATEGIES,
    Goal,
    Strategy,
    StrategyName,
    measures,
)
from airflow_provider_wfintel.engine.optimization.strategies.options import Limits, Option, Situation, broken_limit
from airflow_provider_wfintel.exceptions import SpecError

__all__ = ["Choice", "ParetoPoint", "Step", "choose"]

_ALL_SUBSETS = 6
_RUNS = 40
_WORTH = 0.005
"""An option that improves the score by less than this share is not worth a change."""


@dataclass(frozen=True, slots=True)
class Step:
    """One option and what it does: seconds of median makespan saved by adding it to those before it."""

    option_id: str
    saved: float
    reason: str


@dataclass(frozen=True, slots=True)
class ParetoPoint:
    """A subset that no other subset beats in every measure.

    Attributes:
        option_ids: the options.
        p90: makespan that nine of ten runs keep to, seconds.
        slot_seconds: mean seconds for which slots are held.
        risk: odds of failing or being late.
        picks: names under which it is offered: `fastest`, `cheapest`, `safest`, `balanced`.
    """

    option_ids: tuple[str, ...]
    p90: float
    slot_seconds: float
    risk: float
    picks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What a strategy chose.

    Attributes:
        strategy: its name.
        option_ids: the options to take, in the order in which they apply.
        before: simulated runs without any of them.
        after: simulated runs with all of them.
        steps: what each chosen option saves after those before it.
        left: options that were not taken, with the reason.
        pareto: for `hybrid`, the tried subsets that none beats; otherwise empty.
    """

    strategy: StrategyName
    option_ids: tuple[str, ...]
    before: SimulationResult
    after: SimulationResult
    steps: tuple[Step, ...]
    left: tuple[Step, ...]
    pareto: tuple[ParetoPoint, ...] = ()


def choose(
    workload: Workload,
    deployment: Deployment,
    options: Sequence[Option],
    strategy: StrategyName = "performance",
    *,
    goal: Goal | None = None,
    limits: Limits | None = None,
) -> Choice:
    """Choose among options by a strategy; nothing is chosen if nothing pays.

    Args:
        workload: the DAG as it is.
        deployment: where it runs.
        options: what may be changed; applied in this order.
        strategy: `performance`, `cost`, `reliability` or `hybrid`.
        goal: deadline and weights.
        limits: what must stay; options that break it are never taken.

    Raises:
        SpecError: the strategy is unknown or two options have one name.
    """
    found = next((item for item in STRATEGIES if item.name == strategy), None)
    if found is None:
        raise SpecError(f"unknown strategy {strategy!r}", hint=f"one of {', '.join(item.name for item in STRATEGIES)}")
    if len({option.option_id for option in options}) != len(options):
        raise SpecError("two options have the same name", hint="give every option an id of its own")
    return _Search(workload, deployment, options, found, goal or Goal(), limits or Limits()).choice()


class _Search:
    """The state of one search; results of subsets are kept, since many are asked for twice."""

    def __init__(
        self,
        workload: Workload,
        deployment: Deployment,
        options: Sequence[Option],
        strategy: Strategy,
        goal: Goal,
        limits: Limits,
    ) -> None:
        self._start: Situation = (workload, deployment)
        self._strategy, self._goal, self._limits = strategy, goal, limits
        self._results: dict[tuple[int, ...], SimulationResult | None] = {}
        self._reasons: dict[int, str] = {}
        self._options = options
        self._usable = [number for number in range(len(options)) if self._is_usable(number)]

    def choice(self) -> Choice:
        best = self._exhaustive() if len(self._usable) <= _ALL_SUBSETS else self._greedy()
        before, after = self._result(()), self._result(best)
        if before is None or after is None:  # pragma: no cover - the empty subset always has a result
            raise SpecError("the workload cannot be simulated")
        return Choice(
            self._strategy.name,
            tuple(self._options[number].option_id for number in best),
            before,
            after,
            tuple(self._steps(best)),
            tuple(self._left(best)),
            self._pareto() if self._strategy.name == "hybrid" else (),
        )

    # -- one subset ------------------------------------------------------------------------------------------------

    def _result(self, subset: tuple[int, ...]) -> SimulationResult | None:
        """Simulated runs with a subset, or None if it is not allowed."""
        if subset not in self._results:
            situation = self._situation(subset)
            runs = max(15, min(_RUNS, 40_000 // max(1, len(self._start[0].tasks))))
            allowed = not broken_limit(self._limits, self._start, situation)
            self._results[subset] = simulate(*situation, runs=runs) if allowed else None
        return self._results[subset]

    def _situation(self, subset: Sequence[int]) -> Situation:
        situation = self._start
        for number in sorted(subset):
            situation = self._options[number].apply(*situation)
        return situation

    def _is_usable(self, number: int) -> bool:
        reason = broken_limit(self._limits, self._start, self._situation((number,)))
        if reason:
            self._reasons[number] = f"breaks a limit: {reason}"
        return not reason

    def _fits(self, subset: Sequence[int]) -> bool:
        names = {self._options[number].option_id for number in subset}
        return all(
            not self._options[number].conflicts & names and self._options[number].needs <= names for number in subset
        )

    def _score(self, subset: tuple[int, ...]) -> tuple[float, ...]:
        result, before = self._result(subset), self._result(())
        if result is None or before is None:
            return (float("inf"),)
        return self._strategy.score(result, self._goal, before)

    def _pays(self, better: tuple[int, ...], than: tuple[int, ...]) -> bool:
        """Whether a subset is better by enough to be worth its changes: the first measure that differs decides."""
        for new, old in zip(self._score(better), self._score(than), strict=False):
            margin = max(abs(old) * _WORTH, 1e-6)
            if new < old - margin:
                return True
            if new > old + margin:
                return False
        return False

    def _burden(self, subset: Sequence[int]) -> tuple[float, int]:
        return (sum(self._options[n].effort + self._options[n].risk for n in subset), len(subset))

    # -- searching -------------------------------------------------------------------------------------------------

    def _exhaustive(self) -> tuple[int, ...]:
        best: tuple[int, ...] = ()
        subsets = (subset for size in range(1, len(self._usable) + 1) for subset in combinations(self._usable, size))
        for subset in sorted(subsets, key=self._burden):
            if self._fits(subset) and self._pays(subset, best):
                best = subset
        return self._pruned(best)

    def _greedy(self) -> tuple[int, ...]:
        chosen: tuple[int, ...] = ()
        while True:
            larger = [
                tuple(sorted({*chosen, *self._with_needs(number)})) for number in self._usable if number not in chosen
            ]
            larger = [subset for subset in larger if self._fits(subset)]
            if not larger:
                break
            best = min(larger, key=lambda subset: (*self._score(subset), *self._burden(subset)))
            if not self._pays(best, chosen):
                break
            chosen = best
        forward, backward = self._pruned(chosen), self._pruned(self._most())
        return backward if self._pays(backward, forward) else forward

    def _most(self) -> tuple[int, ...]:
        """As many options together as conflicts, needs and limits let."""
        chosen: tuple[int, ...] = ()
        for number in sorted(self._usable, key=lambda n: (self._burden((n,))[0], n)):
            larger = tuple(sorted({*chosen, *self._with_needs(number)}))
            if self._fits(larger) and not broken_limit(self._limits, self._start, self._situation(larger)):
                chosen = larger
        return chosen

    def _with_needs(self, number: int) -> set[int]:
        """An option and those that it needs."""
        found, open_ = set(), [number]
        names = {option.option_id: at for at, option in enumerate(self._options)}
        while open_:
            at = open_.pop()
            if at not in found:
                found.add(at)
                open_ += [names[name] for name in self._options[at].needs if name in names]
        return found

    def _pruned(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """The subset without options that no longer pay beside the others, heaviest first."""
        for number in sorted(chosen, key=lambda n: (-self._burden((n,))[0], n)):
            smaller = tuple(other for other in chosen if other != number)
            if self._fits(smaller) and not self._pays(chosen, smaller):
                chosen = smaller
        return chosen

    # -- explaining ------------------------------------------------------------------------------------------------

    def _steps(self, chosen: tuple[int, ...]) -> Iterator[Step]:
        for position, number in enumerate(chosen):
            saved = self._saved(chosen[:position], chosen[: position + 1])
            yield Step(self._options[number].option_id, saved, "chosen")

    def _left(self, chosen: tuple[int, ...]) -> Iterator[Step]:
        names = {self._options[number].option_id for number in chosen}
        for number, option in enumerate(self._options):
            if number in chosen:
                continue
            saved, reason = 0.0, self._reasons.get(number, "")
            if not reason and option.conflicts & names:
                reason = f"cannot be made together with {sorted(option.conflicts & names)[0]!r}"
            elif not reason and not option.needs <= names:
                reason = f"makes no sense without {sorted(option.needs - names)[0]!r}"
            elif not reason:
                larger = tuple(sorted((*chosen, number)))
                saved = self._saved(chosen, larger)
                allowed = self._result(larger) is not None
                reason = "gains too little beside the others" if allowed else "breaks a limit beside the others"
            yield Step(option.option_id, saved, reason)

    def _saved(self, smaller: tuple[int, ...], larger: tuple[int, ...]) -> float:
        before, after = self._result(smaller), self._result(larger)
        return before.makespan - after.makespan if before is not None and after is not None else 0.0

    def _pareto(self) -> tuple[ParetoPoint, ...]:
        """The tried subsets that no other beats in p90, slot seconds and risk, by p90."""
        tried = [
            (measures(result, self._goal), subset) for subset, result in self._results.items()
            if result is not None and self._fits(subset)
        ]  # fmt: skip
        tried.sort(key=lambda item: (item[0], self._burden(item[1]), item[1]))
        kept: list[tuple[tuple[float, float, float], tuple[int, ...]]] = []
        for values, subset in tried:
            if not any(all(a <= b for a, b in zip(other, values, strict=True)) for other, _ in kept):
                kept.append((values, subset))
        named = {
            "fastest": min(kept, key=lambda item: item[0]),
            "cheapest": min(kept, key=lambda item: (item[0][1], item[0])),
            "safest": min(kept, key=lambda item: (item[0][2], item[0])),
            "balanced": min(kept, key=lambda item: (self._score(item[1]), item[0])),
        }
        return tuple(
            ParetoPoint(
                tuple(self._options[number].option_id for number in item[1]),
                *item[0],
                picks=tuple(name for name, pick in named.items() if pick is item),
            )
            for item in kept
        )
