"""When the runs of a schedule are, across changes of clocks and with gates."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.schedule import describe, gate_lets_through, next_runs
from airflow_provider_wfintel.engine.model import AssetCondition, CalendarGate, Schedule
from airflow_provider_wfintel.exceptions import SpecError


def _cron(expression: str, timezone: str = "UTC", gate: CalendarGate | None = None) -> Schedule:
    return Schedule(kind="cron", crons=(expression,), timezone=timezone, gate=gate)


def test_wall_clock_time_stays_when_the_clocks_change() -> None:
    assert next_runs(_cron("0 7 * * *", "Europe/Berlin"), "2026-03-28T00:00:00", 3) == (
        "2026-03-28T07:00:00+01:00",
        "2026-03-29T07:00:00+02:00",
        "2026-03-30T07:00:00+02:00",
    )
    assert next_runs(_cron("0 8 * * *", "America/New_York"), "2026-03-07T00:00:00", 2) == (
        "2026-03-07T08:00:00-05:00",
        "2026-03-08T08:00:00-04:00",
    )


def test_the_moment_itself_counts_as_the_first_run() -> None:
    assert next_runs(_cron("0 6 * * *"), "2026-01-01T06:00:00Z", 1) == ("2026-01-01T06:00:00+00:00",)


def test_several_expressions_are_merged_without_doubles() -> None:
    schedule = Schedule(kind="cron", crons=("0 6 * * *", "0 6,18 * * *"))
    assert [run[11:16] for run in next_runs(schedule, "2026-01-01", 3)] == ["06:00", "18:00", "06:00"]


def test_intervals_are_real_time_also_over_a_change_of_clocks() -> None:
    schedule = Schedule(kind="interval", interval_seconds=86400.0, timezone="Europe/Berlin")
    assert next_runs(schedule, "2026-03-28T12:00:00", 1) == ("2026-03-29T13:00:00+02:00",)


@pytest.mark.parametrize(
    ("gate", "days"),
    [
        (CalendarGate("last_business_day"), ["2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29"]),
        (CalendarGate("first_business_day"), ["2026-01-01", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-01"]),
        (CalendarGate("first_business_day", country="DE"),
         ["2026-01-02", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-04"]),
        (CalendarGate("nth_business_day", n=3), ["2026-01-05", "2026-02-04", "2026-03-04", "2026-04-03", "2026-05-05"]),
        (CalendarGate("nth_business_day", n=-2),
         ["2026-01-29", "2026-02-26", "2026-03-30", "2026-04-29", "2026-05-28"]),
    ],
)  # fmt: skip
def test_business_day_gates(gate: CalendarGate, days: list[str]) -> None:
    runs = next_runs(_cron("0 18 * * 1-5", gate=gate), "2026-01-01T00:00:00", 5)
    assert [run[:10] for run in runs] == days


def test_every_other_week_has_two_weeks_between_runs_also_at_the_turn_of_the_year() -> None:
    runs = next_runs(_cron("0 6 * * 1", gate=CalendarGate("every_n_weeks", n=2)), "2026-12-01T00:00:00", 5)
    days = [datetime.date.fromisoformat(run[:10]) for run in runs]
    assert {(days[place + 1] - days[place]).days for place in range(4)} == {14}


def test_public_holidays_are_left_out() -> None:
    gate = CalendarGate("not_holiday", country="US")
    assert not gate_lets_through(gate, datetime.date(2026, 12, 25))
    assert gate_lets_through(gate, datetime.date(2026, 12, 28))


def test_weekdays_are_left_out_of_dates() -> None:
    gate = CalendarGate("not_on_days", days=(0, 6))
    runs = next_runs(_cron("0 7 1,15 * *", gate=gate), "2026-02-01T00:00:00", 3)
    assert [run[:10] for run in runs] == ["2026-04-01", "2026-04-15", "2026-05-01"]


def test_every_third_month() -> None:
    gate = CalendarGate("every_n_months", n=5)
    runs = next_runs(_cron("0 0 1 * *", gate=gate), "2026-01-01T00:00:00", 3)
    months = [int(run[:4]) * 12 + int(run[5:7]) for run in runs]
    assert [months[1] - months[0], months[2] - months[1]] == [5, 5]


@pytest.mark.parametrize(
    ("schedule", "after"),
    [
        (_cron("0 6 * * *", "Mars/Olympus"), "2026-01-01"),
        (_cron("not a cron"), "2026-01-01"),
        (_cron("0 6 * * *"), "yesterday"),
        (_cron("0 6 * * *", gate=CalendarGate("not_holiday", country="XX")), "2026-01-01"),
    ],
)
def test_bad_input_is_a_spec_error(schedule: Schedule, after: str) -> None:
    with pytest.raises(SpecError):
        next_runs(schedule, after)


@pytest.mark.parametrize("kind", ["manual", "once", "continuous", "asset"])
def test_schedules_without_a_clock_have_no_next_runs(kind: str) -> None:
    assert next_runs(Schedule(kind=kind), "2026-01-01") == ()  # type: ignore[arg-type]


_MINUTE = st.one_of(st.just("*"), st.integers(0, 59).map(str), st.integers(1, 30).map("*/{}".format))
_HOUR = st.one_of(st.just("*"), st.integers(0, 23).map(str), st.integers(1, 12).map("*/{}".format), st.just("9-17"))
_DAY = st.one_of(st.just("*"), st.integers(1, 28).map(str), st.just("L"), st.just("1,15"))
_MONTH = st.one_of(st.just("*"), st.integers(1, 12).map(str), st.just("1,4,7,10"), st.just("*/2"))
_WEEKDAY = st.one_of(st.just("*"), st.integers(0, 6).map(str), st.just("1-5"), st.just("1#1"), st.just("L5"))


@given(st.tuples(_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_every_cron_is_described(expression: str) -> None:
    words = describe(_cron(expression))
    assert words.endswith("UTC")
    assert len(words) > 5


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (_cron("0 7 * * 1-5", "Europe/Berlin"), "at 07:00, Monday through Friday, Europe/Berlin time"),
        (_cron("0 18 * * 1-5", gate=CalendarGate("last_business_day")),
         "at 18:00, Monday through Friday, only on the last business day of the month, UTC"),
        (_cron("0 6 * * 1", gate=CalendarGate("every_n_weeks", n=2)),
         "at 06:00, only on Monday, only every other week, UTC"),
        (Schedule(kind="interval", interval_seconds=5400.0), "every 90 minutes"),
        (Schedule(kind="asset", assets=AssetCondition(("a", "b"), "any")), "whenever a or b were updated"),
        (Schedule(kind="asset_or_cron", crons=("0 6 * * *",), assets=AssetCondition(("a",))),
         "whenever a was updated, or at 06:00, UTC"),
        (Schedule(), "only when triggered by a person or another DAG"),
    ],
)  # fmt: skip
def test_schedules_are_read_back_in_words(schedule: Schedule, words: str) -> None:
    assert describe(schedule) == words


@pytest.mark.parametrize("seconds", [99_999_999 * 86_400.0, 1e18])
def test_what_comes_after_the_last_year_is_not_among_the_runs(seconds: float) -> None:
    assert next_runs(Schedule(kind="interval", interval_seconds=seconds), "2026-01-01T00:00:00+00:00") == ()
