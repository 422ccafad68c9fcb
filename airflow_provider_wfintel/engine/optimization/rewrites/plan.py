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
from airflow_provider_wfintel.engine.optimization.rewrites.draft import (
    Draft,
    Proposal,
    Rewrite,
    Strategy,
    Surroundings,
)
from airflow_provider_wfintel.engine.optimization.rewrites.judge import Judge, runs_for
from airflow_provider_wfintel.engine.optimization.rewrites.stated import broken_by
from airflow_provider_wfintel.engine.optimization.rewrites.text import taken_names
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, SimulationResult, simulate

__all__ = ["Applied", "Plan", "Search", "broken", "choose", "deployment_of", "proposals_of", "simulated"]

_ROUNDS = 3
_LEAST_RUNS, _LEAST_ODDS_RUNS = 3, 15
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
    """The plan for a DAG, by the strategy and within the limits of its surroundings."""
    search = Search(draft, around, rewrites)
    return search.plan(around.strategy)


@dataclass(slots=True)
class _Found:
    """What a search has come to so far."""

    applied: list[Applied] = field(default_factory=list)
    suggested: dict[str, Proposal] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


class Search:
    """Looks for rewrites that pay. Several strategies may be asked: what was proposed and simulated once is kept."""

    def __init__(self, draft: Draft, around: Surroundings, rewrites: Sequence[Rewrite]) -> None:
        self.draft, self.around, self.rewrites = draft, around, rewrites
        self.runs = runs_for(around.strategy)
        self._proposals: dict[tuple[object, ...], tuple[list[Proposal], str]] = {}
        self._broken: dict[tuple[object, ...], str] = {}
        self._results: dict[tuple[object, ...], SimulationResult] = {}
        self.first = self.simulated(draft)

    def plan(self, strategy: Strategy) -> Plan:
        """Add what pays by a strategy, one rewrite after the other, until nothing more does."""
        judge = Judge(strategy, self.around.goal, self.first)
        current, result, found = self.draft, self.first, _Found()
        tried: dict[str, Draft] = {}
        for _ in range(_ROUNDS):
            changed = False
            for rewrite in self.rewrites:
                if strategy not in rewrite.strategies or tried.get(rewrite.name) is current:
                    continue
                while (best := self._best(rewrite, judge, current, result, found)) is not None:
                    proposal, outcome = best
                    found.applied.append(Applied(proposal, result.makespan, outcome))
                    found.refused.pop(proposal.title, None)
                    current, result, changed = proposal.draft, outcome, True
                # What was refused for this very draft is refused again.
                tried[rewrite.name] = current
            if not changed:
                break
        return Plan(
            self.draft, current, self.first, result,
            tuple(found.applied), tuple(found.suggested.values()), tuple(found.refused.items()),
        )  # fmt: skip

    def simulated(self, draft: Draft) -> SimulationResult:
        """Simulated runs of a draft; a draft that was simulated before is not simulated again."""
        key = _key(draft)
        if key not in self._results:
            self._results[key] = simulated(draft, self.around, self.runs)
        return self._results[key]

    def _proposed(self, rewrite: Rewrite, draft: Draft) -> tuple[list[Proposal], str]:
        key = (rewrite.name, *_key(draft))
        if key not in self._proposals:
            self._proposals[key] = proposals_of(rewrite, draft, self.around)
        return self._proposals[key]

    def _wrong(self, draft: Draft) -> str:
        key = _key(draft)
        if key not in self._broken:
            self._broken[key] = broken(self.draft, draft) or broken_by(self.around.limits, self.draft, draft)
        return self._broken[key]

    def _best(
        self, rewrite: Rewrite, judge: Judge, current: Draft, result: SimulationResult, found: _Found
    ) -> tuple[Proposal, SimulationResult] | None:
        """The proposal of a rewrite that pays most, if one does."""
        best: tuple[Proposal, SimulationResult] | None = None
        proposals, failure = self._proposed(rewrite, current)
        if failure:
            found.refused[rewrite.name] = failure
        done = {item.proposal.title for item in found.applied if item.proposal.unseen}
        unwanted = self.around.limits.skip
        for proposal in proposals:
            if proposal.suggestion:
                found.suggested[proposal.title] = proposal
                continue
            if proposal.title in done or proposal.title in unwanted:
                continue
            if proposal.draft.source == current.source and proposal.draft.pools == current.pools:
                continue
            wrong = self._wrong(proposal.draft)
            if wrong:
                found.refused[proposal.title] = wrong
                continue
            outcome = self.simulated(proposal.draft)
            if not self._taken(rewrite, proposal, judge, result, outcome):
                found.refused[proposal.title] = _refusal(judge.strategy, result, outcome)
            # The first proposals are the simplest ones: a later one has to be clearly better.
            elif best is None or judge.clearly_better(outcome, best[1]):
                best = (proposal, outcome)
        return best

    def _taken(
        self, rewrite: Rewrite, proposal: Proposal, judge: Judge, before: SimulationResult, after: SimulationResult
    ) -> bool:
        if proposal.unseen:
            return not judge.harms(before, after)
        return judge.pays(before, after, rewrite.least_share) or self._pays_later(rewrite, proposal, judge, before)

    def _pays_later(self, rewrite: Rewrite, proposal: Proposal, judge: Judge, before: SimulationResult) -> bool:
        """Whether a change pays once a setting follows it: tasks set free need weights, so that sensors do not fill the slots."""
        if not rewrite.followed_by:
            return False
        for follower in rewrite.followed_by():
            for second in self._proposed(follower, proposal.draft)[0]:
                if second.suggestion or second.title in self.around.limits.skip:
                    continue
                if judge.pays(before, self.simulated(second.draft), rewrite.least_share):
                    return True
        return False


