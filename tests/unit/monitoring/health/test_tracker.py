"""The health of a DAG over made runs."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.health import HealthTracker, RunOutcome
from airflow_provider_wfintel.exceptions import UserInputError


def run(ok=True, duration=600.0, retries=0, deadline=900.0, weekday=None):
    return RunOutcome(ok, duration, retries, deadline, weekday)


def varied(number, *, seed=1, middle=600.0, spread=0.1, deadline=900.0):
    chance = random.Random(seed)  # noqa: S311 - a fixed seed, nothing secret
    return [run(duration=middle * chance.lognormvariate(0.0, spread), deadline=deadline) for _ in range(number)]


def tracked(runs, tasks=10):
    tracker = HealthTracker(tasks)
    for item in runs:
        tracker.observe(item)
    return tracker


def test_a_run_is_bad_if_it_failed_or_was_late():
    assert not run().bad
    assert run(ok=False).bad
    assert run(duration=901.0).bad
    assert not run(duration=10_000.0, deadline=None).bad


def test_a_dag_that_always_runs_well_in_time_is_healthy():
    health = tracked(varied(60)).health()
    assert health.score > 95
    assert health.enough_runs


def test_before_any_run_the_score_is_what_is_usual_and_says_that_it_knows_nothing():
    health = HealthTracker(10).health()
    assert 60 < health.score < 99
    assert (health.runs, health.enough_runs) == (0, False)


def test_failures_in_a_row_make_it_sick_and_good_runs_heal_it():
    tracker = tracked(varied(60))
    scores = [tracker.health().score]
    for _ in range(3):
        tracker.observe(run(ok=False, duration=300.0, retries=2))
        scores.append(tracker.health().score)
    assert scores[1] < scores[0] - 8
    assert scores[3] < 70
    for item in varied(20, seed=3):
        tracker.observe(item)
    assert tracker.health().score > scores[3] + 20


def test_a_tight_deadline_makes_it_less_healthy_than_a_wide_one():
    tracker = tracked(varied(60))
    scores = [tracker.health(deadline=deadline).score for deadline in (1200.0, 700.0, 600.0, 500.0)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 95
    assert 30 < scores[2] < 75
    assert scores[3] < 35


def test_growing_durations_are_seen_before_the_first_miss():
    steady = tracked(varied(60))
    growing = tracked(varied(40) + [run(duration=600.0 * 1.02**i) for i in range(19)])
    assert growing.health().score < steady.health().score - 10


def test_retries_are_a_warning():
    calm = tracked(varied(60))
    retrying = tracked([*varied(55), *(run(duration=700.0, retries=3) for _ in range(5))])
    assert retrying.health().failure_probability > 2 * calm.health().failure_probability


NOISE = [item.duration / 600.0 for item in varied(84, spread=0.05)]


def test_the_weekday_that_is_late_is_told_from_the_others():
    runs = [run(duration=(880.0 if day % 7 == 6 else 600.0) * NOISE[day], weekday=day % 7) for day in range(84)]
    tracker = tracked(runs)
    assert tracker.health(weekday=6).score < tracker.health(weekday=2).score - 10


def test_without_deadline_only_failures_count():
    health = tracked([run(deadline=None) for _ in range(30)]).health()
    assert health.miss_probability == 0.0
    assert health.score == pytest.approx(100.0 * (1.0 - health.failure_probability))


def test_reasons_name_what_costs_points_worst_first():
    sick = tracked([*varied(40), *(run(ok=False, retries=2) for _ in range(3))]).health()
    assert sick.reasons[0].name in {"episode", "failures_2", "since_failure"}
    assert sick.reasons[0].points > 0
    assert "%" in sick.reasons[0].text or "0" in sick.reasons[0].text
    sizes = [abs(reason.points) for reason in sick.reasons]
    assert sizes == sorted(sizes, reverse=True)
    late = tracked([*varied(60, middle=890.0)]).health()
    assert late.reasons[0].name.startswith(("longer", "over"))


def test_the_state_is_json_and_goes_on_as_if_nothing_had_happened():
    tracker = tracked([*varied(50), run(ok=False, retries=1), *varied(5, seed=9)])
    other = HealthTracker.from_json(json.loads(json.dumps(tracker.as_json())))
    for item in varied(5, seed=4):
        tracker.observe(item)
        other.observe(item)
    assert other.health() == tracker.health()
    assert other.told == tracker.told


@pytest.mark.parametrize("damage", [{"version": 99}, {"past": {}}, {"told": [1]}])
def test_a_state_that_cannot_be_read_is_refused(damage):
    with pytest.raises(UserInputError, match="state"):
        HealthTracker.from_json(tracked(varied(3)).as_json() | damage)


@pytest.mark.parametrize("bad", [run(duration=-1.0), run(retries=-1), run(deadline=0.0), run(duration=float("nan"))])
def test_what_is_no_outcome_is_refused(bad):
    with pytest.raises(UserInputError, match="outcome"):
        HealthTracker(3).observe(bad)


def test_a_dag_without_tasks_is_refused():
    with pytest.raises(UserInputError, match="tasks"):
        HealthTracker(0)


outcomes = st.builds(
    RunOutcome,
    st.booleans(),
    st.floats(0.0, 1e6),
    st.integers(0, 50),
    st.one_of(st.none(), st.floats(1.0, 1e6)),
    st.one_of(st.none(), st.integers(0, 6)),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(outcomes, max_size=30), st.integers(1, 500))
def test_whatever_happened_the_score_is_between_0_and_100(runs, tasks):
    health = tracked(runs, tasks).health()
    assert 0.0 <= health.score <= 100.0
    assert 0.0 <= health.failure_probability <= 1.0
    assert health.bad_probability >= max(health.failure_probability, health.miss_probability) - 1e-9


@settings(deadline=None, max_examples=30)
@given(st.lists(outcomes, min_size=12, max_size=25))
def test_one_more_failure_never_makes_failing_less_likely_than_one_more_success(runs):
    failed, well = tracked(runs), tracked(runs)
    failed.observe(run(ok=False))
    well.observe(run())
    assert failed.health().failure_probability >= well.health().failure_probability - 1e-9
