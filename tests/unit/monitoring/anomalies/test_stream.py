"""A stream of runs: what is reported, what is not, and what the stream remembers."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.service import Mark, RunCalendar, RunPoint, RunStream
from airflow_provider_wfintel.exceptions import UserInputError
from tests.unit.monitoring.anomalies.conftest import DAY, HOUR, changed, kinds, quiet


def test_a_steady_dag_is_left_alone():
    assert kinds(quiet(120, rows=20_000)) == {}


def test_too_few_runs_are_an_answer_of_their_own(daily):
    answers = [daily.update(point) for point in quiet(9)]
    assert [answer.state for answer in answers] == ["not_enough_runs"] * 8 + ["normal"]
    assert [answer.runs_needed for answer in answers[:8]] == [8, 7, 6, 5, 4, 3, 2, 1]


def test_a_spike():
    points = quiet(60)
    points[40] = changed(points[40], duration=1800.0)
    assert kinds(points) == {40: ["spike"]}


def test_a_run_that_did_nothing():
    points = quiet(60, rows=20_000)
    points[40] = changed(points[40], duration=12.0, rows=3)
    assert kinds(points)[40][0] == "too_short"
    assert set(kinds(points)) == {40}


def test_fewer_rows_in_the_usual_time():
    points = quiet(60, rows=20_000)
    points[40] = changed(points[40], rows=4_000)
    assert kinds(points) == {40: ["row_drop"]}


def test_a_late_start():
    points = quiet(60)
    points[40] = changed(points[40], delay=300.0)
    assert kinds(points) == {40: ["late_start"]}


def test_some_seconds_more_are_not_late():
    points = quiet(60)
    points[40] = changed(points[40], delay=45.0)
    assert kinds(points) == {}


def test_a_level_shift_is_told_once():
    points = [changed(p, duration=p.duration * 1.6) if i >= 40 else p for i, p in enumerate(quiet(80))]
    found = kinds(points)
    told = [index for index, names in found.items() if "level_shift" in names]
    assert len(told) == 1
    assert 40 <= told[0] <= 47
    assert max(found) <= 50, "the new level is normal afterwards"


def test_a_creeping_duration():
    points = [changed(p, duration=p.duration * 1.02 ** max(0, min(i - 40, 24))) for i, p in enumerate(quiet(90))]
    found = {name for index, names in kinds(points).items() for name in names if 40 < index < 75}
    assert found & {"drift", "level_shift"}


def test_figures_without_any_noise_are_worked_with():
    flat = [RunPoint(p.t, duration=600.0, rows=1000, delay=0.0) for p in quiet(120)]
    assert kinds(flat) == {}
    ramp = [changed(p, duration=600.0 * 1.03 ** max(0, min(i - 60, 30))) for i, p in enumerate(flat)]
    assert kinds(ramp)
    gone = [changed(p, duration=0.0 if i == 70 else 600.0, rows=0) for i, p in enumerate(flat)]
    assert 70 in kinds(gone)


def test_durations_that_begin_to_scatter():
    points = [changed(p, duration=600 * (p.duration / 600) ** (8 if i >= 40 else 1)) for i, p in enumerate(quiet(60))]
    assert any("variance" in names for index, names in kinds(points).items() if index >= 40)


def test_a_missing_run_on_a_day_that_always_ran():
    points = quiet(60)
    points[40] = RunPoint(points[40].t, ran=False)
    assert kinds(points) == {40: ["missing_run"]}


def test_weekends_of_a_weekday_dag_are_no_missing_runs():
    points = [p if i % 7 < 5 else RunPoint(p.t, ran=False) for i, p in enumerate(quiet(70))]
    assert kinds(points, cadence="weekday") == {}


def test_a_missing_hour_of_a_dag_that_runs_in_all_hours():
    points = quiet(30, step=HOUR)
    points[22] = RunPoint(points[22].t, ran=False)
    assert kinds(points, cadence="hourly") == {22: ["missing_run"]}


def test_an_irregular_dag_cannot_miss_a_run():
    points = quiet(40)
    points[30] = RunPoint(points[30].t, ran=False)
    assert kinds(points, cadence="irregular") == {}


def test_a_heavier_month_end_is_expected_even_the_first_time():
    points = quiet(60)
    points[29] = changed(points[29], duration=1100.0)  # 31 March
    assert kinds(points) == {}
    points[27] = changed(points[27], duration=1100.0)
    assert 27 in kinds(points)


def test_more_rows_explain_a_longer_run():
    points = [changed(p, duration=p.duration * (p.rows / 20_000)) for p in quiet(60, rows=20_000)]
    heavy = changed(points[50], rows=points[50].rows * 2, duration=points[50].duration * 1.9)
    assert kinds([*points[:50], heavy, *points[51:]]) == {}
    assert 50 in kinds([*points[:50], changed(points[50], duration=points[50].duration * 1.9), *points[51:]])


def test_a_holiday_of_the_country_is_no_missing_run():
    christmas = 1_766_613_600.0 + 6 * HOUR  # 25 December 2025
    points = quiet(60, start=christmas - 40 * DAY)
    points[40] = RunPoint(points[40].t, ran=False)
    assert kinds(points, stream=RunStream(RunCalendar("daily"))) == {40: ["missing_run"]}
    assert kinds(points, stream=RunStream(RunCalendar("daily", country="DE"))) == {}


def test_a_finding_says_what_was_seen_and_expected(daily):
    points = quiet(41)
    points[40] = changed(points[40], duration=1800.0)
    finding = [daily.update(point) for point in points][-1].findings[0]
    assert finding.observed == 1800.0
    assert 500 < finding.expected < 700
    assert finding.score > 1
    assert finding.run_id == "run-40"
    assert finding.reason.startswith("took 30 min, ")
    shared = finding.as_finding("shop", samples=40)
    assert (shared.kind, shared.dag_id, shared.run_id, shared.samples) == ("anomaly.spike", "shop", "run-40", 40)


def test_the_window_of_a_lasting_finding_begins_at_its_first_run(daily):
    points = [changed(p, duration=p.duration * 1.6) if i >= 40 else p for i, p in enumerate(quiet(60))]
    findings = [f for point in points for f in daily.update(point).findings if f.kind == "level_shift"]
    assert findings[0].first == points[40].t


# ------------------------------------------------------------------------------------------- learning from people


def test_false_alarms_raise_what_an_alert_needs():
    points = quiet(60)
    points[40] = changed(points[40], duration=850.0)
    before = kinds(points)
    assert before == {40: ["spike"]}
    stream = RunStream(RunCalendar("daily"))
    for _ in range(4):
        stream.mark(Mark("spike", "false_alarm", 0.0, 1.0))
    assert kinds(points, stream=stream) == {}


def test_a_false_alarm_of_one_kind_says_nothing_of_another():
    points = quiet(60)
    points[40] = changed(points[40], delay=300.0)
    stream = RunStream(RunCalendar("daily"))
    for _ in range(4):
        stream.mark(Mark("spike", "false_alarm", 0.0, 1.0))
    assert kinds(points, stream=stream) == {40: ["late_start"]}


def test_the_runs_of_an_incident_leave_the_baseline(daily):
    points = quiet(60)
    for point in points[:40]:
        daily.update(point)
    long = [changed(point, duration=3000.0) for point in points[40:46]]
    for point in long:
        daily.update(point)
    daily.mark(Mark("spike", "incident", long[0].t, long[-1].t))
    durations = daily.state_dict()["history"]["durations"]
    assert len(durations) == 40
    assert max(durations) < 7


def test_known_incidents_can_be_kept_out_without_any_judgement(daily):
    points = quiet(30)
    for point in points:
        daily.update(point)
    assert daily.exclude(points[10].t, points[14].t) == 5


def test_a_window_that_ends_before_it_begins_is_refused(daily):
    with pytest.raises(UserInputError, match="ends before"):
        daily.mark(Mark("spike", "incident", 2.0, 1.0))


# ------------------------------------------------------------------------------------------- state

SLOTS = st.lists(
    st.builds(
        dict,
        ran=st.booleans(),
        duration=st.none() | st.floats(0, 1e6),
        rows=st.none() | st.integers(0, 10**9),
        delay=st.none() | st.floats(-100, 1e5),
        try_number=st.integers(1, 5),
    ),
    max_size=40,
)


@settings(max_examples=30, deadline=None)
@given(
    slots=SLOTS,
    cut=st.integers(0, 40),
    cadence=st.sampled_from(("hourly", "daily", "weekday", "irregular")),
    marked=st.booleans(),
)
def test_a_saved_and_loaded_stream_answers_like_one_that_was_not(slots, cut, cadence, marked):
    points = [RunPoint(1.7e9 + index * HOUR, **slot) for index, slot in enumerate(slots)]
    stream = RunStream(RunCalendar(cadence))
    for point in points[:cut]:
        stream.update(point)
    if marked:
        stream.mark(Mark("spike", "incident", 1.7e9, 1.7e9 + 3 * HOUR))
    state = json.loads(json.dumps(stream.state_dict()))
    loaded = RunStream.from_state(state)
    assert loaded.state_dict() == stream.state_dict()
    assert [loaded.update(point) for point in points[cut:]] == [stream.update(point) for point in points[cut:]]


@settings(max_examples=15, deadline=None)
@given(
    durations=st.lists(st.floats(0, 1e5) | st.sampled_from((0.0, 1.0, 600.0)), min_size=40, max_size=100),
    rows=st.sampled_from((None, 0, 5)) | st.integers(0, 10**6),
    cadence=st.sampled_from(("hourly", "daily", "weekday", "irregular")),
)
def test_no_history_breaks_it(durations, rows, cadence):
    stream = RunStream(RunCalendar(cadence))
    for index, duration in enumerate(durations):
        point = RunPoint(1.7e9 + index * HOUR, duration=duration, rows=rows, delay=duration / 10)
        verdict = stream.update(point)
        assert 0 <= verdict.score <= 2
        assert all(finding.reason for finding in verdict.findings)


def test_the_state_stays_small(daily):
    sizes = []
    for index, point in enumerate(quiet(400, rows=1000)):
        daily.update(point)
        if index in (150, 399):
            sizes.append(len(json.dumps(daily.state_dict())))
    assert sizes[1] < 1.1 * sizes[0]


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(0.05, 50), seed=st.integers(0, 10**6))
def test_the_unit_of_durations_does_not_matter(factor, seed):
    points = quiet(60, seed=seed)
    points[45] = changed(points[45], duration=points[45].duration * 3)
    scaled = [changed(point, duration=point.duration * factor) for point in points]
    assert kinds(scaled) == kinds(points)


@pytest.mark.parametrize("state", [{}, {"version": 99}, {"version": 1}, {"version": 1, "calendar": {"cadence": "x"}}])
def test_a_state_that_is_none_is_refused(state):
    with pytest.raises(UserInputError):
        RunStream.from_state(state)


@pytest.mark.parametrize("values", [{"duration": -1.0}, {"rows": float("nan")}, {"delay": float("inf")}])
def test_a_point_without_sense_is_refused(values):
    with pytest.raises(UserInputError):
        RunPoint(1.7e9, **values)


def test_points_are_values():
    with pytest.raises(dataclasses.FrozenInstanceError):
        RunPoint(1.0).t = 2.0  # type: ignore[misc]
