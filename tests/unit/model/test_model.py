"""The words: JSON round trip of every value, stable text, and specs that contradict themselves."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine import model
from airflow_provider_wfintel.engine.model import (
    Argument,
    Dependency,
    DependencyReason,
    GroupSpec,
    LiteralValue,
    MappingSpec,
    OperatorRef,
    OutputRef,
    ParamRef,
    ParamSpec,
    Schedule,
    Span,
    TaskSpec,
    TemplateValue,
    WorkflowSpec,
    canonical_json,
    from_json,
    to_json,
    workflow_text,
)
from airflow_provider_wfintel.exceptions import SpecError

VALUES = [
    getattr(model, name)
    for name in model.__all__
    if dataclasses.is_dataclass(getattr(model, name)) and not name.startswith("InMemory")
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
st.register_type_strategy(LiteralValue, JSON.map(LiteralValue.of))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("cls", VALUES, ids=lambda cls: cls.__name__)
def test_every_value_survives_json(cls):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_type(cls))
    def check(value):
        text = json.dumps(to_json(value))
        assert from_json(cls, json.loads(text)) == value

    check()


@pytest.mark.parametrize("cls", VALUES, ids=lambda cls: cls.__name__)
def test_every_value_is_frozen(cls):
    assert cls.__dataclass_params__.frozen
    assert not hasattr(cls, "__dict__") or "__slots__" in cls.__dict__


@given(JSON)
def test_literals_compare_by_content(value):
    assert LiteralValue.of(value) == LiteralValue.of(json.loads(json.dumps(value)))
    assert LiteralValue.of(value).value == value


def test_canonical_json_has_one_form():
    assert canonical_json({"b": 1, "a": ["é", None]}) == '{"a":["é",null],"b":1}'


def task(task_id, *arguments, **settings):
    return TaskSpec(task_id, task_id, "none", OperatorRef("operator", "m:Op"), arguments=arguments, **settings)


SPEC = WorkflowSpec(
    "shop",
    schedule=Schedule("cron", ("0 6 * * *",), timezone="Europe/Berlin"),
    tasks=(
        task("a"),
        task("b", Argument("rows", OutputRef("a")), Argument("day", ParamRef("day"), "missing")),
        task("c", Argument("text", TemplateValue("{{ ds }}")), mapping=MappingSpec("x", OutputRef("b"), 3), group="g"),
    ),
    dependencies=(Dependency("a", "b"), Dependency("b", "c", label="ok")),
    groups=(GroupSpec("g"),),
    params=(ParamSpec("day"),),
)


def test_the_text_form_is_stable():
    assert workflow_text(SPEC.validate()) == (
        "dag shop\n"
        "schedule cron 0 6 * * * Europe/Berlin\n"
        "param day: string\n"
        "task a: none - by m:Op\n"
        "task b: none - by m:Op\n"
        "    after a\n"
        "    rows = output of a\n"
        "    day = param day  [missing]\n"
        "task c: none - by m:Op\n"
        "    after b\n"
        "    for each x of output of b, at most 3\n"
        "    in group g\n"
        "    text = template {{ ds }}\n"
    )


def test_the_text_form_does_not_depend_on_the_way_through_json():
    assert workflow_text(from_json(WorkflowSpec, to_json(SPEC))) == workflow_text(SPEC)


def test_lookups():
    assert SPEC.task_ids == ("a", "b", "c")
    assert SPEC.task("b").argument("rows").value == OutputRef("a")
    assert SPEC.task("b").argument("nothing") is None
    assert (SPEC.upstream_of("b"), SPEC.downstream_of("b")) == (("a",), ("c",))
    assert SPEC.topological_order() == ("a", "b", "c")
    with pytest.raises(SpecError, match="no task 'z'") as caught:
        SPEC.task("z")
    assert "a, b, c" in caught.value.hint


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (replace(SPEC, tasks=(*SPEC.tasks, task("a"))), "used twice"),
        (replace(SPEC, dependencies=(Dependency("a", "z"),)), "unknown task 'z'"),
        (replace(SPEC, groups=()), "unknown group 'g'"),
        (replace(SPEC, params=()), "unknown parameter 'day'"),
        (replace(SPEC, tasks=SPEC.tasks[1:], dependencies=()), "output of the unknown task 'a'"),
        (replace(SPEC, dependencies=(*SPEC.dependencies, Dependency("c", "a"))), "cycle"),
        (replace(SPEC, dependencies=(Dependency("a", "a"),)), "cycle"),
        (WorkflowSpec("x", tasks=(task("m", mapping=MappingSpec("x", OutputRef("n"))),)), "unknown task 'n'"),
    ],
)
def test_specs_that_contradict_themselves_are_refused(spec, message):
    with pytest.raises(SpecError, match=message):
        spec.validate()


@pytest.mark.parametrize(
    ("cls", "data", "message"),
    [
        (Span, {"start": 1}, "Span"),
        (Span, {"start": "1", "end": 2}, "expected int"),
        (Span, {"start": 1, "end": 2, "colour": 3}, "unknown key 'colour'"),
        (Span, [1, 2], "expected an object"),
        (Dependency, {"upstream": "a", "downstream": "b", "reason": "mood"}, "none of"),
        (WorkflowSpec, {"dag_id": "x", "tasks": "abc"}, "expected a list"),
        (Argument, {"name": "x", "value": {"is": "magic"}}, "unknown kind"),
        (Schedule, {"kind": "cron", "crons": [1]}, "expected str"),
        (Schedule, {"kind": True}, "none of"),
    ],
)
def test_json_of_another_form_is_refused(cls, data, message):
    with pytest.raises(SpecError, match=message):
        from_json(cls, data)


def test_values_without_a_json_form_are_refused():
    with pytest.raises(SpecError, match="no JSON form"):
        to_json({1, 2})


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_spans_overlap_if_they_share_a_letter(a, b, c, d):
    left, right = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    shared = set(range(left.start, left.end)) & set(range(right.start, right.end))
    assert left.overlaps(right) == right.overlaps(left)
    if shared:
        assert left.overlaps(right)


def test_reasons_and_origins_are_closed_lists():
    assert "stated" in DependencyReason.__args__
