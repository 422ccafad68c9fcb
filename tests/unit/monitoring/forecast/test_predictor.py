"""Forecasts of runs of a small DAG: extract, then left and right at once, then join."""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.forecast import DagShape, FinishPredictor, PastRun
from airflow_provider_wfintel.exceptions import UserInputError

STEADY_FINISH = 100.0 + 400.0 + 50.0 + 3 * 2.0


def test_without_a_run_there_is_no_forecast(made):
    assert FinishPredictor(made.fork).next_run(0) is None
    assert FinishPredictor(made.fork).deadline_for() is None


def test_one_run_is_enough_for_a_wide_forecast_that_says_so(made):
    forecast = made.learned([made.played(made.usual)]).next_run(0)
    assert forecast.q10 < STEADY_FINISH < forecast.q90
    assert forecast.q90 - forecast.q10 > 0.3 * STEADY_FINISH
    assert (forecast.runs, forecast.enough_runs) == (1, False)


def test_steady_runs_make_a_narrow_forecast_around_the_critical_path(made):
    forecast = made.learned(made.runs(40, common=0.02, own=0.02)).next_run(0)
    assert forecast.q50 == pytest.approx(STEADY_FINISH, rel=0.03)
    assert forecast.q90 - forecast.q10 < 0.15 * STEADY_FINISH
    assert forecast.enough_runs


def test_a_run_that_is_slow_so_far_stays_slow(made):
    predictor = made.learned(made.runs(60))
    slow = made.played([1.5 * seconds for seconds in made.usual])
    quick = made.played([0.7 * seconds for seconds in made.usual])
    after_extract = [
        predictor.predict(made.at(run, run.end[0] + 1), run_id=str(i)) for i, run in enumerate((slow, quick))
    ]
    assert after_extract[0].q50 == pytest.approx(slow.end[3], rel=0.15)
    assert after_extract[1].q50 == pytest.approx(quick.end[3], rel=0.15)


def test_tasks_that_do_not_move_together_say_nothing_about_each_other(made):
    predictor = made.learned(made.runs(80, common=0.0, own=0.25))
    slow_start = made.played([150.0, *made.usual[1:]])
    forecast = predictor.predict(made.at(slow_start, slow_start.end[0] + 1))
    assert forecast.q50 - slow_start.end[0] == pytest.approx(400 + 50 + 4, rel=0.2)


def test_the_odds_of_a_miss_rise_when_the_run_turns_out_slow(made):
    predictor = made.learned(made.runs(60))
    slow = made.played([1.6 * seconds for seconds in made.usual])
    deadline = 1.3 * STEADY_FINISH
    moments = (0.0, slow.end[0] + 1, slow.end[2] + 1)
    odds = [predictor.predict(made.at(slow, moment, deadline)).miss_probability for moment in moments]
    assert odds[0] < 0.3 < 0.8 < odds[1]
    assert odds[2] > 0.9


def test_a_passed_deadline_is_missed_and_without_one_nothing_is_said(made):
    predictor = made.learned(made.runs(25))
    run = made.played(made.usual)
    assert predictor.predict(made.at(run, 300.0, 200.0)).miss_probability == 1.0
    assert predictor.predict(made.at(run, 300.0)).miss_probability is None


def test_no_finish_lies_in_the_past_even_if_a_task_runs_longer_than_ever(made):
    predictor = made.learned(made.runs(40))
    stuck = made.played([100.0, 200.0, 40_000.0, 50.0])
    forecast = predictor.predict(made.at(stuck, 20_000.0, 1000.0))
    assert 20_000.0 < forecast.q10 <= forecast.q50 <= forecast.q90


def test_weekdays_that_differ_are_told_apart_and_those_that_do_not_are_not(made):
    sunday_double = made.learned(made.runs(70, common=0.05, weekday_factor=lambda day: 2.0 if day == 6 else 1.0))
    assert sunday_double.next_run(6).q50 / sunday_double.next_run(2).q50 == pytest.approx(2.0, rel=0.15)
    alike = made.learned(made.runs(70, common=0.05))
    assert alike.next_run(6).q50 / alike.next_run(2).q50 == pytest.approx(1.0, rel=0.05)


