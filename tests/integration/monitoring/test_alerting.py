"""From rows of Airflow's tables to messages: once each, whatever is killed and whoever goes on."""

from __future__ import annotations

import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.alerting.learned import tell_learned
from airflow_provider_wfintel.app.alerting.settings import SettingsSource
from airflow_provider_wfintel.app.alerts import Alerting
from airflow_provider_wfintel.app.collect import Collector
from airflow_provider_wfintel.app.collecting.after_poll import Step
from airflow_provider_wfintel.app.collecting.odds import TellOdds
from airflow_provider_wfintel.engine.model import WorkflowRun
from airflow_provider_wfintel.engine.monitoring.service import AnomalyFinding, Message, Receiver
from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories, Said
from airflow_provider_wfintel.store.repositories.dag_states import KnownDag
from airflow_provider_wfintel.store.tables import Alert, AlertMessage
from tests.integration.monitoring.world import World

pytestmark = pytest.mark.integration

SETTINGS = """
receivers:
  - {name: team, channel: log}
routes:
  - {name: default, receivers: [team], group_wait: 30, group_interval: 300}
"""


class Channel:
    """What receivers get. `down` refuses; `die` stands for a crash after the other side has taken the message."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Message]] = []
        self.down = False
        self.lock = threading.Lock()

    def send(self, message: Message, receiver: Receiver) -> None:
        if self.down:
            raise ConnectionError("connection refused")
        with self.lock:
            self.got.append((receiver.name, message))

    @property
    def kinds(self) -> list[str]:
        return [message.kind for _, message in self.got]

    @property
    def keys(self) -> Counter[str]:
        return Counter(message.key for _, message in self.got)


class House:
    """One database with a world in it and any number of processes that collect and tell."""

    def __init__(self, world: World, settings: Path) -> None:
        self.world, self.settings, self.channel = world, settings, Channel()
        self.process = self.start()
        self.process.poll()

    def start(self, name: str = "", after: tuple[Step, ...] = ()) -> Collector:
        alerting = Alerting(
            self.sessions,
            SettingsSource(self.settings),
            clock=self.world.clock,
            send=self.channel.send,
            base_url="http://airflow",
            retention=timedelta(days=30),
        )
        return Collector(self.sessions, clock=self.world.clock, holder=name, after=after, alerting=alerting)

    def sessions(self) -> Session:
        return Session(self.world.engine)

    def restart(self) -> None:
        """The process is killed; its lease runs out."""
        self.world.tick(100)
        self.process = self.start()

    def pass_time(self, seconds: float, every: float = 15) -> None:
        until = self.world.now + timedelta(seconds=seconds)
        while self.world.now < until:
            self.world.tick(every)
            assert self.process.poll().held

    def alerts(self) -> list[Alert]:
        with self.sessions() as session:
            rows = list(session.scalars(select(Alert).order_by(Alert.started_at, Alert.task_id)))
            session.expunge_all()
            return rows

    def messages(self) -> list[AlertMessage]:
        with self.sessions() as session:
            rows = list(session.scalars(select(AlertMessage).order_by(AlertMessage.made_at)))
            session.expunge_all()
            return rows

    def say(self, what: str, /, **payload: Any) -> None:
        with self.sessions() as session:
            said = Said(f"{random.random()}", what, payload)  # noqa: S311
            AlertMemories(session).say(said, now=self.world.now)
            session.commit()


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "alerts.yaml"
    path.write_text(SETTINGS)
    return path


@pytest.fixture
def house(make_world: Callable[..., World], settings: Path) -> House:
    return House(make_world(), settings)


def fail(world: World, item: Any, tries: int = 3) -> Any:
    """Run a task until it has failed for good; returns its last key."""
    key = item.id
    for number in range(tries):
        world.begin_try(key)
        key = world.next_try(key, "up_for_retry") if number < tries - 1 else key
    world.set(key, state="failed")
    return key


def succeed(world: World, key: Any) -> None:
    world.begin_try(key)
    world.set(key, state="success")


def task_of(world: World, run_id: str) -> Any:
    return next(item for item in world.present() if item.run_id == run_id)


class TestTasks:
    def test_a_failed_task_is_told_once_and_once_that_it_is_over(self, house: House) -> None:
        run = house.world.new_run(tasks=1)
        key = fail(house.world, house.world.present()[0])
        house.world.set_run("orders", run, state="failed")
        house.pass_time(600)
        assert house.channel.kinds == ["firing"]
        message = house.channel.got[0][1]
        assert message.title == "task failed: orders.task_0 (1 more follow from it)"
        assert message.lines == ("task failed: orders.task_0: try 3 of 3 failed",)
        assert message.links[0].url == f"http://airflow/dags/orders/runs/{run}/tasks/task_0"

        succeed(house.world, house.world.clear(key))
        house.world.set_run("orders", run, state="success")
        house.pass_time(600)
        assert house.channel.kinds == ["firing", "resolved"]
        assert {item.status for item in house.alerts()} == {"resolved"}
        assert {item.status for item in house.messages()} == {"sent"}

    def test_a_retry_that_succeeds_is_not_told(self, house: House) -> None:
        run = house.world.new_run(tasks=1)
        key = house.world.present()[0].id
        for _ in range(2):
            house.world.begin_try(key)
            house.pass_time(60)
            key = house.world.next_try(key, "up_for_retry")
            house.pass_time(60)
        succeed(house.world, key)
        house.world.set_run("orders", run, state="success")
        house.pass_time(600)
        assert house.channel.got == []
        assert house.alerts() == []

    def test_what_could_not_run_because_of_it_is_muted(self, house: House) -> None:
        run = house.world.new_run(tasks=4)
        first, *others = house.world.present()
        fail(house.world, first)
        for item in others:
            house.world.set(item.id, state="upstream_failed")
        house.world.set_run("orders", run, state="failed")
        house.pass_time(300)
        assert house.channel.kinds == ["firing"]
        assert "(4 more follow from it)" in house.channel.got[0][1].title
        statuses = Counter(item.status for item in house.alerts())
        assert statuses == {"firing": 1, "muted": 4}
        root = next(item for item in house.alerts() if item.status == "firing")
        assert all(item.body["follows_from"] == root.alert_key for item in house.alerts() if item.status == "muted")

    def test_history_from_before_the_first_start_is_not_told(
        self, make_world: Callable[..., World], settings: Path
    ) -> None:
        world = make_world()
        run = world.new_run(tasks=2)
        for item in world.present():
            fail(world, item)
        world.set_run("orders", run, state="failed")
        world.tick(3600)
        house = House(world, settings)
        house.pass_time(600)
        assert house.channel.got == []


class TestDeliveries:
    def trouble(self, house: House) -> Any:
        """One task of a run fails for good."""
        run = house.world.new_run(tasks=2)
        key = fail(house.world, house.world.present()[0])
        house.world.set_run("orders", run, state="failed")
        return run, key

    def mend(self, house: House, run: str, key: Any) -> None:
        succeed(house.world, house.world.clear(key))
        house.world.set_run("orders", run, state="success")

    def test_a_channel_that_is_down_for_ten_minutes_gets_everything_once_and_in_order(self, house: House) -> None:
        house.channel.down = True
        run, key = self.trouble(house)
        house.pass_time(300)
        self.mend(house, run, key)
        house.pass_time(300)
        waiting = house.messages()
        assert [item.status for item in waiting] == ["waiting", "waiting"]
        assert waiting[0].attempts >= 4
        assert waiting[0].last_error == "ConnectionError: connection refused"
        house.channel.down = False
        house.pass_time(900)
        assert house.channel.kinds == ["firing", "resolved"]
        assert set(house.channel.keys.values()) == {1}

    def test_restarts_at_random_points_repeat_nothing_and_lose_nothing(self, house: House) -> None:
        chance = random.Random(4)  # noqa: S311
        for _ in range(4):
            run, key = self.trouble(house)
            for _ in range(chance.randint(1, 5)):
                house.pass_time(chance.choice((15, 30, 45)))
                house.restart()
            house.pass_time(60)
            self.mend(house, run, key)
            house.restart()
            house.pass_time(120)
        assert Counter(house.channel.kinds) == {"firing": 4, "resolved": 4}
        assert set(house.channel.keys.values()) == {1}

    def test_of_two_processes_only_one_tells(self, house: House) -> None:
        other = house.start("the other one")
        self.trouble(house)
        for turn in range(40):
            house.world.tick(15)
            first, second = (house.process, other) if turn % 2 else (other, house.process)
            reports = first.poll(), second.poll()
            assert sorted(report.held for report in reports) == [False, True]
            if turn == 10:
                house.process.give_back()
        assert house.channel.kinds == ["firing"]

    def test_two_processes_that_both_believe_to_have_the_lease_tell_once(self, house: House) -> None:
        """The one whose lease ran out in the middle of its turn can save nothing and delivers nothing."""
        slow = house.process
        self.trouble(house)
        house.pass_time(15)
        turn = slow._alerting.turn  # type: ignore[union-attr]

        def late(hold: Any, *, written: int) -> Any:
            house.world.tick(200)
            other = house.start("the other one")
            assert other.poll().held
            house.process = other
            return turn(hold, written=written)

        slow._alerting.turn = late  # type: ignore[method-assign, union-attr]
        house.world.tick(15)
        assert not slow.poll().held
        house.pass_time(300)
        assert house.channel.kinds == ["firing"]

    def test_a_settings_file_that_breaks_leaves_the_last_good_settings(
        self, house: House, settings: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.write_text("receivers: [")
        self.trouble(house)
        house.pass_time(120)
        assert house.channel.kinds == ["firing"]
        assert "neither YAML nor JSON" in caplog.text

    def test_without_any_good_settings_news_wait_for_them(
        self, make_world: Callable[..., World], settings: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.write_text("routes: [{name: default, receivers: [nobody]}]")
        house = House(make_world(), settings)
        self.trouble(house)
        house.pass_time(300)
        assert house.channel.got == []
        assert caplog.text.count("there is no receiver 'nobody'") == 1
        settings.write_text(SETTINGS)
        house.pass_time(60)
        assert house.channel.kinds == ["firing"]

    def test_secrets_do_not_leave_the_house(self, house: House) -> None:
        at = house.world.now.timestamp()
        house.say(
            "seen", kind="task.failed", at=at, dag_id="orders", run_id="r", task_id="load", event_id="e",
            cause="authentication_failed", message="login failed, password=hunter2hunter2",
        )  # fmt: skip
        house.pass_time(60)
        assert house.channel.kinds == ["firing"]
        assert "hunter2" not in house.channel.got[0][1].as_text()


class TestPushedEvents:
    """What a callback pushes and what the collector sees of the same try is one event."""

    def push(self, house: House, key: Any, run: str, late: float = 0.0) -> None:
        at = house.world.now.timestamp() + late
        event = {"kind": "task.failed", "dag_id": "orders", "run_id": run, "task_id": "task_0", "event_id": str(key)}
        house.say("seen", **event, at=at, cause="disk_full", message="the disk is full")

    @pytest.mark.parametrize("late", [-5.0, 0.0, 5.0])
    @pytest.mark.parametrize("order", ["before the collector", "after it", "after the message"])
    def test_it_is_told_once(self, house: House, order: str, late: float) -> None:
        house.pass_time(30)
        run = house.world.new_run(tasks=1)
        key = house.world.present()[0].id
        house.world.begin_try(key)
        if order == "before the collector":
            self.push(house, key, run, late)
            house.pass_time(15)
        house.world.set(key, state="failed")
        house.world.set_run("orders", run, state="failed")
        house.pass_time(15 if order == "after it" else 60)
        if order != "before the collector":
            self.push(house, key, run, late)
        house.pass_time(400, every=40)
        assert house.channel.kinds == ["firing"]
        if order != "after the message":
            assert "the disk is full" in house.channel.got[0][1].lines[0]
        succeed(house.world, house.world.clear(key))
        house.world.set_run("orders", run, state="success")
        house.pass_time(120, every=40)
        assert house.channel.kinds == ["firing", "resolved"]

    def test_a_session_that_was_diagnosed_gives_the_cause(self, house: House) -> None:
        from airflow_provider_wfintel.store.repositories.troubleshooting import SessionRecord, TroubleshootingSessions

        run = house.world.new_run(tasks=1)
        key = fail(house.world, house.world.present()[0])
        house.pass_time(15)
        record = SessionRecord(
            "s", str(key), "orders", run, "task_0", -1, 3, "diagnosis", "in_progress", "disk_full", 0.9,
            evidence=("No space left on device",), explanation="The disk is full.",
        )  # fmt: skip
        with house.sessions() as session:
            TroubleshootingSessions(session).open(record)
            session.commit()
        house.pass_time(120)
        assert house.channel.got[0][1].lines == ("task failed: orders.task_0: The disk is full. (try 3 of 3 failed)",)


class TestWhatIsLearned:
    def learn(self, house: House, run_id: str, *findings: AnomalyFinding, score: float | None = None) -> None:
        """As the collector's step does after a run."""
        at = house.world.now.isoformat()
        kept = {"failure_probability": 0.7, "miss_probability": 0.0, "enough_runs": True, "reasons": []}
        known = KnownDag("orders", runs=50, score=score, health=kept if score is not None else {})
        run = WorkflowRun("orders", run_id, "success", ended_at=at)
        with house.sessions() as session:
            tell_learned(session, known, [run], findings, now=house.world.now)
            session.commit()

    def spike(self, house: House, run_id: str) -> AnomalyFinding:
        at = house.world.now.timestamp()
        return AnomalyFinding(
            "spike",
            "warning",
            at - 600,
            at - 600,
            "duration",
            600.0,
            60.0,
            1.5,
            "took 10 min, usual is 1",
            run_id=run_id,
        )

    def test_an_unusual_run_is_told_and_the_next_usual_one_ends_it(self, house: House) -> None:
        house.pass_time(30)
        self.learn(house, "r1", self.spike(house, "r1"))
        house.pass_time(60)
        assert house.channel.kinds == ["firing"]
        assert house.channel.got[0][1].lines == ("unusual run: orders: took 10 min, usual is 1",)
        self.learn(house, "r2")
        house.pass_time(60)
        assert house.channel.kinds == ["firing", "resolved"]

    def test_low_health_is_told_after_two_runs(self, house: House) -> None:
        house.pass_time(30)
        for number in range(2):
            self.learn(house, f"r{number}", score=30.0)
            house.pass_time(60)
        assert house.channel.kinds == ["firing"]
        assert "fails or is late with 70%" in house.channel.got[0][1].lines[0]
        self.learn(house, "r2", score=90.0)
        house.pass_time(60)
        assert house.channel.kinds == ["firing", "resolved"]

    def test_usual_runs_say_nothing(self, house: House) -> None:
        self.learn(house, "r1")
        with house.sessions() as session:
            assert AlertMemories(session).said(limit=10) == ()

    def test_what_ended_long_ago_is_not_told(self, house: House) -> None:
        found = self.spike(house, "r1")
        known, run = KnownDag("orders"), WorkflowRun("orders", "r1", "success", ended_at=house.world.now.isoformat())
        with house.sessions() as session:
            tell_learned(session, known, [run], [found], now=house.world.now + timedelta(days=2))
            assert AlertMemories(session).said(limit=10) == ()


