"""Drops orders that data prove needless: false edges, barriers, loop chains, notifications in the way, sensors in line.

Every pair of tasks that the DAG orders is looked at, not only direct dependencies; what has to stay is then said with
the fewest direct dependencies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from airflow_provider_wfintel.engine.optimization.proof.order import (
    EdgeProof,
    classify_edges,
    closure,
    is_passage,
    needed_order,
    reduce_order,
    topological_order,
)
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.relayout import Relayout, relayout
from airflow_provider_wfintel.engine.optimization.rewrites.tidy import tidy
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel

__all__ = ["REWRITE", "needed_edges"]

_SHOWN = 8


def needed_edges(dag: DagModel) -> frozenset[tuple[str, str]]:
    """The fewest direct dependencies that keep every order that has to stay."""
    edges = reduce_order(needed_order(dag), topological_order(dag))
    return frozenset((dag.tasks[first].task_id, dag.tasks[second].task_id) for first, second in edges)


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    dag = draft.dag
    if dag.doubts:
        return []
    wanted = needed_edges(dag)
    passages = _passages(dag, around, wanted)
    if wanted == dag.edges and not passages:
        return []
    proofs = classify_edges(dag)
    false = [proof for proof in proofs if proof.verdict == "proven false"]
    if not false or not _sets_free(dag, wanted):
        return []
    # Where the tasks that only stand between others cannot be taken out of the code that makes them, they stay.
    ways = [_written(draft, dag, wanted, proofs, gone) for gone in dict.fromkeys((passages, frozenset[str]()))]
    return [way for way in ways if way is not None]


def _written(
    draft: Draft,
    dag: DagModel,
    wanted: frozenset[tuple[str, str]],
    proofs: Sequence[EdgeProof],
    passages: frozenset[str],
) -> Proposal | None:
    """The proposal for an order, without the tasks that only stand between others."""
    source = relayout(Relayout(draft.file, dag, wanted, passages))
    if source is None:
        return None
    false = [proof for proof in proofs if proof.verdict == "proven false"]
    changed = draft.with_source(tidy(draft.source, source))
    return Proposal(
        "drop-needless-orders",
        _title(false, passages),
        "tasks wait for tasks whose results they never touch",
        f"{len(false)} of {len(proofs)} direct dependencies join tasks that share no data; every order between tasks "
        "that share data, or of which something is not understood, stays",
        tuple(f"{proof.upstream} -> {proof.downstream}: {proof.evidence}" for proof in _picked(false)),
        changed,
        effort="low",
        risk="low",
        risk_note="a task that shares no data with a failed one now runs all the same",
        tasks=tuple(dict.fromkeys(name for proof in false for name in (proof.upstream, proof.downstream))),
    )


def _sets_free(dag: DagModel, wanted: frozenset[tuple[str, str]]) -> bool:
    """Whether any task that does something would wait for fewer tasks that do something; else the layout is sound."""
    working = sum(1 << task.position for task in dag.tasks if not is_passage(task))
    edges = [[(dag.index[one], dag.index[two]) for one, two in some] for some in (dag.edges, wanted)]
    before, after = (closure(len(dag.tasks), some) for some in edges)
    return any(
        before[task.position] & working != after[task.position] & working for task in dag.tasks if not is_passage(task)
    )


def _passages(dag: DagModel, around: Surroundings, wanted: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Empty tasks that no order needs any more and that no other file names."""
    used = {name for edge in wanted for name in edge}
    return frozenset(
        task.task_id
        for task in dag.tasks
        if is_passage(task) and task.task_id not in used and task.task_id not in around.referred
    )


def _picked(proofs: list[EdgeProof]) -> list[EdgeProof]:
    """Some proofs: those between tasks that do something first."""
    return sorted(proofs, key=lambda proof: "does nothing" in proof.evidence)[:_SHOWN]


def _title(false: list[EdgeProof], passages: frozenset[str]) -> str:
    title = f"drop {len(false)} needless order{'s' if len(false) > 1 else ''}"
    if passages:
        title += f" and {len(passages)} task{'s' if len(passages) > 1 else ''} that only stand between others"
    return title


def _followers() -> tuple[Rewrite, ...]:
    from airflow_provider_wfintel.engine.optimization.rewrites import priorities, sensors

    return (priorities.REWRITE, sensors.FREE_SLOTS)


REWRITE = Rewrite(
    "drop-needless-orders",
    frozenset({"performance", "cost", "hybrid", "reliability"}),
    _propose,
    followed_by=_followers,
)
