"""A version of a DAG file on its way through the rewrites, and what a rewrite proposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

from airflow_provider_wfintel.engine.model import RunHistory
from airflow_provider_wfintel.engine.optimization.simulation import (
    Deployment,
    Profile,
    SimulatedTask,
    Workload,
    with_downstream_weights,
)
from airflow_provider_wfintel.engine.optimization.simulation.model import TaskKind
from airflow_provider_wfintel.engine.optimization.strategies import Goal, Limits, StrategyName
from airflow_provider_wfintel.engine.optimization.understanding.model import DagModel, FileModel, TaskModel
from airflow_provider_wfintel.engine.optimization.understanding.reader import read_dag_file

__all__ = ["Draft", "Part", "PoolSize", "Proposal", "Rewrite", "Strategy", "Surroundings", "seconds_in"]

Strategy: TypeAlias = StrategyName
Level: TypeAlias = Literal["low", "medium", "high"]
_UNSEEN_SECONDS = 10.0
_TOUCH_SECONDS = 0.3
"""What a call of the outside world at the top level of a file is taken to cost."""


@dataclass(frozen=True, slots=True)
class Part:
    """The work of one task of the original DAG within a task of the draft; `share` of it, for each mapped instance."""

    task_id: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class PoolSize:
    """A pool and its slots. `stated`: the most that its description or a comment allows, if one says so."""

    name: str
    slots: int
    description: str = ""
    stated: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the DAG file.

    Attributes:
        profile: the history of the original DAG.
        deployment: where it runs; its pools are those of today.
        pools: today's pools.
        strategy: what is to become better.
        referred: task ids that other files of the DAGs folder name together with this DAG.
        failing: tasks with failed tries in the history.
        confirmed: what a person has confirmed, by the words of `Proposal.confirm`.
        intervals: how often the sensors looked when the history was recorded, in seconds.
        goal: deadline and weights of the strategy.
        limits: what a person has said must stay: pools, orders, tasks that must not be repeated.
        durations: seconds of every successful try, by task.
        own: the tries of this DAG.
        others: the tries of other DAGs of the deployment.
        awaited: DAGs that other files wait for or trigger.
        neighbours: the other DAG files of the folder by their path in it: text, and the modules beside it. They are read
            only if somebody asks.
    """

    profile: Profile
    deployment: Deployment
    pools: tuple[PoolSize, ...] = ()
    strategy: Strategy = "performance"
    referred: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    intervals: Mapping[str, float] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    goal: Goal = Goal()
    limits: Limits = Limits()
    durations: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    own: RunHistory = field(default_factory=RunHistory)
    others: RunHistory = field(default_factory=RunHistory)
    awaited: frozenset[str] = frozenset()
    neighbours: Callable[[], Mapping[str, tuple[str, Mapping[str, str]]]] = dict


