"""Starts a DAG some minutes later where other DAGs hold the slots that it needs at its present time.

How many slots they hold at which time is counted in the history of the deployment; the DAG is simulated with what they
leave it, now and later. A later start is a promise to others, so a person confirms it as `schedule:CRON`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.edit import Edits, apply_edits
from airflow_provider_wfintel.engine.optimization.rewrites.schedules import Cron, cron_of, set_schedule, waited_for
from airflow_provider_wfintel.engine.optimization.rewrites.text import quoted
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, simulate
from airflow_provider_wfintel.engine.optimization.simulation.held import left_by, slots_held, windows_of

__all__ = ["OFFSETS", "REWRITE"]

OFFSETS = (5, 10, 15, 20, 30, 45, 60, 90)
"""Minutes by which a start is moved; the smallest that is nearly as good as the best is taken."""
_LEAST_RUNS = 3
_LEAST_SLOTS = 0.5
_LEAST_SAVED = 0.1
_NEARLY = 1.05


def _propose(draft: Draft, around: Surroundings) -> list[Proposal]:
    cron = cron_of(draft.dag)
    windows = windows_of(around.own)
    if cron is None or len(windows) < _LEAST_RUNS or not around.others.tries:
        return []
    if draft.dag_id in around.awaited or waited_for(draft):
        return []
    busy = sum(slots_held(windows, around.others)[1].values())
    if busy < _LEAST_SLOTS:
        return []
    now = _makespan(draft, around, windows, 0)
    ways = {offset: later for offset in OFFSETS if (later := cron.later(offset)) is not None}
    lengths = {offset: _makespan(draft, around, windows, offset) for offset in ways}
    if not lengths or min(lengths.values()) > now * (1 - _LEAST_SAVED):
        return []
    offset = next(item for item in OFFSETS if item in lengths and lengths[item] <= _NEARLY * min(lengths.values()))
    return _proposal(draft, around, cron, ways[offset], (now, lengths[offset], busy))


def _makespan(draft: Draft, around: Surroundings, windows: list[tuple[float, float]], minutes: int) -> float:
    """Seconds of a run with the slots that others leave it if it starts so much later."""
    moved = [(begin + 60 * minutes, end + 60 * minutes) for begin, end in windows]
    pools, dags = slots_held(moved, around.others)
    workload = draft.workload(around)
    wants: dict[str, int] = defaultdict(lambda: 1)
    for task in workload.tasks:
        wants[task.pool] = max(wants[task.pool], task.pool_slots)
    sizes = {**dict(around.deployment.pools), **draft.pools}
    deployment: Deployment = replace(around.deployment, pools=tuple(sizes.items()))
    return simulate(workload, left_by(deployment, wants, pools, sum(dags.values())), runs=15).makespan


def _proposal(
    draft: Draft, around: Surroundings, cron: Cron, later: Cron, found: tuple[float, float, float]
) -> list[Proposal]:
    now, then, busy = found
    edits = Edits()
    if not set_schedule(draft, quoted(later.text), edits):
        return []
    confirm = f"schedule:{later.text}"
    return [
        Proposal(
            "stagger-starts",
            f"start at '{later.text}' instead of '{cron.text}'",
            f"while it runs, other DAGs hold {busy:.1f} slots on average; a run would take {then:.0f} s instead of {now:.0f} s",
            "the same work at another time; no sensor of the files at hand waits for this DAG",
            (f"counted in {len(windows_of(around.own))} runs and {len(around.others.tries)} tries of other DAGs",),
            draft.with_source(apply_edits(draft.source, edits)),
            effort="low",
            risk="medium",
            risk_note="the data are there later, and a deadline may be nearer",
            suggestion=confirm not in around.confirmed,
            confirm=confirm,
            unseen=True,
        )
    ]


REWRITE = Rewrite("stagger-starts", frozenset({"performance", "reliability", "hybrid"}), _propose)
