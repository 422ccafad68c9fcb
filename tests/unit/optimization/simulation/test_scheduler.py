"""One simulated run: what Airflow's scheduler does with it, by the rules that can be read in its source."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.service import Deployment, SimulatedTask, Workload
from airflow_provider_wfintel.engine.optimization.simulation.scheduler import Scheduler, _Run
from airflow_provider_wfintel.exceptions import SpecError

FREE = Deployment(
    idle_sleep=0.001, loop_seconds=0.001, queue_seconds=0, start_cpu=0, end_cpu=0, end_seconds=0, late_share=0
)
"""A deployment in which scheduling costs next to nothing: what remains are its rules."""


def run(*tasks, deployment=FREE, **settings):
    return Scheduler(Workload(tasks, **settings), deployment).run()


def fan(count, seconds, **more):
    return tuple(SimulatedTask(f"t{number}", seconds, **more) for number in range(count))


def test_a_chain_takes_the_sum_and_a_fan_the_longest():
    chain = [SimulatedTask("a", 2), SimulatedTask("b", 3, upstream=("a",)), SimulatedTask("c", 4, upstream=("b",))]
    assert run(*chain).makespan == pytest.approx(9, abs=0.05)
    assert run(*(replace(task, upstream=()) for task in chain)).makespan == pytest.approx(4, abs=0.05)


def test_a_pool_lets_as_many_run_as_it_has_slots():
    pool = replace(FREE, pools=(("db", 2),))
    assert run(*fan(6, 3, pool="db"), deployment=pool).makespan == pytest.approx(9, abs=0.05)
    assert run(*fan(6, 3, pool="db", pool_slots=2), deployment=pool).makespan == pytest.approx(18, abs=0.05)
    assert run(*fan(6, 3, pool="unknown"), deployment=pool).makespan == pytest.approx(3, abs=0.05)


def test_a_task_that_does_not_fit_is_passed_over():
    pool = replace(FREE, pools=(("db", 1),))
    big = SimulatedTask("held", 5, pool="db", priority_weight=8)
    outcome = run(
        SimulatedTask("first", 5, pool="db", priority_weight=9), big, SimulatedTask("other", 1), deployment=pool
    )
    starts = {item.task_id: item.start for item in outcome.times}
    assert starts["other"] == pytest.approx(0, abs=0.05)
    assert starts["held"] == pytest.approx(5, abs=0.05)


def test_limits_of_the_run_of_the_executor_and_of_mapped_tasks():
    assert run(*fan(8, 2), max_active_tasks=4).makespan == pytest.approx(4, abs=0.05)
    assert run(*fan(8, 2), deployment=replace(FREE, parallelism=2)).makespan == pytest.approx(8, abs=0.05)
    mapped = SimulatedTask("m", 2, instances=6, max_active=3)
    assert run(mapped).makespan == pytest.approx(4, abs=0.05)


def test_the_highest_weight_starts_first():
    low, high = SimulatedTask("low", 1, priority_weight=1), SimulatedTask("high", 1, priority_weight=5)
    times = {item.task_id: item.start for item in run(low, high, max_active_tasks=1).times}
    assert times["high"] < times["low"]


def test_one_loop_queues_at_most_so_many():
    deployment = replace(FREE, loop_seconds=1.0, max_tis_per_query=16, max_active_tasks=64, parallelism=64)
    starts = sorted(item.start for item in run(*fan(33, 5), deployment=deployment).times)
    assert [starts.count(value) for value in dict.fromkeys(starts)] == [16, 16, 1]


def test_an_empty_task_takes_no_slot_but_a_loop():
    chain = [SimulatedTask(f"e{n}", kind="empty", upstream=(f"e{n - 1}",) if n else ()) for n in range(10)]
    outcome = run(*chain, deployment=replace(FREE, idle_sleep=1.0), max_active_tasks=1)
    assert outcome.slot_seconds == 0
    assert outcome.makespan == pytest.approx(10, abs=1.1)


def test_the_loop_sleeps_only_if_it_queued_nothing_and_saw_no_end():
    sleepy = replace(FREE, idle_sleep=1.0)
    assert run(SimulatedTask("a", 0.5), deployment=sleepy).makespan == pytest.approx(1.0, abs=0.05)


def test_starts_share_the_cores():
    deployment = replace(FREE, start_cpu=0.5, cores=2)
    assert run(*fan(1, 0), deployment=deployment).makespan == pytest.approx(0.5, abs=0.05)
    assert run(*fan(16, 0), deployment=deployment).makespan == pytest.approx(16 * 0.5 / 2, abs=0.05)


def test_top_level_code_is_paid_by_every_process():
    chain = [SimulatedTask(f"t{n}", 1, upstream=(f"t{n - 1}",) if n else ()) for n in range(4)]
    assert run(*chain, parse_seconds=2.0).makespan == pytest.approx(run(*chain).makespan + 8, abs=0.1)


def test_three_ways_to_wait():
    wait = SimulatedTask("w", kind="poke", awaited_after=30, poke_interval=7)
    poke = run(wait)
    assert poke.makespan == pytest.approx(35, abs=0.1), "the first look after 30 s"
    assert poke.slot_seconds == pytest.approx(35, abs=0.1)
    for kind in ("reschedule", "deferrable"):
        other = run(replace(wait, kind=kind))
        assert other.makespan == pytest.approx(35, abs=0.2)
        assert other.slot_seconds == pytest.approx(0, abs=0.2), "the slot is free between two looks"
    assert run(replace(wait, awaited_after=0)).makespan == pytest.approx(0, abs=0.1)


def test_a_sensor_that_holds_the_only_slot_delays_the_rest():
    wait = SimulatedTask("w", kind="poke", awaited_after=20, poke_interval=1, priority_weight=9)
    work = SimulatedTask("work", 10)
    assert run(wait, work, max_active_tasks=1).makespan == pytest.approx(30, abs=0.2)
    assert run(replace(wait, kind="deferrable"), work, max_active_tasks=1).makespan == pytest.approx(20, abs=0.2)


def always_failing(retries, **more):
    task = SimulatedTask("t", 1, failure_rate=1.0, retries=retries, retry_delay=10, **more)
    after = (
        SimulatedTask("needs", 1, upstream=("t",)),
        SimulatedTask("cleans", 1, upstream=("t",), trigger_rule="all_done"),
    )
    return Scheduler(Workload((task, *after)), FREE).run(random.Random(1))  # noqa: S311


def test_a_failed_try_is_repeated_after_its_delay():
    outcome = always_failing(2)
    tries = {item.task_id: item.tries for item in outcome.times}
    assert tries == {"t": 3, "needs": 0, "cleans": 1}
    assert not outcome.succeeded
    assert outcome.makespan == pytest.approx(3 + 2 * 10 + 1, abs=0.1)
    assert always_failing(2, exponential=True).makespan == pytest.approx(3 + 10 + 20 + 1, abs=0.1)


def test_without_chance_nothing_fails():
    assert run(SimulatedTask("t", 1, failure_rate=1.0)).succeeded


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ((SimulatedTask("a", upstream=("z",)),), "'z'"),
        ((SimulatedTask("a", pool_slots=3, pool="db"),), "'db'"),
        ((SimulatedTask("a", upstream=("b",)), SimulatedTask("b", upstream=("a",))), "never start"),
    ],
)
def test_what_can_never_run_is_refused_by_name(tasks, said):
    with pytest.raises(SpecError, match=said):
        run(*tasks, deployment=replace(FREE, pools=(("db", 2),)))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Deployment, {"loop_seconds": 0}),
        (Deployment, {"cores": -1}),
        (Deployment, {"parallelism": 0}),
        (Deployment, {"idle_sleep": float("nan")}),
        (SimulatedTask, {"seconds": -1}),
        (SimulatedTask, {"seconds": float("inf")}),
        (SimulatedTask, {"poke_interval": 0}),
        (SimulatedTask, {"max_active": 0}),
    ],
)
def test_numbers_that_cannot_be_are_refused_by_name(kind, values):
    name = next(iter(values))
    with pytest.raises(SpecError, match=name):
        kind(**values) if kind is Deployment else kind("t", **values)


def test_loops_that_change_nothing_are_passed_over(monkeypatch):
    loops = []
    original = _Run._loop
    monkeypatch.setattr(_Run, "_loop", lambda run: loops.append(run.now) or original(run))
    outcome = run(SimulatedTask("w", kind="poke", awaited_after=600_000, poke_interval=60), deployment=Deployment())
    assert outcome.makespan == pytest.approx(600_000, abs=62)
    assert len(loops) < 20


@st.composite
def workloads(draw):
    tasks = []
    for number in range(draw(st.integers(1, 10))):
        parents = draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else set()
        tasks.append(
            SimulatedTask(
                f"t{number}",
                draw(st.sampled_from([0.0, 0.3, 2.0, 30.0])),
                draw(st.sampled_from([0.0, 0.5])),
                tuple(f"t{parent}" for parent in sorted(parents)),
                kind=draw(st.sampled_from(["task", "task", "task", "empty", "poke", "reschedule", "deferrable"])),
                awaited_after=draw(st.sampled_from([0.0, 12.0])),
                poke_interval=draw(st.sampled_from([1.0, 5.0])),
                instances=draw(st.sampled_from([1, 1, 3])),
                pool=draw(st.sampled_from(["default_pool", "db"])),
                failure_rate=draw(st.sampled_from([0.0, 0.3])),
                retries=draw(st.integers(0, 2)),
                retry_delay=5.0,
            )
        )
    return Workload(tuple(tasks), max_active_tasks=draw(st.integers(1, 4)))


@given(workloads(), st.integers(0, 5))
@settings(max_examples=150, deadline=None)
def test_every_run_ends_and_keeps_the_order(workload, seed):
    deployment = Deployment(pools=(("db", 1), ("default_pool", 3)), parallelism=3)
    outcome = Scheduler(workload, deployment).run(random.Random(seed))  # noqa: S311
    times = {item.task_id: item for item in outcome.times}
    for task in workload.tasks:
        mine = times[task.task_id]
        assert mine.end <= outcome.makespan + 1e-9
        if mine.tries:
            assert mine.ready <= mine.start <= mine.end
        for parent in task.upstream:
            assert mine.ready >= times[parent].end - 1e-9
    again = Scheduler(workload, deployment).run(random.Random(seed))  # noqa: S311
    assert outcome == again, "the same seed, the same run"
