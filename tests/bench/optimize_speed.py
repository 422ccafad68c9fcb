"""How long the optimizer takes, in processor seconds of this machine.

    python -m tests.bench.optimize_speed [--tasks 1000] [--ordered 3000]

*Analysed*: a DAG file of so many tasks in stages with barriers is read, all of its orders are proven, its bottlenecks
are found by simulation. *Searched*: the whole of `wfintel optimize`, rewriting included. *Ordered*: priorities for a
random graph on eight slots.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry
from airflow_provider_wfintel.engine.optimization.bottlenecks import Case, find_bottlenecks
from airflow_provider_wfintel.engine.optimization.proof.order import classify_edges
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Surroundings
from airflow_provider_wfintel.engine.optimization.service import (
    Deployment,
    build_graph,
    optimize_file,
    order_tasks,
    profile_of,
    simulate,
)
from tests.unit.optimization.understanding.depot import DEPOT

WIDTH = 10
SOURCE = """from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

import depot

with DAG("big", schedule=None) as dag:
    gate = None
    for layer in range({layers}):
        done = EmptyOperator(task_id=f"done_{{layer}}")
        for n in range({width}):
            step = PythonOperator(
                task_id=f"t_{{layer}}_{{n}}",
                python_callable=depot.build,
                op_args=[f"o_{{layer}}_{{n}}", f"o_{{layer - 1}}_{{n}}"],
            )
            if gate is not None:
                gate >> step
            step >> done
        gate = done
"""


def history_of(layers: int) -> RunHistory:
    """Three runs, so that every task has a run time of its own."""
    tries = []
    for run in range(3):
        clock = 0.0
        for layer in range(layers):
            for n in range(WIDTH):
                seconds = 3 + (7 * n + layer) % 9
                tries.append(_try(run, layer, n, clock, seconds))
            clock += 12
    return RunHistory(tries=tuple(tries))


def _try(run: int, layer: int, n: int, clock: float, seconds: float) -> TaskTry:
    begin = datetime(2026, 3, 1 + run, tzinfo=timezone.utc) + timedelta(seconds=clock)
    return TaskTry(
        f"{run}-{layer}-{n}", "big", f"r{run}", f"t_{layer}_{n}", state="success", started_at=begin.isoformat(),
        ended_at=(begin + timedelta(seconds=seconds)).isoformat(), duration=seconds,
    )  # fmt: skip


def analyse(source: str, history: RunHistory) -> int:
    """Read, prove and find the bottlenecks; returns how many there are."""
    deployment = Deployment()
    draft = Draft(source, {"depot": DEPOT}, "big")
    around = Surroundings(profile_of(history, "big", deployment), deployment)
    classify_edges(draft.dag)
    workload = draft.workload(around)
    before = simulate(workload, deployment, runs=1)
    return len(find_bottlenecks(Case(workload, deployment, before, around.profile, dag=draft.dag)))


def order(count: int) -> None:
    """Order a random graph on eight slots with the default budget."""
    chance = random.Random(1)  # noqa: S311 - a fixed seed, nothing secret
    names = [f"t{number}" for number in range(count)]
    upstream = {
        name: [names[chance.randrange(number)] for _ in range(2)] if number else [] for number, name in enumerate(names)
    }
    order_tasks(build_graph({name: chance.uniform(1, 60) for name in names}, upstream), 8)


def timed(what: str, work: Callable[[], object]) -> None:
    """Print the processor seconds of some work."""
    start = time.process_time()
    work()
    print(f"{what:<40} {time.process_time() - start:6.2f} s")


def main() -> None:
    """Time all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--ordered", type=int, default=3000)
    arguments = parser.parse_args()
    layers = max(2, arguments.tasks // (WIDTH + 1))
    source, history = SOURCE.format(layers=layers, width=WIDTH), history_of(layers)
    timed(
        f"{arguments.tasks} tasks read and proven", lambda: classify_edges(Draft(source, {"depot": DEPOT}, "big").dag)
    )
    timed(f"{arguments.tasks} tasks analysed", lambda: analyse(source, history))
    timed(f"{arguments.tasks} tasks searched (optimize)", lambda: optimize_file(source, {"depot": DEPOT}, history))
    timed(f"{arguments.ordered} tasks ordered", lambda: order(arguments.ordered))


if __name__ == "__main__":
    main()
