"""Probabilities corrected by outcomes, and the table that shows whether they are right."""

from __future__ import annotations

import random
import statistics

import pytest

from airflow_provider_wfintel.engine.monitoring.health import Recalibration, reliability


def told(number, *, true, said, seed=5):
    """Runs that are bad with the probability `true(said)`; `said` draws what was said."""
    chance = random.Random(seed)  # noqa: S311 - a fixed seed, nothing secret
    pairs = []
    for _ in range(number):
        value = said(chance)
        pairs.append((value, chance.random() < true(value)))
    return pairs


def test_without_outcomes_nothing_is_corrected():
    assert Recalibration().apply(0.3) == 0.3
    assert Recalibration.fitted([]).apply(0.3) == pytest.approx(0.3)


def test_right_probabilities_stay_as_they_are():
    fit = Recalibration.fitted(told(3000, true=lambda p: p, said=lambda c: c.uniform(0.02, 0.6)))
    for value in (0.05, 0.2, 0.5):
        assert fit.apply(value) == pytest.approx(value, abs=0.04)


def test_probabilities_that_are_twice_too_high_are_halved():
    pairs = told(3000, true=lambda p: p / 2, said=lambda c: c.uniform(0.05, 0.5))
    fit = Recalibration.fitted(pairs)
    before = abs(statistics.fmean(p - came for p, came in pairs))
    after = abs(statistics.fmean(fit.apply(p) - came for p, came in pairs))
    assert after < before / 10


def test_one_run_changes_little():
    fit = Recalibration.fitted([(0.1, True)])
    assert 0.1 < fit.apply(0.1) < 0.2


def test_the_order_of_probabilities_is_kept():
    fit = Recalibration.fitted(told(500, true=lambda p: 1 - p, said=lambda c: c.uniform(0.1, 0.9)))
    values = [fit.apply(p) for p in (0.1, 0.3, 0.6, 0.9)]
    assert values == sorted(values)


def test_the_reliability_table_holds_every_run_once_and_the_truth_within_its_bounds():
    pairs = told(2000, true=lambda p: p, said=lambda c: c.uniform(0.0, 1.0))
    table = reliability(pairs)
    assert sum(row.runs for row in table) == len(pairs)
    assert [row.said for row in table] == sorted(row.said for row in table)
    assert sum(row.low <= row.said <= row.high for row in table) >= 8


def test_the_reliability_table_shows_what_is_off():
    table = reliability(told(2000, true=lambda p: p / 3, said=lambda c: c.uniform(0.4, 0.9)))
    assert all(row.said > row.high for row in table)


def test_of_no_run_there_is_no_table():
    assert reliability([]) == ()
