"""The simulator against makespans that were measured in a real Airflow: own runs, and a table of others."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.service import (
    Deployment,
    SimulatedTask,
    Workload,
    fit_overheads,
    simulate,
    with_downstream_weights,
)
from tests.evals.optimization.layout_cases import CALIBRATION, CASES, PAIRS, POOLS
from tests.evals.scoring import HERE, SHARED, Score, measured

MEASURED = HERE / "optimization/measured.json"
TABLE = SHARED / "reference/scheduling-3.3.md"
_ROW = re.compile(r"^\| (\w+) \| ([\d.]+) \([\d.–]+, \d+\) \|", re.MULTILINE)


def scores() -> Iterator[Score]:
    """Own measurements, and those of the table where it lies beside the repository."""
    yield from _own()
    if TABLE.exists():
        yield from _table()


def _own() -> Iterator[Score]:
    runs = json.loads(MEASURED.read_text("utf-8"))["runs"]
    medians = {name: statistics.median(row["makespan"] for row in rows) for name, rows in runs.items()}
    home = replace(Deployment(), pools=(("default_pool", 128), *POOLS.items()))
    known = [(case.workload, medians[case.name]) for case in CASES if case.name in CALIBRATION]
    fitted = fit_overheads(known, home)
    yield from _against("defaults", home, medians)
    yield from _against("fitted to 3 others", fitted, medians)


def _against(name: str, deployment: Deployment, medians: Mapping[str, float]) -> Iterator[Score]:
    found = {case.name: simulate(case.workload, deployment).makespan for case in CASES if case.name not in CALIBRATION}
    errors = [abs(value / medians[case] - 1) for case, value in found.items()]
    yield measured(f"simulator, own runs, {name}, 1 - median error", 1 - statistics.median(errors), 0.90)
    yield measured(f"simulator, own runs, {name}, 1 - mean error", 1 - statistics.fmean(errors), 0.86)
    apart = [
        abs(found[good] / found[bad] - medians[good] / medians[bad]) for bad, good in PAIRS
    ]  # difference of the reductions
    yield measured(f"simulator, own runs, {name}, 1 - error of reductions", 1 - statistics.fmean(apart), 0.94)


def _table() -> Iterator[Score]:
    medians = {name: float(value) for name, value in _ROW.findall(TABLE.read_text("utf-8"))}
    errors = []
    for name, (workload, pools) in _table_cases().items():
        home = replace(Deployment(), pools=(("default_pool", 128), *pools.items()))
        errors.append(abs(simulate(workload, home).makespan / medians[name] - 1))
    yield measured("simulator, table of runs elsewhere, 1 - median error", 1 - statistics.median(errors), 0.88)
    yield measured("simulator, table of runs elsewhere, 1 - mean error", 1 - statistics.fmean(errors), 0.82)


def _table_cases() -> dict[str, tuple[Workload, dict[str, int]]]:
    """The cases of the table, by their names there; pools stand beside them."""
    cases: dict[str, tuple[Workload, dict[str, int]]] = {
        "chain20": (_chain(20, 0), {}),
        "fan30": (_fan(30), {}),
        "fan30x5": (_side(30, 5), {}),
        "fan30x5_mat64": (replace(_side(30, 5), max_active_tasks=64), {}),
        "fan30x5_mat8": (replace(_side(30, 5), max_active_tasks=8), {}),
        "chain8x5": (_chain(8, 5), {}),
        "par8x5": (_side(8, 5), {}),
        "fused8x5": (_side(1, 40), {}),
        "toplevel0_chain6": (_chain(6, 0), {}),
    }
    for slots in (1, 2, 4, 8, 16):
        cases[f"pool{slots}_12x4"] = (_side(12, 4, "p"), {"p": slots})
    return cases


def _chain(count: int, seconds: float) -> Workload:
    tasks = [SimulatedTask(f"t{n}", seconds, upstream=(f"t{n - 1}",) if n else ()) for n in range(count)]
    return Workload(with_downstream_weights(tasks))


def _side(count: int, seconds: float, pool: str = "default_pool") -> Workload:
    return Workload(tuple(SimulatedTask(f"t{n}", seconds, pool=pool) for n in range(count)))


def _fan(count: int) -> Workload:
    middle = [SimulatedTask(f"m{n}", upstream=("start",)) for n in range(count)]
    end = SimulatedTask("end", upstream=tuple(item.task_id for item in middle))
    return Workload(with_downstream_weights([SimulatedTask("start"), *middle, end]))
