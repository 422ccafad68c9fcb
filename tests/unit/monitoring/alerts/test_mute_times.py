"""When nobody wants to be told."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from airflow_provider_wfintel.engine.monitoring.alerts.mute_times import MuteTime

NIGHT = MuteTime("night", "22:00", "06:00", zone="Europe/Rome", weekdays=("fri",))
MONTH_END = MuteTime("end", days=(-1,), months=(2,))


@pytest.mark.parametrize(
    ("mute", "moment", "expected"),
    [
        (NIGHT, "2026-11-27T20:59", False),  # a Friday, 21:59 in Rome
        (NIGHT, "2026-11-27T21:00", True),
        (NIGHT, "2026-11-28T04:59", True),
        (NIGHT, "2026-11-28T05:00", False),
        (NIGHT, "2026-11-28T21:30", False),
        (NIGHT, "2026-07-03T20:00", True),  # summer time
        (NIGHT, "2026-07-03T19:59", False),
        (MONTH_END, "2028-02-29T12:00", True),
        (MONTH_END, "2028-02-28T12:00", False),
        (MONTH_END, "2026-02-28T12:00", True),
        (MONTH_END, "2026-03-31T12:00", False),
        (MuteTime("day", "09:00", "17:00"), "2026-11-27T17:00", False),
        (MuteTime("always"), "2026-11-27T23:59", True),
    ],
)
def test_it_is_local_time_and_a_night_belongs_to_the_day_on_which_it_began(mute, moment, expected):
    assert mute.holds(datetime.fromisoformat(moment).replace(tzinfo=timezone.utc).timestamp()) is expected
