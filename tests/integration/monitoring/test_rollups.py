"""Figures by hour and day equal those that the single tries and runs give, whatever changes afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.after_poll import AfterPoll
from airflow_provider_wfintel.app.collecting.poll import CollectReport
from airflow_provider_wfintel.app.collecting.rollups import STATE, RollUp
from airflow_provider_wfintel.app.monitoring.metrics import overview
from airflow_provider_wfintel.engine.model import RunChange
from airflow_provider_wfintel.engine.monitoring.service import Prices
from airflow_provider_wfintel.store.repositories.executions import Executions
from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
from airflow_provider_wfintel.store.repositories.rollups import (
    ALL_TIME,
    DAY,
    DEPLOYMENT,
    HOUR,
    TOTAL,
    Rollups,
    Sums,
    start_of,
)
from airflow_provider_wfintel.store.repositories.spans import SPANS, Spans
from airflow_provider_wfintel.store.tables import MonitoringMetric, WorkflowExecution
from tests.integration.monitoring.histories import BATCH, FIRST, daily, run_with_tries, write

pytestmark = pytest.mark.integration

EARLY, LATE = FIRST - timedelta(days=30), FIRST + timedelta(days=400)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def work_on(engine: Engine, clock: Clock, *, retention: timedelta | None = None) -> AfterPoll:
    @contextmanager
    def sessions() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    return AfterPoll(sessions, clock, CollectReport(), lambda session: session.commit(), retention)


def roll_up(engine: Engine, at: datetime, *, retention: timedelta | None = None, **options: object) -> None:
    clock = Clock(at)
    RollUp(every=timedelta(0), **options)(work_on(engine, clock, retention=retention))  # type: ignore[arg-type]


def test_days_and_hours_hold_what_ended_in_them(engine: Engine) -> None:
    write(engine, [run_with_tries("a", FIRST, failed=True, retries=1), run_with_tries("a", FIRST + timedelta(hours=3))])
    write(engine, [run_with_tries("b", FIRST + timedelta(days=1), seconds=60, pool="gpu")])
    roll_up(engine, FIRST + timedelta(days=3), prices=Prices(36.0, {"gpu": 360.0}))
    with Session(engine) as session:
        rollups = Rollups(session)
        hours = {(w.dag_id, w.start): w.figures for w in rollups.windows(HOUR, EARLY, LATE)}
        days = rollups.sums(DAY, EARLY, LATE)
        deployment = rollups.windows(DAY, EARLY, LATE, [DEPLOYMENT])
    assert [(dag, start.hour) for dag, start in sorted(hours)] == [("a", 6), ("a", 9), ("b", 6)]
    assert (days["a"].runs, days["a"].failed_runs, days["a"].tries, days["a"].failed_tries, days["a"].retries) == (
        2, 1, 5, 2, 1,
    )  # fmt: skip
    assert days["a"].task_seconds == pytest.approx(200.0)
    assert days["a"].wait_seconds == pytest.approx(25.0)
    assert days["b"].cost == pytest.approx(60 * 360 / 3600)
    assert hours["b", start_of(FIRST + timedelta(days=1), HOUR)].pools["gpu"].tries == 2
    assert hours["a", start_of(FIRST, HOUR)].tasks["task_0"].retries == 1
    assert [w.figures.runs for w in deployment] == [2, 1]
    assert deployment[0].figures.sketches["makespan_seconds"].count == 2


def test_doing_it_again_changes_nothing_and_new_rows_are_added(engine: Engine) -> None:
    write(engine, daily("a", 5))
    roll_up(engine, FIRST + timedelta(days=5))
    roll_up(engine, FIRST + timedelta(days=5))
    late = run_with_tries("a", FIRST + timedelta(days=4, minutes=10), seconds=300)
    write(engine, [late])
    roll_up(engine, FIRST + timedelta(days=5, hours=1))
    with Session(engine) as session:
        figures = Rollups(session).windows(HOUR, FIRST + timedelta(days=4), LATE, ["a"])
        assert [w.figures.runs for w in figures] == [2]
        assert Rollups(session).sums(DAY, EARLY, LATE)["a"].runs == 6


def test_a_run_that_was_cleared_leaves_the_hour_in_which_it_had_ended(engine: Engine) -> None:
    run, tries = run_with_tries("a", FIRST, failed=True)
    write(engine, [(run, tries)])
    roll_up(engine, FIRST + timedelta(hours=1))
    again, more = run_with_tries("a", FIRST, seconds=9000)
    with Session(engine) as session:
        executions = Executions(session)
        executions.write([], [RunChange(again, 1, again.ended_at)], batch=next(BATCH))
        session.commit()
    roll_up(engine, FIRST + timedelta(hours=4))
    with Session(engine) as session:
        found = {
            w.start.hour: (w.figures.runs, w.figures.failed_runs) for w in Rollups(session).windows(HOUR, EARLY, LATE)
        }
        assert found == {6: (0, 0), 8: (1, 0)}
        assert Rollups(session).sums(DAY, EARLY, LATE)["a"].failed_runs == 0
    assert more


def test_the_import_of_many_rows_goes_on_in_pieces(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airflow_provider_wfintel.app.collecting.rollups._ROWS", 7)
    write(engine, daily("a", 20))
    for _ in range(30):
        roll_up(engine, FIRST + timedelta(days=30), budget_seconds=0.0)
    with Session(engine) as session:
        assert Rollups(session).sums(DAY, EARLY, LATE)["a"].runs == 20


def test_what_was_deleted_by_age_stays_in_days_and_then_in_the_totals(engine: Engine) -> None:
    write(engine, daily("a", 40))
    roll_up(engine, FIRST + timedelta(days=40))
    with Session(engine) as session:
        old = WorkflowExecution.ended_at < FIRST + timedelta(days=30)
        session.execute(delete(WorkflowExecution).where(old))
        session.commit()
    roll_up(engine, FIRST + timedelta(days=41), retention=timedelta(days=10))
    with Session(engine) as session:
        assert Rollups(session).sums(DAY, EARLY, LATE)["a"].runs == 40
        assert min(w.start for w in Rollups(session).windows(HOUR, EARLY, LATE)) >= FIRST + timedelta(days=10)
    roll_up(engine, FIRST + timedelta(days=42), retention=timedelta(days=10), keep_days=timedelta(days=20))
    with Session(engine) as session:
        assert Rollups(session).sums(DAY, EARLY, LATE)["a"].runs == 17
        assert Rollups(session).totals()["a"].runs == 40


def test_a_change_of_an_old_day_whose_hours_are_gone_keeps_the_rest_of_the_day(engine: Engine) -> None:
    write(engine, [run_with_tries("a", FIRST), run_with_tries("a", FIRST + timedelta(hours=5))])
    roll_up(engine, FIRST + timedelta(days=60))
    run, _ = run_with_tries("a", FIRST, failed=True)
    write(engine, [(run, [])])
    roll_up(engine, FIRST + timedelta(days=61, hours=1))
    with Session(engine) as session:
        sums = Rollups(session).sums(DAY, EARLY, LATE)["a"]
    assert (sums.runs, sums.failed_runs) == (2, 1)


def totals_hold(engine: Engine) -> None:
    """The sums of all days, as they are kept, against those of the days themselves."""
    with Session(engine) as session:
        rollups = Rollups(session)
        kept = rollups.totals()
        days = rollups.sums(DAY, EARLY, LATE)
        gone = rollups.sums(ALL_TIME, EARLY - timedelta(days=365 * 80), LATE)
    assert set(kept) == set(days) | set(gone)
    for dag_id, one in kept.items():
        told = Sums.added([item[dag_id] for item in (days, gone) if dag_id in item])
        assert (one.runs, one.failed_runs, one.tries, one.retries) == (
            told.runs, told.failed_runs, told.tries, told.retries,
        )  # fmt: skip
        assert one.task_seconds == pytest.approx(told.task_seconds)
        assert one.last_success_at == told.last_success_at


def test_counters_are_kept_up_to_date_with_the_days(engine: Engine) -> None:
    write(engine, daily("a", 5, retries=1))
    roll_up(engine, FIRST + timedelta(days=5))
    totals_hold(engine)
    write(engine, [run_with_tries("a", FIRST + timedelta(days=4, minutes=10)), run_with_tries("b", FIRST)])
    roll_up(engine, FIRST + timedelta(days=5, hours=1))
    totals_hold(engine)
    roll_up(engine, FIRST + timedelta(days=6), keep_days=timedelta(days=3))
    totals_hold(engine)
    with Session(engine) as session:
        assert Rollups(session).totals()["a"].runs == 6


def test_counters_of_days_that_were_there_before_are_made_once(engine: Engine) -> None:
    write(engine, daily("a", 5))
    roll_up(engine, FIRST + timedelta(days=5))
    with Session(engine) as session:
        session.execute(delete(MonitoringMetric).where(MonitoringMetric.window_seconds == TOTAL))
        LearnedStates(session).keep(STATE, {**LearnedStates(session).get(STATE), "totals": False})
        session.commit()
    write(engine, [run_with_tries("b", FIRST)])
    roll_up(engine, FIRST + timedelta(days=5, hours=1))
    totals_hold(engine)


def test_sums_and_series_of_one_look_are_those_of_two(engine: Engine) -> None:
    write(engine, daily("a", 5))
    write(engine, daily("b", 3, failed=True))
    roll_up(engine, FIRST + timedelta(days=5))
    with Session(engine) as session:
        rollups = Rollups(session)
        for names in (None, ["a"], []):
            sums, series = rollups.sums_and_series(DAY, EARLY, LATE, names)
            # The database adds in an order of its own, so the last digits differ.
            assert {dag_id: rounded(one) for dag_id, one in sums.items()} == {
                dag_id: rounded(one) for dag_id, one in rollups.sums(DAY, EARLY, LATE, names).items()
            }
            assert [(start, rounded(one)) for start, one in series] == [
                (start, rounded(one)) for start, one in rollups.by_window(DAY, EARLY, LATE, names)
            ]


def rounded(sums: Sums) -> Sums:
    values = {item.name: getattr(sums, item.name) for item in fields(sums)}
    return replace(sums, **{name: round(value, 6) for name, value in values.items() if isinstance(value, float)})


def spans_hold(engine: Engine, now: datetime, *, names: frozenset[str] | None = None) -> None:
    """What an overview reads of ready sums against the days themselves."""
    with Session(engine) as session:
        for days in SPANS:
            since = start_of(now - timedelta(days=days), DAY)
            assert Spans(session).since(since) is not None
            ready = overview(session, now=now, days=days, dag_ids=names)
            sums, series = Rollups(session).sums_and_series(DAY, since, LATE, names)
            assert {key: rounded(one) for key, one in ready.dags.items()} == {
                key: rounded(one) for key, one in sums.items()
            }
            assert [(start, rounded(one)) for start, one in ready.series] == [
                (start, rounded(one)) for start, one in series
            ]


@pytest.mark.parametrize("few", [0, 100])
def test_sums_of_the_last_days_are_ready_and_those_of_the_days(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("airflow_provider_wfintel.store.repositories.spans.FEW", few)
    now = FIRST + timedelta(days=40)
    for name in "abcd":
        write(engine, daily(name, 40, retries=1))
    roll_up(engine, now)
    spans_hold(engine, now)
    # Of a run that changes only the difference is added; another day and a new DAG come in.
    changed, _ = run_with_tries("a", FIRST + timedelta(days=38), failed=True)
    write(engine, [(changed, []), run_with_tries("a", now, seconds=7.0), run_with_tries("new", now)])
    roll_up(engine, now + timedelta(hours=1))
    for names in (
        None,
        frozenset("abcd"),
        frozenset("bcd") | {"new"},
        frozenset("a"),
        frozenset(["new", "gone"]),
        frozenset[str](),
    ):
        spans_hold(engine, now + timedelta(hours=1), names=names)


def test_the_spans_begin_anew_with_a_new_day_and_until_then_days_are_added_up(engine: Engine) -> None:
    write(engine, daily("a", 12))
    now = FIRST + timedelta(days=12)
    roll_up(engine, now)
    tomorrow = now + timedelta(days=1)
    with Session(engine) as session:
        assert Spans(session).since(start_of(tomorrow - timedelta(days=7), DAY)) is None
        late = overview(session, now=tomorrow, days=7)
    roll_up(engine, tomorrow)
    spans_hold(engine, tomorrow)
    with Session(engine) as session:
        assert overview(session, now=tomorrow, days=7).total.runs == late.total.runs == 6
        lengths = session.scalars(
            select(MonitoringMetric.window_start).where(MonitoringMetric.window_seconds == -7 * DAY).distinct()
        ).all()
    assert lengths == [start_of(tomorrow - timedelta(days=7), DAY)]


def test_days_that_are_deleted_by_age_leave_the_spans(engine: Engine) -> None:
    write(engine, daily("a", 30))
    now = FIRST + timedelta(days=30)
    roll_up(engine, now, keep_days=timedelta(days=10))
    roll_up(engine, now + timedelta(minutes=11), keep_days=timedelta(days=10))
    spans_hold(engine, now + timedelta(minutes=11))
    with Session(engine) as session:
        assert overview(session, now=now, days=30).total.runs == 9


def test_days_of_a_history_are_those_that_its_hours_add_up_to(engine: Engine) -> None:
    at = FIRST + timedelta(days=60)
    for name, options in {"a": {"retries": 1}, "b": {"failed": True, "tasks": 4}, "c": {"pool": "gpu"}}.items():
        write(engine, daily(name, 20, **options))
        write(engine, daily(name, 20, first=FIRST + timedelta(hours=17, minutes=59), seed=2))
    prices = Prices(36.0, {"gpu": 360.0})
    roll_up(engine, at, prices=prices, keep_hours=timedelta(days=3650))
    with Session(engine) as session:
        by_hours = days_as_stored(session)
        assert Rollups(session).windows(HOUR, EARLY, LATE)
        session.execute(delete(MonitoringMetric))
        LearnedStates(session).keep(STATE, {})
        session.commit()
    roll_up(engine, at, prices=prices)
    totals_hold(engine)
    with Session(engine) as session:
        assert not Rollups(session).windows(HOUR, EARLY, LATE)
        assert alike(days_as_stored(session), by_hours)


def days_as_stored(session: Session) -> dict[tuple[str, datetime], object]:
    """All that is stored of days but the time of writing."""
    rows = session.scalars(select(MonitoringMetric).where(MonitoringMetric.window_seconds == DAY)).all()
    names = [column.name for column in MonitoringMetric.__table__.columns if column.name != "updated_at"]
    return {(row.dag_id, row.window_start): [getattr(row, name) for name in names] for row in rows}


def alike(one: object, other: object) -> bool:
    """Whether values are the same, but for the last digits of floats: the order of adding differs."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(alike(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 0.02
    return one == other
