"""How far orders are from the optimum, by CP-SAT (extra `bench`): where the bound is not reached, is more to gain?

    python -m tests.bench.optimum [--dir WORKFLOWS] [--slots 2,4,8,16,64] [--seconds 20]

Without `--dir` the project's made graphs are taken. For each cell whose order does not reach its bound, CP-SAT starts
from the order's schedule and looks for a better one, and for a better bound. The last line has the mean ratio of the
orders to the simple bound, and what no order or schedule at all can get below.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from airflow_provider_wfintel.engine.optimization.ordering.bounds import simple_bound
from airflow_provider_wfintel.engine.optimization.ordering.list_schedule import list_schedule
from airflow_provider_wfintel.engine.optimization.service import TaskGraph, build_graph, order_tasks, read_workflow
from tests.evals.optimization.made_graphs import made_graphs

TICKS = 1000
"""CP-SAT counts in whole numbers: milliseconds."""
NEAR = 1.0005


def optimum(graph: TaskGraph, slots: int, order: tuple[str, ...], seconds: float) -> tuple[float, float]:
    """The makespan of the best schedule that CP-SAT finds, and its bound, both in seconds.

    Run times are rounded down, so that the bound holds for the true ones. The search starts from an order's schedule.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    lengths = [int(value * TICKS) for value in graph.seconds]
    names = [[graph.ids[parent] for parent in before] for before in graph.parents]
    whole = build_graph(dict(zip(graph.ids, lengths, strict=True)), dict(zip(graph.ids, names, strict=True)))
    place = {task: number for number, task in enumerate(graph.ids)}
    ends = list_schedule(whole, slots, [place[task] for task in order]).ends
    horizon = int(max(ends))
    starts = [model.new_int_var(int(head), horizon, "") for head in whole.heads]
    for task, before in enumerate(graph.parents):
        for parent in before:
            model.add(starts[task] >= starts[parent] + lengths[parent])
        model.add_hint(starts[task], round(ends[task]) - lengths[task])
    intervals = [model.new_fixed_size_interval_var(*pair, "") for pair in zip(starts, lengths, strict=True)]
    model.add_cumulative(intervals, [1] * len(lengths), slots)
    makespan = model.new_int_var(0, horizon, "")
    model.add_hint(makespan, horizon)
    for task, after in enumerate(graph.children):
        if not after:
            model.add(makespan >= starts[task] + lengths[task])
    model.minimize(makespan)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = 7
    status = solver.solve(model)
    found = solver.objective_value / TICKS if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else float("inf")
    return found, solver.best_objective_bound / TICKS


def graphs(folder: str) -> Iterator[tuple[str, TaskGraph]]:
    """The graphs of a folder of workflow files, or the made ones."""
    if not folder:
        for made in made_graphs():
            yield made.name, build_graph(made.seconds, made.parents)
        return
    for path in sorted(Path(folder).glob("*.json")):
        yield path.stem, read_workflow(json.loads(path.read_text("utf-8")), path.stem).graph


def main() -> None:
    """Print a line per cell that is not at its bound, and the summary."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dir", default="")
    parser.add_argument("--slots", default="2,4,8,16,64")
    parser.add_argument("--seconds", type=float, default=20.0)
    arguments = parser.parse_args()
    ratios, floors = [], []
    for name, graph in graphs(arguments.dir):
        for slots in (int(text) for text in arguments.slots.split(",")):
            order = order_tasks(graph, slots)
            simple = simple_bound(graph, slots)
            bound = order.bound
            if order.makespan > bound * NEAR:
                found, proven = optimum(graph, slots, order.order, arguments.seconds)
                bound = max(bound, proven)
                sys.stdout.write(
                    f"{name:28} {slots:3} slots: order {order.makespan / simple:.4f}  CP-SAT {found / simple:.4f}  "
                    f"no less than {bound / simple:.4f}\n"
                )
                sys.stdout.flush()
            ratios.append(order.makespan / simple)
            floors.append(bound / simple)
    cells = len(ratios)
    sys.stdout.write(
        f"{cells} cells: orders {sum(ratios) / cells:.4f} of the simple bound, no less than {sum(floors) / cells:.4f}\n"
    )


if __name__ == "__main__":
    with ends_on_signals():
        main()
