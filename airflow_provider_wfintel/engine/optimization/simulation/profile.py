"""What history says about each task: run time, wait, tries, failures; shrunk where there is little of it.

The times that Airflow records hold the start of the process, which grows when many start at once. It is taken out by
replaying all recorded starts on the deployment's cores, so that the work of a task is comparable between layouts.

Shrinking is empirical Bayes with a normal model of the logarithm of the run time: the fewer tries a task has, and the
more tries of one task differ compared with tasks among each other, the more its estimate leans on its group's.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, median

from airflow_provider_wfintel.engine.model import RunHistory, TaskTry
from airflow_provider_wfintel.engine.optimization.simulation.cores import Cores
from airflow_provider_wfintel.engine.optimization.simulation.history_file import seconds_of
from airflow_provider_wfintel.engine.optimization.simulation.model import Deployment, quantile

__all__ = ["Profile", "TaskProfile", "profile_of", "shortest_start"]

_SHORTEST = 0.01
_USUAL_VARIANCE = 0.04
"""Of the logarithm of a run time, where no task has two tries to tell it."""
_VARIANCE_TRIES = 4
_FAILURE_TRIES = 10
_OVER = frozenset({"success", "failed", "up_for_retry"})


@dataclass(frozen=True, slots=True)
class TaskProfile:
    """One task as history shows it. Times are seconds.

    Attributes:
        task_id: its name.
        operator: its class as recorded, if it was.
        tries: recorded tries that ended.
        seconds: typical work of one instance without the start of its process, shrunk by the number of tries.
        spread: standard deviation of the logarithm of the work, shrunk.
        recorded: median of the recorded durations, start of the process included.
        recorded_p90: their 90 % quantile.
        wait: median from scheduled to the start of the process.
        retries: mean number of tries after the first.
        failure_rate: share of tries that fail, shrunk towards that of all tasks.
        ends_after: median from the start of the run to the end of the task (what a sensor waited for was there).
        instances: median number of mapped instances in a run.
        pool: the pool of the last try.
        pool_slots: the slots that it took there.
        priority_weight: the weight of the last try, after the weight rule.
        cpu_seconds: median processor time, if it was recorded.
        peak_rss_bytes: largest memory, if it was recorded.
    """

    task_id: str
    operator: str
    tries: int
    seconds: float
    spread: float
    recorded: float
    recorded_p90: float
    wait: float
    retries: float
    failure_rate: float
    ends_after: float
    instances: int
    pool: str
    pool_slots: int
    priority_weight: int
    cpu_seconds: float | None = None
    peak_rss_bytes: int | None = None


@dataclass(frozen=True)
class Profile:
    """The tasks of a DAG as history shows them, and the makespans of its runs (first start or schedule to last end)."""

    dag_id: str
    tasks: tuple[TaskProfile, ...]
    makespans: tuple[float, ...]

    def task(self, task_id: str) -> TaskProfile | None:
        """The profile of a task, or None if history has none."""
        return self._by_id.get(task_id)

    @cached_property
    def _by_id(self) -> dict[str, TaskProfile]:
        return {item.task_id: item for item in reversed(self.tasks)}


@dataclass(frozen=True, slots=True)
class _Row:
    """One try with its times as numbers."""

    item: TaskTry
    start: float
    end: float
    work: float


def profile_of(history: RunHistory, dag_id: str = "", deployment: Deployment | None = None) -> Profile:
    """The profile of one DAG.

    Args:
        history: its tries; those of other DAGs are left out if `dag_id` is given.
        dag_id: the DAG.
        deployment: where the tries ran; tells how much of a duration is the start of the process.
    """
    deployment = deployment or Deployment()
    rows = _rows([item for item in history.tries if not dag_id or item.dag_id == dag_id], deployment)
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row.item.task_id].append(row)
    begins = _run_starts(rows)
    logs = {name: [math.log(max(row.work, _SHORTEST)) for row in group] for name, group in groups.items()}
    levels, spreads = _shrunk_levels(logs, {name: group[-1].item.operator for name, group in groups.items()})
    failures = {name: _failures(group) for name, group in groups.items()}
    tries, failed = sum(item[0] for item in failures.values()), sum(item[1] for item in failures.values())
    usual = failed / tries if tries else 0.0
    tasks = tuple(
        _task(group, math.exp(levels[name]), spreads[name], _rate(failures[name], usual), begins)
        for name, group in groups.items()
    )
    makespans = tuple(max(row.end for row in rows if row.item.run_id == run) - begin for run, begin in begins.items())
    return Profile(dag_id or (rows[-1].item.dag_id if rows else ""), tasks, makespans)


def shortest_start(history: RunHistory, dag_id: str, deployment: Deployment) -> float:
    """Processor seconds that the start of a process takes at most: the median of the task with the shortest.

    Infinity if nothing was recorded. A try that started among others counts with the share of the cores that it had.
    """
    rows = _rows([item for item in history.tries if not dag_id or item.dag_id == dag_id], deployment)
    rows = [row for row in rows if row.item.state == "success"]
    boots = _start_ups([row.start for row in rows], deployment)
    alone: dict[str, list[float]] = defaultdict(list)
    for row, boot in zip(rows, boots, strict=True):
        stretched = max(1.0, boot / deployment.start_cpu) if deployment.start_cpu > 0 else 1.0
        alone[row.item.task_id].append((row.end - row.start) / stretched)
    return min((median(values) for values in alone.values()), default=math.inf)


def _rows(tries: Iterable[TaskTry], deployment: Deployment) -> list[_Row]:
    timed = []
    for item in tries:
        start, end = seconds_of(item.started_at), seconds_of(item.ended_at)
        if item.state in _OVER and start is not None and end is not None and end >= start:
            timed.append((start, end, item))
    timed.sort(key=lambda entry: entry[0])
    boots = _start_ups([start for start, _, _ in timed], deployment)
    return [
        _Row(item, start, end, max(0.0, end - start - boot - deployment.end_seconds))
        for (start, end, item), boot in zip(timed, boots, strict=True)
    ]


def _start_ups(starts: Sequence[float], deployment: Deployment) -> list[float]:
    """How long each process took to start, given when all of them did (ascending)."""
    cores, took = Cores(deployment.cores), [0.0] * len(starts)
    begin = starts[0] if starts else 0.0
    for number, start in enumerate(starts):
        while (done := cores.next_end()) <= start - begin:
            for job in cores.take_done(done):
                took[job] = done + begin - starts[job]
        cores.add(start - begin, deployment.start_cpu, number)
    while (done := cores.next_end()) < math.inf:
        for job in cores.take_done(done):
            took[job] = done + begin - starts[job]
    return took


def _run_starts(rows: Iterable[_Row]) -> dict[str, float]:
    begins: dict[str, float] = {}
    for row in rows:
        first = seconds_of(row.item.scheduled_at)
        first = row.start if first is None else min(first, row.start)
        begins[row.item.run_id] = min(first, begins.get(row.item.run_id, first))
    return begins


def _shrunk_levels(
    logs: dict[str, list[float]], operators: dict[str, str]
) -> tuple[dict[str, float], dict[str, float]]:
    """The typical logarithm of each task's work and its standard deviation, shrunk."""
    squares = {name: sum((value - fmean(values)) ** 2 for value in values) for name, values in logs.items()}
    freedom = sum(len(values) - 1 for values in logs.values())
    within = sum(squares.values()) / freedom if freedom else _USUAL_VARIANCE
    middles = {name: median(values) for name, values in logs.items()}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in logs:
        groups[operators[name]].append(name)
    levels = {}
    for names in groups.values():
        centre = fmean(middles[name] for name in names)
        apart = fmean((middles[name] - centre) ** 2 for name in names)
        between = max(0.0, apart - within * fmean(1 / len(logs[name]) for name in names))
        for name in names:
            noise = within / len(logs[name])
            # Few tasks cannot tell how much tasks differ: one task alone keeps what it has.
            own = between / (between + noise) if len(names) > 2 and between + noise > 0 else 1.0
            levels[name] = own * middles[name] + (1 - own) * centre
    spreads = {
        name: math.sqrt((squares[name] + _VARIANCE_TRIES * within) / (len(values) - 1 + _VARIANCE_TRIES))
        for name, values in logs.items()
    }
    return levels, spreads


