"""The order of tasks: what it may be worth, and the laws that it keeps."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.ordering.bounds import lower_bound, simple_bound
from airflow_provider_wfintel.engine.optimization.ordering.improve import Search
from airflow_provider_wfintel.engine.optimization.ordering.list_schedule import list_schedule
from airflow_provider_wfintel.engine.optimization.ordering.order import default_makespan, makespan_of
from airflow_provider_wfintel.engine.optimization.ordering.ranks import RANKS, downstream_counts
from airflow_provider_wfintel.engine.optimization.service import build_graph, order_tasks
from airflow_provider_wfintel.exceptions import SpecError


@st.composite
def graphs(draw, most=14):
    """Any graph of a few tasks; a task waits only for tasks before it."""
    count = draw(st.integers(1, most))
    seconds = {
        f"t{number}": draw(st.sampled_from([0.0, 0.1, 0.25, 1.0, 2.5, 3.0, 7.0, 20.0])) for number in range(count)
    }
    upstream = {
        f"t{number}": [f"t{parent}" for parent in draw(st.sets(st.integers(0, number - 1), max_size=3))]
        for number in range(1, count)
    }
    return build_graph(seconds, upstream)


SMALL = 3_000


def straggler():
    """A long task without successors beside small ones that have some: Airflow's default starts it last."""
    small = {f"s{number}": 2.0 for number in range(10)}
    return build_graph({**small, "end": 1.0, "long": 10.0}, {"end": list(small)})


def test_a_long_task_that_nothing_waits_for_starts_first():
    ordering = order_tasks(straggler(), 2)
    assert ordering.default_makespan == 10 + 10
    assert ordering.makespan == 16
    assert ordering.order.index("long") < 7, "it ends when the small ones do"
    assert ordering.gain == pytest.approx(0.2)


def test_the_default_stays_where_nothing_is_to_gain():
    chain = build_graph({"a": 1, "b": 2, "c": 3}, {"b": ["a"], "c": ["b"]})
    ordering = order_tasks(chain, 4)
    assert (ordering.method, ordering.gain) == ("default", 0)
    assert ordering.evaluations == 1, "the bound tells it at once"


def test_weights_are_whole_numbers_that_start_the_first_task_first():
    ordering = order_tasks(straggler(), 2)
    weights = ordering.priority_weights
    assert sorted(weights.values()) == list(range(1, 13))
    assert sorted(weights, key=weights.get, reverse=True) == list(ordering.order)


def test_the_default_counts_tasks_and_not_seconds():
    graph = build_graph({"a": 1, "b": 2, "c": 3, "d": 1, "x": 5}, {"b": ["a"], "c": ["a"], "d": ["b", "c"]})
    assert downstream_counts(graph) == [4, 2, 2, 1, 1]


def test_an_empty_graph_has_an_empty_order():
    assert order_tasks(build_graph({}, {}), 3).order == ()


def test_no_slots_are_refused():
    with pytest.raises(SpecError, match="0 slots"):
        order_tasks(straggler(), 0)


def test_a_search_needs_a_first_order():
    with pytest.raises(RuntimeError, match="offer"):
        Search(straggler(), 2, 0.0, 10).run()


def test_names_of_ranks_are_unique():
    assert len({rank.name for rank in RANKS}) == len(RANKS)


@given(graphs(), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_never_worse_than_the_default_nor_better_than_the_bound(graph, slots):
    ordering = order_tasks(graph, slots, budget=SMALL)
    assert sorted(ordering.order) == sorted(graph.ids)
    assert ordering.default_makespan == default_makespan(graph, slots)
    assert simple_bound(graph, slots) <= ordering.bound
    assert ordering.bound - 1e-9 <= ordering.makespan <= ordering.default_makespan
    assert makespan_of(graph, slots, ordering.order) == ordering.makespan


@given(graphs(), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_the_same_graph_has_the_same_order(graph, slots):
    assert order_tasks(graph, slots, budget=SMALL) == order_tasks(graph, slots, budget=SMALL)


@given(graphs(most=6), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_small_graph_gets_the_best_order_of_all(graph, slots):
    best = min(list_schedule(graph, slots, order).makespan for order in itertools.permutations(range(len(graph.ids))))
    assert order_tasks(graph, slots, budget=SMALL).makespan == pytest.approx(best)
    assert lower_bound(graph, slots) <= best + 1e-9


@given(graphs(), st.integers(1, 4), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_schedule_keeps_dependencies_and_slots(graph, slots, chance):
    order = list(range(len(graph.ids)))
    chance.shuffle(order)
    for backward in (False, True):
        schedule = list_schedule(graph, slots, order, backward=backward)
        starts = [end - seconds for end, seconds in zip(schedule.ends, graph.seconds, strict=True)]
        for task, start in enumerate(starts):
            for parent in graph.children[task] if backward else graph.parents[task]:
                assert start >= schedule.ends[parent] - 1e-9
            busy = sum(begin <= start + 1e-9 < end - 1e-9 for begin, end in zip(starts, schedule.ends, strict=True))
            assert busy <= slots
        assert schedule.makespan == max(schedule.ends)
