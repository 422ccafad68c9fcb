"""Sets priority weights so that long ways through the DAG start first, and waiting sensors last.

Airflow's default weight counts the tasks downstream and not their time. Weights help only where slots are short.
"""

from __future__ import annotations

from collections import defaultdict

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.settings import id_source, set_arguments, sites
from airflow_provider_wfintel.engine.optimization.rewrites.text import fresh_name, quoted
from airflow_provider_wfintel.engine.optimization.simulation import Workload, simulate, slots_of, with_weights

__all__ = ["REWRITE"]

_LARGEST = 1000
_LARGE = 150
"""Tasks: above this the ways are compared before they are written."""


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    if draft.dag.doubts or len(draft.dag.tasks) < 3:
        return []
    workload = draft.workload(around)
    if not _slots_are_short(workload, around):
        return []
    work = {task.task_id: task for task in workload.tasks}
    seconds = {name: task.seconds + (task.awaited_after if task.kind == "poke" else 0.0) for name, task in work.items()}
    rank = _upward_rank(draft, seconds)
    sensors_last = {task.task_id: 0.0 if task.role == "sensor" else rank[task.task_id] for task in draft.dag.tasks}
    after_sensor = _behind_sensors(draft, sensors_last)
    found = []
    ways = [
        (rank, "by the longest way to the end"),
        (sensors_last, "sensors last"),
        (after_sensor, "what sensors release first, sensors last"),
    ]
    if len(work) > _LARGE:
        ways = _best_way(workload, around, ways)
    for weights, how in ways:
        for each in (False, True):
            proposal = _proposal(draft, weights, how, each=each)
            if proposal is not None:
                found.append(proposal)
    return found


def _best_way(
    workload: Workload, around: Surroundings, ways: list[tuple[dict[str, float], str]]
) -> list[tuple[dict[str, float], str]]:
    """For large DAGs the way that is best in simulation, if any shortens the run: writing each into the file takes long."""
    present = simulate(workload, around.deployment, runs=2).makespan
    lengths = [simulate(with_weights(workload, way), around.deployment, runs=2).makespan for way, _ in ways]
    best = min(range(len(ways)), key=lengths.__getitem__)
    return [ways[best]] if lengths[best] < present else []


def _slots_are_short(workload: Workload, around: Surroundings) -> bool:
    """Whether there are more instances of tasks than a run or one of its pools has slots."""
    total = sum(task.instances for task in workload.tasks if task.kind != "empty")
    if total > slots_of(workload, around.deployment):
        return True
    by_pool: dict[str, int] = defaultdict(int)
    for task in workload.tasks:
        by_pool[task.pool] += task.instances * task.pool_slots
    sizes = dict(around.deployment.pools)
    return any(count > sizes.get(pool, count) for pool, count in by_pool.items())


def _upward_rank(draft: Draft, seconds: dict[str, float]) -> dict[str, float]:
    """For every task, the longest way from its start to the end of the DAG, in seconds (Topcuoglu et al. 2002)."""
    below: dict[str, list[str]] = defaultdict(list)
    for one, two in draft.dag.edges:
        below[one].append(two)
    rank: dict[str, float] = {}
    pending = [task.task_id for task in draft.dag.tasks]
    while pending:
        left = []
        for name in pending:
            if all(other in rank for other in below[name]):
                rank[name] = seconds.get(name, 1.0) + max((rank[other] for other in below[name]), default=0.0)
            else:
                left.append(name)
        if len(left) == len(pending):
            break
        pending = left
    return rank


def _behind_sensors(draft: Draft, weights: dict[str, float]) -> dict[str, float]:
    """What waits for a sensor comes before all else once it is ready."""
    below: dict[str, list[str]] = defaultdict(list)
    for one, two in draft.dag.edges:
        below[one].append(two)
    reached: set[str] = set()
    todo = [task.task_id for task in draft.dag.tasks if task.role == "sensor"]
    while todo:
        for other in below[todo.pop()]:
            if other not in reached:
                reached.add(other)
                todo.append(other)
    top = max(weights.values(), default=0.0) + 1.0
    return {name: weight + top if name in reached and weight else weight for name, weight in weights.items()}


def _proposal(draft: Draft, weights: dict[str, float], how: str, *, each: bool) -> Proposal | None:
    whole = _whole_numbers(weights)
    edits = Edits()
    table: dict[str, int] = {}
    name = fresh_name(draft.file.tree, "PRIORITY_WEIGHTS")
    for tasks in sites(draft):
        if tasks[0].role == "empty":
            continue
        values = {whole[task.task_id] for task in tasks if task.task_id in whole}
        if not values:
            return None
        source = id_source(draft, tasks[0])
        if each and len(values) > 1 and source is not None:
            table.update({task.task_id: whole[task.task_id] for task in tasks})
            weight = f"{name}[{source}]"
        else:
            weight = str(max(values))
        if not set_arguments(draft, tasks[0], {"priority_weight": weight, "weight_rule": quoted("absolute")}, edits):
            return None
    if each and not table:
        return None
    if table:
        entries = "".join(f"    {quoted(key)}: {value},\n" for key, value in table.items())
        block = draft.dag.build.block
        edits.add_before(_line_of(draft) if block is None else block.lineno, f"{name} = {{\n{entries}}}\n")
    return Proposal(
        "set-priorities",
        f"set priority weights: {how}",
        "there are fewer slots than ready tasks, and Airflow's default order does not know how long tasks take",
        "weights change no dependency, only which ready task gets the next slot",
        tuple(f"{task}: {weight}" for task, weight in sorted(whole.items(), key=lambda item: -item[1])[:5]),
        draft.with_source(apply_edits(draft.source, edits)),
        effort="low",
        risk="low",
        risk_note="absolute weights also count against other DAGs in the same pool",
        tasks=tuple(whole),
    )


def _line_of(draft: Draft) -> int:
    statement = draft.dag.build.site.statement
    return statement.lineno if statement is not None else draft.file.tree.body[0].lineno


def _whole_numbers(weights: dict[str, float]) -> dict[str, int]:
    """Weights as whole numbers from 1 to 1000 that keep the order."""
    top = max(weights.values(), default=1.0) or 1.0
    scale = 1.0 if 10 <= top <= _LARGEST else (_LARGEST / 10) / top
    return {name: max(1, round(weight * scale)) for name, weight in weights.items()}


REWRITE = Rewrite("set-priorities", frozenset({"performance", "hybrid"}), _propose, 0.04)
