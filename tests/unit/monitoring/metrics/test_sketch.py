"""Distributions that can be merged: quantiles within 1 %, and merging is the same as counting together."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.metrics import Sketch

values = st.lists(st.one_of(st.just(0.0), st.floats(1e-6, 1e9)), min_size=1, max_size=60)


def sketched(numbers):
    sketch = Sketch()
    for number in numbers:
        sketch.add(number)
    return sketch


@given(values, st.floats(0.0, 1.0))
def test_a_quantile_is_within_one_percent_of_the_value_of_its_rank(numbers, level):
    exact = sorted(numbers)[math.floor(level * (len(numbers) - 1))]
    assert sketched(numbers).quantile(level) == pytest.approx(exact, rel=0.0101, abs=1e-9)


@given(values, values)
def test_merging_is_counting_together(first, second):
    merged = sketched(first)
    merged.merge(sketched(second))
    both = sketched(first + second)
    assert merged.buckets == both.buckets
    assert (merged.count, merged.smallest, merged.largest) == (both.count, both.smallest, both.largest)
    assert merged.total == pytest.approx(both.total)


@given(values)
def test_the_state_is_json(numbers):
    sketch = sketched(numbers)
    assert Sketch.from_json(json.loads(json.dumps(sketch.as_json()))) == sketch


def test_without_values_there_is_no_mean_and_no_quantile():
    assert (Sketch().mean, Sketch().quantile(0.5)) == (None, None)
    assert Sketch.from_json(Sketch().as_json()) == Sketch()


def test_negative_values_count_as_zero_and_what_is_no_number_does_not_count():
    sketch = sketched([-3.0, math.nan, math.inf, 5.0])
    assert (sketch.count, sketch.total, sketch.smallest, sketch.largest) == (2, 5.0, 0.0, 5.0)
