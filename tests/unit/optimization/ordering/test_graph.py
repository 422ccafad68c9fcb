"""A graph is checked when it is built, and knows its paths."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.optimization.ordering.bounds import lower_bound, simple_bound
from airflow_provider_wfintel.engine.optimization.service import build_graph
from airflow_provider_wfintel.exceptions import SpecError

DIAMOND = {"b": ["a"], "c": ["a"], "d": ["b", "c"]}
SECONDS = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 1.0, "x": 5.0}


def test_heads_and_tails_are_longest_paths():
    graph = build_graph(SECONDS, DIAMOND)
    assert dict(zip(graph.ids, graph.heads, strict=True)) == {"a": 0, "b": 1, "c": 1, "d": 4, "x": 0}
    assert dict(zip(graph.ids, graph.tails, strict=True)) == {"a": 4, "b": 1, "c": 1, "d": 0, "x": 0}
    assert graph.critical_path == 5


def test_a_dependency_that_is_named_twice_counts_once():
    assert build_graph({"a": 1, "b": 1}, {"b": ["a", "a"]}).parents == ((), (0,))


@pytest.mark.parametrize(
    ("seconds", "upstream", "said"),
    [
        ({"a": 1, "b": 1}, {"a": ["b"], "b": ["a"]}, "cycle"),
        ({"a": 1}, {"a": ["z"]}, "'z'"),
        ({"a": 1}, {"z": ["a"]}, "'z'"),
        ({"a": -1}, {}, "'a'"),
        ({"a": float("nan")}, {}, "'a'"),
        ({"a": float("inf")}, {}, "'a'"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(seconds, upstream, said):
    with pytest.raises(SpecError, match=said):
        build_graph(seconds, upstream)


def test_the_simple_bound_is_path_or_work():
    graph = build_graph(SECONDS, DIAMOND)
    assert simple_bound(graph, 1) == 12
    assert simple_bound(graph, 2) == 6
    assert simple_bound(graph, 64) == 5


def test_the_sharper_bound_sees_work_between_a_narrow_start_and_a_narrow_end():
    middle = {f"m{number}": 1.0 for number in range(8)}
    graph = build_graph(
        {"start": 4.0, **middle, "end": 3.0}, {**{name: ["start"] for name in middle}, "end": list(middle)}
    )
    assert simple_bound(graph, 4) == 8
    assert lower_bound(graph, 4) == 4 + 8 / 4 + 3
