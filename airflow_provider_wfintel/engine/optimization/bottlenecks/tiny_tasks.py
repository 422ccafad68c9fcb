"""Many tiny tasks: starting them takes longer than what they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import changed, named
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, SimulatedTask, Workload

__all__ = ["CHAINS", "DETECTOR", "start_seconds"]

_LEAST_CHAIN, _LEAST_BATCH = 2, 4


def start_seconds(deployment: Deployment) -> float:
    """What one more task in a row costs beside its work: the loop's sleep, the queue, the start of a process."""
    return deployment.idle_sleep / 2 + deployment.loop_seconds + deployment.queue_seconds + deployment.start_cpu


def _tiny(case: Case) -> dict[str, SimulatedTask]:
    least = start_seconds(case.deployment) + case.workload.parse_seconds
    return {
        task.task_id: task
        for task in case.workload.tasks
        if task.kind == "task" and task.seconds < least and task.trigger_rule == "all_success"
        and task.task_id not in case.failing
    }  # fmt: skip


def _chains(case: Case) -> Iterable[Candidate]:
    """Rows of tiny tasks of which each is the only one before and behind the next."""
    tiny = {name: task for name, task in _tiny(case).items() if task.instances == 1}
    follows = {
        name: case.children[name][0]
        for name, task in tiny.items()
        if len(case.children[name]) == 1 and case.children[name][0] in tiny
        and tiny[case.children[name][0]].upstream == (name,)
    }  # fmt: skip
    heads = [name for name in tiny if name in follows and name not in follows.values()]
    merged: dict[str, list[str]] = {}
    for head in heads:
        chain = [head]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        if len(chain) >= _LEAST_CHAIN:
            merged[head] = chain
    if merged:
        names = [name for chain in merged.values() for name in chain]
        work = sum(tiny[name].seconds for name in names)
        yield Candidate(
            f"{len(names)} tasks in {len(merged)} row{'s' if len(merged) > 1 else ''} work {work:.1f} s in all, and "
            f"each link costs {start_seconds(case.deployment):.1f} s ({named(names)})",
            tuple(names),
            ((_fused(case.workload, merged), case.deployment),),
        )


def _fused(workload: Workload, groups: dict[str, list[str]]) -> Workload:
    """The workload with one task for each group, in the place of its first task."""
    host = {name: head for head, names in groups.items() for name in names}
    known = {task.task_id: task for task in workload.tasks}
    tasks = []
    for task in workload.tasks:
        upstream = tuple(
            dict.fromkeys(
                host.get(name, name) for name in task.upstream if host.get(name) != host.get(task.task_id, "")
            )
        )
        if task.task_id in groups:
            seconds = sum(known[name].seconds * known[name].instances for name in groups[task.task_id])
            tasks.append(replace(task, seconds=seconds, instances=1, upstream=upstream))
        elif task.task_id not in host:
            tasks.append(replace(task, upstream=upstream))
    return changed(workload, tasks)


def _batches(case: Case) -> Iterable[Candidate]:
    """Tiny tasks with the same tasks before and behind them, mapped instances among them."""
    groups: dict[tuple[object, ...], list[SimulatedTask]] = defaultdict(list)
    for name, task in _tiny(case).items():
        groups[frozenset(task.upstream), frozenset(case.children[name]), task.pool].append(task)
    for tasks in groups.values():
        count = sum(task.instances for task in tasks)
        if count < _LEAST_BATCH:
            continue
        names = [task.task_id for task in tasks]
        ways = [_batched(case.workload, tasks, parts) for parts in (1, 2, 4) if count >= 2 * parts]
        work = sum(task.seconds * task.instances for task in tasks)
        yield Candidate(
            f"{count} instances side by side work {work:.1f} s in all, and each costs the start of a process "
            f"({named(names)})",
            tuple(names),
            tuple((way, case.deployment) for way in ways),
        )


def _batched(workload: Workload, tasks: Sequence[SimulatedTask], parts: int) -> Workload:
    """The workload with so many tasks instead of the given ones, which share their work evenly."""
    gone = {task.task_id for task in tasks}
    first = tasks[0].task_id
    seconds = sum(task.seconds * task.instances for task in tasks) / parts
    left = []
    for task in workload.tasks:
        upstream = tuple(dict.fromkeys(first if name in gone else name for name in task.upstream))
        if task.task_id == first:
            left.append(replace(task, seconds=seconds, instances=parts, upstream=upstream))
        elif task.task_id not in gone:
            left.append(replace(task, upstream=upstream))
    return changed(workload, left)


DETECTOR = Detector("many tiny tasks", _batches, "fuse-batch")
CHAINS = Detector("many short tasks in a chain", _chains, "fuse-chain")
