"""Small DAGs, badly and well laid out, whose makespan is measured in a real Airflow and predicted by the simulator.

`tests/bench/measure_layouts.py` runs them and writes `measured.json`. The first three are for calibrating only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.optimization.service import SimulatedTask, Workload, with_downstream_weights

__all__ = ["CALIBRATION", "CASES", "PAIRS", "POOLS", "Case"]

POOLS = {"one": 1, "two": 2, "four": 4}
CALIBRATION = ("chain of 20", "fan of 30", "30 tasks, 8 at once")
PAIRS = (
    ("loop chain", "side by side"),
    ("barriers", "direct edges"),
    ("straggler last", "straggler first"),
    ("pool of 1", "pool of 4"),
    ("loop in a task", "mapped"),
    ("tiny chain", "fused"),
    ("poke sensors", "deferrable sensors"),
)
"""The same work, badly and well laid out."""


@dataclass(frozen=True, slots=True)
class Case:
    """One DAG: its tasks with weights as Airflow computes them."""

    name: str
    workload: Workload


def _chain(count: int, seconds: float) -> list[SimulatedTask]:
    return [SimulatedTask(f"t{n}", seconds, upstream=(f"t{n - 1}",) if n else ()) for n in range(count)]


def _side(count: int, seconds: float, **more: object) -> list[SimulatedTask]:
    return [SimulatedTask(f"t{n}", seconds, **more) for n in range(count)]  # type: ignore[arg-type]


def _fan(count: int) -> list[SimulatedTask]:
    middle = [SimulatedTask(f"m{n}", upstream=("start",)) for n in range(count)]
    return [SimulatedTask("start"), *middle, SimulatedTask("end", upstream=tuple(item.task_id for item in middle))]


STAGES = ((9.0, 2.0, 5.0), (6.0, 4.0, 2.0), (3.0, 7.0, 2.0), (2.0, 9.0, 2.0))


def _stages(*, barriers: bool) -> list[SimulatedTask]:
    tasks = []
    for line, lengths in enumerate(STAGES):
        for stage, seconds in enumerate(lengths):
            before = (f"all{stage - 1}",) if barriers else (f"s{stage - 1}_{line}",)
            tasks.append(SimulatedTask(f"s{stage}_{line}", seconds, upstream=before if stage else ()))
    if barriers:
        for stage in range(2):
            done = tuple(f"s{stage}_{line}" for line in range(len(STAGES)))
            tasks.append(SimulatedTask(f"all{stage}", kind="empty", upstream=done))
    return tasks


def _straggler() -> list[SimulatedTask]:
    small = [SimulatedTask(f"t{n}", 2.0) for n in range(14)]
    return [*small, SimulatedTask("end", upstream=tuple(item.task_id for item in small)), SimulatedTask("long", 20.0)]


def _waiting(kind: str) -> list[SimulatedTask]:
    waits = [
        SimulatedTask(f"w{n}", kind=kind, awaited_after=20.0 - 2 * n, poke_interval=1.0)  # type: ignore[arg-type]
        for n in range(3)
    ]
    loads = [SimulatedTask(f"l{n}", 2.0, upstream=(f"w{n}",)) for n in range(3)]
    return [*waits, *loads, *(SimulatedTask(f"h{n}", 6.0) for n in range(6))]


def _case(name: str, tasks: list[SimulatedTask], limit: int | None = None) -> Case:
    return Case(name, Workload(with_downstream_weights(tasks), max_active_tasks=limit))


def _first(case: Case, task_id: str) -> Case:
    tasks = tuple(
        replace(task, priority_weight=1000.0) if task.task_id == task_id else task for task in case.workload.tasks
    )
    return Case("straggler first", replace(case.workload, tasks=tasks))


_LAST = _case("straggler last", _straggler(), 2)

CASES: tuple[Case, ...] = (
    _case("chain of 20", _chain(20, 0)),
    _case("fan of 30", _fan(30)),
    _case("30 tasks, 8 at once", _side(30, 4), 8),
    _case("loop chain", _chain(6, 4)),
    _case("side by side", _side(6, 4)),
    _case("barriers", _stages(barriers=True)),
    _case("direct edges", _stages(barriers=False)),
    _LAST,
    _first(_LAST, "long"),
    _case("pool of 1", _side(8, 3, pool="one")),
    _case("pool of 2", _side(8, 3, pool="two")),
    _case("pool of 4", _side(8, 3, pool="four")),
    _case("loop in a task", _side(1, 24)),
    _case("mapped", [SimulatedTask("t", 2.0, instances=12)]),
    _case("tiny chain", _chain(12, 0.1)),
    _case("fused", _side(1, 1.2)),
    _case("poke sensors", _waiting("poke"), 3),
    _case("deferrable sensors", _waiting("deferrable"), 3),
)