@dataclass(frozen=True)
class Draft:
    """One version of the file.

    Attributes:
        source: its text.
        siblings: the modules beside it.
        dag_id: the DAG that is rewritten.
        parts: for tasks that are not as they were, what they are made of.
        merged: original tasks that are no longer run, and the original task that does their work.
        pools: pools with other sizes than today's.
        needless: pairs of tasks whose order a person has confirmed to be needless.
        ordered: pairs of tasks whose order a person has said must stay.
        others: new texts of other DAG files that have to change with this one, by their path in the folder.
    """

    source: str
    siblings: Mapping[str, str]
    dag_id: str
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    pools: Mapping[str, int] = field(default_factory=dict)
    needless: frozenset[tuple[str, str]] = frozenset()
    ordered: frozenset[tuple[str, str]] = frozenset()
    others: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def file(self) -> FileModel:
        """The file as read."""
        return read_dag_file(self.source, self.siblings)

    @cached_property
    def dag(self) -> DagModel:
        """The DAG as read."""
        found = next(dag for dag in self.file.dags if dag.dag_id == self.dag_id)
        return replace(found, needless=self.needless, ordered=self.ordered) if self.needless or self.ordered else found

    def parts_of(self, task_id: str) -> tuple[Part, ...]:
        """What a task of the draft is made of, in the order of its work."""
        return self.parts.get(task_id, (Part(task_id),))

    def hosts(self) -> dict[str, str]:
        """For every original task, the task of the draft that does its work."""
        found = {part.task_id: task.task_id for task in self.dag.tasks for part in self.parts_of(task.task_id)}
        for name, other in self.merged.items():
            if other in found:
                found[name] = found[other]
        return found

    def with_source(self, source: str, **changes: object) -> Draft:
        """The draft with another text."""
        return replace(self, source=source, **changes)  # type: ignore[arg-type]

    def workload(self, around: Surroundings) -> Workload:
        """The draft as the simulator takes it."""
        tasks = [self._simulated(task, around) for task in self.dag.tasks]
        absolute = {task.task_id for task in self.dag.tasks if str(task.argument("weight_rule", "")) == "absolute"}
        weighted = {task.task_id: task for task in with_downstream_weights(tasks)}
        final = tuple(task if task.task_id in absolute else weighted[task.task_id] for task in tasks)
        limits = (self.dag.settings.get("max_active_tasks"), around.limits.max_active_tasks)
        limit = min((item for item in limits if isinstance(item, int)), default=None)
        parse = sum(seconds or _TOUCH_SECONDS for _, _, seconds in self.file.top_level)
        return Workload(final, parse_seconds=parse, max_active_tasks=limit)

    def _simulated(self, task: TaskModel, around: Surroundings) -> SimulatedTask:
        upstream = self.dag.upstream[task.task_id]
        seconds = spread = failures = 0.0
        for part in self.parts_of(task.task_id):
            seen = around.profile.task(part.task_id)
            if seen is None:
                seconds += (task.record.sleeps or _UNSEEN_SECONDS) * part.share
                continue
            seconds += seen.seconds * part.share
            spread = max(spread, seen.spread)
            failures = max(failures, seen.failure_rate if part.task_id in around.failing else 0.0)
        simulated = SimulatedTask(
            task.task_id,
            seconds=seconds,
            spread=spread,
            upstream=upstream,
            instances=task.instances,
            max_active=_whole(task.argument("max_active_tis_per_dagrun") or task.argument("max_active_tis_per_dag")),
            pool=task.pool,
            pool_slots=_whole(task.argument("pool_slots")) or 1,
            priority_weight=float(_whole(task.argument("priority_weight")) or 1),
            failure_rate=min(failures, 0.9),
            retries=_whole(task.argument("retries")) or 0,
            retry_delay=seconds_in(task.argument("retry_delay"), 300.0),
            exponential=bool(task.argument("retry_exponential_backoff")),
        )
        if task.role == "empty":
            return replace(simulated, kind="empty", seconds=0.0)
        return self._sensor(task, simulated, around) if task.role == "sensor" else simulated

    def _sensor(self, task: TaskModel, simulated: SimulatedTask, around: Surroundings) -> SimulatedTask:
        seen = around.profile.task(task.task_id)
        interval = seconds_in(task.argument("poke_interval"), 60.0)
        recorded = around.intervals.get(task.task_id, interval)
        mode = task.argument("mode", "poke")
        kind: TaskKind = (
            "deferrable" if task.argument("deferrable") is True else ("reschedule" if mode == "reschedule" else "poke")
        )
        awaited = 0.0
        if seen is not None and seen.recorded < recorded / 2:
            # It found the thing at its first look, which says only that it came between the start of the run and then.
            awaited = max(0.0, seen.ends_after - seen.recorded) / 2
        elif seen is not None:
            awaited = max(0.0, seen.ends_after - recorded / 2)
        return replace(simulated, kind=kind, seconds=0.0, spread=0.0, awaited_after=awaited, poke_interval=interval)


def seconds_in(value: object, default: float) -> float:
    """Seconds of a number or timedelta; the default if it is neither."""
    total = getattr(value, "total_seconds", None)
    if callable(total):
        return float(total())
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change that a rewrite proposes.

    Attributes:
        rewrite: the rewrite's name.
        title: what it does, for a person.
        reason: the bottleneck that motivates it.
        proof: why nothing is lost.
        evidence: lines of code, data or history that the proof rests on.
        effort, risk: how much there is to review, and what can go wrong.
        draft: the file with the change.
        tasks: the tasks it touches.
    """

    rewrite: str
    title: str
    reason: str
    proof: str
    evidence: tuple[str, ...]
    draft: Draft
    effort: Level = "low"
    risk: Level = "low"
    risk_note: str = ""
    tasks: tuple[str, ...] = ()
    suggestion: bool = False
    """Whether a person has to confirm it, so that it is only listed."""
    confirm: str = ""
    """The word with which a person confirms it; empty: it cannot be applied by the command."""
    unseen: bool = False
    """Whether the simulator cannot show its effect, so that a person's word is all that decides."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A rewrite: its name, what it is good for, and what it proposes for a draft."""

    name: str
    strategies: frozenset[Strategy]
    propose: Callable[[Draft, Surroundings], list[Proposal]]
    least_share: float = 0.02
    """Of the makespan: what it has to save, given that the simulator is off by some per cent."""
    followed_by: Callable[[], tuple[Rewrite, ...]] | None = None
    """Rewrites that may have to follow for this one to pay."""
