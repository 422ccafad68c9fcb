"""How long ordering and simulating take, in processor time: `python -m tests.bench.layout_figures`."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry
from airflow_provider_wfintel.engine.optimization.service import (
    Deployment,
    SimulatedTask,
    Workload,
    apply_profile,
    graph_of,
    order_tasks,
    profile_of,
    simulate,
    with_downstream_weights,
)
from airflow_provider_wfintel.policies.run_time_plan import apply_to_task, read_plan

RUNS = 5


def workload(count: int, seed: int = 1) -> Workload:
    """Tasks in a random graph, each after up to three of the 200 before it."""
    chance = random.Random(seed)  # noqa: S311
    tasks = []
    for number in range(count):
        near = range(max(0, number - 200), number)
        before = chance.sample(near, min(len(near), chance.randrange(0, 4)))
        seconds = chance.lognormvariate(3, 1)
        tasks.append(SimulatedTask(f"t{number}", seconds, upstream=tuple(f"t{other}" for other in sorted(before))))
    return Workload(with_downstream_weights(tasks))


def history(given: Workload) -> RunHistory:
    """Some runs of all tasks."""
    begin, tries = datetime(2026, 1, 1, tzinfo=timezone.utc), []
    for run in range(RUNS):
        for number, task in enumerate(given.tasks):
            start = begin + timedelta(days=run, seconds=number)
            end = start + timedelta(seconds=task.seconds + 0.5)
            tries.append(
                TaskTry(f"{run}-{number}", "d", f"r{run}", task.task_id, state="success", started_at=start.isoformat(),
                        ended_at=end.isoformat())
            )  # fmt: skip
    return RunHistory(tries=tuple(tries))


def analyse(count: int) -> None:
    """All that an analysis does with a DAG of so many tasks: profile, simulate, order for 16 slots."""
    given = workload(count)
    filled = apply_profile(given, profile_of(history(given)))
    simulate(filled, Deployment())
    order_tasks(graph_of(filled), 16)


def order(count: int, slots: int) -> None:
    """Order a graph of so many tasks."""
    order_tasks(graph_of(workload(count)), slots)


def simulate_many(count: int) -> None:
    """Simulate the default number of runs."""
    simulate(workload(count), Deployment())


def apply_plan(count: int) -> float:
    """Milliseconds of processor time that the cluster policy takes for one task of a plan with so many."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        tasks = {f"t{number}": {"priority_weight": {"set": number + 1, "was": 1}} for number in range(count)}
        path.write_text(json.dumps({"version": 1, "dags": {"d": {"tasks": tasks}}}))
        start = time.process_time()
        plan = read_plan(path)
        for name in tasks:
            apply_to_task(SimpleNamespace(dag_id="d", task_id=name, priority_weight=1, doc_md=None), plan)
        return (time.process_time() - start) * 1000 / count


def figures() -> Iterator[tuple[str, float]]:
    """Each figure in seconds of processor time, with the making of the graph."""
    jobs: tuple[tuple[str, Callable[[], None]], ...] = (
        ("1,000 tasks analysed: profile, simulation, order", lambda: analyse(1_000)),
        ("1,000 tasks simulated", lambda: simulate_many(1_000)),
        ("3,000 tasks ordered for 2 slots", lambda: order(3_000, 2)),
        ("3,000 tasks ordered for 16 slots", lambda: order(3_000, 16)),
        ("3,000 tasks ordered for 64 slots", lambda: order(3_000, 64)),
    )
    for name, job in jobs:
        start = time.process_time()
        job()
        yield name, time.process_time() - start


if __name__ == "__main__":
    for name, seconds in figures():
        sys.stdout.write(f"{name:60} {seconds:10.2f} s\n")
    sys.stdout.write(f"{'plan of 1,000 tasks read and applied, per task':60} {apply_plan(1_000):10.3f} ms\n")