def test_a_changed_level_is_followed(made):
    runs = made.runs(40, common=0.03, own=0.03)
    slower = [made.played([2 * seconds for seconds in made.usual]) for _ in range(15)]
    assert made.learned(runs + slower).next_run(0).q50 == pytest.approx(2 * STEADY_FINISH, rel=0.1)


def test_fewer_slots_are_seen_while_the_run_goes_on(made):
    predictor = made.learned(made.runs(40, common=0.03, own=0.03))
    narrow = made.played(made.usual, slots=1)
    moment = narrow.end[0] + 120.0
    forecast = predictor.predict(made.at(narrow, moment))
    assert forecast.slots == 1
    assert forecast.q50 == pytest.approx(narrow.end[3], rel=0.1)


def test_an_overdue_task_may_be_in_a_retry(made):
    runs = made.runs(40, common=0.02, own=0.02)
    runs[10] = made.played([100.0, 200.0, 400.0 * 1.5 + 300.0, 50.0], retried=(2,))
    predictor = made.learned(runs)
    overdue = made.at(made.played([100.0, 200.0, 5000.0, 50.0]), 100.0 + 480.0)
    assert predictor.predict(overdue).q90 > 900.0


def test_the_task_that_makes_the_run_late_is_named(made):
    predictor = made.learned(made.runs(40, common=0.05))
    run = made.played([100.0, 200.0, 1200.0, 50.0])
    blame = predictor.predict(made.at(run, run.end[2] + 1), explain=True).blame
    assert blame[0].task_id == "right"
    assert blame[0].seconds == pytest.approx(800.0, rel=0.1)


def test_a_slow_task_off_the_critical_path_is_not_to_blame(made):
    predictor = made.learned(made.runs(40, common=0.01, own=0.01))
    run = made.played([100.0, 380.0, 400.0, 50.0])
    named = {item.task_id for item in predictor.predict(made.at(run, run.end[2] + 1), explain=True).blame}
    assert "left" not in named


def test_a_suggested_deadline_is_missed_as_rarely_as_asked(made):
    predictor = made.learned(made.runs(100))
    deadline = predictor.deadline_for(0.05)
    later = [run.end[3] for run in made.runs(400, seed=2)]
    missed = statistics.fmean(finish > deadline for finish in later)
    assert deadline % 60 == 0
    assert missed <= 0.10
    assert predictor.deadline_for(0.3) < deadline


def test_quantiles_hold_what_they_say(made):
    predictor = made.learned([])
    inside = []
    for number, run in enumerate(made.runs(200, common=0.3, own=0.1)):
        forecast = predictor.predict(made.at(run, run.end[0] + 1 if number % 2 else 0.0), run_id=str(number))
        if number >= 20:
            inside.append(forecast.q10 <= run.end[3] <= forecast.q90)
        predictor.observe(run, run_id=str(number))
    assert 0.73 <= statistics.fmean(inside) <= 0.87


def test_the_state_is_json_and_goes_on_as_if_nothing_had_happened(made):
    predictor = made.learned(made.runs(30))
    run = made.played([120.0, 210.0, 390.0, 60.0], weekday=3)
    predictor.predict(made.at(run, 130.0), run_id="r")
    other = FinishPredictor.from_json(json.loads(json.dumps(predictor.as_json())))
    for item in (predictor, other):
        item.observe(run, run_id="r")
    ours, theirs = predictor.next_run(4, deadline=700.0), other.next_run(4, deadline=700.0)
    assert ours.q50 == pytest.approx(theirs.q50, rel=1e-3)
    assert ours.miss_probability == pytest.approx(theirs.miss_probability, abs=1e-2)


