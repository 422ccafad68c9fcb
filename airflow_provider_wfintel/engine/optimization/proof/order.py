"""Which orders are needed: for every pair of tasks that the DAG orders, whether data prove it, disprove it, or neither.

Sets of tasks are integers used as bit sets (bit = position of the task), so that a DAG of thousands of tasks takes
well under a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.optimization.proof.bits import bits
from airflow_provider_wfintel.engine.optimization.proof.conflicts import conflict_masks
from airflow_provider_wfintel.engine.optimization.understanding.aliases import is_log
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel

__all__ = [
    "EdgeProof",
    "Order",
    "Verdict",
    "bits",
    "classify_edges",
    "closure",
    "needed_order",
    "reduce_order",
    "topological_order",
]

Verdict: TypeAlias = Literal["proven real", "proven false", "unknown"]
_CHECK_WORDS = re.compile(
    r"(?:^|_)(check|validate|verify|assert|ensure|test|quality|dq|audit|approve|gate|guard|lock|unlock|acquire|release)(?:_|$)"
)
_PAUSE_WORDS = re.compile(
    r"(?:^|_)(wait|sleep|delay|pause|cooldown|throttle|settle|drain|barrier|sync|warmup|maintenance)(?:_|$)"
)

_FLAG_FILE = re.compile(
    r"(?:^|[._-])(?:success|done|ready|ok|flag|lock|locked|trigger|complete|completed|finished|marker|sentinel|manifest|"
    r"maintenance|in_progress|running|semaphore|signal|go|watermark|checkpoint|latest|current)(?:[._-]|$)"
)
_FLAG_TABLE = re.compile(
    r"(?:^|[._])(?:status|state|control|batch|batches|watermark|watermarks|checkpoint|checkpoints|lock|locks|flag|flags|marker|"
    r"semaphore|signal|signals|published|metadata|registry|heartbeat|audit|ready|done)(?:_|$)"
)
_MESSAGE = re.compile(
    r"^(?:send_|post_)?(?:notify|notification|mail|email|slack|alert|announce|message|teams|sms|ping|inform|tell)(?:_|$)"
)
_WARNING = re.compile(
    r"(?:^|_)(?:starts?|begins?|before|warn|warnings?|upcoming|will|down|maintenance|stop|prepare|ready)(?:_|$)"
)


@dataclass(frozen=True, slots=True)
class EdgeProof:
    """What is known about one direct dependency."""

    upstream: str
    downstream: str
    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class Order:
    """The orders of a DAG that have to stay.

    Attributes:
        needed: by task position, the tasks that have to be over before it.
        direct: by task position, the tasks that it has to name as direct upstream tasks (trigger rules, branches).
        through: tasks whose success says that what lies before them succeeded too (trigger rule `all_success`).
    """

    needed: tuple[int, ...]
    direct: tuple[int, ...]
    through: int


def closure(count: int, edges: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """For every position, all positions that come before it.

    Raises:
        CycleError: the edges form a cycle.
    """
    before: list[set[int]] = [set() for _ in range(count)]
    for first, second in edges:
        before[second].add(first)
    found = [0] * count
    for node in TopologicalSorter({node: before[node] for node in range(count)}).static_order():
        mask = 0
        for first in before[node]:
            mask |= found[first] | (1 << first)
        found[node] = mask
    return tuple(found)


def needed_order(dag: DagModel) -> Order:
    """The orders that have to stay, from what the tasks read and write.

    A pair stays if one writes what the other touches, if one of them is not fully understood or touches no named
    data, or if the earlier one may refuse to go on because of the data. What a person has confirmed to be
    needless goes, unless data prove it real.
    """
    count = len(dag.tasks)
    index = dag.index
    edges = [(index[first], index[second]) for first, second in dag.edges]
    before = closure(count, edges)
    conflicts = conflict_masks(dag)
    plain = sum(1 << task.position for task in dag.tasks if is_plain(task, dag))
    makers = sum(1 << task.position for task in dag.tasks if _makes_something(task) or _hands_on(task, dag))
    empty = sum(1 << task.position for task in dag.tasks if is_passage(task))
    told = sum(1 << task.position for task in dag.tasks if _tells(task, before[task.position]))
    kept = _kept_masks(dag)
    direct = _direct_masks(dag, before)
    confirmed = _confirmed_masks(dag)
    needed = []
    for task in dag.tasks:
        ancestors = before[task.position]
        if is_passage(task):
            needed.append(kept[task.position])
            continue
        bound = ancestors & ~empty
        if plain >> task.position & 1:
            bound &= ~((plain & makers) | told)
        bound &= ~confirmed[task.position]
        if _signals(task):
            bound = ancestors & ~empty
        needed.append((bound | (ancestors & conflicts[task.position]) | kept[task.position]) & ancestors)
    through = sum(1 << task.position for task in dag.tasks if task.trigger_rule == "all_success")
    return Order(tuple(needed), direct, through)


def _confirmed_masks(dag: DagModel) -> list[int]:
    """For each task, those before it whose order a person has confirmed to be needless."""
    masks = [0] * len(dag.tasks)
    for one, two in dag.needless:
        if one in dag.index and two in dag.index:
            masks[dag.index[two]] |= 1 << dag.index[one]
    return masks


def is_passage(task: TaskModel) -> bool:
    """Whether the task does nothing but stand between others."""
    return task.role == "empty" and task.known and task.trigger_rule == "all_success" and len(task.data) == 0


def is_plain(task: TaskModel, dag: DagModel) -> bool:
    """Whether orders around the task can be proven needless: it is understood, touches named data, and is no check."""
    if (
        not task.known
        or task.gates
        or _judges(task, dag)
        or _flags(task, dag)
        or not (named_data(task) or _hands_on(task, dag))
    ):
        return False
    return task.role == "work" or (task.role == "sensor" and _sensor_has_reader(task, dag))


def _hands_on(task: TaskModel, dag: DagModel) -> bool:
    """Whether all that the task does is to make a value for another task, of other tasks' values or of none."""
    own = f"xcom:{task.task_id}"
    of_others = any(item.startswith("xcom:") and item != own for item in task.reads)
    if not of_others and (not task.known or task.data or task.record.sleeps or task.returns is None):
        return False
    return any(own in other.reads for other in dag.tasks if other is not task)


