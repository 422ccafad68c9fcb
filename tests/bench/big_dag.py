"""A DAG of 1,000 tasks through generate, optimize, health and forecast, in processor seconds of this machine.

    python -m tests.bench.big_dag [--tasks 1000] [--runs 30]

*Generate*: a description of as many steps as one DAG is written for (`MAX_STEPS`, fewer than a thousand) is read,
written as a DAG file and answered as REST does, with the graph that the page draws. *Optimize*: a file of so many tasks
with a history. *Health*: a history of so many runs, in a SQLite file, is imported, rolled up and learned from; then the
routes' answers for that DAG are made. How long a browser draws a large graph: `tests/bench/ui_speed.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="wfintel-bench-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")

START = datetime(2026, 1, 1, 6, tzinfo=timezone.utc)
DAG = "big"
HEAD = """from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("big", schedule=None):"""
Found = TypeVar("Found")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=30)
    options = parser.parse_args()
    generated(options.tasks)
    optimized(options.tasks)
    monitored(options.tasks, options.runs)
    print("load average:", *(f"{load:.1f}" for load in os.getloadavg()))


def timed(what: str, work: Callable[[], Found]) -> Found:
    """Do some work and print its processor seconds."""
    start = time.process_time()
    found = work()
    print(f"{what:<60} {time.process_time() - start:7.2f} s", flush=True)
    return found


def generated(tasks: int) -> None:
    """A description becomes a file."""
    from airflow_provider_wfintel.app.generate import GenerateRequest, generate_workflow, generation_to_dict
    from airflow_provider_wfintel.engine.generation.reading.size import MAX_STEPS

    generate_workflow(GenerateRequest("Every day at 6:00 run `date`."))  # the catalogue is loaded once per process
    count = min(tasks, MAX_STEPS)
    text = "Every day at 6:00. " + " ".join(f"Run `sh j{number:03}`." for number in range(count))
    found = timed(f"generate: {count} steps, {len(text):,} letters", lambda: generate_workflow(GenerateRequest(text)))
    answer = timed("generate: the answer with its graph", lambda: generation_to_dict(found))
    size = len(json.dumps(answer)) >> 10
    print(f"    {len(found.spec.tasks):,} tasks, {len(found.spec.dependencies):,} edges, answer {size:,} KB")
    assert len(found.spec.tasks) == count


def optimized(tasks: int) -> None:
    """A file is read, its orders are proven, and it is rewritten where that pays."""
    from airflow_provider_wfintel.engine.model import RunHistory, TaskTry
    from airflow_provider_wfintel.engine.optimization.service import optimize_file, structure_as_read

    lines = [f'    t_{n} = BashOperator(task_id="t_{n}", bash_command="sh j{n}")' for n in range(tasks)]
    lines += [f"    t_{number - 10} >> t_{number}" for number in range(10, tasks)]
    source = "\n".join((HEAD, *lines, ""))
    found = timed("optimize: the structure is read", lambda: structure_as_read(source, {}, DAG))
    tries = [
        TaskTry(
            f"{run}-{name}", DAG, f"r{run}", name, state="success",
            started_at=(START + timedelta(days=run, seconds=4 * place)).isoformat(),
            ended_at=(START + timedelta(days=run, seconds=4 * place + 3)).isoformat(), duration=3.0,
        )
        for run in range(3)
        for place, name in enumerate(found)
    ]  # fmt: skip
    assert len(found) == tasks
    timed("optimize: the file with three runs", lambda: optimize_file(source, {}, RunHistory(tries=tuple(tries))))


def monitored(tasks: int, runs: int) -> None:
    """A history is taken in; health and forecast are answered from it."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.collect import Collector
    from airflow_provider_wfintel.app.collecting.dag_states import LearnDags
    from airflow_provider_wfintel.app.collecting.rollups import RollUp
    from airflow_provider_wfintel.app.monitoring.forecast import forecast
    from airflow_provider_wfintel.app.monitoring.health import deployment_health
    from airflow_provider_wfintel.app.monitoring.metrics import dag_metrics
    from airflow_provider_wfintel.app.monitoring.refit import learn_forecasts
    from tests.bench.collector_speed import make_tables
    from tests.bench.scale import work_on

    path = Path(tempfile.mkdtemp(prefix="wfintel-bench-")) / "airflow.db"
    engine = create_engine(f"sqlite:///{path}")
    make_tables(engine)
    fill(engine, tasks, runs)
    now = START + timedelta(days=runs, hours=-1)
    collector = Collector(lambda: Session(engine), clock=lambda: now)
    timed(f"health: import of {runs} runs, {runs * tasks:,} tries", collector.poll)
    timed("health: figures by hour and day", lambda: RollUp(budget_seconds=1e9)(work_on(engine, now)))
    timed("health: learned from all runs", lambda: LearnDags(budget_seconds=1e9)(work_on(engine, now)))
    with Session(engine) as session:
        timed("health: the answer", lambda: deployment_health(session, dag_ids=[DAG]))
        timed("health: figures of the DAG, 30 days", lambda: dag_metrics(session, DAG, now=now, days=30))
        timed("forecast: learned once (collector)", lambda: learn_forecasts(session, DAG))
        timed("forecast: the answer", lambda: forecast(session, DAG, now=now))


def fill(engine: Any, tasks: int, runs: int) -> None:
    """Runs of one DAG in Airflow's own tables, a day apart, ten tasks at a time."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from sqlalchemy import insert
    from sqlalchemy.orm import Session

    with Session(engine) as session:
        for run in range(runs):
            begin = START + timedelta(days=run)
            row = {
                "dag_id": DAG, "run_id": f"run_{run}", "run_type": "scheduled", "run_after": begin, "queued_at": begin,
                "start_date": begin, "end_date": begin + timedelta(seconds=4 * (tasks // 10 + 1)),
                "logical_date": begin, "updated_at": begin, "_state": "success", "log_template_id": None,
            }  # fmt: skip
            session.execute(insert(DagRun).values(row))
            session.execute(insert(TaskInstance), [try_of(run, task, begin) for task in range(tasks)])
        session.commit()


def try_of(run: int, task: int, begin: datetime) -> dict[str, Any]:
    """The row of a try; run times differ a little from run to run."""
    at = begin + timedelta(seconds=4 * (task // 10))
    seconds = 3.0 + (7 * task + run) % 9 / 10
    key = (int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | (run * 100_000 + task)
    return {
        "id": uuid.UUID(int=key), "dag_id": DAG, "run_id": f"run_{run}", "task_id": f"t_{task}", "map_index": -1,
        "state": "success", "try_number": 1, "max_tries": 1, "start_date": at, "duration": seconds,
        "end_date": at + timedelta(seconds=seconds), "hostname": "worker-1", "scheduled_dttm": at, "queued_dttm": at,
        "pool": "default_pool", "pool_slots": 1, "operator": "BashOperator", "queue": "default", "priority_weight": 1,
        "updated_at": at + timedelta(seconds=4),
    }  # fmt: skip


if __name__ == "__main__":
    main()
