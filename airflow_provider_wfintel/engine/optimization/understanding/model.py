"""What is known of a DAG file after reading it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from airflow_provider_wfintel.engine.optimization.understanding.build import DagBuild, LinkNote, TaskBuild
from airflow_provider_wfintel.engine.optimization.understanding.effects import Effect, Gate
from airflow_provider_wfintel.engine.optimization.understanding.state import LoopNote, Recording

__all__ = ["DagModel", "FileModel", "TaskModel", "TaskRole"]

TaskRole: TypeAlias = Literal["work", "sensor", "empty", "control"]
"""`control`: it decides which tasks run (branches, short circuits), or is set up and torn down."""


@dataclass(frozen=True, eq=False, slots=True)
class TaskModel:
    """One task, with what it reads and writes.

    Attributes:
        known: whether all that the task does is understood; only then can an order be proven needless.
        unknown_because: the first things that were not understood.
        effects: the accesses, with their places in the code.
        gates: places where the task may refuse to go on because of what the data are.
        returns: the value that it hands on, as far as it is known.
        comment: the `wfintel:` words beside it.
    """

    task_id: str
    role: TaskRole
    operator: str
    known: bool
    unknown_because: tuple[str, ...]
    effects: tuple[Effect, ...]
    gates: tuple[Gate, ...]
    returns: Any
    record: Recording
    build: TaskBuild
    position: int

    @property
    def reads(self) -> frozenset[str]:
        """Resources whose content the task sees."""
        return frozenset(effect.resource for effect in self.effects if effect.kind == "read")

    @property
    def writes(self) -> frozenset[str]:
        """Resources that the task makes, changes or deletes."""
        return frozenset(effect.resource for effect in self.effects if effect.kind in ("write", "delete"))

    @property
    def appends(self) -> frozenset[str]:
        """Files that the task adds lines to."""
        return frozenset(effect.resource for effect in self.effects if effect.kind == "append")

    @property
    def folders(self) -> frozenset[str]:
        """Folders that the task makes if they are not there."""
        return frozenset(effect.resource for effect in self.effects if effect.kind == "folder")

    @property
    def claims(self) -> frozenset[str]:
        """Resources that the task makes if they are not there."""
        return frozenset(effect.resource for effect in self.effects if effect.kind == "claim")

    @property
    def data(self) -> frozenset[str]:
        """Everything named that the task touches, but for the output that every task has."""
        own = f"xcom:{self.task_id}"
        return frozenset(
            effect.resource for effect in self.effects if effect.resource not in ("", own) and effect.kind != "folder"
        )

    @property
    def loops(self) -> list[LoopNote]:
        """The loops of its function."""
        return self.record.loops

    def argument(self, name: str, default: Any = None) -> Any:
        """An argument of the operator or decorator, defaults of the DAG included."""
        return self.build.arguments.get(name, default)

    @property
    def trigger_rule(self) -> str:
        """The trigger rule's name."""
        rule = self.argument("trigger_rule", "all_success")
        return rule if isinstance(rule, str) else getattr(rule, "name", "unknown").lower()

    @property
    def pool(self) -> str:
        """The pool, `default_pool` if none is named."""
        pool = self.argument("pool")
        return pool if isinstance(pool, str) else "default_pool"

    @property
    def instances(self) -> int:
        """How many mapped instances a run makes; 1 for a task that is not mapped or is mapped over unknown items."""
        over = self.build.expanded
        if not isinstance(over, Mapping):
            return 1
        if self.build.instances:
            return self.build.instances
        count = 1
        for items in over.values():
            count *= len(items) if isinstance(items, list | tuple | dict) else 1
        return max(1, count)


@dataclass(frozen=True, eq=False)
class DagModel:
    """One DAG of a file.

    Attributes:
        doubts: why the graph may look otherwise than read; while there are any, no order is changed.
        keep: lines of links that a comment tells to keep.
        needless: pairs of tasks whose order a person has confirmed to be needless.
        ordered: pairs of tasks whose order a person has said must stay.
    """

    dag_id: str
    tasks: tuple[TaskModel, ...]
    links: tuple[LinkNote, ...]
    doubts: tuple[str, ...]
    build: DagBuild
    keep: frozenset[int] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)
    needless: frozenset[tuple[str, str]] = frozenset()
    ordered: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of every task."""
        return {task.task_id: number for number, task in enumerate(self.tasks)}

    def task(self, task_id: str) -> TaskModel:
        """The task of that id; raises `KeyError` if there is none."""
        return self.tasks[self.index[task_id]]

    @cached_property
    def edges(self) -> frozenset[tuple[str, str]]:
        """All direct dependencies (upstream, downstream)."""
        return frozenset((link.upstream.task_id, link.downstream.task_id) for link in self.links)

    @cached_property
    def upstream(self) -> Mapping[str, tuple[str, ...]]:
        """Task id -> its direct upstream tasks, sorted."""
        found: dict[str, list[str]] = {task.task_id: [] for task in self.tasks}
        for one, two in sorted(self.edges):
            found[two].append(one)
        return {name: tuple(above) for name, above in found.items()}


@dataclass(frozen=True, eq=False, slots=True)
class FileModel:
    """A DAG file: its text, its tree, its DAGs, and the work that happens whenever it is parsed."""

    source: str
    tree: ast.Module
    dags: tuple[DagModel, ...]
    variables: Mapping[str, Any]
    top_level: tuple[tuple[ast.stmt, str, float], ...] = ()
    notes: tuple[str, ...] = ()