def _key(draft: Draft) -> tuple[object, ...]:
    """What two drafts share that are the same."""
    return (
        draft.source, tuple(sorted(draft.pools.items())), tuple(sorted(draft.merged.items())),
        tuple(sorted(draft.parts.items(), key=lambda item: item[0])),
    )  # fmt: skip


def _refusal(strategy: Strategy, before: SimulationResult, after: SimulationResult) -> str:
    if strategy != "performance":
        return (
            f"it would not pay: p90 {before.p90:.1f} -> {after.p90:.1f} s, slot seconds {before.slot_seconds:.0f} -> "
            f"{after.slot_seconds:.0f}, runs that succeed {before.success:.0%} -> {after.success:.0%}"
        )
    if after.makespan < before.makespan:
        return f"no gain: {before.makespan:.1f} s with and {after.makespan:.1f} s without it"
    return f"it would not pay: {after.makespan:.1f} s instead of {before.makespan:.1f} s"


def proposals_of(rewrite: Rewrite, draft: Draft, around: Surroundings) -> tuple[list[Proposal], str]:
    """What a rewrite proposes; if it fails on a file, nothing and the reason. The other rewrites still count."""
    try:
        found = rewrite.propose(draft, around)
        for proposal in found:
            _ = proposal.draft.file
    except Exception as error:  # a file of a kind that a rewrite was not made for must not cost the others
        return [], f"it cannot be written for this file: {type(error).__name__}: {str(error).strip().splitlines()[0]}"
    return found, ""


def simulated(draft: Draft, around: Surroundings, most: int) -> SimulationResult:
    """Simulated runs of a draft, with the pools that it asks for; at most `most` of them, fewer for large DAGs."""
    workload = draft.workload(around)
    instances = sum(task.instances for task in workload.tasks)
    least = _LEAST_RUNS if around.strategy in ("performance", "cost") else _LEAST_ODDS_RUNS
    runs = min(most, max(least, _INSTANCES // max(1, instances)))
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
