"""The hybrid strategy for a file: the layouts that none beats in time, slots and risk, some of them with names.

Every strategy plans on its own; each of the plans, cut after any of its rewrites, is a layout. Those that another one
beats in every measure go, and the rest is offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.judge import Judge
from airflow_provider_wfintel.engine.optimization.rewrites.plan import Applied, Plan, Search
from airflow_provider_wfintel.engine.optimization.simulation import SimulationResult
from airflow_provider_wfintel.engine.optimization.strategies import STRATEGIES
from airflow_provider_wfintel.engine.optimization.strategies.objectives import measures

__all__ = ["PICKS", "Layout", "choose_balanced"]

PICKS = ("balanced", "fastest", "cheapest", "safest")


@dataclass(frozen=True)
class Layout:
    """A layout that none of the others beats.

    Attributes:
        applied: the rewrites that lead to it.
        p90: makespan that nine of ten runs keep to, seconds.
        slot_seconds: mean seconds for which slots are held.
        risk: odds of failing or being late.
        picks: names under which it is offered.
    """

    applied: tuple[Applied, ...]
    p90: float
    slot_seconds: float
    risk: float
    picks: tuple[str, ...] = ()


def choose_balanced(
    draft: Draft, around: Surroundings, rewrites: Sequence[Rewrite], pick: str = "balanced"
) -> tuple[Plan, tuple[Layout, ...]]:
    """The plan of one of the picks, and all layouts that none beats, the fastest first."""
    search = Search(draft, around, rewrites)
    plans = [search.plan(strategy.name) for strategy in STRATEGIES]
    ways: dict[tuple[str, ...], tuple[Applied, ...]] = {(): ()}
    for plan in plans:
        for count in range(1, len(plan.applied) + 1):
            steps = plan.applied[:count]
            ways.setdefault(tuple(item.proposal.title for item in steps), steps)
    judge = Judge("hybrid", around.goal, search.first)
    layouts = _unbeaten(list(ways.values()), search.first, judge)
    chosen = next(layout for layout in layouts if pick in layout.picks)
    hybrid = next(plan for plan in plans if plan.applied[: len(chosen.applied)] == chosen.applied)
    return _cut(hybrid, chosen.applied), layouts


def _unbeaten(ways: list[tuple[Applied, ...]], first: SimulationResult, judge: Judge) -> tuple[Layout, ...]:
    figures = []
    for steps in ways:
        result = steps[-1].outcome if steps else first
        figures.append((measures(result, judge.goal), judge.score(result), steps))
    # Of layouts with the same figures the one with fewer changes stays.
    figures.sort(key=lambda item: (item[0], len(item[2])))
    kept: list[tuple[tuple[float, float, float], tuple[float, ...], tuple[Applied, ...]]] = []
    for item in figures:
        if not any(all(a <= b for a, b in zip(other[0], item[0], strict=True)) for other in kept):
            kept.append(item)
    named = {
        "fastest": min(kept, key=lambda item: (item[0][0], len(item[2]))),
        "cheapest": min(kept, key=lambda item: (item[0][1], len(item[2]))),
        "safest": min(kept, key=lambda item: (item[0][2], item[0][0])),
        "balanced": min(kept, key=lambda item: (item[1], len(item[2]))),
    }
    return tuple(Layout(item[2], *item[0], picks=tuple(name for name in PICKS if named[name] is item)) for item in kept)


def _cut(plan: Plan, applied: tuple[Applied, ...]) -> Plan:
    """A plan with its first rewrites only."""
    left = tuple((item.proposal.title, "the pick does without it") for item in plan.applied[len(applied) :])
    return replace(
        plan,
        applied=applied,
        final=applied[-1].proposal.draft if applied else plan.original,
        after=applied[-1].outcome if applied else plan.before,
        refused=(*plan.refused, *left),
    )
