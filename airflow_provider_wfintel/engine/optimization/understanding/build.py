"""What the reader notes down while it runs a DAG file: DAGs, tasks, links, and where in the file each was made."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = [
    "DagBuild",
    "Decorator",
    "EdgeLabel",
    "GroupBuild",
    "LinkNote",
    "OperatorClass",
    "PartialOperator",
    "Site",
    "TaskBuild",
    "XComValue",
]

Path: TypeAlias = tuple[tuple[int, int], ...]
"""One pair (line of the loop or call, number of the iteration) per loop or call around a place."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place in the DAG file.

    Attributes:
        statement: the statement, of the file itself (None if it lies in another module).
        node: the expression within it.
        path: the loops and calls that led there, outermost first.
        block: the statements that the statement is one of, by the statement that owns them (None: the module).
        items: the `for` statements around the place, each with the item of this turn.
    """

    statement: ast.stmt | None
    node: ast.AST
    path: Path
    block: ast.stmt | None
    items: tuple[tuple[ast.stmt, Any], ...] = ()

    def path_in(self, block: ast.stmt | None) -> bool:
        """Whether the place lies in a loop or function within the block, so that its names may be gone at its end."""
        return bool(self.items) or self.block is not block


@dataclass(eq=False, slots=True)
class DagBuild:
    """One DAG while it is read."""

    dag_id: str
    site: Site
    kwargs: dict[str, Any]
    default_args: dict[str, Any]
    tasks: list[TaskBuild] = field(default_factory=list)
    links: list[LinkNote] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    block: ast.stmt | None = None
    """The `with` statement or decorated function that holds the tasks; None: they lie in the module."""
    final: dict[str, Any] = field(default_factory=dict)
    """The variables at the end of the block."""
    names: dict[str, int] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class GroupBuild:
    """A task group."""

    group_id: str
    prefix: str
    dag: DagBuild
    parent: GroupBuild | None = None
    tasks: list[TaskBuild] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class TaskBuild:
    """One task. `kind` tells how it was made: `operator` or `taskflow`."""

    task_id: str
    kind: str
    operator: str
    site: Site
    dag: DagBuild
    arguments: dict[str, Any]
    function: Any = None
    call_args: tuple[Any, ...] = ()
    call_kwargs: dict[str, Any] = field(default_factory=dict)
    expanded: Any = None
    """For mapped tasks: the values it is expanded over, by argument."""
    partial: bool = False
    group: GroupBuild | None = None
    definition: ast.stmt | None = None
    """For TaskFlow: the decorated function."""
    variable: str = ""
    instances: int = 0
    """How many mapped instances a run makes, as far as the reader could count them; 0 if it could not."""


@dataclass(frozen=True, eq=False, slots=True)
class XComValue:
    """The output of a task, as it is handed to another one."""

    task: TaskBuild
    key: str = "return_value"
    maps: tuple[Any, ...] = ()
    """Functions that its items go through (`output.map(…)`)."""


@dataclass(frozen=True, eq=False, slots=True)
class Decorator:
    """`@task`, `@task(...)`, `@task.sensor(...)`, `@dag`, `@task_group`, and what they decorate.

    `options` is None until the decorator has been called with arguments of its own.
    """

    kind: str
    options: dict[str, Any]
    function: Any = None
    overrides: dict[str, Any] = field(default_factory=dict)
    partial: dict[str, Any] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class OperatorClass:
    """An operator or sensor class."""

    dotted: str

    @property
    def name(self) -> str:
        """The class name."""
        return self.dotted.rpartition(".")[2]


@dataclass(frozen=True, eq=False, slots=True)
class PartialOperator:
    """`SomeOperator.partial(...)`, waiting for `expand`."""

    operator: OperatorClass
    arguments: dict[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class EdgeLabel:
    """`Label("…")` between two tasks."""

    text: str


@dataclass(frozen=True, eq=False, slots=True)
class LinkNote:
    """`upstream` before `downstream`, and where that is said. `how` is `shift`, `call`, `xcom` or `other`."""

    upstream: TaskBuild
    downstream: TaskBuild
    how: str
    site: Site
