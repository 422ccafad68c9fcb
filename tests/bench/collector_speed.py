"""How fast the collector imports history and follows it, and how much memory it takes.

    python -m tests.bench.collector_speed [--tries 100000] [--url sqlite:///…|postgresql+psycopg2://…]

Prints one line per figure. Without `--url` a SQLite file is made; a PostgreSQL URL must be that of an empty database.
Rows are made with Airflow's own tables; what is timed is one whole poll.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="wfintel-bench-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
TASKS = 20


def rows(first_run: int, runs: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Runs with their tries, made by a fixed rule; every tenth task is a failure."""
    for number in range(first_run, first_run + runs):
        begin = START + timedelta(seconds=30 * number)
        dag_id, run_id = f"dag_{number % 50:03}", f"scheduled__{number}"
        run = {
            "dag_id": dag_id, "run_id": run_id, "run_type": "scheduled", "run_after": begin, "queued_at": begin,
            "start_date": begin, "end_date": begin + timedelta(seconds=25), "logical_date": begin, "updated_at": begin,
            "_state": "success", "log_template_id": None,
        }  # fmt: skip
        tries = []
        for task in range(TASKS):
            at = begin + timedelta(seconds=task)
            key = (int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | (number * TASKS + task)
            tries.append(
                {
                    "id": uuid.UUID(int=key), "dag_id": dag_id, "run_id": run_id, "task_id": f"task_{task}",
                    "map_index": -1, "state": "success" if task % 10 else "failed", "try_number": 1, "max_tries": 1,
                    "start_date": at, "end_date": at + timedelta(seconds=4), "duration": 4.0, "hostname": "worker-1",
                    "scheduled_dttm": at, "queued_dttm": at, "pool": "default_pool", "pool_slots": 1,
                    "operator": "PythonOperator", "queue": "default", "priority_weight": 1,
                    "updated_at": at + timedelta(seconds=4),
                }
            )  # fmt: skip
        yield run, tries


def fill(engine: Any, first_run: int, runs: int) -> int:
    """Write runs and tries into Airflow's tables; returns the number of tries."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from sqlalchemy import insert

    made = list(rows(first_run, runs))
    for start in range(0, len(made), 500):
        part = made[start : start + 500]
        with engine.begin() as connection:
            connection.execute(insert(DagRun), [{"state": run.pop("_state"), **run} for run, _ in part])
            connection.execute(insert(TaskInstance), [item for _, tries in part for item in tries])
    return runs * TASKS


def make_tables(engine: Any) -> None:
    """Airflow's tables and ours."""
    from airflow.models import import_all_models
    from airflow.models.base import Base as AirflowBase

    from airflow_provider_wfintel.store.tables import Base

    import_all_models()
    AirflowBase.metadata.create_all(engine)
    Base.metadata.create_all(engine)


def main() -> None:
    """Fill, import, follow; print the figures."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.collect import Collector

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=100_000)
    parser.add_argument("--url", default="")
    args = parser.parse_args()
    url = args.url or f"sqlite:///{Path(tempfile.mkdtemp(prefix='wfintel-bench-')) / 'airflow.db'}"
    engine = create_engine(url)
    make_tables(engine)
    tries = fill(engine, 0, args.tries // TASKS)
    now = START + timedelta(days=400)
    collector = Collector(lambda: Session(engine), clock=lambda: now)
    took = timed(collector, tries)
    print(f"{engine.dialect.name} import: {tries} tries in {took:.1f} s = {tries / took:.0f} tries/s")
    new = fill(engine, args.tries // TASKS, 500)
    took = timed(collector, new)
    print(f"{engine.dialect.name} steady: {new} new tries in {took:.2f} s = {new / took:.0f} tries/s")
    took = timed(collector, 0)
    print(f"{engine.dialect.name} poll with nothing new, {tries + new} tries known: {took * 1000:.0f} ms")
    print(f"{engine.dialect.name} memory of a second import: at most {peak(engine, now):.1f} MB of Python objects")


def timed(collector: Any, expected: int) -> float:
    """Seconds of one poll, which must write as many tries as expected."""
    start = time.perf_counter()
    report = collector.poll()
    took = time.perf_counter() - start
    assert report.imported
    assert report.tries == expected, (report.tries, expected)
    return took


def peak(engine: Any, now: datetime) -> float:
    """Megabytes that an import allocates at its height, from empty tables of ours on."""
    from sqlalchemy import delete
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.collect import Collector
    from airflow_provider_wfintel.store.tables import Lease, WorkflowExecution

    with Session(engine) as session, session.begin():
        session.execute(delete(Lease))
        session.execute(delete(WorkflowExecution))
    tracemalloc.start()
    Collector(lambda: Session(engine), clock=lambda: now).poll()
    height = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return height / 1e6


if __name__ == "__main__":
    main()
