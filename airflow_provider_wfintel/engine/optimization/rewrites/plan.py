"""Chooses rewrites: each is applied to a draft, checked, simulated, and kept if it pays; then the next one.

The order of the rewrites is fixed, ties are broken by it, and the simulator has a fixed seed: the same input gives the
same plan.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from airflow_provider_wfintel.engine.optimization.proof.kept import lost_orders
from airflow_provider_wfintel.engine.optimization.rewrites.draft import Draft, Proposal, Rewrite, Surroundings
from airflow_provider_wfintel.engine.optimization.rewrites.text import taken_names
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, SimulationResult, simulate

__all__ = ["Applied", "Plan", "broken", "choose", "deployment_of", "proposals_of", "simulated"]

_ROUNDS = 3
_CLEARLY = 0.9
_LEAST_SECONDS = 0.2
_RUNS = 25
_LEAST_RUNS = 3
_INSTANCES = 1500
"""Instances of tasks that are simulated for one estimate: large DAGs get fewer runs."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A rewrite that was kept, with the simulated makespan before and after it."""

    proposal: Proposal
    before: float
    outcome: SimulationResult

    @property
    def after(self) -> float:
        """The simulated makespan with it."""
        return self.outcome.makespan


@dataclass(frozen=True)
class Plan:
    """What was chosen.

    Attributes:
        original, final: the file before and after.
        applied: the rewrites, in their order.
        suggested: what a person would have to confirm.
        refused: proposals that did not pay or did not pass the checks, with the reason.
        before, after: simulated runs.
    """

    original: Draft
    final: Draft
    before: SimulationResult
    after: SimulationResult
    applied: tuple[Applied, ...] = ()
    suggested: tuple[Proposal, ...] = ()
    refused: tuple[tuple[str, str], ...] = field(default=())


def choose(draft: Draft, around: Surroundings, rewrites: Sequence[Rewrite]) -> Plan:
    """The plan for a DAG."""
    first = simulated(draft, around)
    current, result = draft, first
    applied: list[Applied] = []
    suggested: dict[str, Proposal] = {}
    refused: dict[str, str] = {}
    tried: dict[str, Draft] = {}
    for _ in range(_ROUNDS):
        changed = False
        for rewrite in rewrites:
            if around.strategy not in rewrite.strategies or tried.get(rewrite.name) is current:
                continue
            best = _best(rewrite, draft, current, result, around, suggested, refused)
            while best is not None:
                proposal, outcome = best
                applied.append(Applied(proposal, result.makespan, outcome))
                refused.pop(proposal.title, None)
                current, result, changed = proposal.draft, outcome, True
                best = _best(rewrite, draft, current, result, around, suggested, refused)
            # What was refused for this very draft is refused again.
            tried[rewrite.name] = current
        if not changed:
            break
    return Plan(draft, current, first, result, tuple(applied), tuple(suggested.values()), tuple(refused.items()))


def _best(
    rewrite: Rewrite,
    original: Draft,
    current: Draft,
    result: SimulationResult,
    around: Surroundings,
    suggested: dict[str, Proposal],
    refused: dict[str, str],
) -> tuple[Proposal, SimulationResult] | None:
    """The proposal of a rewrite that pays most, if one does."""
    found: tuple[Proposal, SimulationResult] | None = None
    proposals, failure = proposals_of(rewrite, current, around)
    if failure:
        refused[rewrite.name] = failure
    for proposal in proposals:
        if proposal.suggestion:
            suggested[proposal.title] = proposal
            continue
        if proposal.draft.source == current.source and proposal.draft.pools == current.pools:
            continue
        wrong = broken(original, proposal.draft)
        if wrong:
            refused[proposal.title] = wrong
            continue
        outcome = simulated(proposal.draft, around)
        if not _pays(rewrite, result, outcome) and not _pays_later(rewrite, proposal, result, around):
            refused[proposal.title] = (
                f"no gain: {result.makespan:.1f} s with and {outcome.makespan:.1f} s without it"
                if outcome.makespan < result.makespan
                else f"it would not pay: {outcome.makespan:.1f} s instead of {result.makespan:.1f} s"
            )
            continue
        # The first proposals are the simplest ones: a later one has to be clearly better.
        if found is None or _value(outcome, around) < _CLEARLY * _value(found[1], around):
            found = (proposal, outcome)
    return found