class TestDeadlines:
    @pytest.fixture
    def deadline(self, house: House) -> Iterator[Callable[[str, float], None]]:
        """Gives a run a deadline, as Airflow does for a DAG with a deadline alert."""
        from airflow.models.callback import Callback
        from airflow.models.deadline import Deadline

        def forget() -> None:
            with house.sessions() as session:
                session.execute(delete(Deadline))
                session.execute(delete(Callback))
                session.commit()

        def make(run_id: str, seconds: float) -> None:
            key, moment = uuid.uuid4(), house.world.now
            with house.sessions() as session:
                number = session.scalar(select(DagRun.id).where(DagRun.run_id == run_id))
                session.execute(
                    insert(Callback.__table__).values(
                        id=key, type="triggerer", fetch_method="import_path", priority_weight=1, data={}, state=None,
                        created_at=moment,
                    )
                )  # fmt: skip
                session.execute(
                    insert(Deadline.__table__).values(
                        id=uuid.uuid4(), dagrun_id=number, deadline_time=moment + timedelta(seconds=seconds),
                        missed=False, callback_id=key, created_at=moment, last_updated_at=moment,
                    )
                )  # fmt: skip
                session.commit()

        forget()
        yield make
        forget()

    def test_a_missed_deadline_is_told_and_a_run_in_time_ends_it(
        self, house: House, deadline: Callable[[str, float], None]
    ) -> None:
        late = house.world.new_run(tasks=1)
        deadline(late, 60)
        house.pass_time(45)
        assert house.channel.kinds == []
        house.pass_time(120)
        assert house.channel.kinds == ["firing"]
        message = house.channel.got[0][1]
        assert (message.severity, message.title) == ("critical", "deadline missed: orders")
        assert "it is still running" in message.lines[0]
        house.world.set_run("orders", late, state="success")
        house.pass_time(60)
        assert house.channel.kinds == ["firing"]
        house.world.set_run("orders", house.world.new_run(tasks=0), state="success")
        house.pass_time(90)
        assert house.channel.kinds == ["firing", "resolved"]

    def test_a_run_that_is_likely_to_be_late_is_told_before_it_is(
        self, house: House, deadline: Callable[[str, float], None]
    ) -> None:
        for _ in range(25):
            run = house.world.new_run(tasks=1)
            key = task_of(house.world, run).id
            house.world.begin_try(key)
            house.world.tick(300)
            house.world.set(key, state="success")
            house.world.set_run("orders", run, state="success")
            house.world.tick(300)
        house.pass_time(30)
        house.process = house.start(after=(Step("odds", TellOdds(every=timedelta(seconds=30))),))
        house.world.tick(100)
        house.pass_time(60)
        late = house.world.new_run(tasks=1)
        house.world.begin_try(task_of(house.world, late).id)
        deadline(late, 120)
        house.pass_time(75)
        (message,) = [message for _, message in house.channel.got]
        assert message.title == "deadline at risk: orders"
        assert "misses its deadline with" in message.lines[0]


