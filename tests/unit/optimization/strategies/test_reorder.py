"""Priority weights by simulation: never worse than the present ones, also with pools and sensors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.service import (
    Deployment,
    SimulatedTask,
    Workload,
    reorder,
    simulate,
    with_downstream_weights,
    with_weights,
)


def straggler(limit=2):
    small = [SimulatedTask(f"s{n}", 4) for n in range(10)]
    end = SimulatedTask("end", 1, upstream=tuple(task.task_id for task in small))
    return Workload(with_downstream_weights([*small, end, SimulatedTask("long", 40)]), max_active_tasks=limit)


def test_a_straggler_is_started_in_time():
    found = reorder(straggler(), Deployment())
    assert found.after < 0.8 * found.before
    weights = dict(found.weights)
    assert simulate(with_weights(straggler(), weights), Deployment(), runs=25).makespan == found.after


def test_without_a_shortage_of_slots_nothing_is_changed():
    found = reorder(straggler(limit=16), Deployment())
    assert (found.weights, found.before) == ((), found.after)


def test_waiting_sensors_start_after_work_that_fits_into_the_wait():
    waits = [SimulatedTask(f"w{n}", kind="poke", awaited_after=40, poke_interval=2) for n in range(2)]
    loads = [SimulatedTask(f"l{n}", 3, upstream=(f"w{n}",)) for n in range(2)]
    house = [SimulatedTask(f"h{n}", 9) for n in range(6)]
    workload = Workload(with_downstream_weights([*waits, *loads, *house]), max_active_tasks=2)
    found = reorder(workload, Deployment())
    assert found.before > 65
    assert found.after < 52
    assert len({found.weights, reorder(workload, Deployment()).weights}) == 1, "the same input, the same answer"


def test_an_empty_workload_stays_empty():
    assert reorder(Workload(()), Deployment()).weights == ()


@given(
    st.lists(st.tuples(st.sampled_from([0.5, 3.0, 20.0]), st.booleans(), st.booleans()), min_size=1, max_size=7),
    st.integers(1, 3),
)
@settings(max_examples=25, deadline=None)
def test_never_worse_in_simulation(rows, limit):
    tasks = [
        SimulatedTask(f"t{n}", seconds, upstream=(f"t{n - 1}",) if n and after else (), pool="db" if pooled else "rest")
        for n, (seconds, after, pooled) in enumerate(rows)
    ]
    workload = Workload(with_downstream_weights(tasks), max_active_tasks=limit)
    home = replace(Deployment(), pools=(("db", 1),))
    found = reorder(workload, home, budget=500)
    assert found.after <= found.before
    assert found.before == pytest.approx(simulate(workload, home, runs=25).makespan)
