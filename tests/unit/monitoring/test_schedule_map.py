"""When runs are at work in the week, and which DAGs start at the same time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.monitoring.service import RunSpan, schedule_map

MONDAY = datetime(2026, 11, 2, tzinfo=timezone.utc)
WEEKS = MONDAY + timedelta(days=28)


def run(dag_id: str, due: datetime, minutes: float = 30.0) -> RunSpan:
    return RunSpan(dag_id, due, due, due + timedelta(minutes=minutes))


def daily(dag_id: str, hour: int, minute: int = 0, days: int = 28) -> list[RunSpan]:
    return [run(dag_id, MONDAY + timedelta(days=day, hours=hour, minutes=minute)) for day in range(days)]


def cell(found, weekday: int, hour: int):
    return found.cells[24 * weekday + hour]


def test_an_hour_of_the_week_counts_its_runs_and_how_many_work_at_once():
    found = schedule_map(daily("load", 6), since=MONDAY, until=WEEKS)
    assert len(found.cells) == 168
    assert (cell(found, 0, 6).runs, cell(found, 0, 6).at_work) == (4, 0.5)
    assert cell(found, 0, 7).runs == 0


def test_hours_are_those_of_the_zone():
    found = schedule_map(daily("load", 23), since=MONDAY, until=WEEKS, zone="Europe/Berlin")
    assert cell(found, 1, 0).runs == 4, "23:00 UTC is midnight of the next day there"


def test_a_run_over_midnight_works_on_both_days():
    late = [run("long", MONDAY + timedelta(hours=23, minutes=30), minutes=60)]
    found = schedule_map(late, since=MONDAY, until=MONDAY + timedelta(days=7))
    assert cell(found, 0, 23).at_work == cell(found, 1, 0).at_work == 0.5


def test_what_still_runs_works_until_now():
    until = MONDAY + timedelta(hours=2)
    found = schedule_map([RunSpan("open", MONDAY, MONDAY, None)], since=MONDAY, until=until)
    assert cell(found, 0, 1).at_work == 1.0


def test_dags_that_usually_start_together_collide_those_of_most_dags_first():
    runs = [*daily("a", 6), *daily("b", 6, 3), *daily("c", 6, 4), *daily("d", 7), *daily("e", 7, 1)]
    found = schedule_map(runs, since=MONDAY, until=WEEKS)
    assert [(item.at, item.dag_ids, item.runs) for item in found.collisions] == [
        ("06:00", ("a", "b", "c"), 84),
        ("07:00", ("d", "e"), 56),
    ]


def test_a_dag_that_started_there_only_now_and_then_does_not_collide():
    moved = [*daily("b", 9, days=26), *daily("b", 6, days=2)]
    assert not schedule_map([*daily("a", 6), *moved], since=MONDAY, until=WEEKS).collisions


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 28 * 24 * 60 - 1), st.integers(0, 600)), max_size=20),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
)
def test_nothing_is_lost(starts, zone):
    runs = [run(f"d{at % 3}", MONDAY + timedelta(minutes=at), minutes) for at, minutes in starts]
    found = schedule_map(runs, since=MONDAY, until=WEEKS, zone=zone)
    assert sum(item.runs for item in found.cells) == len(runs)
    seconds = sum(item.at_work * 4 * 3600 for item in found.cells)
    worked = sum((min(item.end, WEEKS) - item.start).total_seconds() for item in runs)
    assert abs(seconds - worked) < 1.0
