"""List scheduling over arrays of scenarios, against a plain simulation and the bounds that any schedule keeps."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.forecast import list_schedule
from airflow_provider_wfintel.engine.monitoring.forecast.list_schedule import most_at_once, play_out


@st.composite
def workloads(draw):
    size = draw(st.integers(1, 9))
    parents = [sorted(draw(st.sets(st.integers(0, index - 1), max_size=3))) if index else [] for index in range(size)]
    seconds = draw(st.lists(st.floats(0.5, 100.0), min_size=size, max_size=size))
    gaps = draw(st.lists(st.floats(0.01, 5.0), min_size=size, max_size=size))
    weights = draw(st.one_of(st.just([]), st.lists(st.integers(1, 3), min_size=size, max_size=size)))
    return parents, seconds, gaps, draw(st.integers(1, 4)), weights


def played(parents, seconds, gaps, slots, weights):
    size = len(parents)
    ends = play_out(
        parents,
        np.full((1, size), math.nan),
        np.zeros(size, dtype=bool),
        np.array([seconds]),
        np.array([gaps]),
        np.array([slots]),
        0.0,
        weights,
    )
    return ends[0]


def simulated(parents, seconds, gaps, slots, weights):
    """The same by an event queue: at each event, ready tasks take free slots, by weight and then first come first."""
    size = len(parents)
    ends: dict[int, float] = {}
    left = [len(row) for row in parents]
    queue = [(gaps[i], 0, i) for i in range(size) if not left[i]]
    heapq.heapify(queue)
    waiting: list[tuple[float, float, int]] = []
    free = slots
    while queue:
        now, kind, task = heapq.heappop(queue)
        if kind == 0:
            heapq.heappush(waiting, (-weights[task] if weights else 0.0, now, task))
        else:
            free += 1
            ends[task] = now
            for child in range(size):
                if task in parents[child]:
                    left[child] -= 1
                    if not left[child]:
                        heapq.heappush(queue, (now + gaps[child], 0, child))
        if queue and queue[0][0] == now:
            continue  # all that happens at one moment is seen before slots are given away
        while free and waiting:
            _, _, ready = heapq.heappop(waiting)
            free -= 1
            heapq.heappush(queue, (now + seconds[ready], 1, ready))
    return [ends[i] for i in range(size)]


@settings(deadline=None)
@given(workloads())
@example(([[], []], [5.0, 7.0], [1.0, 1.0], 1, [1, 2]))
def test_it_is_what_an_event_queue_gives(workload):
    assert played(*workload) == pytest.approx(simulated(*workload), rel=1e-9)


@settings(deadline=None)
@given(workloads())
def test_no_schedule_beats_the_critical_path_or_the_work_per_slot(workload):
    parents, seconds, gaps, slots, _ = workload
    path: list[float] = []
    for index, row in enumerate(parents):
        path.append(max((path[parent] for parent in row), default=0.0) + gaps[index] + seconds[index])
    finish = max(played(*workload))
    assert finish >= max(path) - 1e-6
    assert finish >= sum(seconds) / slots - 1e-6


@settings(deadline=None)
@given(workloads())
def test_scenarios_do_not_touch_each_other(workload):
    parents, seconds, gaps, slots, weights = workload
    size = len(parents)
    both = play_out(
        parents,
        np.full((2, size), math.nan),
        np.zeros(size, dtype=bool),
        np.array([seconds, [3 * value for value in seconds]]),
        np.array([gaps, gaps]),
        np.array([slots, slots + 1]),
        0.0,
        weights,
    )
    assert list(both[0]) == list(played(*workload))


def drawn(chance, scenarios, tasks):
    """Arguments of `play_out`: tasks that are over, that run and that come, many of them ready at one moment."""
    parents = [
        sorted(chance.choice(index, size=min(index, int(chance.integers(0, 4))), replace=False)) if index else []
        for index in range(tasks)
    ]
    end, running = np.full((scenarios, tasks), math.nan), np.zeros(tasks, dtype=bool)
    for task in range(tasks // 4):
        if not any(np.isnan(end[0, parent]) for parent in parents[task]):
            end[:, task] = 10 * chance.random(scenarios)
            running[task] = chance.random() < 0.2
    seconds = np.round(chance.exponential(5.0, (scenarios, tasks)))
    gaps = np.round(chance.random((scenarios, tasks)), 1)
    weights = chance.integers(1, 4, tasks).astype(float).tolist() if chance.random() < 0.5 else []
    return parents, end, running, seconds, gaps, chance.integers(1, 6, scenarios), 2.0, weights


@pytest.mark.parametrize("seed", range(20))
def test_what_is_quicker_for_many_tasks_gives_the_same(seed, monkeypatch):
    chance = np.random.default_rng(seed)
    given = drawn(chance, int(chance.integers(1, 30)), int(chance.integers(1, 80)))
    monkeypatch.setattr(list_schedule, "WIDE", 10**9)
    few = play_out(*given)
    monkeypatch.setattr(list_schedule, "WIDE", 0)
    assert np.array_equal(play_out(*given), few)


def test_what_runs_holds_its_slot_and_what_is_over_stays():
    ends = play_out(
        [[], [], []],
        np.array([[5.0, 50.0, math.nan]]),
        np.array([False, True, False]),
        np.array([[0.0, 0.0, 10.0]]),
        np.zeros((1, 3)),
        np.array([1]),
        20.0,
    )
    assert list(ends[0]) == [5.0, 50.0, 60.0]


def test_the_most_at_once():
    assert most_at_once([], []) == 0
    assert most_at_once([0, 1, 2], [2, 3, 4]) == 2
    assert most_at_once([0, 0, 0], [1, 1, 1]) == 3