class TestDependencies:
    @pytest.fixture
    def chain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each task waits for the one before it."""
        chain = {"task_0": (), "task_1": ("task_0",), "task_2": ("task_1",)}
        monkeypatch.setattr("airflow_provider_wfintel.host.dag_facts.upstream_of", lambda _session, _dag_id: chain)

    @pytest.mark.usefixtures("chain")
    def test_what_failed_behind_a_failed_task_is_no_incident_of_its_own(self, house: House) -> None:
        house.world.new_run(tasks=3)
        first, _, last = house.world.present()
        fail(house.world, first, tries=1)
        fail(house.world, last, tries=1)
        house.pass_time(120)
        assert house.channel.kinds == ["firing"]
        states = {item.task_id: item.status for item in house.alerts()}
        assert states == {"task_0": "firing", "task_2": "muted"}

    @pytest.mark.usefixtures("chain")
    def test_a_task_above_says_nothing_of_one_in_another_run(self, house: House) -> None:
        house.world.new_run(tasks=3)
        fail(house.world, house.world.present()[0], tries=1)
        house.world.new_run(tasks=3)
        fail(house.world, house.world.present()[-1], tries=1)
        house.pass_time(120)
        assert {item.status for item in house.alerts()} == {"firing"}


def test_a_gap_is_told_and_is_over_after_an_hour(house: House) -> None:
    house.world.new_run(tasks=1)
    house.pass_time(30)
    house.world.tick(1200)
    lost = house.world.new_run(tasks=0)
    house.world.new_run(tasks=0)
    with house.sessions() as session:
        session.execute(delete(DagRun).where(DagRun.run_id == lost))
        session.commit()
    house.pass_time(120)
    (message,) = [message for _, message in house.channel.got]
    assert message.title == "monitoring has a gap"
    assert "were deleted" in message.lines[0]
    house.pass_time(4000, every=200)
    assert house.channel.kinds[-1] == "resolved"
