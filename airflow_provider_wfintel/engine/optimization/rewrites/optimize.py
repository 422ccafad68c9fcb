"""From a DAG file and its history to a plan and a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_wfintel.engine.model import RunHistory
from airflow_provider_wfintel.engine.optimization.advice import Advice, advise
from airflow_provider_wfintel.engine.optimization.bottlenecks import (
    Bottleneck,
    Case,
    critical_path,
    find_bottlenecks,
    schedule_of,
    slack_of,
)
from airflow_provider_wfintel.engine.optimization.proof.order import EdgeProof, classify_edges
from airflow_provider_wfintel.engine.optimization.rewrites.draft import (
    Draft,
    PoolSize,
    Strategy,
    Surroundings,
    seconds_in,
)
from airflow_provider_wfintel.engine.optimization.rewrites.pareto import Layout, choose_balanced
from airflow_provider_wfintel.engine.optimization.rewrites.plan import Plan, choose, deployment_of
from airflow_provider_wfintel.engine.optimization.rewrites.registry import REWRITES
from airflow_provider_wfintel.engine.optimization.rewrites.stated import check_limits, with_width
from airflow_provider_wfintel.engine.optimization.simulation import Deployment, SimulationResult, profile_of
from airflow_provider_wfintel.engine.optimization.simulation.history_file import seconds_of
from airflow_provider_wfintel.engine.optimization.strategies import Goal, Limits
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel
from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file
from airflow_provider_wfintel.exceptions import UserInputError

__all__ = ["FileOptimization", "first_steps", "optimize_file", "report_of"]

_SHOWN_EDGES = 200


@dataclass(frozen=True)
class FileOptimization:
    """The answer for one DAG of a file.

    Attributes:
        dag_id: the DAG.
        source: the rewritten file; the original text if nothing pays.
        plan: what was chosen and why.
        edges: what is known about every dependency of the original.
        bottlenecks: what costs time in the original.
        path: its critical path.
        slack: by task, seconds by which it may end later without a later end of the run.
        doubts: why the order of its tasks was left alone, if it was.
        pools: the pools that the rewritten DAG needs, with today's sizes beside the new ones.
        strategy: what was to become better.
        goal: deadline and weights.
        layouts: for `hybrid`, the layouts that none beats.
        advice: settings of the deployment that would help the rewritten DAG; no part of its gain.
        limits: what a person has said must stay.
    """

    dag_id: str
    source: str
    plan: Plan
    edges: tuple[EdgeProof, ...]
    bottlenecks: tuple[Bottleneck, ...]
    path: tuple[str, ...]
    slack: dict[str, float]
    doubts: tuple[str, ...]
    pools: tuple[tuple[PoolSize, int], ...]
    strategy: Strategy
    goal: Goal = Goal()
    layouts: tuple[Layout, ...] = ()
    advice: tuple[Advice, ...] = ()
    limits: Limits = Limits()

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.plan.applied)


def optimize_file(
    source: str,
    siblings: Mapping[str, str],
    history: RunHistory,
    *,
    deployment: Deployment | None = None,
    pools: Sequence[PoolSize] = (),
    strategy: Strategy = "performance",
    referred: frozenset[str] = frozenset(),
    dag_id: str = "",
    confirmed: frozenset[str] = frozenset(),
    goal: Goal | None = None,
    limits: Limits | None = None,
    pick: str = "balanced",
    awaited: frozenset[str] = frozenset(),
    neighbours: Callable[[], Mapping[str, tuple[str, Mapping[str, str]]]] = dict,
) -> FileOptimization:
    """Find and apply what pays for the DAG of a file. Nothing of the file is executed.

    Args:
        source: the text of the DAG file.
        siblings: texts of the modules beside it, by module name.
        history: tries of earlier runs.
        deployment: slots and costs of the deployment.
        pools: its pools.
        strategy: what is to become better.
        referred: task ids that other files name together with this DAG; such tasks stay.
        dag_id: the DAG, if the file has several.
        confirmed: what a person has confirmed: `pool:NAME`, `first->second` for an order that is not needed.
        goal: deadline and weights.
        limits: what must stay.
        pick: for `hybrid`, which of the layouts that none beats is taken.
        awaited: DAGs that other files wait for or trigger by their id.
        neighbours: gives the other DAG files of the folder, by path: text, and the modules beside it.

    Raises:
        UserInputError: the file is no Python, has no such DAG, or a limit names what is not there.
    """
    goal, limits = goal or Goal(), limits or Limits()
    dag = _dag(source, siblings, dag_id, {item.dag_id for item in history.tries})
    deployment = deployment or Deployment()
    known = {item.name: item.slots for item in pools}
    deployment = replace(deployment, pools=tuple({**dict(deployment.pools), **known}.items()))
    pools = _used_pools(dag, pools)
    recorded = _recorded_id(history, dag.dag_id)
    around = Surroundings(
        profile_of(history, recorded, deployment),
        deployment,
        tuple(pools),
        strategy,
        referred,
        frozenset(
            item.task_id for item in history.tries if item.try_number > 1 or item.state in ("failed", "up_for_retry")
        ),
        {task.task_id: seconds_in(task.argument("poke_interval"), 60.0) for task in dag.tasks if task.role == "sensor"},
        confirmed,
        goal,
        limits,
        _durations(history, recorded),
        RunHistory(tries=tuple(item for item in history.tries if item.dag_id == recorded)),
        RunHistory(tries=tuple(item for item in history.tries if item.dag_id != recorded)),
        awaited,
        neighbours,
    )
    check_limits(limits, dag)
    needless = _needless(dag, confirmed) - limits.order
    draft = Draft(source, dict(siblings), dag.dag_id, needless=needless, ordered=limits.order)
    rewrites = tuple(item for item in REWRITES if item.name not in limits.skip)
    layouts: tuple[Layout, ...] = ()
    if strategy == "hybrid":
        plan, layouts = choose_balanced(draft, around, rewrites, pick)
    else:
        plan = choose(draft, around, rewrites)
    workload = draft.workload(around)
    case = Case(
        workload,
        deployment_of(draft, around),
        plan.before,
        around.profile,
        around.own,
        around.others,
        draft.dag,
        around.failing,
    )
    return FileOptimization(
        dag.dag_id,
        _text(plan, limits),
        plan,
        classify_edges(draft.dag),
        find_bottlenecks(case),
        critical_path(workload, plan.before),
        slack_of(workload, plan.before),
        dag.doubts,
        tuple((pool, plan.final.pools.get(pool.name, pool.slots)) for pool in pools),
        strategy,
        goal,
        layouts,
        advise(plan.final.workload(around), deployment_of(plan.final, around)),
        limits,
    )


def _text(plan: Plan, limits: Limits) -> str:
    """The rewritten file, with the width that was stated; the original if nothing pays."""
    return with_width(plan.final, limits) if plan.applied else plan.original.source


def _durations(history: RunHistory, dag_id: str) -> dict[str, tuple[float, ...]]:
    """Seconds of every successful try, by task."""
    found: dict[str, list[float]] = {}
    for item in history.tries:
        if item.dag_id == dag_id and item.state == "success":
            start, end = seconds_of(item.started_at), seconds_of(item.ended_at)
            if item.duration is not None:
                found.setdefault(item.task_id, []).append(item.duration)
            elif start is not None and end is not None:
                found.setdefault(item.task_id, []).append(end - start)
    return {name: tuple(values) for name, values in found.items()}


def _needless(dag: DagModel, confirmed: frozenset[str]) -> frozenset[tuple[str, str]]:
    """The orders among what was confirmed.

    Raises:
        UserInputError: a task is unknown, or data prove that the order is needed.
    """
    pairs = {tuple(part.strip() for part in word.split("->", 1)) for word in confirmed if "->" in word}
    real = {(edge.upstream, edge.downstream): edge for edge in classify_edges(dag) if edge.verdict == "proven real"}
    for pair in sorted(pairs):
        unknown = [name for name in pair if name not in dag.index]
        if unknown:
            raise UserInputError(f"{dag.dag_id} has no task {unknown[0]!r}", hint="confirm an order as 'first->second'")
        if pair in real:
            raise UserInputError(
                f"the order {pair[0]}->{pair[1]} is needed: {real[pair].evidence}", hint="leave it out"
            )
    return frozenset((one, two) for one, two in pairs)


def first_steps(result: FileOptimization, count: int) -> FileOptimization:
    """The answer with the first `count` rewrites only."""
    plan = result.plan
    if count >= len(plan.applied):
        return result
    kept = plan.applied[:count]
    final = kept[-1].proposal.draft if kept else plan.original
    plan = replace(plan, applied=kept, final=final, after=kept[-1].outcome if kept else plan.before)
    pools = tuple((pool, final.pools.get(pool.name, pool.slots)) for pool, _ in result.pools)
    return replace(result, plan=plan, source=_text(plan, result.limits), pools=pools)


def _dag(source: str, siblings: Mapping[str, str], dag_id: str, recorded: set[str]) -> DagModel:
    """The DAG that is named, or the only one of the file, or the only one that the history is about."""
    dags = [dag for dag in read_dag_file(source, siblings).dags if not dag_id or dag.dag_id == dag_id]
    if not dags:
        what = f"no DAG {dag_id!r}" if dag_id else "no DAG that could be read"
        raise UserInputError(f"the file has {what}", hint="a DAG is made by `with DAG(…)` or a function with `@dag`")
    if len(dags) > 1 and sum(dag.dag_id in recorded for dag in dags) == 1:
        dags = [dag for dag in dags if dag.dag_id in recorded]
    if len(dags) > 1:
        names = ", ".join(dag.dag_id for dag in dags)
        raise UserInputError(f"the file has several DAGs: {names}", hint="name one with --dag-id")
    return dags[0]


def _recorded_id(history: RunHistory, dag_id: str) -> str:
    """The id that the history knows the DAG by; histories of one DAG are taken whatever it was called."""
    names = {item.dag_id for item in history.tries}
    return dag_id if dag_id in names else (next(iter(names)) if len(names) == 1 else dag_id)


def _used_pools(dag: DagModel, pools: Sequence[PoolSize]) -> list[PoolSize]:
    """The pools that the DAG uses, those that are not described with their default size."""
    known = {item.name: item for item in pools}
    names = dict.fromkeys(task.pool for task in dag.tasks if task.pool != "default_pool")
    return [known[name] for name in names if name in known]


def report_of(result: FileOptimization) -> dict[str, Any]:
    """The report as JSON values."""
    plan = result.plan
    counts = {
        word: sum(edge.verdict == word for edge in result.edges) for word in ("proven real", "proven false", "unknown")
    }
    return {
        "dag_id": result.dag_id,
        "strategy": result.strategy,
        "changed": result.changed,
        "summary": summary_of(result),
        "bottlenecks": [
            {"kind": item.kind, "explanation": item.explanation, "saves_s": round(item.saves, 2), "tasks": list(item.tasks), "rewrite": item.rewrite}
            for item in result.bottlenecks
        ],
        "critical_path": list(result.path),
        "slack_s": {name: round(seconds, 2) for name, seconds in result.slack.items()},
        "rewrites": [
            {
                "rewrite": item.proposal.rewrite,
                "title": item.proposal.title,
                "reason": item.proposal.reason,
                "proof": item.proposal.proof,
                "evidence": list(item.proposal.evidence),
                "effort": item.proposal.effort,
                "risk": item.proposal.risk,
                "risk_note": item.proposal.risk_note,
                "tasks": list(item.proposal.tasks),
                "predicted_makespan_s": {"before": round(item.before, 2), "after": round(item.after, 2)},
            }
            for item in plan.applied
        ],
        "suggestions": [
            {
                "rewrite": item.rewrite, "title": item.title, "reason": item.reason, "why_not_applied": item.proof,
                "confirm": item.confirm, "risk_note": item.risk_note, "other_files": sorted(item.draft.others),
            }
            for item in plan.suggested
        ],
        "other_files": sorted(plan.final.others),
        "left": [{"what": what, "why": why} for what, why in plan.refused]
        + [{"what": "the order of the tasks", "why": doubt} for doubt in result.doubts]
        + [
            {"what": f"{edge.upstream} -> {edge.downstream}", "why": edge.evidence}
            for edge in result.edges if edge.verdict == "unknown"
        ][:_SHOWN_EDGES],
        "dependencies": {key.replace(" ", "_"): value for key, value in counts.items()},
        "predicted": _predicted(plan.before, plan.after, result.goal),
        "schedules": {
            "before": schedule_of(_above(plan.original.dag), plan.before),
            "after": schedule_of(_above(plan.final.dag), plan.after),
        },
        "deployment_advice": [item.as_json() for item in result.advice],
        "pareto": [
            {
                "rewrites": [item.proposal.title for item in layout.applied], "p90_s": round(layout.p90, 3),
                "slot_seconds": round(layout.slot_seconds, 3), "risk": round(layout.risk, 4),
                "picks": list(layout.picks),
            }
            for layout in result.layouts
        ],
        "pools_to_create": [
            {"name": pool.name, "slots": slots, "slots_before": pool.slots, "description": pool.description}
            for pool, slots in result.pools
        ],
    }  # fmt: skip


def _above(dag: DagModel) -> dict[str, tuple[str, ...]]:
    """The direct predecessors of every task."""
    return {task.task_id: tuple(one for one, two in dag.edges if two == task.task_id) for task in dag.tasks}


def _predicted(before: SimulationResult, after: SimulationResult, goal: Goal) -> dict[str, Any]:
    figures: dict[str, Callable[[SimulationResult], float]] = {
        "makespan_s": lambda item: item.makespan, "p90_s": lambda item: item.p90,
        "slot_seconds": lambda item: item.slot_seconds, "cost": lambda item: item.cost,
        "success_odds": lambda item: item.success,
    }  # fmt: skip
    if goal.deadline is not None:
        figures["odds_by_deadline"] = lambda item: item.odds_by(goal.deadline or 0.0)
    return {name: {"before": round(get(before), 3), "after": round(get(after), 3)} for name, get in figures.items()}


def summary_of(result: FileOptimization) -> str:
    """One sentence for a person."""
    before, after = result.plan.before.makespan, result.plan.after.makespan
    if not result.changed:
        return (
            f"Nothing to gain: no rewrite would make {result.dag_id} ({before:.1f} s) noticeably better without a risk."
        )
    saved = 100 * (1 - after / before) if before else 0.0
    count = len(result.plan.applied)
    text = f"{count} rewrite{'s' if count > 1 else ''}: {before:.1f} s would become {after:.1f} s ({saved:.0f} % less)"
    return f"{text}{_by_strategy(result)}, by simulation."


def _by_strategy(result: FileOptimization) -> str:
    """What the strategy was after, where that is not the length of a run."""
    before, after = result.plan.before, result.plan.after
    if result.strategy == "performance":
        return ""
    deadline = result.goal.deadline
    odds = [item.success if deadline is None else item.odds_by(deadline) for item in (before, after)]
    return (
        f", {before.slot_seconds:.0f} slot seconds would become {after.slot_seconds:.0f}, and {odds[1]:.0%} of the runs "
        f"would succeed{'' if deadline is None else ' in time'} instead of {odds[0]:.0%}"
    )
