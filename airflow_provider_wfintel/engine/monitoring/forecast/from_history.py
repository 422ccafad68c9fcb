"""From runs and tries as Airflow records them to what forecasts learn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry, WorkflowRun, WorkflowSpec
from airflow_provider_wfintel.engine.monitoring.forecast.values import DagShape, PastRun, RunProgress, TaskProgress
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["dag_shape", "due_time", "parsed_time", "past_runs", "run_progress", "shape_of_history", "tries_by_run"]

_NOT_RUN = ("skipped", "removed", "upstream_failed")
_OVER = ("success", "failed")


def dag_shape(spec: WorkflowSpec) -> DagShape:
    """The shape of a deployed DAG, with the weights that Airflow gives tasks by default: 1 + the tasks downstream."""
    place = {task: index for index, task in enumerate(spec.task_ids)}
    parents = tuple(tuple(place[up] for up in spec.upstream_of(task)) for task in spec.task_ids)
    shape = DagShape(spec.dag_id, spec.task_ids, parents)
    return replace(shape, priority=_downstream_weights(parents))


def shape_of_history(dag_id: str, history: RunHistory, upstream: Mapping[str, Sequence[str]] | None = None) -> DagShape:
    """The shape of a DAG of which only runs are known.

    Without `upstream` a task is taken to wait for nothing but the scheduler, which a forecast then reads as gaps:
    it still learns when tasks are over, but cannot tell which of them hold up others. Priorities are those of the
    newest tries.

    Raises:
        UserInputError: the history holds no try of the DAG.
    """
    tasks = tuple(sorted({item.task_id for item in history.tries if item.dag_id == dag_id} | set(upstream or {})))
    if not tasks:
        raise UserInputError(f"no try of {dag_id!r} in the history", hint="name a DAG that has run")
    place = {task: index for index, task in enumerate(tasks)}
    known = upstream or {}
    parents = tuple(tuple(place[up] for up in known.get(task, ()) if up in place) for task in tasks)
    weights = {item.task_id: float(item.priority_weight) for item in history.tries if item.dag_id == dag_id}
    return DagShape(dag_id, tasks, parents, tuple(weights.get(task, 1.0) for task in tasks))


def _downstream_weights(parents: Sequence[Sequence[int]]) -> tuple[float, ...]:
    below: list[set[int]] = [set() for _ in parents]
    left = [0] * len(parents)
    for row in parents:
        for parent in row:
            left[parent] += 1
    free = [task for task, count in enumerate(left) if count == 0]
    for task in free:
        for parent in parents[task]:
            below[parent] |= below[task] | {task}
            left[parent] -= 1
            if left[parent] == 0:
                free.append(parent)
    return tuple(1.0 + len(tasks) for tasks in below)


def past_runs(
    shape: DagShape, history: RunHistory, *, deadline: float | None = None
) -> tuple[tuple[str, PastRun], ...]:
    """Run id and times of the successful runs of a DAG, in the order in which they were due.

    Failed runs end early or late for reasons of their own and would spoil what is usual; their odds are the health
    score's.
    """
    tries = tries_by_run(history.tries, shape.dag_id)
    done = [run for run in history.runs if run.dag_id == shape.dag_id and run.state == "success" and due_time(run)]
    return tuple(
        (run.run_id, _past_run(shape, run, tries.get(run.run_id, ()), deadline))
        for run in sorted(done, key=lambda item: (_moment(due_time(item)), item.run_id))
    )


def run_progress(
    shape: DagShape, run: WorkflowRun, tries: Iterable[TaskTry], now: str, *, deadline: float | None = None
) -> RunProgress:
    """How far a run is at the ISO time `now`.

    Raises:
        UserInputError: the run has no due time.
    """
    due = _moment(_require_due(run))
    times = _task_times(shape, due, tries)
    elapsed = max(0.0, _moment(now) - due)
    tasks = tuple(_progress(times.get(task), elapsed) for task in shape.task_ids)
    return RunProgress(_weekday(due_time(run)), elapsed, tasks, deadline)


def due_time(run: WorkflowRun) -> str:
    """When a run was due: Airflow's `run_after`, or the first later moment that is known."""
    return run.run_after or run.queued_at or run.started_at


