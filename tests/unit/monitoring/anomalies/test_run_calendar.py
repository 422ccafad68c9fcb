"""The calendar: seasons, month ends, holidays, and the rhythm that times follow."""

from __future__ import annotations

import datetime as dt

import pytest

from airflow_provider_wfintel.engine.monitoring.service import RunCalendar, cadence_of
from airflow_provider_wfintel.exceptions import UserInputError
from tests.unit.monitoring.anomalies.conftest import DAY, HOUR, MONDAY


def at(*parts: int) -> float:
    return dt.datetime(*parts, tzinfo=dt.timezone.utc).timestamp()


def test_seasons_are_hours_or_weekdays():
    assert RunCalendar("hourly").slot(at(2026, 3, 2, 17)).season == 17
    assert RunCalendar("daily").slot(at(2026, 3, 4, 17)).season == 2
    assert RunCalendar("irregular").slot(at(2026, 3, 4, 17)).season == 0


@pytest.mark.parametrize(
    ("cadence", "day", "expected"),
    [
        ("daily", (2026, 2, 28), True),  # a Saturday
        ("daily", (2026, 2, 27), False),
        ("weekday", (2026, 2, 27), True),  # the last working day before it
        ("weekday", (2026, 3, 31), True),
        ("hourly", (2026, 3, 31), False),
    ],
)
def test_the_end_of_a_month_is_its_last_day_of_running(cadence, day, expected):
    assert RunCalendar(cadence).slot(at(*day, 5)).month_end is expected


def test_days_begin_in_the_zone_of_the_dag():
    late = at(2026, 3, 2, 23, 30)
    assert RunCalendar("daily", zone="Europe/Berlin").slot(late).season == 1
    assert RunCalendar("daily").slot(late).season == 0


def test_holidays_need_a_country():
    new_year = at(2026, 1, 1, 5)
    assert RunCalendar("daily", country="DE").slot(new_year).holiday
    assert not RunCalendar("daily").slot(new_year).holiday


@pytest.mark.parametrize("values", [{"cadence": "yearly"}, {"country": "XX"}, {"zone": "Mars/Olympus"}])
def test_what_is_unknown_is_refused(values):
    with pytest.raises(UserInputError):
        RunCalendar(**values)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([MONDAY + i * DAY for i in range(14)], "daily"),
        ([MONDAY + i * DAY for i in range(21) if i % 7 < 5], "weekday"),
        ([MONDAY + i * HOUR for i in range(50)], "hourly"),
        ([MONDAY + i * HOUR for i in range(50) if i not in (7, 8, 20)], "hourly"),
        ([MONDAY + i * i * 1234.0 for i in range(20)], "irregular"),
        ([MONDAY, MONDAY + DAY], "irregular"),
    ],
)
def test_the_rhythm_of_times(times, expected):
    assert cadence_of(times) == expected
