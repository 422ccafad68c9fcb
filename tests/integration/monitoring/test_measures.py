"""What the listener measured gets from the try's log into its row; late logs are looked for again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collecting.measures import STATE, JoinMeasures
from airflow_provider_wfintel.app.collecting.rollups import RollUp
from airflow_provider_wfintel.host.try_logs import measured_in_log
from airflow_provider_wfintel.plugin.measure import MARK, measured_line
from airflow_provider_wfintel.store.repositories.learned_states import LearnedStates
from airflow_provider_wfintel.store.repositories.rollups import HOUR, Rollups
from airflow_provider_wfintel.store.tables import WorkflowExecution
from tests.integration.monitoring.histories import FIRST, run_with_tries, write
from tests.integration.monitoring.test_rollups import Clock, work_on

pytestmark = pytest.mark.integration

VALUES = {
    "peak_rss_bytes": 5_000_000,
    "children_peak_rss_bytes": 9_000_000,
    "cpu_seconds": 1.5,
    "error_fingerprint": "ab",
}


class Logs:
    """Logs by try; a read can be made to wait or to fail."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.open = Event()
        self.open.set()
        self.reads: list[str] = []

    def __call__(self, _session: Session, try_id: str) -> Mapping[str, Any] | None:
        self.open.wait(10)
        self.reads.append(try_id)
        if self.values.get(try_id) == "broken":
            raise OSError("the worker is gone")
        return self.values.get(try_id)


def rows(engine: Engine) -> dict[str, WorkflowExecution]:
    with Session(engine) as session:
        return {
            r.execution_id: r for r in session.scalars(select(WorkflowExecution).where(WorkflowExecution.kind == "try"))
        }


def waiting(engine: Engine) -> dict[str, Any]:
    with Session(engine) as session:
        return dict(LearnedStates(session).get(STATE).get("waiting", {}))


def turn(step: JoinMeasures, engine: Engine, at: datetime, logs: Logs, reads: int) -> None:
    """Run the step, wait for its threads, run it again to write what they found."""
    step(work_on(engine, Clock(at)))
    until = time.monotonic() + 10
    while len(logs.reads) < reads and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.05)
    step(work_on(engine, Clock(at)))


@pytest.fixture
def logs() -> Iterator[Logs]:
    made = Logs()
    yield made
    made.open.set()


def test_measures_reach_the_row_and_the_figures(engine: Engine, logs: Logs) -> None:
    run, tries = run_with_tries("a", FIRST)
    write(engine, [(run, tries)])
    now = FIRST + timedelta(minutes=10)
    RollUp(every=timedelta(0))(work_on(engine, Clock(now)))
    logs.values = {tries[0].try_id: VALUES, tries[1].try_id: {"peak_rss_bytes": "many", "cpu_seconds": float("nan")}}
    turn(JoinMeasures(logs), engine, now, logs, 2)
    found = rows(engine)
    assert (found[tries[0].try_id].peak_rss_bytes, found[tries[0].try_id].cpu_seconds) == (9_000_000, 1.5)
    assert found[tries[0].try_id].error_fingerprint == "ab"
    assert found[tries[1].try_id].peak_rss_bytes is None, "a log is not to be trusted"
    assert waiting(engine) == {}
    RollUp(every=timedelta(0))(work_on(engine, Clock(now)))
    with Session(engine) as session:
        (hour,) = Rollups(session).windows(HOUR, FIRST - timedelta(days=1), FIRST + timedelta(days=1))
    assert hour.figures.sketches["cpu_seconds"].count == 1


def test_a_late_log_is_looked_for_again_and_then_given_up(engine: Engine, logs: Logs) -> None:
    run, tries = run_with_tries("a", FIRST, tasks=1)
    write(engine, [(run, tries)])
    step, at = JoinMeasures(logs), FIRST + timedelta(minutes=10)
    logs.values = {tries[0].try_id: "broken"}
    turn(step, engine, at, logs, 1)
    assert set(waiting(engine)) == {tries[0].try_id}
    turn(step, engine, at, logs, 1)
    assert len(logs.reads) == 1, "not at once"
    for number, minutes in ((2, 1), (3, 10), (4, 60)):
        turn(step, engine, at + timedelta(minutes=minutes), logs, number)
    assert waiting(engine) == {}
    assert len(logs.reads) == 4


def test_a_log_that_does_not_come_holds_up_nobody(engine: Engine, logs: Logs) -> None:
    write(engine, [run_with_tries("a", FIRST)])
    logs.open.clear()
    step, began = JoinMeasures(logs), time.monotonic()
    step(work_on(engine, Clock(FIRST + timedelta(minutes=10))))
    step(work_on(engine, Clock(FIRST + timedelta(minutes=11))))
    assert time.monotonic() - began < 5
    assert len(waiting(engine)) == 2


def test_another_process_goes_on_where_one_was_stopped(engine: Engine, logs: Logs) -> None:
    run, tries = run_with_tries("a", FIRST, tasks=1)
    write(engine, [(run, tries)])
    logs.values = {tries[0].try_id: VALUES}
    stuck = Logs()
    stuck.open.clear()
    JoinMeasures(stuck)(work_on(engine, Clock(FIRST + timedelta(minutes=10))))
    turn(JoinMeasures(logs), engine, FIRST + timedelta(minutes=11), logs, 1)
    assert rows(engine)[tries[0].try_id].cpu_seconds == 1.5
    stuck.open.set()


def test_old_tries_of_an_import_are_left_alone(engine: Engine, logs: Logs) -> None:
    write(engine, [run_with_tries("a", FIRST)])
    turn(JoinMeasures(logs), engine, FIRST + timedelta(days=3), logs, 0)
    assert logs.reads == []


class TestReadingALog:
    """Airflow's reader gives lines; the one that our listener wrote is found, whatever else the task printed."""

    def read(self, monkeypatch: pytest.MonkeyPatch, *lines: str) -> Any:
        from airflow.utils.log.log_reader import TaskLogReader

        item = SimpleNamespace(try_number=1)
        monkeypatch.setattr(TaskLogReader, "supports_read", True)
        stream = iter([SimpleNamespace(event=line) for line in lines])
        monkeypatch.setattr(TaskLogReader, "read_log_chunks", lambda *_args: (stream, {}))
        return measured_in_log(SimpleNamespace(scalar=lambda _query: item), KEY)  # type: ignore[arg-type]

    def test_the_line_of_the_listener_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        line = f"{MARK} {measured_line(SimpleNamespace(id=KEY), 'success')}"
        found = self.read(monkeypatch, "hello", line, "bye")
        assert found["state"] == "success"
        assert found["peak_rss_bytes"] > 0

    @pytest.mark.parametrize(
        "line",
        [f"{MARK} {{", f"{MARK} []", f'{MARK} {{"try_id": "another"}}', f"x {MARK} {{}}", f"{MARK} " + "9" * 20000],
    )
    def test_what_a_task_prints_is_not_taken_for_it(self, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
        assert self.read(monkeypatch, line) is None


KEY = "01980000-0000-7000-8000-000000000001"
