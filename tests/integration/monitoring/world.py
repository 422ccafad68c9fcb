"""A small Airflow without processes: its real tables and its real bookkeeping of tries, driven by chance.

Retrying and clearing go through Airflow's own `prepare_db_for_next_try`; all else is what scheduler, workers and people
write to the rows. Time is the world's own.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.models import import_all_models
from airflow.models import taskinstance as airflow_taskinstance
from airflow.models.base import Base as AirflowBase
from airflow.models.dagrun import DagRun
from airflow.models.log import Log
from airflow.models.taskinstance import TaskInstance
from airflow.models.taskinstancehistory import TaskInstanceHistory
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.tables import Base

OVER = ("success", "failed", "upstream_failed", "skipped", "removed")
START = datetime(2026, 3, 2, 6, 0, tzinfo=timezone.utc)


def make_tables(engine: Engine) -> None:
    """Airflow's tables and ours."""
    import_all_models()
    AirflowBase.metadata.create_all(engine)
    Base.metadata.create_all(engine)


def empty_tables(engine: Engine) -> None:
    """Delete the rows of the tables that a world writes, and all of ours."""
    written = [model.__table__ for model in (TaskInstanceHistory, TaskInstance, DagRun, Log)]
    with engine.begin() as connection:
        for table in (*written, *reversed(Base.metadata.sorted_tables)):
            connection.execute(delete(table))


class World:
    """Runs and tasks of some DAGs. Every method is one transaction of Airflow."""

    def __init__(self, engine: Engine, seed: int, monkeypatch: Any, *, skew_ms: int = 0) -> None:
        self.engine = engine
        self.random = random.Random(seed)  # noqa: S311
        self.now = START
        self.skew_ms = skew_ms
        self.begun: set[str] = set()
        """Keys of all tries that were ever running."""
        self.not_kept: dict[str, tuple[str, int]] = {}
        """What Airflow itself forgot: a task instance that was over without having run, under the number of a try that
        is archived already, leaves no row when it is cleared."""
        self._runs = 0
        monkeypatch.setattr(airflow_taskinstance, "uuid7", self.key)

    def key(self) -> uuid.UUID:
        """A version 7 UUID by the world's clock, which differs a little from machine to machine."""
        milliseconds = int(self.now.timestamp() * 1000) + self.random.randint(-self.skew_ms, self.skew_ms)
        return uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | self.random.getrandbits(60))

    def tick(self, seconds: float = 1.0) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    def clock(self) -> datetime:
        return self.now

    def new_run(self, dag_id: str = "orders", tasks: int = 3, state: str = "running") -> str:
        self._runs += 1
        run_id = f"run_{self._runs}"
        now = self.tick()
        with Session(self.engine) as session, session.begin():
            session.execute(
                insert(DagRun).values(
                    dag_id=dag_id,
                    run_id=run_id,
                    run_type="scheduled",
                    run_after=now,
                    queued_at=now,
                    start_date=now,
                    logical_date=now,
                    updated_at=now,
                    created_at=now,
                    state=state,
                    log_template_id=None,
                )
            )
            for place in range(tasks):
                session.execute(insert(TaskInstance).values(**self._task(dag_id, run_id, f"task_{place}")))
        return run_id

    def _task(self, dag_id: str, run_id: str, task_id: str) -> dict[str, Any]:
        return {
            "id": self.key(), "dag_id": dag_id, "run_id": run_id, "task_id": task_id, "map_index": -1, "state": None,
            "try_number": 0, "max_tries": 2, "pool": "default_pool", "pool_slots": 1, "operator": "PythonOperator",
            "updated_at": self.now, "priority_weight": 1, "queue": "default",
        }  # fmt: skip

    def set(self, key: uuid.UUID, **values: Any) -> None:
        """Change a task instance as an UPDATE of Airflow does."""
        now = self.tick()
        if values.get("state") == "running":
            self.begun.add(str(key))
            values = {"start_date": now, "hostname": "worker", **values}
        if values.get("state") in OVER:
            values = {"end_date": now, "duration": 1.0, **values}
        with Session(self.engine) as session, session.begin():
            session.execute(update(TaskInstance).where(TaskInstance.id == key).values(updated_at=now, **values))

    def begin_try(self, key: uuid.UUID) -> None:
        """Scheduled, queued, running."""
        number = self.one(key).try_number + 1
        self.set(key, state="scheduled", try_number=number, scheduled_dttm=self.now)
        self.set(key, state="queued", queued_dttm=self.now)
        self.set(key, state="running")

    def next_try(self, key: uuid.UUID, state: str | None) -> uuid.UUID:
        """Archive the try the way Airflow does for retries and clears; returns the key of the next one."""
        self.tick()
        with Session(self.engine) as session, session.begin():
            item = session.get_one(TaskInstance, key)
            before = item.state or "none", item.try_number
            item.prepare_db_for_next_try(session)
            session.flush()
            if session.get(TaskInstanceHistory, key) is None:
                self.not_kept[str(key)] = before
            item.state = state
            # `updated_at` of the archived row stays what it was before: Airflow copies it before the flush.
            item.updated_at = self.now
            return item.id

    def clear(self, key: uuid.UUID) -> uuid.UUID:
        """A person clears a task instance; its run goes on."""
        item = self.one(key)
        new = self.next_try(key, "restarting" if item.state == "running" else None)
        self.set_run(item.dag_id, item.run_id, state="queued", end_date=None)
        self.note("post_clear_task_instances", item)
        return new

    def set_run(self, dag_id: str, run_id: str, **values: Any) -> None:
        now = self.tick()
        if values.get("state") in ("success", "failed"):
            values = {"end_date": now, **values}
        where = (DagRun.dag_id == dag_id, DagRun.run_id == run_id)
        if "state" in values:
            values["_state"] = values.pop("state")
        with Session(self.engine) as session, session.begin():
            session.execute(update(DagRun).where(*where).values(updated_at=now, **values))

    def note(self, event: str, item: Any, owner: str = "ann") -> None:
        with Session(self.engine) as session, session.begin():
            session.execute(
                insert(Log).values(
                    dttm=self.now,
                    event=event,
                    dag_id=item.dag_id,
                    run_id=item.run_id,
                    task_id=item.task_id,
                    map_index=item.map_index,
                    try_number=item.try_number,
                    owner=owner,
                )
            )

    def one(self, key: uuid.UUID) -> Any:
        with Session(self.engine) as session:
            item = session.get_one(TaskInstance, key)
            session.expunge_all()
            return item

    def present(self, dag_id: str = "orders", run_id: str = "") -> list[Any]:
        """The task instances, by task."""
        query = select(TaskInstance.id, TaskInstance.task_id, TaskInstance.state, TaskInstance.run_id)
        query = query.where(TaskInstance.dag_id == dag_id).order_by(TaskInstance.run_id, TaskInstance.task_id)
        if run_id:
            query = query.where(TaskInstance.run_id == run_id)
        with Session(self.engine) as session:
            return list(session.execute(query))

    def truth(self) -> dict[str, tuple[str, int]]:
        """State and number of every try that Airflow knows."""
        found = {}
        with Session(self.engine) as session:
            for key, state, number in session.execute(
                select(TaskInstance.id, TaskInstance.state, TaskInstance.try_number)
            ):
                found[str(key)] = (state or "none", number)
            for key, state, number in session.execute(
                select(TaskInstanceHistory.task_instance_id, TaskInstanceHistory.state, TaskInstanceHistory.try_number)
            ):
                found[str(key)] = (state or "none", number)
        return found

    def true_runs(self) -> dict[tuple[str, str], str]:
        with Session(self.engine) as session:
            return {(d, r): s for d, r, s in session.execute(select(DagRun.dag_id, DagRun.run_id, DagRun._state))}

    def step(self) -> None:
        """Something happens somewhere."""
        self.tick(self.random.choice((0.2, 1.0, 5.0, 20.0)))
        if self._runs < 2 or self.random.random() < 0.08:
            self.new_run(f"dag_{self.random.randrange(2)}", self.random.randint(1, 4))
            return
        dag_id = f"dag_{self.random.randrange(2)}"
        items = self.present(dag_id)
        if not items:
            return
        item = self.random.choice(items)
        _MOVES.get(item.state, _over)(self, item)
        self._finish_runs(dag_id)

    def settle(self) -> None:
        """Let everything come to an end."""
        for dag_id in ("dag_0", "dag_1"):
            while [item for item in self.present(dag_id) if item.state not in OVER]:
                for item in self.present(dag_id):
                    if item.state not in OVER:
                        _MOVES[item.state](self, item)
            self._finish_runs(dag_id)

    def _finish_runs(self, dag_id: str) -> None:
        states: dict[str, list[str | None]] = {}
        for item in self.present(dag_id):
            states.setdefault(item.run_id, []).append(item.state)
        known = self.true_runs()
        for run_id, all_states in states.items():
            if all(state in OVER for state in all_states) and known[dag_id, run_id] in ("running", "queued"):
                self.set_run(dag_id, run_id, state="failed" if "failed" in all_states else "success")