def tries_by_run(tries: Iterable[TaskTry], dag_id: str) -> dict[str, list[TaskTry]]:
    """The tries of a DAG, by run id."""
    found: dict[str, list[TaskTry]] = {}
    for item in tries:
        if item.dag_id == dag_id:
            found.setdefault(item.run_id, []).append(item)
    return found


def _past_run(shape: DagShape, run: WorkflowRun, tries: Iterable[TaskTry], deadline: float | None) -> PastRun:
    times = _task_times(shape, _moment(due_time(run)), tries)
    start = tuple(times[task].start if task in times and times[task].over else None for task in shape.task_ids)
    end = tuple(times[task].end if task in times and times[task].over else None for task in shape.task_ids)
    retried = tuple(i for i, task in enumerate(shape.task_ids) if task in times and times[task].tries > 1)
    return PastRun(_weekday(due_time(run)), start, end, retried, deadline)


class _Times:
    """Start of the first and end of the last try of a task; of a mapped task over all its instances."""

    __slots__ = ("end", "over", "skipped", "start", "tries")

    def __init__(self) -> None:
        self.start: float | None = None
        self.end: float | None = None
        self.over = True
        self.skipped = False
        self.tries = 0

    def add(self, item: TaskTry, due: float, last: bool) -> None:
        self.tries = max(self.tries, item.try_number)
        if item.state in _NOT_RUN:
            self.skipped = self.skipped or last
            return
        if item.started_at:
            start = max(0.0, _moment(item.started_at) - due)
            self.start = start if self.start is None else min(self.start, start)
        if item.ended_at:
            end = max(0.0, _moment(item.ended_at) - due)
            self.end = end if self.end is None else max(self.end, end)
        if last and (item.state not in _OVER or not item.ended_at):
            self.over = False


def _task_times(shape: DagShape, due: float, tries: Iterable[TaskTry]) -> dict[str, _Times]:
    known = set(shape.task_ids)
    mine = [item for item in tries if item.task_id in known]
    newest: dict[tuple[str, int], int] = {}
    for item in mine:
        key = (item.task_id, item.map_index)
        newest[key] = max(newest.get(key, 0), item.try_number)
    found: dict[str, _Times] = {}
    for item in mine:
        last = item.try_number == newest[item.task_id, item.map_index]
        found.setdefault(item.task_id, _Times()).add(item, due, last)
    return found


def _progress(times: _Times | None, elapsed: float) -> TaskProgress:
    if times is None:
        return TaskProgress("pending")
    if times.start is None:
        return TaskProgress("skipped", elapsed, elapsed) if times.skipped else TaskProgress("pending")
    if times.over and times.end is not None and times.end <= elapsed:
        return TaskProgress("done", times.start, max(times.start, times.end))
    return TaskProgress("running", min(times.start, elapsed))


def _require_due(run: WorkflowRun) -> str:
    due = due_time(run)
    if not due:
        raise UserInputError(f"the run {run.run_id!r} has no due time", hint="give run_after, queued_at or started_at")
    return due


def _moment(text: str) -> float:
    """An ISO time as seconds since 1970."""
    return parsed_time(text).timestamp()


def _weekday(text: str) -> int:
    return parsed_time(text).weekday()


def parsed_time(text: str) -> datetime:
    """An ISO time.

    Raises:
        UserInputError: it is none, or has no offset.
    """
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise UserInputError(f"{text!r} is no time", hint="give ISO 8601 with an offset") from error
    if found.tzinfo is None:
        raise UserInputError(f"{text!r} has no offset", hint="give ISO 8601 with an offset, such as +00:00")
    return found