def proposals_of(rewrite: Rewrite, draft: Draft, around: Surroundings) -> tuple[list[Proposal], str]:
    """What a rewrite proposes; if it fails on a file, nothing and the reason. The other rewrites still count."""
    try:
        found = rewrite.propose(draft, around)
        for proposal in found:
            _ = proposal.draft.file
    except Exception as error:  # a file of a kind that a rewrite was not made for must not cost the others
        return [], f"it cannot be written for this file: {type(error).__name__}: {str(error).strip().splitlines()[0]}"
    return found, ""


def _value(result: SimulationResult, around: Surroundings) -> float:
    """What is made small: the makespan that most runs stay under, or the slot time for the cost strategy."""
    if around.strategy == "cost":
        return result.slot_seconds + 0.01 * result.makespan
    return result.makespan + result.p90


def _pays(rewrite: Rewrite, before: SimulationResult, after: SimulationResult) -> bool:
    gain = before.makespan + before.p90 - after.makespan - after.p90
    return gain > 2 * max(_LEAST_SECONDS, rewrite.least_share * before.makespan)


def _pays_later(rewrite: Rewrite, proposal: Proposal, result: SimulationResult, around: Surroundings) -> bool:
    """Whether a change pays once a setting follows it: tasks set free need weights, so that sensors do not fill the slots."""
    if not rewrite.followed_by:
        return False
    for follower in rewrite.followed_by():
        for second in proposals_of(follower, proposal.draft, around)[0]:
            if not second.suggestion and _pays(rewrite, result, simulated(second.draft, around)):
                return True
    return False


def simulated(draft: Draft, around: Surroundings) -> SimulationResult:
    """Simulated runs of a draft, with the pools that it asks for."""
    workload = draft.workload(around)
    instances = sum(task.instances for task in workload.tasks)
    runs = min(_RUNS, max(_LEAST_RUNS, _INSTANCES // max(1, instances)))
    return simulate(workload, deployment_of(draft, around), runs=runs)


def deployment_of(draft: Draft, around: Surroundings) -> Deployment:
    """The deployment with the pools of the draft."""
    pools = {**dict(around.deployment.pools), **draft.pools}
    return replace(around.deployment, pools=tuple(pools.items()))


def broken(original: Draft, draft: Draft) -> str:
    """Why a draft must not be used, or nothing: it parses, it is read without doubts, and no needed order is lost."""
    try:
        ast.parse(draft.source)
    except SyntaxError as error:
        return f"the file would not parse: {error}"
    unknown = undefined_names(draft.file.tree) - undefined_names(original.file.tree)
    if unknown:
        return f"the rewritten file would use the unknown name {min(unknown)}"
    if not any(dag.dag_id == draft.dag_id for dag in draft.file.dags):
        return "the DAG would be gone"
    dag = draft.dag
    new = [doubt for doubt in dag.doubts if doubt not in original.dag.doubts]
    if new:
        return f"the rewritten file is not fully read: {new[0]}"
    within: Mapping[str, list[str]] = {
        task.task_id: [part.task_id for part in draft.parts_of(task.task_id)] for task in dag.tasks
    }
    lost = lost_orders(original.dag, dag, draft.hosts(), within, draft.merged)
    if lost:
        return lost[0]
    return _limits(original, draft)


def undefined_names(tree: ast.Module) -> set[str]:
    """Names that are read and nowhere bound."""
    bound = taken_names(tree, loaded=False) | set(dir(builtins))
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound
    }


def _limits(original: Draft, draft: Draft) -> str:
    """Whether a limit of the DAG or of a task got lost."""
    for name in ("max_active_tasks", "max_active_runs", "max_consecutive_failed_dag_runs"):
        if original.dag.settings.get(name) != draft.dag.settings.get(name):
            return f"{name} would change"
    before = {task.task_id: task for task in original.dag.tasks}
    for task in draft.dag.tasks:
        for part in draft.parts_of(task.task_id):
            old = before.get(part.task_id)
            if old is not None and (old.pool, old.argument("pool_slots")) != (task.pool, task.argument("pool_slots")):
                return f"{task.task_id} would use another pool than {old.task_id}"
    return ""