def _waiting(world: World, item: Any) -> None:
    chance = world.random.random()
    if chance < 0.12:
        world.set(item.id, state="upstream_failed")
    elif chance < 0.2:
        world.set(item.id, state="skipped")
    elif chance < 0.26 and item.state == "up_for_retry":
        world.clear(item.id)
    else:
        world.begin_try(item.id)


def _running(world: World, item: Any) -> None:
    chance = world.random.random()
    if chance < 0.3:
        world.set(item.id, state="success")
    elif chance < 0.4:  # killed: nobody but the supervisor or the scheduler notices
        world.set(item.id, state="failed")
        world.note("heartbeat timeout", world.one(item.id), owner="")
    elif chance < 0.65:
        world.next_try(item.id, "up_for_retry")
    elif chance < 0.7:
        world.set(item.id, state="skipped")
    elif chance < 0.78:
        world.clear(item.id)
    elif chance < 0.82:
        world.set(item.id, state=world.random.choice(("success", "failed")))
        world.note("patch_task_instance", world.one(item.id))
    else:
        world.set(item.id, state=world.random.choice(("deferred", "up_for_reschedule", "awaiting_input")))


def _parked(world: World, item: Any) -> None:
    world.set(item.id, state="queued")
    world.set(item.id, state="running")


def _restarting(world: World, item: Any) -> None:
    # Airflow gives it another UUID once more when the process is gone; the try before is archived already.
    world.next_try(item.id, "up_for_retry")


def _over(world: World, item: Any) -> None:
    chance = world.random.random()
    if chance < 0.3:
        world.clear(item.id)
    elif chance < 0.5:
        world.set(item.id, state="failed" if item.state == "success" else "success")
        world.note("patch_task_instance", world.one(item.id))


_MOVES: dict[str | None, Callable[[World, Any], None]] = {
    None: _waiting,
    "up_for_retry": _waiting,
    "running": _running,
    "deferred": _parked,
    "up_for_reschedule": _parked,
    "awaiting_input": _parked,
    "restarting": _restarting,
}
