"""What makes a DAG slow, ranked by what removing each would save, as far as a rewrite answers to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from airflow_provider_wfintel.engine.optimization.proof.order import classify_edges, is_passage
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.plan import Plan, broken, proposals_of, simulated
from airflow_provider_wfintel.engine.optimization.simulation import SimulationResult

__all__ = ["Bottleneck", "critical_path", "find_bottlenecks"]

_NOTICE = re.compile(
    r"(?:^|_)(notify|notification|mail|email|slack|alert|announce|message|teams|sms|ping|inform)(?:_|$)"
)
_KINDS = {
    "split-loop": "giant task over partitions",
    "fuse-chain": "many short tasks in a chain",
    "fuse-batch": "many tiny tasks",
    "group-mapped": "many tiny tasks",
    "look-more-often": "sensor looks rarely",
    "free-sensor-slots": "sensors hold slots",
    "set-priorities": "long way starts late",
    "resize-pool": "pool too small",
    "grow-retry-pauses": "long fixed retry delay",
    "drop-repeated-work": "repeated identical extract",
    "drop-couriers": "task that only carries a value",
    "defer-top-level-code": "work in top-level code",
}


_LARGE = 300


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One thing that costs time. `saves` is the simulated effect of removing it alone, in seconds of makespan."""

    kind: str
    explanation: str
    saves: float
    tasks: tuple[str, ...]
    rewrite: str = ""


def find_bottlenecks(
    draft: Draft, around: Surroundings, rewrites: Sequence[Rewrite], plan: Plan
) -> tuple[Bottleneck, ...]:
    """The bottlenecks of a DAG as it is, the costliest first.

    For large DAGs they are those that the plan answers to, with what the plan's steps save one after the other.
    """
    base = plan.before
    found: list[Bottleneck] = []
    if len(draft.dag.tasks) > _LARGE:
        steps = [(step.before - step.after, step.proposal) for step in plan.applied]
        return tuple(
            Bottleneck(_KINDS.get(item.rewrite, "needless orders"), item.reason, saves, item.tasks, item.rewrite)
            for saves, item in sorted(steps, key=lambda step: -step[0])
        )
    for rewrite in rewrites:
        best: tuple[float, Proposal] | None = None
        for proposal in proposals_of(rewrite, draft, around)[0]:
            if not proposal.suggestion and broken(draft, proposal.draft):
                continue
            saves = base.makespan - simulated(proposal.draft, around).makespan
            if best is None or saves > best[0]:
                best = (saves, proposal)
        if best is None or best[0] <= 0:
            continue
        kinds = _kinds_of_orders(draft) if rewrite.name == "drop-needless-orders" else (_KINDS[rewrite.name],)
        found.append(Bottleneck(", ".join(kinds), best[1].reason, best[0], best[1].tasks, rewrite.name))
    return tuple(sorted(found, key=lambda item: -item.saves))


def _kinds_of_orders(draft: Draft) -> tuple[str, ...]:
    """What the needless orders of a DAG are."""
    kinds: dict[str, None] = {}
    for proof in classify_edges(draft.dag):
        if proof.verdict != "proven false":
            continue
        one, two = draft.dag.task(proof.upstream), draft.dag.task(proof.downstream)
        if is_passage(one) or is_passage(two):
            kinds["barrier between stages"] = None
        elif one.role == two.role == "sensor":
            kinds["sensors in line"] = None
        elif _NOTICE.search(one.task_id.lower()):
            kinds["notification in the way"] = None
        elif one.build.site.items and two.build.site.items:
            kinds["chain made by a loop"] = None
        else:
            kinds["order without shared data"] = None
    return tuple(kinds)


def critical_path(draft: Draft, base: SimulationResult) -> tuple[str, ...]:
    """The tasks that the median simulated run waited for, from its first to its last."""
    times = {item.task_id: item for item in base.times}
    if not times:
        return ()
    above: dict[str, list[str]] = {}
    for one, two in draft.dag.edges:
        above.setdefault(two, []).append(one)
    name = max(times.values(), key=lambda item: item.end).task_id
    path = [name]
    while above.get(name):
        name = max(above[name], key=lambda item: times[item].end if item in times else 0.0)
        path.append(name)
    return tuple(reversed(path))
