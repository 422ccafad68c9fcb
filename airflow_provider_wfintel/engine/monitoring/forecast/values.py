"""What goes into a forecast and what comes out. All times are seconds after the moment at which the run was due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["Blame", "DagShape", "Forecast", "PastRun", "Progress", "RunProgress", "TaskProgress"]

Progress: TypeAlias = Literal["pending", "running", "done", "skipped"]


@dataclass(frozen=True, slots=True)
class DagShape:
    """The tasks of a DAG in any order, and for each the positions of the tasks that it waits for.

    `priority` are the weights by which waiting tasks get slots, larger first; empty: first come, first served.

    Raises:
        UserInputError: the lists do not fit together, or the tasks wait for each other in a circle.
    """

    dag_id: str
    task_ids: tuple[str, ...]
    parents: tuple[tuple[int, ...], ...]
    priority: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        size = len(self.task_ids)
        if size == 0 or len(self.parents) != size or len(set(self.task_ids)) != size:
            raise UserInputError(
                f"the shape of {self.dag_id!r} has {size} tasks and {len(self.parents)} lists of parents",
                hint="give at least one task, each id once, and one list of parents for each task",
            )
        if self.priority and len(self.priority) != size:
            raise UserInputError(
                f"the shape of {self.dag_id!r} has {size} tasks and {len(self.priority)} priorities",
                hint="give one weight for each task, or none",
            )
        if any(not 0 <= parent < size for row in self.parents for parent in row):
            raise UserInputError(
                f"a parent in the shape of {self.dag_id!r} is no task", hint="use positions in task_ids"
            )
        _require_no_circle(self)


def _require_no_circle(shape: DagShape) -> None:
    waiting = [len(set(row)) for row in shape.parents]
    children: list[list[int]] = [[] for _ in waiting]
    for index, row in enumerate(shape.parents):
        for parent in set(row):
            children[parent].append(index)
    free = [index for index, count in enumerate(waiting) if count == 0]
    for index in free:
        for child in children[index]:
            waiting[child] -= 1
            if waiting[child] == 0:
                free.append(child)
    if len(free) < len(waiting):
        raise UserInputError(f"tasks of {shape.dag_id!r} wait for each other", hint="remove the circle of dependencies")


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that is over. A task without start or end (skipped, or not yet part of the DAG) has None there.

    `start` is that of the first try, `end` that of the last; `retried` are the positions of tasks with several tries;
    `weekday` is 0 for Monday.
    """

    weekday: int
    start: tuple[float | None, ...]
    end: tuple[float | None, ...]
    retried: tuple[int, ...] = ()
    deadline: float | None = None


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far one task of a run is. `end` is given for `done` only, `start` for `done` and `running`."""

    state: Progress
    start: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run at `elapsed` seconds after it was due; a coming run has `elapsed` 0 and only pending tasks."""

    weekday: int
    elapsed: float
    tasks: tuple[TaskProgress, ...]
    deadline: float | None = None


@dataclass(frozen=True, slots=True)
class Blame:
    """How many seconds earlier the run would finish had this task been as it usually is."""

    task_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The finish of a run: with 10, 50 and 90 % it will be over by `q10`, `q50`, `q90`.

    `miss_probability` is None without a deadline. `runs` is the number of past runs that the forecast rests on;
    `enough_runs` says whether they are as many as the published accuracy is measured with.
    """

    q10: float
    q50: float
    q90: float
    miss_probability: float | None
    runs: int
    enough_runs: bool
    blame: tuple[Blame, ...] = ()
    slots: int = 0
