"""What the collector holds in memory does not grow with the work it has done.

Traced bytes of Python's allocator are compared, not the process' resident memory: that depends on the machine.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from airflow.models.dagrun import DagRun
from airflow.models.taskinstance import TaskInstance
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app import collect
from airflow_provider_wfintel.app.alerting.settings import SettingsSource
from airflow_provider_wfintel.app.alerts import Alerting
from airflow_provider_wfintel.app.collect import CollectOptions, Collector
from airflow_provider_wfintel.app.collecting.after_poll import Step
from airflow_provider_wfintel.app.collecting.measures import JoinMeasures
from airflow_provider_wfintel.app.collecting.seen import Seen
from airflow_provider_wfintel.app.collecting.steps import make_steps
from airflow_provider_wfintel.config import read_settings
from airflow_provider_wfintel.engine.model import TaskTry, TryChange
from airflow_provider_wfintel.store.repositories import rollups
from airflow_provider_wfintel.store.repositories.rollups import Rollups
from tests.integration.monitoring.histories import FIRST, run_with_tries, write
from tests.integration.monitoring.world import World

pytestmark = pytest.mark.integration

DAGS, TASKS = 4, 5
RUNS = 3
"""Runs of each DAG between two polls."""
REMEMBERED = 200


@contextmanager
def traced() -> Iterator[None]:
    tracemalloc.start(1)
    try:
        yield
    finally:
        tracemalloc.stop()


def held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


class Work:
    """Runs that come and go, and a collector with everything that it does in production; no log is ever there."""

    def __init__(self, world: World) -> None:
        self.world, self.runs = world, 0

        @contextmanager
        def sessions() -> Iterator[Session]:
            with Session(world.engine) as session:
                yield session
                session.commit()

        self.logs = JoinMeasures(read=lambda _session, _key: None)
        steps = [Step("logs", self.logs)]
        steps += [step for step in make_steps(read_settings()) if not isinstance(step.run, JoinMeasures)]
        self.collector = Collector(
            sessions,
            clock=world.clock,
            options=CollectOptions(lease=timedelta(days=1)),
            after=steps,
            alerting=Alerting(sessions, SettingsSource(None), clock=world.clock, send=lambda *_: None),  # type: ignore[arg-type, return-value]
        )

    def do(self, tries: int) -> None:
        """So many tries, in runs of all DAGs, with a poll now and then, until no log is to be read."""
        for _ in range(tries // (RUNS * DAGS * TASKS)):
            with Session(self.world.engine) as session, session.begin():
                for number in range(RUNS * DAGS):
                    self._run(session, f"dag_{number % DAGS}")
            self.world.tick(30.0)
            self.collector.poll()
        while self.logs._wanted.qsize() or self.logs._found.qsize():
            self.collector.poll()

    def _run(self, session: Session, dag_id: str) -> None:
        self.runs += 1
        begin, run_id = self.world.now, f"run_{self.runs}"
        end = self.world.tick(2.0)
        failed = self.runs % 40 == 0
        session.execute(
            insert(DagRun).values(
                dag_id=dag_id, run_id=run_id, run_type="scheduled", run_after=begin, queued_at=begin, start_date=begin,
                end_date=end, logical_date=begin, updated_at=end, created_at=begin, log_template_id=None,
                _state="failed" if failed else "success",
            )
        )  # fmt: skip
        times = {"scheduled_dttm": begin, "queued_dttm": begin, "start_date": begin, "end_date": end, "duration": 2.0}
        for place in range(TASKS):
            row = self.world._task(dag_id, run_id, f"task_{place}") | times | {"try_number": 1, "hostname": "worker"}
            state = "failed" if failed and place == TASKS - 1 else "success"
            session.execute(insert(TaskInstance).values(**row | {"state": state}))


@pytest.mark.parametrize("made_engine", ["sqlite"], indirect=True, scope="module")
def test_more_tries_leave_nothing_behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    # The memory of what was written last is full after the warm-up, so that all the rest is seen.
    monkeypatch.setattr(collect, "Seen", lambda: Seen(REMEMBERED))
    work, grown = Work(World(engine, 1, monkeypatch)), []
    # Long enough for 500 tries to wait for their log, and for the bounded cache of `anomalies.robust` to be full: DAGs
    # have then as many runs as are looked at.
    work.do(1800)
    with traced():
        before = held()
        for _ in range(3):
            work.do(300)
            now = held()
            grown.append((now - before) / 300)
            before = now
    # What is loaded once is in one round only, what leaks is in each.
    assert min(grown) < 100, grown


def test_what_was_written_last_is_remembered_in_a_table_of_one_size() -> None:
    with traced():
        seen = Seen()
        made = held()
        assert seen.bytes_held > 1_000_000
        for number in range(20_000):
            seen.add([change(number)])
        assert held() - made < 10_000
    assert seen.new([change(19_999), change(0), change(20_000)]) == [change(20_000)]


@pytest.mark.parametrize("made_engine", ["sqlite"], indirect=True, scope="module")
def test_a_busy_hour_is_never_in_memory_as_a_whole(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "_FETCHED", 50)
    for number in range(150):
        dag_id = "few" if number % 5 == 0 else "many"
        write(engine, [run_with_tries(dag_id, FIRST + timedelta(seconds=number), tasks=10)])
    few, many = peak(engine, "few", timedelta(hours=1)), peak(engine, "many", timedelta(hours=1))
    assert few[0] * 4 == many[0] == 1200
    assert many[1] < 1.5 * few[1]


def peak(engine: Engine, dag_id: str, span: timedelta) -> tuple[int, int]:
    """How many tries of a DAG ended in a span, and the most bytes that going through them took."""
    with Session(engine) as session:
        figures, names = Rollups(session), {dag_id}
        # What the first question of its kind leaves in caches is not counted.
        for items in figures.ended_between(FIRST - 2 * span, FIRST - span, names):
            assert not list(items)
        with traced():
            before = held()
            tries, runs = figures.ended_between(FIRST, FIRST + span, names)
            count = sum(1 for _ in tries)
            assert sum(1 for _ in runs) == count // 10
            return count, tracemalloc.get_traced_memory()[1] - before


def change(number: int) -> TryChange:
    """A try as the collector reads it: texts of its own, none shared with another."""
    at = (FIRST + timedelta(seconds=number)).isoformat()
    item = TaskTry(
        try_id=f"01234567-0000-7000-8000-{number:012d}", dag_id="a", run_id="r", task_id="t", try_number=1,
        state="success", started_at=at, ended_at=(FIRST + timedelta(seconds=number + 1)).isoformat(),
    )  # fmt: skip
    return TryChange(item, (FIRST + timedelta(seconds=number + 2)).isoformat())
