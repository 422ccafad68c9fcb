"""A plain metric: what beats its own record is reported, once."""

from __future__ import annotations

import json
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.service import MetricStream
from airflow_provider_wfintel.exceptions import UserInputError

STEP = 300.0


def wave(number, *, seed=1):
    """A metric that swings over the day."""
    chance = random.Random(seed)  # noqa: S311
    return [50 + 20 * math.sin(index * STEP / 86_400 * 2 * math.pi) + chance.gauss(0, 1) for index in range(number)]


def alerts(values):
    stream = MetricStream()
    return [index for index, value in enumerate(values) if stream.update(1.7e9 + index * STEP, value).alert]


def test_a_daily_swing_is_normal_after_some_days():
    assert [index for index in alerts(wave(3000)) if index > 900] == []


def test_a_value_far_outside_is_told():
    values = wave(3000)
    values[2000] += 40
    assert 2000 in alerts(values)


def test_a_value_that_is_odd_for_its_hour_only_is_told():
    values = wave(3000)
    noon = 8 * 288 + 72
    values[noon : noon + 6] = [35.0] * 6
    assert any(noon <= index < noon + 6 for index in alerts(values))


def test_one_incident_is_not_told_again_and_again():
    values = wave(3000)
    values[2000:2100] = [value + 60 for value in values[2000:2100]]
    assert 1 <= len([index for index in alerts(values) if 2000 <= index < 2100]) <= 5


def test_the_first_samples_are_not_judged():
    answer = MetricStream().update(0.0, 1e9)
    assert not answer.alert
    assert not answer.enough


def test_an_alert_says_what_is_usual():
    stream = MetricStream()
    for index, value in enumerate(wave(2000)):
        stream.update(index * STEP, value)
    answer = stream.update(2000 * STEP, 500.0)
    assert answer.alert
    assert 20 < answer.expected < 80
    assert "500 where" in answer.reason


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), max_size=120), st.integers(0, 120))
def test_a_saved_and_loaded_stream_answers_like_one_that_was_not(values, cut):
    stream = MetricStream()
    for index, value in enumerate(values[:cut]):
        stream.update(index * STEP, value)
    loaded = MetricStream.from_state(json.loads(json.dumps(stream.state_dict())))
    rest = list(enumerate(values))[cut:]
    assert [loaded.update(i * STEP, v) for i, v in rest] == [stream.update(i * STEP, v) for i, v in rest]


@pytest.mark.parametrize("state", [{}, {"version": 2}, {"version": 1, "samples": "x"}])
def test_a_state_that_is_none_is_refused(state):
    with pytest.raises(UserInputError):
        MetricStream.from_state(state)


def test_no_number_is_refused():
    with pytest.raises(UserInputError):
        MetricStream().update(0.0, float("nan"))
