"""Provoke faults in a running Airflow, and read what each left behind: log, trigger's log, facts."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from airflow_provider_wfintel.cli.demo.airflow_api import Run, wait_for
from airflow_provider_wfintel.engine.model import TaskTry, TryFacts
from tests.e2e.faults.deployment import Deployment
from tests.e2e.faults.records import CASES, Fault

__all__ = ["Left", "deploy", "provoke"]

TASK = "job"
PARSE_SECONDS = 180.0
AT_ONCE = 10
"""Runs that are started before others have ended; tasks queue for the executor's four slots."""
FAULT_SECONDS = 120.0
OVER = ("failed", "upstream_failed", "success", "skipped", "removed")
SHOP = (
    "CREATE TABLE orders (id integer PRIMARY KEY, qty integer NOT NULL)",
    "INSERT INTO orders VALUES (1, 5), (2, 7), (3, 9)",
    "CREATE TABLE stock (id integer PRIMARY KEY, qty integer)",
    "INSERT INTO stock VALUES (1, 4)",
    "CREATE TABLE payroll (id integer, amount integer)",
    "CREATE SCHEMA staging",
)


@dataclass(frozen=True, slots=True)
class Left:
    """What a provoked fault left behind.

    Attributes:
        state: the state of the task when it was looked at.
        log: the raw log of its last try; empty if there is none.
        trigger_log: the triggerer's own log of the try.
        facts: what Airflow's tables know of the try.
        seconds: from starting the run to the end of the try.
    """

    fault: Fault
    run: Run
    state: str
    log: str
    trigger_log: str
    facts: TryFacts | None
    seconds: float

    @property
    def text(self) -> str:
        """Both logs."""
        return "\n".join(part for part in (self.log, self.trigger_log) if part)


@dataclass(slots=True)
class _Running:
    fault: Fault
    run: Run
    started: float = field(default_factory=time.monotonic)
    reached: float | None = None
    marked: bool = False


@contextlib.contextmanager
def deploy(airflow: Deployment, chosen: Sequence[Fault]) -> Iterator[None]:
    """Give the tasks their tables, roles, pool and locks, and have the DAG files parsed."""
    name = airflow.shop.url.database
    roles = (f"{name}_reader", f"{name}_one")
    try:
        _make_shop(airflow, roles)
        _deploy_files(airflow, chosen)
        yield
    finally:  # roles belong to the server and outlive the database
        with airflow.shop.connect() as connection:
            for role in roles:
                connection.execute(text(f"DROP ROLE IF EXISTS {role}"))


def _make_shop(airflow: Deployment, roles: tuple[str, str]) -> None:
    with airflow.shop.connect() as connection:
        for statement in SHOP:
            connection.execute(text(statement))
        connection.execute(text(f"CREATE ROLE {roles[0]} LOGIN"))
        connection.execute(text(f"CREATE ROLE {roles[1]} LOGIN CONNECTION LIMIT 1"))
    airflow.call("POST", "pools", {"name": "narrow", "slots": 1, "include_deferred": False})


def _deploy_files(airflow: Deployment, chosen: Sequence[Fault]) -> None:
    for fault in chosen:
        shutil.copy(fault.path, airflow.dags)
    if not (airflow.dags / "zero_division.py").exists():  # some DAGs start its runs
        shutil.copy(CASES / "zero_division.py", airflow.dags)
    for fault in chosen:
        wait_for(
            fault.name,
            partial(airflow.api.dag_is_there, fault.name, f"{fault.name}.py"),
            timeout=PARSE_SECONDS,
            check=airflow.crew.check,
        )


def provoke(airflow: Deployment, chosen: Iterable[Fault]) -> Iterator[Left]:
    """Run the faults, some at a time, and yield what each left behind as soon as it is over."""
    waiting = list(chosen)
    running: list[_Running] = []
    with contextlib.ExitStack() as holds:
        for fault in waiting:
            if fault.hold:
                holds.enter_context(_held(airflow.shop, fault.hold))
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                fault = waiting.pop(0)
                running.append(_Running(fault, airflow.api.trigger(fault.name)))
            for item in list(running):
                left = _look(airflow, item)
                if left is not None:
                    running.remove(item)
                    yield left
            airflow.crew.check()
            time.sleep(0.5)


@contextlib.contextmanager
def _held(shop: Engine, statement: str) -> Iterator[None]:
    engine = create_engine(shop.url)
    with engine.connect() as connection:
        connection.execute(text(statement))
        yield
        connection.rollback()
    engine.dispose()


def _look(airflow: Deployment, item: _Running) -> Left | None:
    """What the fault left, once its task is in the state in which it is looked at, or will never be."""
    task = next((task for task in airflow.api.tasks(item.run) if task["task_id"] == TASK), None)
    state = (task or {}).get("state") or "none"
    if item.fault.mark_failed and state == "running" and not item.marked:
        place = f"dags/{item.run.dag_id}/dagRuns/{item.run.run_id}/taskInstances/{TASK}"
        airflow.call("PATCH", place, {"new_state": "failed"})
        item.marked = True
    now = time.monotonic()
    if state == item.fault.state or state in OVER:
        item.reached = item.reached or now
        # What ends a try is written before its log is complete.
        if now - item.reached >= max(item.fault.seconds, 3.0 if item.marked else 1.0):
            return _left(airflow, item, task or {}, state)
    else:
        item.reached = None
    if now - item.started > FAULT_SECONDS:
        return _left(airflow, item, task or {}, state)
    return None


def _left(airflow: Deployment, item: _Running, task: dict[str, Any], state: str) -> Left:
    from airflow_provider_wfintel.host.fact_tables import read_facts

    number = task.get("try_number") or 0
    folder = airflow.task_logs / f"dag_id={item.run.dag_id}" / f"run_id={item.run.run_id}" / f"task_id={TASK}"
    log = folder / f"attempt={number}.log"
    with Session(airflow.metadata) as session:
        facts = read_facts(session, TaskTry("", item.run.dag_id, item.run.run_id, TASK, try_number=number))
    if state not in OVER:  # it would wait for ever
        airflow.call("PATCH", f"dags/{item.run.dag_id}/dagRuns/{item.run.run_id}", {"state": "failed"})
    return Left(
        fault=item.fault,
        run=item.run,
        state=state,
        log=log.read_text(encoding="utf-8") if log.exists() else "",
        trigger_log="\n".join(
            path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"attempt={number}.log.*"))
        ),
        facts=facts,
        seconds=time.monotonic() - item.started,
    )