@pytest.mark.parametrize("damage", [{"version": 99}, {"memory": {}}, {"places": 3}])
def test_a_state_that_cannot_be_read_is_refused(made, damage):
    with pytest.raises(UserInputError, match="state"):
        FinishPredictor.from_json(made.learned(made.runs(3)).as_json() | damage)


def test_a_new_task_in_the_dag_keeps_what_is_known_of_the_others(made):
    predictor = made.learned(made.runs(40, common=0.02, own=0.02))
    wider = DagShape("shop", ("extract", "left", "right", "join", "report"), ((), (0,), (0,), (1, 2), (3,)))
    predictor.reshape(wider)
    forecast = predictor.next_run(0)
    assert forecast.runs == 40
    assert forecast.q50 > 0.95 * STEADY_FINISH
    predictor.reshape(made.fork)
    assert predictor.next_run(0).q50 == pytest.approx(STEADY_FINISH, rel=0.05)


def test_runs_of_another_size_are_refused_and_runs_without_any_task_ignored(made):
    predictor = made.learned(made.runs(3))
    with pytest.raises(UserInputError, match="4 tasks"):
        predictor.observe(type(made.played(made.usual))(0, (1.0,), (2.0,)))
    predictor.observe(type(made.played(made.usual))(0, (None,) * 4, (None,) * 4))
    assert predictor.runs == 3


def test_a_skipped_task_costs_nothing_and_teaches_nothing(made):
    runs = made.runs(30, common=0.02, own=0.02)
    whole = [made.played([100.0, 200.0, 0.0, 50.0]) for _ in range(30)]
    skipping = [
        replace(run, start=(*run.start[:2], None, run.start[3]), end=(*run.end[:2], None, run.end[3])) for run in whole
    ]
    predictor = made.learned(runs + skipping)
    assert predictor.next_run(0).q50 == pytest.approx(STEADY_FINISH, rel=0.05)


moment = st.floats(0.0, 1e6)
pair = st.one_of(st.none(), st.tuples(moment, moment).map(sorted))


@st.composite
def any_runs(draw):
    rows = draw(st.lists(st.tuples(st.integers(0, 6), st.lists(pair, min_size=4, max_size=4)), min_size=1, max_size=25))
    return [
        PastRun(
            weekday,
            tuple(None if item is None else item[0] for item in tasks),
            tuple(None if item is None else item[1] for item in tasks),
            tuple(draw(st.sets(st.integers(0, 3), max_size=2))),
        )
        for weekday, tasks in rows
    ]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=any_runs(), weekday=st.integers(0, 6), elapsed=moment, deadline=st.floats(1.0, 1e6))
def test_whatever_was_seen_a_forecast_is_in_order_and_not_in_the_past(made, runs, weekday, elapsed, deadline):
    predictor = made.learned(runs)
    whole = made.played(made.usual, weekday=weekday)
    forecast = predictor.predict(made.at(whole, min(elapsed, whole.end[3] - 1.0), deadline), explain=True)
    if all(end is None for run in runs for end in run.end):
        assert forecast is None
        return
    assert 0.0 < forecast.q10 <= forecast.q50 <= forecast.q90 < math.inf
    assert 0.0 <= forecast.miss_probability <= 1.0
    assert json.loads(json.dumps(predictor.as_json())) == predictor.as_json()


@pytest.mark.parametrize("end", [math.nan, math.inf, -1.0])
def test_times_that_are_none_are_refused(made, end):
    with pytest.raises(UserInputError, match="times"):
        made.learned([PastRun(0, (0.0,) * 4, (1.0, 2.0, 3.0, end))])


def test_learning_is_the_same_in_one_go_and_over_a_stored_state(made):
    runs = made.runs(30)
    stored = made.learned(runs[:15])
    stored = FinishPredictor.from_json(json.loads(json.dumps(stored.as_json())))
    for run in runs[15:]:
        stored.observe(run)
    assert stored.next_run(0).q50 == pytest.approx(made.learned(runs).next_run(0).q50, rel=1e-3)
