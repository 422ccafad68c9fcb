"""A dependency goes only if both sides are known and share no data; what is not known keeps its place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.optimization.ordering.graph import ancestors
from airflow_provider_wfintel.engine.optimization.service import DataSets, build_graph, untangle


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


def data(reads="", writes=""):
    return DataSets(frozenset(reads.split()), frozenset(writes.split()))


def upstream_of(result):
    graph = result.graph
    return {
        name: {graph.ids[parent] for parent in parents} for name, parents in zip(graph.ids, graph.parents, strict=True)
    }


def test_a_chain_of_tasks_that_share_nothing_falls_apart():
    graph = build_graph({"a": 1, "b": 1, "c": 1}, {"b": ["a"], "c": ["b"]})
    result = untangle(graph, {"a": data(writes="x"), "b": data(writes="y"), "c": data("x", "z")})
    assert upstream_of(result) == {"a": set(), "b": set(), "c": {"a"}}
    assert result.removed == (("a", "b"), ("b", "c"))


def test_a_barrier_that_does_nothing_is_left_out_and_its_neighbours_wait_for_their_data():
    graph = build_graph({"a": 1, "b": 1, "all": 0, "c": 1, "d": 1}, {"all": ["a", "b"], "c": ["all"], "d": ["all"]})
    known = {"a": data(writes="a"), "b": data(writes="b"), "all": data(), "c": data("a", "c"), "d": data("b", "d")}
    result = untangle(graph, known)
    assert result.idle == ("all",)
    assert upstream_of(result) == {"a": set(), "b": set(), "c": {"a"}, "d": {"b"}}


def test_an_unknown_task_keeps_its_place_also_through_a_barrier():
    graph = build_graph({"a": 1, "b": 1, "all": 0, "c": 1}, {"all": ["a", "b"], "c": ["all"]})
    result = untangle(graph, {"b": data(writes="b"), "all": data(), "c": data("b", "c")})
    assert "a" in upstream_of(result)["c"] or "a" in upstream_of(result)["all"] & upstream_of(result)["c"]
    reachable = ancestors(result.graph)[result.graph.ids.index("c")]
    assert {name for at, name in enumerate(result.graph.ids) if reachable >> at & 1} >= {"a", "b"}


def test_two_writers_of_one_data_set_and_a_reader_before_a_writer_stay_in_order():
    graph = build_graph({"read": 1, "write": 1, "again": 1}, {"write": ["read"], "again": ["write"]})
    result = untangle(graph, {"read": data("x"), "write": data(writes="x"), "again": data(writes="x")})
    assert upstream_of(result) == {"read": set(), "write": {"read"}, "again": {"write"}}
    assert result.removed == ()


def test_a_task_that_takes_time_stays_though_it_touches_no_data():
    graph = build_graph({"a": 1, "pause": 5, "b": 1}, {"pause": ["a"], "b": ["pause"]})
    result = untangle(graph, {"a": data(writes="x"), "pause": data(), "b": data("x")})
    assert result.idle == ()
    assert upstream_of(result) == {"a": set(), "pause": set(), "b": {"a"}}


@st.composite
def described(draw):
    graph = draw(graphs())
    names = st.frozensets(st.sampled_from("pqrs"), max_size=2)
    known = {name: DataSets(draw(names), draw(names)) for name in graph.ids if draw(st.booleans())}
    return graph, known


@given(described())
@settings(max_examples=150, deadline=None)
def test_the_law(case):
    graph, known = case
    result = untangle(graph, known)
    before, after = ancestors(graph), ancestors(result.graph)
    place = {name: at for at, name in enumerate(result.graph.ids)}
    for late, name in enumerate(graph.ids):
        for early, other in enumerate(graph.ids):
            if not before[late] >> early & 1:
                if name in place and other in place:
                    assert not after[place[name]] >> place[other] & 1, "no order is added"
                continue
            a, b = known.get(other), known.get(name)
            meets = a and b and (a.writes & (b.reads | b.writes) or a.reads & b.writes)
            if a is None or b is None or meets:
                assert after[place[name]] >> place[other] & 1, "what must stay in order does"
    for name in result.idle:
        assert not known[name].reads | known[name].writes
