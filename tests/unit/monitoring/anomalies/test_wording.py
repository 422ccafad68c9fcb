"""Figures as people say them: short, without exponents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.anomalies.wording import amount, percent, seconds, times


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.42, "0.42 s"), (42, "42 s"), (210, "3.5 min"), (7000, "117 min"), (7560, "2.1 h"), (3.6e7, "10,000 h")],
)
def test_durations(value, said):
    assert seconds(value) == said


@pytest.mark.parametrize(("value", "said"), [(2.413, "2.41 times"), (1500, "1,500 times"), (0.21, "21 %")])
def test_factors(value, said):
    assert times(value) == said


@pytest.mark.parametrize(("value", "said"), [(1.0, "100 %"), (0.996, "100 %"), (0.042, "4.2 %"), (3.0, "300 %")])
def test_shares(value, said):
    assert percent(value) == said


@given(st.floats(0.01, 1e9))
def test_there_are_no_exponents(value):
    assert "e" not in f"{seconds(value)} {times(value)} {amount(value)}".replace("times", "")
