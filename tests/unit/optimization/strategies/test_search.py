"""Which options a strategy takes: those that pay in simulation, never one that breaks a limit, and it says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.service import (
    Deployment,
    Goal,
    Limits,
    Option,
    SimulatedTask,
    Workload,
    choose,
    simulate,
)
from airflow_provider_wfintel.exceptions import SpecError

HOME = Deployment(pools=(("db", 1), ("default_pool", 128)))
CHAIN = Workload(tuple(SimulatedTask(f"t{n}", 10, upstream=(f"t{n - 1}",) if n else ()) for n in range(4)))
QUEUE = Workload(tuple(SimulatedTask(f"t{n}", 10, pool="db") for n in range(4)))


def tasks(change, name="tasks", **more):
    """An option that changes every task."""

    def apply(workload, deployment):
        return replace(workload, tasks=tuple(change(task) for task in workload.tasks)), deployment

    return Option(name, apply, **more)


def pool(slots, name="pool", **more):
    return Option(name, lambda workload, home: (workload, replace(home, pools=(("db", slots),))), **more)


UNCHAIN = tasks(lambda task: replace(task, upstream=()), "unchain")
NOTHING = tasks(lambda task: task, "nothing")
SLOWER = tasks(lambda task: replace(task, seconds=task.seconds + 1), "slower")


def test_what_pays_is_taken_and_the_rest_is_left_with_a_reason():
    choice = choose(CHAIN, HOME, [NOTHING, UNCHAIN, SLOWER])
    assert choice.option_ids == ("unchain",)
    assert choice.after.makespan < choice.before.makespan / 2
    assert choice.steps[0].saved == pytest.approx(choice.before.makespan - choice.after.makespan)
    assert {step.option_id: step.reason for step in choice.left} == {
        "nothing": "gains too little beside the others",
        "slower": "gains too little beside the others",
    }


def test_a_sound_layout_is_left_alone():
    choice = choose(CHAIN, HOME, [NOTHING, SLOWER])
    assert choice.option_ids == ()
    assert choice.before == choice.after


def test_two_options_that_pay_only_together_are_found():
    free = tasks(lambda task: replace(task, pool="default_pool"), "free")
    both = Workload(tuple(replace(task, pool="db") for task in CHAIN.tasks))
    assert choose(both, HOME, [UNCHAIN, free]).option_ids == ("unchain", "free")


def test_limits_are_never_broken():
    assert choose(QUEUE, HOME, [pool(4)]).option_ids == ("pool",)
    leave = tasks(lambda task: replace(task, pool="default_pool"), "leave")
    kept = choose(QUEUE, HOME, [pool(4), leave], limits=Limits(pools=frozenset({"db"})))
    assert kept.option_ids == ()
    assert [step.reason.partition(":")[0] for step in kept.left] == ["breaks a limit", "breaks a limit"]


@pytest.mark.parametrize(
    ("option", "limits", "said"),
    [
        (UNCHAIN, Limits(order=frozenset({("t0", "t3")})), "'t0'"),
        (tasks(lambda task: replace(task, retries=3)), Limits(once=frozenset({"t1"})), "'t1'"),
        (tasks(lambda task: replace(task, instances=4, seconds=2)), Limits(once=frozenset({"t1"})), "'t1'"),
        (Option("wide", lambda w, d: (replace(w, max_active_tasks=64), d)), Limits(max_active_tasks=16), "16"),
    ],
)
def test_each_limit_is_named(option, limits, said):
    choice = choose(CHAIN, HOME, [option], "reliability", limits=limits)
    assert choice.option_ids == ()
    assert said in choice.left[0].reason


def test_conflicts_and_needs_are_kept():
    better = replace(UNCHAIN, option_id="better", conflicts=frozenset({"unchain"}), effort=0.0)
    choice = choose(CHAIN, HOME, [UNCHAIN, better])
    assert choice.option_ids == ("better",), "of two that gain the same, the one with less effort"
    needy = replace(UNCHAIN, needs=frozenset({"missing"}))
    assert choose(CHAIN, HOME, [needy]).left[0].reason == "makes no sense without 'missing'"


def test_many_options_are_searched_one_by_one():
    def only(number):
        def change(task):
            return replace(task, upstream=()) if task.task_id == f"t{number}" else task

        return tasks(change, f"free t{number}")

    chain = Workload(tuple(SimulatedTask(f"t{n}", 10, upstream=(f"t{n - 1}",) if n else ()) for n in range(9)))
    choice = choose(chain, HOME, [*(only(number) for number in range(1, 9)), NOTHING])
    assert choice.after.makespan < choice.before.makespan / 3
    assert "nothing" not in choice.option_ids
    assert sum(step.saved for step in choice.steps) == pytest.approx(choice.before.makespan - choice.after.makespan)


FLAKY = Workload((SimulatedTask("t", 30, failure_rate=0.3),))
RETRY = tasks(lambda task: replace(task, retries=3, retry_delay=20), "retry")


def test_strategies_weigh_differently():
    goal = Goal(deadline=600)
    assert choose(FLAKY, HOME, [RETRY], "reliability", goal=goal).option_ids == ("retry",)
    assert choose(FLAKY, HOME, [RETRY], "performance", goal=goal).option_ids == ()
    defer = tasks(lambda task: replace(task, kind="deferrable"), "defer")
    waiting = Workload((SimulatedTask("w", kind="poke", awaited_after=60, poke_interval=5),))
    assert choose(waiting, HOME, [defer], "cost").option_ids == ("defer",)
    assert choose(waiting, HOME, [defer], "performance").option_ids == ()


def test_cost_keeps_to_the_deadline():
    fuse = Option("fuse", lambda w, d: (Workload((SimulatedTask("all", 40),)), d))
    fan = Workload(tuple(replace(task, upstream=()) for task in CHAIN.tasks))
    assert choose(fan, HOME, [fuse], "cost").option_ids == ("fuse",), "one start in place of four"
    assert choose(fan, HOME, [fuse], "cost", goal=Goal(deadline=30)).option_ids == ()


def test_hybrid_shows_what_no_other_beats():
    defer = tasks(lambda task: replace(task, kind="deferrable") if task.kind == "poke" else task, "defer")
    mixed = Workload((SimulatedTask("w", kind="poke", awaited_after=20, poke_interval=5), *CHAIN.tasks))
    choice = choose(mixed, HOME, [UNCHAIN, defer, SLOWER], "hybrid")
    assert choice.option_ids == ("unchain", "defer")
    picks = {name for point in choice.pareto for name in point.picks}
    assert picks == {"fastest", "cheapest", "safest", "balanced"}
    for point in choice.pareto:
        for other in choice.pareto:
            beaten = other.p90 < point.p90 and other.slot_seconds < point.slot_seconds and other.risk <= point.risk
            assert not beaten


def test_the_same_input_has_the_same_choice():
    assert choose(CHAIN, HOME, [NOTHING, UNCHAIN]) == choose(CHAIN, HOME, [NOTHING, UNCHAIN])


def test_unknown_strategies_and_repeated_names_are_refused():
    with pytest.raises(SpecError, match="'fast'"):
        choose(CHAIN, HOME, [], "fast")
    with pytest.raises(SpecError, match="same name"):
        choose(CHAIN, HOME, [UNCHAIN, UNCHAIN])


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 2.0, 30.0])), max_size=4, unique_by=lambda x: x[0]))
@settings(max_examples=15, deadline=None)
def test_a_choice_is_never_worse_than_doing_nothing(changes):
    options = []
    for number, seconds in changes:

        def change(task, number=number, seconds=seconds):
            return replace(task, seconds=seconds) if task.task_id == f"t{number}" else task

        options.append(tasks(change, f"o{number}"))
    choice = choose(CHAIN, HOME, options)
    assert choice.after.p90 <= choice.before.p90
    assert choice.before == simulate(CHAIN, HOME, runs=40)
