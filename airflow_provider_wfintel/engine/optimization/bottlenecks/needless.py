"""Dependencies that data prove needless, by the kind of layout that put them there. Several detectors share this."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case
from airflow_provider_wfintel.engine.optimization.bottlenecks.shapes import named, with_edges
from airflow_provider_wfintel.engine.optimization.proof.order import EdgeProof, is_passage
from airflow_provider_wfintel.engine.optimization.rewrites.orders import needed_edges
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, TaskModel

__all__ = ["REWRITE", "candidates_of", "kind_of"]

REWRITE = "drop-needless-orders"
_NOTICE = re.compile(
    r"(?:^|_)(notify|notification|mail|email|slack|alert|announce|message|teams|sms|ping|inform)(?:_|$)"
)


def kind_of(one: TaskModel, two: TaskModel) -> str:
    """What put a needless order there: `barrier`, `sensors`, `notification`, `loop`, or `other`."""
    if is_passage(one) or is_passage(two):
        return "barrier"
    if one.role == two.role == "sensor":
        return "sensors"
    if _NOTICE.search(one.task_id.lower()):
        return "notification"
    return "loop" if one.build.site.items and two.build.site.items else "other"


def candidates_of(case: Case, kind: str, say: Callable[[list[EdgeProof]], str]) -> Iterable[Candidate]:
    """The needless orders of one kind together; what has to stay stays, and so do needless ones of other kinds."""
    dag = case.dag
    if dag is None:
        return
    false = _of_kind(case, dag, kind)
    if not false:
        return
    gone = {(proof.upstream, proof.downstream) for proof in false}
    kept = (dag.edges - gone) | needed_edges(dag)
    tasks = tuple(dict.fromkeys(name for edge in sorted(gone) for name in edge))
    pairs = named([f"{proof.upstream} -> {proof.downstream}" for proof in false])
    yield Candidate(f"{say(false)} ({pairs})", tasks, ((with_edges(case.workload, kept), case.deployment),))


def _of_kind(case: Case, dag: DagModel, kind: str) -> list[EdgeProof]:
    return [
        proof
        for proof in case.proofs
        if proof.verdict == "proven false" and kind_of(dag.task(proof.upstream), dag.task(proof.downstream)) == kind
    ]
