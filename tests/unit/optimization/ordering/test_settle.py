"""Of orders that are as short as each other, the one is taken that start-up costs least."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.ordering.order import makespan_of
from airflow_provider_wfintel.engine.optimization.ordering.settle import _with_start_up, settle
from airflow_provider_wfintel.engine.optimization.service import build_graph, order_tasks


def start_up(graph, ordering):
    place = {name: task for task, name in enumerate(graph.ids)}
    return _with_start_up(graph, ordering.slots, [place[name] for name in ordering.order])


def test_many_short_tasks_do_not_run_in_step():
    graph = build_graph({f"t{number}": 0.3 + number * 37 % 120 / 150 for number in range(120)}, {})
    ordering = order_tasks(graph, 4, budget=20_000)
    settled = settle(graph, ordering)
    assert settled.makespan <= ordering.makespan * 1.0005
    assert start_up(graph, settled) < start_up(graph, ordering)
    assert settled.method.endswith("settled")
    assert settle(graph, ordering) == settled, "the same input, the same answer"


def test_long_tasks_keep_their_order():
    graph = build_graph({f"t{number}": 500.0 + 90 * number for number in range(12)}, {})
    ordering = order_tasks(graph, 4, budget=20_000)
    assert settle(graph, ordering) is ordering


def test_a_large_graph_is_left_as_it_is():
    graph = build_graph({f"t{number}": 1.0 for number in range(9_000)}, {})
    ordering = order_tasks(graph, 64, budget=1)
    assert settle(graph, ordering) is ordering


@given(st.lists(st.sampled_from([0.1, 0.4, 3.0]), min_size=1, max_size=10), st.integers(1, 4))
@settings(max_examples=15, deadline=None)
def test_it_costs_next_to_nothing_without_start_up(seconds, slots):
    names = {f"t{number}": value for number, value in enumerate(seconds)}
    graph = build_graph(names, {f"t{number}": [f"t{number // 2}"] for number in range(2, len(seconds))})
    ordering = order_tasks(graph, slots, budget=2_000)
    settled = settle(graph, ordering)
    assert sorted(settled.order) == sorted(ordering.order)
    assert settled.makespan == pytest.approx(makespan_of(graph, slots, settled.order))
    assert settled.makespan <= min(ordering.makespan * 1.0005, ordering.default_makespan) + 1e-9