def _makes_something(task: TaskModel) -> bool:
    """Whether the task is there for what it makes or waits for. One that only reads may be a wait or a check."""
    return task.role == "sensor" or any(not item.startswith("xcom:") for item in task.writes)


def _tells(task: TaskModel, before: int) -> bool:
    """Whether the task does nothing but tell, by its name and by a line in a log, what came before it."""
    name = task.task_id.rpartition(".")[2].lower()
    if not before or not _MESSAGE.search(name) or _WARNING.search(name) or not task.known or task.gates:
        return False
    own = f"xcom:{task.task_id}"
    return (
        bool(task.appends)
        and task.role == "work"
        and task.data <= task.appends | {own}
        and all(map(is_log, task.appends))
    )


def _signals(task: TaskModel) -> bool:
    """Whether the task tells by an asset of another name than its own data that something is ready."""
    assets = {item.removeprefix("asset:") for item in task.writes if item.startswith("asset:")}
    own = {re.split(r"[/.:]", item.rpartition(".")[0] or item)[-1] for item in task.writes if item.startswith("file:")}
    own |= {item.rpartition(".")[2].removeprefix("table:") for item in task.writes if item.startswith("table:")}
    return any(not any(name and name in asset.lower() for name in own) for asset in assets)


def named_data(task: TaskModel) -> frozenset[str]:
    """Files, tables and assets that the task reads or makes; lines added to a log and handed-on values do not count."""
    return frozenset(item for item in task.reads | task.writes if not item.startswith("xcom:"))


def _judges(task: TaskModel, dag: DagModel) -> bool:
    """Whether the task is a check or a pause by its name and nobody reads what it writes."""
    name = task.task_id.rpartition(".")[2].lower()
    if not _CHECK_WORDS.search(name) and not (task.role == "work" and _PAUSE_WORDS.search(name)):
        return False
    made = {item for item in task.writes if not item.startswith("xcom:")}
    return not any(made & other.reads for other in dag.tasks if other is not task)


def _flags(task: TaskModel, dag: DagModel) -> bool:
    """Whether the task makes or takes away a sign for others: a flag, a marker, a row in a table of states.

    A file that tasks of the DAG read as their input is data all the same.
    """
    for item in task.writes:
        name = short(item).rpartition("/")[2].rpartition(":")[2].lower()
        found = (_FLAG_FILE if item.startswith("file:") else _FLAG_TABLE).search(name)
        if (
            found
            and not item.startswith("xcom:")
            and not any(item in one.reads for one in dag.tasks if one is not task)
        ):
            return True
    return False


def _sensor_has_reader(task: TaskModel, dag: DagModel) -> bool:
    touched = named_data(task)
    return any(touched & other.reads for other in dag.tasks if other is not task and other.role == "work")


def _kept_masks(dag: DagModel) -> list[int]:
    """Upstream tasks that a comment or a person tells to keep, or that are named where no code can be changed."""
    masks = [0] * len(dag.tasks)
    for link in dag.links:
        statement = link.site.statement
        if link.how == "xcom" or (statement is not None and statement.lineno in dag.keep):
            masks[dag.index[link.downstream.task_id]] |= 1 << dag.index[link.upstream.task_id]
    for one, two in dag.ordered:
        if one in dag.index and two in dag.index:
            masks[dag.index[two]] |= 1 << dag.index[one]
    for first, second in dag.edges:
        if dag.task(first).argument("wait_for_downstream"):
            # The next run waits for the direct downstream tasks of this one.
            masks[dag.index[second]] |= 1 << dag.index[first]
    return masks


