"""The slow DAGs of a set, planned without Airflow: the history is what the pauses in their code say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airflow_provider_wfintel.engine.optimization.proof.order import bits, closure, short
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, PoolSize, Surroundings, seconds_in
from airflow_provider_wfintel.engine.optimization.rewrites.plan import Plan, choose
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, Profile, TaskProfile
from airflow_provider_wfintel.engine.optimization.understanding.model import TaskModel

OWN = Path(__file__).resolve().parent / "slow_dags"
OFFICE = Path(__file__).resolve().parent / "back_office"
"""Twelve DAGs with their experts' layouts, written without looking at what the reader can follow."""
TOWN = Path(__file__).resolve().parent / "town_stores"
"""Seventeen more in other styles: groups, classes, comprehensions, lists handed on, a module that calls a module."""
FIELD = OWN / "field_stations"
"""Eight more: wrapped functions, dataclasses, `reduce`, paths of parts, lists that are pulled, loops in a module."""
SLOTS = 16


@dataclass(frozen=True)
class PlannedCase:
    """A DAG of the set, its note and its plan."""

    name: str
    note: dict[str, Any]
    plan: Plan

    @property
    def reduction(self) -> float:
        """Predicted: by how much the makespan shrinks, as a share."""
        return 1 - self.plan.after.makespan / self.plan.before.makespan


def planned_cases(folder: Path, *, subfolder: str = "") -> Iterator[PlannedCase]:
    """Plan every DAG of a set; with `subfolder`, the files of that name in it."""
    modules = {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.py"))
        if not path.with_suffix(".note.json").exists()
    }
    for path in sorted(folder.glob("*.note.json")):
        name = path.name.removesuffix(".note.json")
        note = json.loads(path.read_text(encoding="utf-8"))
        source = (folder / subfolder / f"{name}.py").read_text(encoding="utf-8")
        yield PlannedCase(name, note, plan_of(source, modules, note.get("pools_before", {})))


def sound_plans() -> Iterator[tuple[str, Plan]]:
    """Plans of layouts in which there is nothing to gain."""
    modules = {"etl_lib": (FIELD / "etl_lib.py").read_text(encoding="utf-8")}
    for path in sorted((FIELD / "sound").glob("*.py")):
        yield path.stem, plan_of(path.read_text(encoding="utf-8"), modules, {})


def plan_of(source: str, siblings: dict[str, str], pools: dict[str, int]) -> Plan:
    """The plan of the first DAG of a file."""
    dag = Draft(source, siblings, "").file.dags[0]
    draft = Draft(source, siblings, dag.dag_id)
    around = Surroundings(
        Profile(dag.dag_id, tuple(_profile(task) for task in dag.tasks), ()),
        Deployment(parallelism=SLOTS, pools=(("default_pool", 128), *pools.items())),
        tuple(PoolSize(name, slots) for name, slots in pools.items()),
        failing=frozenset(task.task_id for task in dag.tasks if _fails_at_first(task)),
        intervals={task.task_id: seconds_in(task.argument("poke_interval"), 60.0) for task in dag.tasks},
    )
    return choose(draft, around, REWRITES)


def _fails_at_first(task: TaskModel) -> bool:
    """Whether the code counts its failures in a file of its own (as the sets' stand-in for a shaky service does)."""
    return any(word in item for item in task.writes for word in (".failures", ".tries"))


def _profile(task: TaskModel) -> TaskProfile:
    seconds = max(0.01, task.record.sleeps / task.instances)
    given = [*task.build.call_args, *task.build.call_kwargs.values()]
    end = (
        max((float(item) for item in given if isinstance(item, int | float)), default=0.0)
        if task.role == "sensor"
        else 0.0
    )
    return TaskProfile(
        task_id=task.task_id,
        operator=task.operator,
        tries=3,
        seconds=seconds,
        spread=0.05,
        recorded=end or seconds,
        recorded_p90=seconds,
        wait=1.0,
        retries=1.0 if _fails_at_first(task) else 0.0,
        failure_rate=0.6 if _fails_at_first(task) else 0.0,
        ends_after=end,
        instances=task.instances,
        pool=task.pool,
        pool_slots=1,
        priority_weight=1,
    )


def lost_dependencies(case: PlannedCase) -> list[str]:
    """Real dependencies of the note that the rewritten DAG does not guarantee."""
    return [
        f"{first} before {second}"
        for first, second in ((one, two) for two, unit in case.note["units"].items() for one in unit["inputs"])
        if not _guaranteed(case, first, second)
    ]


def _guaranteed(case: PlannedCase, first: str, second: str) -> bool:
    dag = case.plan.final.dag
    before = closure(len(dag.tasks), [(dag.index[one], dag.index[two]) for one, two in dag.edges])
    makers, users = _makers(case, first), _makers(case, second)
    return bool(makers and users) and all(
        any(maker is user or maker.position in set(bits(before[user.position])) for maker in makers) for user in users
    )


def _makers(case: PlannedCase, unit: str) -> list[TaskModel]:
    """The tasks that make a data set: by their code, or (where it cannot be read) by the task that the note names."""
    dag, told = case.plan.final.dag, case.note["units"][unit].get("task")
    return [task for task in dag.tasks if unit in _units(task)] or [
        task for task in dag.tasks if told in {part.task_id for part in case.plan.final.parts_of(task.task_id)}
    ]


def _units(task: TaskModel) -> set[str]:
    """Names of the data sets that a task writes."""
    return {short(item).rpartition(".")[0] for item in task.writes if item.startswith("file:")}


def broken_limits(case: PlannedCase) -> list[str]:
    """Limits of the note that the rewritten DAG does not keep."""
    wrong = []
    limits = case.note.get("limits", {})
    if (
        "max_active_tasks" in limits
        and case.plan.final.dag.settings.get("max_active_tasks") != limits["max_active_tasks"]
    ):
        wrong.append("max_active_tasks")
    for name, most in limits.get("pools", {}).items():
        if case.plan.final.pools.get(name, 0) > most:
            wrong.append(f"pool {name}")
    return wrong
