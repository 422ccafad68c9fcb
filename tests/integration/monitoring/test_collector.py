"""Every try is known exactly once, whatever its end, and wherever the collector is stopped."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collect import GAP, CollectOptions, Collector, history
from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.store.repositories.executions import Executions
from airflow_provider_wfintel.store.repositories.insights import Insights
from airflow_provider_wfintel.store.tables import Base, WorkflowExecution
from tests.integration.monitoring.world import OVER, World

pytestmark = pytest.mark.integration

Make = Callable[..., World]


def collector_of(world: World, **options: Any) -> Collector:
    more = {name: options.pop(name) for name in ("stop", "on_batch", "holder", "sessions") if name in options}
    sessions = more.pop("sessions", lambda: Session(world.engine))
    return Collector(sessions, clock=world.clock, options=CollectOptions(**options), **more)


def rows_of(engine: Engine, kind: str) -> list[WorkflowExecution]:
    with Session(engine) as session:
        return list(session.scalars(select(WorkflowExecution).where(WorkflowExecution.kind == kind)))


def known_tries(engine: Engine) -> dict[str, tuple[str, int]]:
    return {row.execution_id: (row.state, row.try_number) for row in rows_of(engine, "try")}


def known_runs(engine: Engine) -> dict[tuple[str, str], str]:
    return {(row.dag_id, row.run_id): row.state for row in rows_of(engine, "run")}


def assert_equal_to_truth(world: World) -> None:
    known, truth = known_tries(world.engine), world.truth()
    more = {key: value for key, value in known.items() if key not in truth}
    assert {key: known.get(key) for key in truth} == truth
    # We may know more than Airflow does, but only what was really over at some time, and nothing that ran.
    assert set(more) <= set(world.not_kept)
    assert {state for state, _ in more.values()} <= set(OVER)
    assert not world.begun & set(more)
    assert known_runs(world.engine) == world.true_runs()
    assert world.begun <= set(known_tries(world.engine)), "a try that ran is missing"


def only(world: World) -> Any:
    (item,) = world.present()
    return item.id


def wait_for_sweep(world: World) -> None:
    world.tick(600)


class TestEndsOfATry:
    """One task, one way to end, with a poll before and after each change, or only at the end."""

    @staticmethod
    def success(world: World) -> None:
        world.begin_try(only(world))
        world.set(only(world), state="success")

    @staticmethod
    def killed(world: World) -> None:
        world.begin_try(only(world))
        world.set(only(world), state="failed")

    @staticmethod
    def lost_supervisor(world: World) -> None:
        world.begin_try(only(world))
        world.tick(300)
        world.set(only(world), state="failed", hostname="")
        world.note("heartbeat timeout", world.one(only(world)), owner="")

    @staticmethod
    def marked_while_running(world: World) -> None:
        world.begin_try(only(world))
        world.set(only(world), state="success")
        world.note("patch_task_instance", world.one(only(world)))

    @staticmethod
    def marked_after_its_end(world: World) -> None:
        world.begin_try(only(world))
        world.set(only(world), state="success")
        world.tick(3600)
        world.set(only(world), state="failed", end_date=world.now)

    @staticmethod
    def upstream_failed(world: World) -> None:
        world.set(only(world), state="upstream_failed")

    @staticmethod
    def skipped_by_the_scheduler(world: World) -> None:
        world.set(only(world), state="skipped")

    @staticmethod
    def removed_without_dates(world: World) -> None:
        world.set(only(world), state="removed", end_date=None, duration=None)

    @staticmethod
    def deferred(world: World) -> None:
        world.begin_try(only(world))
        for state in ("deferred", "scheduled", "queued", "running", "success"):
            world.set(only(world), state=state)

    @staticmethod
    def rescheduled(world: World) -> None:
        world.begin_try(only(world))
        for _ in range(3):
            for state in ("up_for_reschedule", "scheduled", "queued", "running"):
                world.set(only(world), state=state)
        world.set(only(world), state="success")

    @staticmethod
    def answered_by_a_person(world: World) -> None:
        world.begin_try(only(world))
        for state in ("awaiting_input", "scheduled", "queued", "running", "success"):
            world.set(only(world), state=state)

    @staticmethod
    def retried(world: World) -> None:
        for _ in range(2):
            world.begin_try(only(world))
            world.next_try(only(world), "up_for_retry")
        world.begin_try(only(world))
        world.set(only(world), state="success")

    @staticmethod
    def cleared_after_its_end(world: World) -> None:
        world.begin_try(only(world))
        world.set(only(world), state="failed")
        world.set_run("orders", "run_1", state="failed")
        world.tick(7200)
        world.clear(only(world))
        world.begin_try(only(world))
        world.set(only(world), state="success")

    @staticmethod
    def cleared_while_running(world: World) -> None:
        world.begin_try(only(world))
        world.clear(only(world))
        world.next_try(only(world), "up_for_retry")
        world.begin_try(only(world))
        world.set(only(world), state="success")

    ENDS = (
        "success", "killed", "lost_supervisor", "marked_while_running", "marked_after_its_end", "upstream_failed",
        "skipped_by_the_scheduler", "removed_without_dates", "deferred", "rescheduled", "answered_by_a_person",
        "retried", "cleared_after_its_end", "cleared_while_running",
    )  # fmt: skip

    @pytest.mark.parametrize("often", [True, False], ids=["polled-all-the-time", "polled-at-the-end"])
    @pytest.mark.parametrize("end", ENDS)
    def test_is_known_once(self, make_world: Make, end: str, often: bool) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run(tasks=1)
        if often:
            collector.poll()
            after_each_change(world, collector)
        getattr(self, end)(world)
        world.set_run("orders", "run_1", state="success")
        wait_for_sweep(world)
        collector.poll()
        assert_equal_to_truth(world)
        assert all(row.ended_at is not None for row in rows_of(world.engine, "try"))


def after_each_change(world: World, collector: Collector) -> None:
    """Let the collector look after every transaction of the world."""
    for name in ("set", "next_try", "set_run"):
        original = getattr(world, name)

        def changed(*args: Any, _original: Any = original, **values: Any) -> Any:
            answer = _original(*args, **values)
            collector.poll()
            return answer

        setattr(world, name, changed)


class Killed(BaseException):
    """The process is gone, at this very statement."""


def dying_sessions(engine: Engine, chance: random.Random, odds: float) -> Callable[[], AbstractContextManager[Session]]:
    """Sessions whose commit, now and then, never begins, or ends but nobody hears of it."""

    class Dying(Session):
        def commit(self) -> None:
            fate = chance.random()
            if fate < odds / 2:
                raise Killed
            super().commit()
            if fate < odds:
                raise Killed

    return lambda: Dying(engine)


class TestBeingKilled:
    @pytest.mark.parametrize("seed", range(10))
    def test_at_random_points_while_the_world_goes_on(self, make_world: Make, seed: int) -> None:
        world = make_world(seed, skew_ms=2000)
        chance = random.Random(1000 + seed)  # noqa: S311
        sessions = dying_sessions(world.engine, chance, odds=0.15)
        kills = 0

        def meanwhile(_cursors: object) -> None:
            if chance.random() < 0.2:
                world.step()

        def start() -> Collector:
            return collector_of(
                world, sessions=sessions, batch=chance.choice((2, 5, 50)), holder="p", on_batch=meanwhile
            )

        collector = start()
        for _ in range(30):
            for _ in range(chance.randint(0, 6)):
                world.step()
            try:
                collector.poll()
            except Killed:
                kills += 1
                if chance.random() < 0.3:
                    world.tick(chance.choice((60, 4000)))  # some time passes before it is started again
                collector = start()
        world.settle()
        wait_for_sweep(world)
        collector_of(world, holder="p").poll()
        assert kills >= 3
        assert_equal_to_truth(world)

    def test_an_import_goes_on_where_it_was(self, make_world: Make) -> None:
        world = make_world(3)
        for _ in range(10):
            world.new_run(tasks=5)
        seen: list[int] = []
        stop = Event()

        def stop_in_the_middle(cursors: Any) -> None:
            seen.append(cursors.done)
            if cursors.done >= 20:
                stop.set()

        report = collector_of(world, batch=10, stop=stop, on_batch=stop_in_the_middle, holder="p").poll()
        assert not report.imported
        assert seen == [0, 10, 20]
        rest = collector_of(world, batch=10, on_batch=lambda cursors: seen.append(cursors.done), holder="p").poll()
        assert rest.imported
        assert seen[3:6] == [30, 40, 50]
        assert max(seen) == 50
        assert_equal_to_truth(world)


class TestLease:
    def test_one_process_collects(self, make_world: Make) -> None:
        world = make_world()
        world.new_run()
        first, second = collector_of(world, holder="a"), collector_of(world, holder="b")
        assert first.poll().held
        assert not second.poll().held
        assert first.poll().held

    def test_another_takes_over_when_it_ends(self, make_world: Make) -> None:
        world = make_world()
        first, second = collector_of(world, holder="a"), collector_of(world, holder="b")
        first.poll()
        world.tick(91)
        assert second.poll().held
        assert not first.poll().held

    def test_or_at_once_if_it_is_given_back(self, make_world: Make) -> None:
        world = make_world()
        first, second = collector_of(world, holder="a"), collector_of(world, holder="b")
        first.poll()
        first.give_back()
        assert second.poll().held

    def test_one_that_was_taken_over_in_the_middle_writes_nothing_more(self, make_world: Make) -> None:
        world = make_world()
        world.new_run(tasks=6)

        def slow(_cursors: object) -> None:
            if not taken:
                world.tick(1000)
                taken.append(collector_of(world, holder="b").poll())

        taken: list[Any] = []
        report = collector_of(world, holder="a", batch=2, on_batch=slow).poll()
        assert taken[0].held
        assert not report.held
        assert_equal_to_truth(world)

    def test_an_end_in_the_far_future_does_not_lock_everybody_out(self, make_world: Make) -> None:
        world = make_world()
        world.tick(365 * 86_400)  # the clock was wrong
        collector_of(world, holder="a").poll()
        world.tick(-365 * 86_400)
        assert collector_of(world, holder="b").poll().held


class TestClockOfAirflow:
    def test_a_jump_backwards_hides_no_try_of_a_run_that_has_ended(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run(tasks=1)
        collector.poll()
        there = world.now
        world.now -= timedelta(hours=5)
        run_id = world.new_run(tasks=3)
        for item in world.present(run_id=run_id):
            world.begin_try(item.id)
            world.set(item.id, state="success")
        world.set_run("orders", run_id, state="success")
        world.now = there + timedelta(seconds=30)
        collector.poll()
        assert_equal_to_truth(world)


class TestPrunedTables:
    def test_runs_that_were_never_read_are_reported(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run()
        collector.poll()
        world.tick(86_400)
        lost = [world.new_run() for _ in range(4)]
        world.new_run()
        with Session(world.engine) as session, session.begin():
            session.execute(delete(TaskInstance).where(TaskInstance.run_id.in_(lost)))
            session.execute(delete(DagRun).where(DagRun.run_id.in_(lost)))
        world.tick(60)
        assert collector.poll().missing_runs == 4
        with Session(world.engine) as session:
            (insight,) = Insights(session).of_kind(GAP)
        assert insight.value == 4
        assert insight.severity == "warning"

    def test_runs_of_before_the_first_look_are_not(self, make_world: Make) -> None:
        world = make_world()
        with Session(world.engine) as session, session.begin():
            session.execute(delete(TaskInstance).where(TaskInstance.run_id == world.new_run()))
            session.execute(delete(DagRun))
        collector = collector_of(world)
        collector.poll()
        world.tick(86_400)
        world.new_run()
        assert collector.poll().missing_runs == 0

    def test_a_pause_without_loss_is_not(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run()
        collector.poll()
        world.tick(86_400)
        world.new_run()
        assert collector.poll().missing_runs == 0
        with Session(world.engine) as session:
            assert Insights(session).of_kind(GAP) == ()

    def test_what_was_read_stays_and_open_rows_are_closed(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run(tasks=2)
        done, running = (item.id for item in world.present())
        world.begin_try(done)
        world.set(done, state="success")
        world.begin_try(running)
        collector.poll()
        with Session(world.engine) as session, session.begin():
            session.execute(delete(TaskInstance))
            session.execute(delete(DagRun))
        report = collector.poll()
        assert report.lost == 2  # the running try and the run
        assert {state for state, _ in known_tries(world.engine).values()} == {"success", "removed"}
        (lost,) = [row for row in rows_of(world.engine, "try") if row.state == "removed"]
        assert lost.details["lost"]["last_state"] == "running"


class TestEventLog:
    def test_how_a_try_ended_is_kept_with_it(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run(tasks=1)
        TestEndsOfATry.lost_supervisor(world)
        collector.poll()
        collector.poll()
        (row,) = rows_of(world.engine, "try")
        assert [event["event"] for event in row.details["events"]] == ["heartbeat timeout"]


class TestRetention:
    def test_what_ended_long_ago_goes_and_does_not_come_back(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world, retention=timedelta(days=10))
        for _ in range(2):
            run_id = world.new_run(tasks=2)
            for item in world.present(run_id=run_id):
                world.begin_try(item.id)
                world.set(item.id, state="success")
            world.set_run("orders", run_id, state="success")
            collector.poll()
            world.tick(7 * 86_400)
        assert collector.poll().dropped == 3
        assert {run_id for _, run_id in known_runs(world.engine)} == {"run_2"}
        fresh = collector_of(world, retention=timedelta(days=10))
        world.tick(100)
        assert fresh.poll().held
        assert {run_id for _, run_id in known_runs(world.engine)} == {"run_2"}


class TestHistory:
    def test_the_newest_runs_with_their_tries_oldest_first(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        for _ in range(3):
            run_id = world.new_run(tasks=1)
            (item,) = world.present(run_id=run_id)
            world.begin_try(item.id)
            world.next_try(item.id, "up_for_retry")
            (item,) = world.present(run_id=run_id)
            world.begin_try(item.id)
            world.set(item.id, state="success")
            world.set_run("orders", run_id, state="success")
        collector.poll()
        with Session(world.engine) as session:
            found = history(session, "orders", last=2)
        assert [run.run_id for run in found.runs] == ["run_2", "run_3"]
        assert [(item.run_id, item.try_number, item.state) for item in found.tries] == [
            ("run_2", 1, "failed"), ("run_2", 2, "success"), ("run_3", 1, "failed"), ("run_3", 2, "success"),
        ]  # fmt: skip

    def test_monitoring_takes_it_as_it_is(self, make_world: Make) -> None:
        from airflow_provider_wfintel.engine.monitoring import service

        world = make_world()
        for _ in range(5):
            run_id = world.new_run(tasks=2)
            for item in world.present(run_id=run_id):
                world.begin_try(item.id)
                world.set(item.id, state="success")
            world.set_run("orders", run_id, state="success")
            world.tick(86_400)
        collector_of(world).poll()
        with Session(world.engine) as session:
            found = history(session, "orders")
        assert len(service.run_points(found.runs)) == 5
        book = service.Book()
        book.add(found.runs, found.tries)
        assert service.summary(book, world.now.isoformat())

    def test_measures_outlive_later_polls(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run(tasks=1)
        world.begin_try(only(world))
        collector.poll()
        with Session(world.engine) as session, session.begin():
            assert Executions(session).add_measures(str(only(world)), peak_rss_bytes=7, cpu_seconds=0.5)
            assert not Executions(session).add_measures("not-there", cpu_seconds=1.0)
        world.set(only(world), state="success")
        collector.poll()
        with Session(world.engine) as session:
            (item,) = history(session, "orders").tries
        assert (item.state, item.peak_rss_bytes, item.cpu_seconds) == ("success", 7, 0.5)


class TestTrouble:
    def test_missing_tables_are_a_typed_error(self, make_world: Make) -> None:
        world = make_world()
        Base.metadata.drop_all(world.engine)
        with pytest.raises(StoreError) as caught:
            collector_of(world).poll()
        assert caught.value.hint == "run `airflow db migrate`"

    def test_a_quiet_poll_writes_no_row(self, make_world: Make) -> None:
        world = make_world()
        collector = collector_of(world)
        world.new_run(tasks=4)
        collector.poll()
        assert collector.poll().tries == 0

    def test_nothing_of_airflow_is_changed(self, make_world: Make) -> None:
        world = make_world(5)
        for _ in range(60):
            world.step()
        before = world.truth(), world.true_runs()
        collector_of(world).poll()
        assert (world.truth(), world.true_runs()) == before


def test_the_world_can_end_in_all_ways(make_world: Make) -> None:
    world = make_world(1)
    states: set[str | None] = set()
    for _ in range(300):
        world.step()
        states |= {item.state for dag_id in ("dag_0", "dag_1") for item in world.present(dag_id)}
    assert set(OVER) - {"removed"} < states
    assert {"up_for_retry", "deferred", "up_for_reschedule", "awaiting_input", "restarting"} <= states