def _direct_masks(dag: DagModel, before: tuple[int, ...]) -> tuple[int, ...]:
    """Upstream tasks that must stay direct: of tasks with a rule of their own, and everything behind a branch."""
    upstream = [0] * len(dag.tasks)
    for first, second in dag.edges:
        upstream[dag.index[second]] |= 1 << dag.index[first]
    control = sum(1 << task.position for task in dag.tasks if task.role == "control")
    found = []
    for task in dag.tasks:
        frozen = task.trigger_rule != "all_success" or task.role == "control" or bool(before[task.position] & control)
        found.append(upstream[task.position] if frozen else 0)
    return tuple(found)


def reduce_order(order: Order, topological: list[int]) -> frozenset[tuple[int, int]]:
    """The fewest direct dependencies that give the order (transitive reduction; Aho, Garey, Ullman 1972).

    What lies before a task with another trigger rule than `all_success` is not vouched for by that task.
    """
    place = {node: number for number, node in enumerate(topological)}
    covered: dict[int, int] = {}
    edges: set[tuple[int, int]] = set()
    for node in topological:
        have = 0
        for first in bits(order.direct[node]):
            edges.add((first, node))
            have |= 1 << first
            if order.through >> first & 1:
                have |= covered[first]
        wanted = order.needed[node] & ~have
        for first in sorted(bits(wanted), key=lambda item: -place[item]):
            if have >> first & 1:
                continue
            edges.add((first, node))
            have |= 1 << first
            if order.through >> first & 1:
                have |= covered[first]
        covered[node] = have
    return frozenset(edges)


def topological_order(dag: DagModel) -> list[int]:
    """Positions, each after those before it; ties in the order of the file.

    Raises:
        CycleError: the DAG has a cycle.
    """
    index = dag.index
    before = closure(len(dag.tasks), [(index[a], index[b]) for a, b in dag.edges])
    return sorted(range(len(dag.tasks)), key=lambda node: (before[node].bit_count(), node))


def classify_edges(dag: DagModel) -> tuple[EdgeProof, ...]:
    """What is known about every direct dependency of a DAG."""
    order = needed_order(dag)
    conflicts = conflict_masks(dag)
    found = []
    for first, second in sorted(dag.edges):
        one, two = dag.task(first), dag.task(second)
        found.append(_classify(one, two, order, conflicts, dag))
    return tuple(found)


def _classify(one: TaskModel, two: TaskModel, order: Order, conflicts: list[int], dag: DagModel) -> EdgeProof:
    bit = 1 << one.position
    if conflicts[two.position] & bit:
        return EdgeProof(one.task_id, two.task_id, "proven real", shared_data(one, two))
    if order.direct[two.position] & bit:
        return EdgeProof(one.task_id, two.task_id, "unknown", "a trigger rule or a branch depends on it")
    if (one.task_id, two.task_id) in dag.ordered:
        return EdgeProof(one.task_id, two.task_id, "unknown", "a person has said that it must stay")
    if is_passage(one) or is_passage(two):
        name = one.task_id if is_passage(one) else two.task_id
        return EdgeProof(one.task_id, two.task_id, "proven false", f"{name} does nothing; what lies behind it counts")
    if (one.task_id, two.task_id) in dag.needless:
        return EdgeProof(one.task_id, two.task_id, "proven false", "a person has confirmed that it is needless")
    if not order.needed[two.position] & bit:
        return EdgeProof(
            one.task_id, two.task_id, "proven false", f"{_touches(one)}; {_touches(two)}; nothing in common"
        )
    return EdgeProof(one.task_id, two.task_id, "unknown", _why_unknown(one, two, dag))


def shared_data(one: TaskModel, two: TaskModel) -> str:
    """What makes the order of two tasks matter, in words."""
    for verb, mine, theirs in (
        ("reads", two.reads, one.writes | one.appends | one.claims),
        ("writes", two.writes | two.appends, one.writes | one.appends),
        ("overwrites", two.writes | two.appends, one.reads),
    ):
        common = sorted(mine & theirs)
        if common:
            other = "what it reads" if verb == "overwrites" else "which it writes"
            return f"{two.task_id} {verb} {short(common[0])}, {one.task_id}: {other}"
    awaited = sorted(one.reads & two.reads) if one.role == "sensor" else []
    if awaited:
        return f"{one.task_id} waits for {short(awaited[0])}, which {two.task_id} reads"
    return "they touch data that may be the same"


def short(resource: str) -> str:
    """A resource for a person: of a path with holes, the part that is known."""
    return resource.rpartition("⟩")[2].lstrip("/") or resource


def _touches(task: TaskModel) -> str:
    names = sorted({short(item) for item in (task.reads | task.writes) if not item.startswith("xcom:")})
    return f"{task.task_id} touches {', '.join(names[:4]) or 'its output only'}{' …' if len(names) > 4 else ''}"


def _why_unknown(one: TaskModel, two: TaskModel, dag: DagModel) -> str:
    for task in (one, two):
        if not task.known:
            return f"{task.task_id} is not fully understood: {task.unknown_because[0]}"
        if not task.data:
            return f"{task.task_id} touches no named data, so its order may mean something else"
    if one.gates or _judges(one, dag):
        return f"{one.task_id} may be a check that stops what follows"
    return "a comment tells to keep it, or the link cannot be changed"
