"""Every way in which a try can end really happens in a real Airflow, and the collector, killed again and again, knows
each try exactly once.

Scheduler, LocalExecutor, triggerer, api-server and dag-processor are real processes; persons are played over REST. The
collector runs in children of this process that get SIGKILL after a random time and are followed by the next one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.collect import CollectOptions, Collector
from airflow_provider_wfintel.cli.demo.airflow_api import AirflowApi, Run, wait_for
from airflow_provider_wfintel.cli.demo.processes import Crew
from airflow_provider_wfintel.cli.demo.workplace import free_ports, prepare_folder
from tests.e2e.deployment import PREPARE_SECONDS, ROOT, START_SECONDS, empty_database

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

KILLS = 20
PATIENCE = 600.0
"""Seconds: far more than it takes, for machines that do ten other things."""
QUICK = CollectOptions(batch=5, sweep_every=timedelta(seconds=3))
SETTINGS = {
    "CORE__PARALLELISM": 6,
    "CORE__MAX_ACTIVE_TASKS_PER_DAG": 16,
    "DAG_PROCESSOR__PARSING_PROCESSES": 1,
    # A supervisor sends a heartbeat every 5 s ([workers] min_heartbeat_interval), between what its task asks for, and
    # waits for each answer. So this leaves 20 s for answers of an api-server on a machine that does ten other things;
    # with 15 there were 10. How long processes take to start does not count: a try is running from the first call on.
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": 25,
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": 4,
    "WFINTEL__COLLECTOR": "off",
}
ENDS = {
    "killed": ["failed"],
    "lost_supervisor": ["failed"],
    "marked": ["success"],
    "after_failure": ["upstream_failed"],
    "skipped": ["skipped"],
    "after_skip": ["skipped"],
    "deferred": ["success"],
    "rescheduled": ["success"],
    "retried": ["failed", "success"],
    "cleared": ["success", "success"],
    "cleared_while_running": ["failed", "success"],
    "answered": ["success"],
}
"""The states of the tries of each task, in their order, as Airflow keeps them."""


@dataclass
class Place:
    """A real Airflow with the DAG `ends`."""

    api: AirflowApi
    crew: Crew
    database: str
    folder: Path

    def wait(self, what: str, ready: Any) -> Any:
        return wait_for(what, ready, timeout=PATIENCE, check=self.crew.check)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    work = prepare_folder(tmp_path_factory.mktemp("ends") / "home")
    for old in work.dags.glob("*.py"):
        old.unlink()
    (work.dags / "ends.py").write_text((Path(__file__).parent / "dags.py").read_text(), encoding="utf-8")
    with empty_database(work.airflow_home) as database:
        settings = {f"AIRFLOW__{name}": str(value) for name, value in SETTINGS.items()}
        environment = {
            **work.environment(free_ports()), **settings, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
            "PYTHONPATH": str(ROOT), "ENDS": str(work.folder),
        }  # fmt: skip
        with Crew(work.folder, work.logs, environment) as crew:
            crew.run("migrate", ["airflow", "db", "migrate"], timeout=PREPARE_SECONDS)
            api = AirflowApi(environment["AIRFLOW__API__BASE_URL"])
            for name in ("api-server", "scheduler", "triggerer", "dag-processor"):
                crew.start(name, ["airflow", name])
            made = Place(api, crew, database, work.folder)
            wait_for("all components", api.healthy, timeout=START_SECONDS, check=crew.check, pause=1.0)
            api.warm_up()
            api.log_in()
            made.wait("the DAG", lambda: api.dag_is_there("ends", "ends.py"))
            yield made


def collect_for_ever(database: str) -> None:
    """What a child does. It makes its own connections: those of another process are not to be used."""
    engine = create_engine(database)
    collector = Collector(lambda: Session(engine), options=QUICK, holder="one at a time")
    while True:
        with contextlib.suppress(Exception):
            collector.poll()
        time.sleep(0.05)


class Mortal:
    """A collector that is killed with SIGKILL after a random time, and started again."""

    def __init__(self, database: str, seed: int) -> None:
        self._database, self._chance = database, random.Random(seed)  # noqa: S311
        self._context = multiprocessing.get_context("fork")
        self.kills = 0
        self._start()

    def _start(self) -> None:
        self._child = self._context.Process(target=collect_for_ever, args=(self._database,), daemon=True)
        self._child.start()
        self._until = time.monotonic() + self._chance.uniform(0.05, 3.0)

    def live_on(self) -> None:
        """Kill it if its time has come."""
        if self.kills < KILLS and time.monotonic() >= self._until:
            self.kill()
            self._start()

    def kill(self) -> None:
        assert self._child.pid is not None
        os.kill(self._child.pid, signal.SIGKILL)
        self._child.join(30)
        assert self._child.exitcode == -signal.SIGKILL
        self.kills += 1


def states(place: Place, run: Run) -> dict[str, str]:
    return {item["task_id"]: item["state"] for item in place.api.tasks(run)}


def play_the_persons(place: Place, run: Run, mortal: Mortal) -> None:
    """Mark, clear and answer what waits for it, until the run is over."""
    api, path = place.api, f"dags/ends/dagRuns/{run.run_id}"
    clear = {"dry_run": False, "only_failed": False, "dag_run_id": run.run_id}
    done: set[str] = set()

    def turn() -> bool:
        mortal.live_on()
        now = states(place, run)
        if now["marked"] == "running" and "marked" not in done:
            api.call("PATCH", f"{path}/taskInstances/marked", {"new_state": "success"})
            done.add("marked")
        if now["cleared"] == "success" and "cleared" not in done:
            api.call("POST", "dags/ends/clearTaskInstances", {**clear, "task_ids": ["cleared"]})
            done.add("cleared")
        if now["cleared_while_running"] == "running" and "cleared_while_running" not in done:
            (place.folder / "cleared").touch()
            api.call("POST", "dags/ends/clearTaskInstances", {**clear, "task_ids": ["cleared_while_running"]})
            done.add("cleared_while_running")
        # The answer comes last, so that the run goes on while the others act.
        if now["answered"] in ("deferred", "awaiting_input") and len(done) == 3 and mortal.kills >= KILLS:
            answer = {"chosen_options": ["Approve"], "params_input": {}}
            api.call("PATCH", f"{path}/taskInstances/answered/-1/hitlDetails", answer)
            done.add("answered")
        return api.run_state(run) in ("success", "failed")

    place.wait("the end of the run", turn)
    assert done == {"marked", "cleared", "cleared_while_running", "answered"}


def truth(session: Session) -> dict[str, tuple[str, int, str]]:
    """State, number and task of every try that Airflow keeps, by its key."""
    query = """
        SELECT CAST(id AS TEXT) AS key, state, try_number, task_id FROM task_instance
        UNION ALL SELECT CAST(task_instance_id AS TEXT), state, try_number, task_id FROM task_instance_history
    """
    rows = session.execute(text(query)).all()
    found = {str(row.key).replace("-", ""): (row.state, row.try_number, row.task_id) for row in rows}
    assert len(found) == len(rows)
    return found


def known(session: Session) -> dict[str, tuple[str, int, str]]:
    query = "SELECT execution_id, state, try_number, task_id FROM wfintel_workflow_executions WHERE kind = 'try'"
    return {
        row.execution_id.replace("-", ""): (row.state, row.try_number, row.task_id)
        for row in session.execute(text(query))
    }


def test_each_try_is_known_once_however_it_ends_and_however_often_the_collector_is_killed(place: Place) -> None:
    mortal = Mortal(place.database, seed=4)
    try:
        play_the_persons(place, place.api.trigger("ends"), mortal)
        assert mortal.kills >= KILLS
    finally:
        mortal.kill()
    engine = create_engine(place.database)
    last = Collector(lambda: Session(engine), options=QUICK, holder="one at a time")

    def all_known() -> bool:
        last.poll()
        with Session(engine) as session:
            return known(session) == truth(session)

    # A process that was told to end has not always done so when the run is over.
    until = time.monotonic() + 60.0
    while not all_known() and time.monotonic() < until:
        time.sleep(1.0)
    with Session(engine) as session:
        really, ours = truth(session), known(session)
        assert ours == really
        by_task: dict[str, list[tuple[int, str]]] = {}
        for state, number, task in really.values():
            by_task.setdefault(task, []).append((number, state))
        assert {task: [state for _, state in sorted(tries)] for task, tries in by_task.items()} == ENDS
        open_rows = "SELECT count(*) FROM wfintel_workflow_executions WHERE ended_at IS NULL"
        assert session.execute(text(open_rows)).scalar_one() == 0
        runs = "SELECT count(*) FROM wfintel_workflow_executions WHERE kind = 'run'"
        assert session.execute(text(runs)).scalar_one() == 1
    engine.dispose()
