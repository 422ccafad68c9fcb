"""Whatever the graph, the options and the strategy: what a person has said must stay, stays."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from airflow_provider_wfintel.engine.optimization.simulation import Deployment, SimulatedTask, Workload
from airflow_provider_wfintel.engine.optimization.strategies import STRATEGIES, Goal, Limits, Option, choose
from airflow_provider_wfintel.engine.optimization.strategies.options import broken_limit


def some_workload(chance: random.Random) -> Workload:
    names = [f"t{number}" for number in range(chance.randint(4, 8))]
    tasks = [
        SimulatedTask(
            name,
            chance.uniform(1, 30),
            upstream=tuple(chance.sample(names[:number], min(number, chance.randint(0, 2)))),
            pool="guarded" if chance.random() < 0.4 else "default_pool",
            failure_rate=chance.choice([0.0, 0.3]),
            retries=chance.randint(0, 2),
            retry_delay=30.0,
        )
        for number, name in enumerate(names)
    ]
    return Workload(tuple(tasks), max_active_tasks=4)


def tempting_options() -> list[Option]:
    """Options that pay because they break what others rely on."""

    def each(**changes):
        return lambda work, place: (replace(work, tasks=tuple(replace(t, **changes) for t in work.tasks)), place)

    return [
        Option("larger-pool", lambda w, d: (w, replace(d, pools=(("default_pool", 128), ("guarded", 50))))),
        Option("other-pool", each(pool="default_pool")),
        Option("no-order", each(upstream=())),
        Option("more-tries", each(retries=9, retry_delay=1.0)),
        Option("more-at-once", lambda w, d: (replace(w, max_active_tasks=64), d)),
        Option("halves", lambda w, d: (replace(w, tasks=tuple(replace(t, seconds=t.seconds / 2) for t in w.tasks)), d)),
    ]


@pytest.mark.parametrize("strategy", [item.name for item in STRATEGIES])
@pytest.mark.parametrize("seed", range(6))
def test_no_choice_breaks_a_limit(seed, strategy):
    chance = random.Random(seed)  # noqa: S311 - a fixed seed, nothing secret
    work, place = some_workload(chance), Deployment(pools=(("default_pool", 128), ("guarded", 1)))
    pairs = [(name, task.task_id) for task in work.tasks for name in task.upstream]
    limits = Limits(
        frozenset({"guarded"}), frozenset(pairs), frozenset(task.task_id for task in work.tasks[:3]), max_active_tasks=4
    )
    options = tempting_options()
    found = choose(work, place, options, strategy, goal=Goal(60.0), limits=limits)
    for taken in (found.option_ids, *(point.option_ids for point in found.pareto)):
        situation = (work, place)
        for option in options:
            if option.option_id in taken:
                situation = option.apply(*situation)
        assert broken_limit(limits, (work, place), situation) == ""


def test_without_limits_the_same_options_are_taken():
    """The property above could not fail if nothing tempting were ever offered."""
    chance = random.Random(0)  # noqa: S311 - a fixed seed, nothing secret
    work, place = some_workload(chance), Deployment(pools=(("default_pool", 128), ("guarded", 1)))
    taken = choose(work, place, tempting_options(), "performance").option_ids
    assert {"no-order", "halves"} & set(taken)
    assert len(taken) > 1