def _failures(group: Sequence[_Row]) -> tuple[int, int]:
    """Tries and failed tries, also those of which only the number of the last one tells."""
    tries = failed = 0
    latest: dict[tuple[str, int], TaskTry] = {}
    for row in group:
        key = (row.item.run_id, row.item.map_index)
        if key not in latest or latest[key].try_number <= row.item.try_number:
            latest[key] = row.item
    for item in latest.values():
        tries += max(1, item.try_number)
        failed += max(1, item.try_number) - 1 + (item.state == "failed")
    return tries, failed


def _rate(counts: tuple[int, int], usual: float) -> float:
    tries, failed = counts
    return (failed + _FAILURE_TRIES * usual) / (tries + _FAILURE_TRIES)


def _task(
    group: Sequence[_Row], seconds: float, spread: float, failure_rate: float, begins: dict[str, float]
) -> TaskProfile:
    last = group[-1].item
    durations = sorted(row.end - row.start for row in group)
    waits = [row.start - scheduled for row in group if (scheduled := seconds_of(row.item.scheduled_at)) is not None]
    cpu = [row.item.cpu_seconds for row in group if row.item.cpu_seconds is not None]
    memory = [row.item.peak_rss_bytes for row in group if row.item.peak_rss_bytes is not None]
    counts: dict[str, set[int]] = defaultdict(set)
    for row in group:
        counts[row.item.run_id].add(row.item.map_index)
    return TaskProfile(
        task_id=last.task_id,
        operator=last.operator,
        tries=len(group),
        seconds=seconds if seconds > _SHORTEST * 1.5 else 0.0,
        spread=spread,
        recorded=quantile(durations, 0.5),
        recorded_p90=quantile(durations, 0.9),
        wait=max(0.0, median(waits)) if waits else 0.0,
        retries=fmean(max(1, row.item.try_number) - 1 for row in group),
        failure_rate=failure_rate,
        ends_after=median(row.end - begins[row.item.run_id] for row in group),
        instances=round(median(len(indices) for indices in counts.values())),
        pool=last.pool,
        pool_slots=last.pool_slots,
        priority_weight=last.priority_weight,
        cpu_seconds=median(cpu) if cpu else None,
        peak_rss_bytes=max(memory) if memory else None,
    )
