"""Workflows in JSON: what is read, what is proposed, what is refused."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.optimization.service import propose_layout, read_workflow
from airflow_provider_wfintel.exceptions import SpecError


def task(name, seconds=1.0, parents=(), **more):
    return {"id": name, "runtime_s": seconds, "parents": list(parents), **more}


def test_a_file_without_data_keeps_its_dependencies():
    workflow = read_workflow({"name": "w", "tasks": [task("a"), task("b", 3), task("c", 1, ["a"])]}, "file")
    layout = propose_layout(workflow, [2, 4])
    proposal = layout.as_proposal()
    assert workflow.name == "w"
    assert "dependencies" not in proposal
    assert set(proposal["by_slots"]) == {"2", "4"}
    assert set(proposal["priorities"]) == {"a", "b", "c"}


def test_a_file_with_data_names_the_dependencies_that_stay():
    tasks = [
        task("a", reads=[], writes=["a.out"]),
        task("b", reads=[], writes=["b.out"]),
        task("wait", 0, ["a", "b"], reads=[], writes=[]),
        task("c", 1, ["wait"], reads=["a.out"], writes=["c.out"]),
    ]
    layout = propose_layout(read_workflow({"tasks": tasks}, "file"), [2])
    proposal = layout.as_proposal()
    assert layout.name == "file"
    assert proposal["dependencies"] == {"a": [], "b": [], "c": ["a"]}
    assert "wait" not in proposal["priorities"]


def test_the_default_is_that_of_the_file_and_not_of_the_proposed_graph():
    tasks = [task(name, 2, [before] if before else [], reads=[], writes=[name]) for name, before in
             (("a", ""), ("b", "a"), ("c", "b"))]  # fmt: skip
    layout = propose_layout(read_workflow({"tasks": tasks}, "chain"), [4])
    assert layout.default_makespans == (6.0,)
    assert layout.orderings[0].makespan == 2.0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "no list of tasks"),
        ({"tasks": {}}, "no list of tasks"),
        ({"tasks": ["a"]}, "task 1 of workflow 'file' has no id"),
        ({"tasks": [{"id": "a"}]}, "no run time"),
        ({"tasks": [{"id": "a", "runtime_s": True}]}, "no run time"),
        ({"tasks": [task("a"), task("a")]}, "two tasks 'a'"),
        ({"tasks": [{**task("a"), "parents": "b"}]}, "'parents'"),
        ({"tasks": [task("a", reads="x", writes=[])]}, "'reads'"),
        ({"tasks": [task("a", 1, ["a"])]}, "cycle"),
    ],
)
def test_another_form_is_refused_by_name(data, said):
    with pytest.raises(SpecError, match=said):
        read_workflow(data, "file")


def test_no_slots_are_refused():
    with pytest.raises(SpecError, match="slots"):
        propose_layout(read_workflow({"tasks": [task("a")]}, "file"), [])
