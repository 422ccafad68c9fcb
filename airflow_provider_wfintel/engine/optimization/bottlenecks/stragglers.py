"""A straggler that starts late: a long way through the DAG waits for slots that shorter ones hold."""

from __future__ import annotations

from collections.abc import Iterable

from airflow_provider_wfintel.engine.optimization.bottlenecks.case import Candidate, Case, Detector
from airflow_provider_wfintel.engine.optimization.bottlenecks.paths import critical_path
from airflow_provider_wfintel.engine.optimization.bottlenecks.tiny_tasks import start_seconds
from airflow_provider_wfintel.engine.optimization.simulation import graph_of, with_weights

__all__ = ["DETECTOR"]

_LEAST_SHARE = 0.02


def _find(case: Case) -> Iterable[Candidate]:
    """Tasks of the critical path that were ready and got no slot; without: weights by the longest way to the end."""
    usual = 2 * start_seconds(case.deployment) + _LEAST_SHARE * case.before.makespan
    path = set(critical_path(case.workload, case.before))
    late = {
        item.task_id: item.start - item.ready
        for item in case.before.times
        if item.task_id in path and item.start - item.ready > usual
    }
    if not late:
        return
    graph = graph_of(case.workload)
    ranks = {name: tail + seconds for name, tail, seconds in zip(graph.ids, graph.tails, graph.seconds, strict=True)}
    last = {task.task_id: 0.0 if task.kind == "poke" else ranks[task.task_id] for task in case.workload.tasks}
    worst = max(late, key=lambda name: late[name])
    yield Candidate(
        f"{worst} is on the critical path and waits {late[worst]:.1f} s for a slot that shorter ways hold",
        tuple(late),
        tuple((with_weights(case.workload, weights), case.deployment) for weights in (ranks, last)),
    )


DETECTOR = Detector("straggler starts last", _find, "set-priorities")
