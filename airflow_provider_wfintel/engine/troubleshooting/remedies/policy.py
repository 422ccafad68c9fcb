"""What a deployment allows: which remedies may act where, how often, when, and how far."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Bounds, Case, Remedy, RemedyPlan

__all__ = [
    "MODES",
    "NON_IDEMPOTENT_TAG",
    "Budget",
    "Match",
    "Permission",
    "Policy",
    "QuietHours",
    "Rule",
    "Spent",
    "Subject",
    "Terms",
    "permit",
    "permit_rerun",
]

MODES = ("off", "suggest", "ask", "allow")
NON_IDEMPOTENT_TAG = "non-idempotent"
"""A DAG with this tag is never run again by a remedy, whatever the policy says."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most remedies that act within 24 hours."""

    per_task: int = 3
    per_dag: int = 20
    per_deployment: int = 200


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Times in which nothing acts; what is due waits for their end. `days` are 0 (Monday) to 6; empty: all."""

    begin: time
    end: time
    zone: str = "UTC"
    days: tuple[int, ...] = ()

    def hold(self, now: datetime) -> bool:
        """Whether they hold now. Hours over midnight belong to the day on which they begin."""
        local = now.astimezone(ZoneInfo(self.zone))
        clock = local.time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end and self._on(local.weekday())
        if clock >= self.begin:
            return self._on(local.weekday())
        return clock < self.end and self._on((local.weekday() - 1) % 7)

    def _on(self, day: int) -> bool:
        return not self.days or day in self.days


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one task and one cause of failure.

    Attributes:
        mode: `off` (not even suggested), `suggest`, `ask` (a person approves each) or `allow`.
        allow: names of remedies that may act without a person, in mode `allow`.
        ask: names of remedies for which a person is asked, in mode `allow`; all others are suggested.
        min_confidence: below this confidence in the diagnosis nothing that others share is changed alone; what only
            adds something that is missing and that the policy declares asks for `rerun_confidence`.
        rerun_confidence: the same for running a task again, and for run-time values of its own, which do little harm if
            the diagnosis was wrong. What rests on the state of a task and not on the diagnosis asks for neither.
        budget: the most remedies within 24 hours.
        cool_down_seconds: the pause between two remedies on one task.
        quiet_hours: times in which nothing acts.
        non_idempotent: the task must not be run twice.
        bounds: how far remedies may go.
    """

    mode: str = "suggest"
    allow: frozenset[str] = frozenset()
    ask: frozenset[str] = frozenset()
    min_confidence: float = 0.95
    rerun_confidence: float = 0.7
    budget: Budget = field(default_factory=Budget)
    cool_down_seconds: float = 300.0
    quiet_hours: tuple[QuietHours, ...] = ()
    non_idempotent: bool = False
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True)
class Subject:
    """What rules are matched against."""

    dag_id: str
    task_id: str = ""
    tags: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    label: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Which subjects a rule is for. All that is given must hold; names may hold `*`."""

    dags: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    def fits(self, subject: Subject) -> bool:
        """Whether the rule is for the subject."""
        return (
            _any(self.dags, (subject.dag_id,))
            and _any(self.tasks, (subject.task_id,))
            and _any(self.tags, subject.tags)
            and _any(self.owners, subject.owners)
            and _any(self.classes, (subject.label,))
            and _any(self.teams, (subject.team,))
        )


def _any(patterns: tuple[str, ...], values: frozenset[str] | tuple[str, ...]) -> bool:
    return not patterns or any(fnmatch.fnmatchcase(value, pattern) for pattern in patterns for value in values)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule sets for the subjects it is for, by the names of `Terms`."""

    match: Match
    sets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """Defaults and rules. Rules apply in order, later ones win; a mark `non_idempotent` is never taken away."""

    defaults: Terms = field(default_factory=Terms)
    rules: tuple[Rule, ...] = ()

    def terms(self, subject: Subject) -> Terms:
        """What holds for the subject."""
        terms = self.defaults
        for rule in self.rules:
            if rule.match.fits(subject):
                sets = dict(rule.sets)
                sets["non_idempotent"] = terms.non_idempotent or bool(sets.get("non_idempotent", False))
                terms = replace(terms, **sets)
        if NON_IDEMPOTENT_TAG in subject.tags:
            terms = replace(terms, non_idempotent=True)
        return terms


@dataclass(frozen=True, slots=True)
class Spent:
    """What acted within the last 24 hours, and when something last acted on the task."""

    task: int = 0
    dag: int = 0
    deployment: int = 0
    last_on_task: datetime | None = None


@dataclass(frozen=True, slots=True)
class Permission:
    """The answer of a policy: `apply`, `ask`, `suggest`, `later` (again at `at`) or `refuse`, with the reason."""

    answer: str
    reason: str
    at: datetime | None = None


def permit(case: Case, remedy: Remedy, plan: RemedyPlan, terms: Terms, spent: Spent, *, approved: bool) -> Permission:
    """Whether a plan may be carried out. What changes nothing may always be said, unless the policy is off.

    Args:
        case: the case.
        remedy: the remedy that made the plan.
        plan: the plan.
        terms: what holds for the task and the cause.
        spent: what acted before.
        approved: a person with the right to do so asked for this very remedy. Marks and budgets hold all the same.
    """
    if terms.mode == "off":
        return Permission("refuse", "the policy is off here")
    if remedy.changes == "nothing":
        return Permission("apply", "nothing is changed")
    if plan.reruns and (hard := permit_rerun(terms)):
        return hard
    if over := _over_budget(terms.budget, spent):
        return Permission("refuse", over)
    if approved:
        return Permission("apply", "a person approved it")
    if terms.mode == "suggest":
        return Permission("suggest", "the policy only suggests here")
    if terms.mode == "ask" or remedy.name in terms.ask:
        return Permission("ask", "the policy asks a person first")
    if remedy.name not in terms.allow:
        return Permission("suggest", f"{remedy.name} is not among the remedies that the policy allows")
    needed = confidence_needed(remedy, plan, terms)
    if remedy.serves and case.diagnosis.confidence < needed:
        sure = f"{case.diagnosis.confidence:.2f} is less than {needed:.2f}"
        return Permission("ask", f"the diagnosis is not sure enough: {sure}")
    return _timing(terms, spent, case.now) or Permission("apply", "the policy allows it")


def confidence_needed(remedy: Remedy, plan: RemedyPlan, terms: Terms) -> float:
    """The confidence from which a remedy may act alone: the more others a mistake would touch, the higher.

    What only adds something that the policy declares is refuted by Airflow itself if the diagnosis is wrong (the thing
    is there already), and then nothing but a rerun is left of it.
    """
    return terms.rerun_confidence if remedy.changes in ("run", "task") or plan.only_adds else terms.min_confidence


def permit_rerun(terms: Terms) -> Permission | None:
    """The refusal to run a task again; None if it may."""
    if terms.non_idempotent:
        return Permission("refuse", "the task is marked as one that must not run twice")
    return None


def _over_budget(budget: Budget, spent: Spent) -> str:
    for name, used, most in (
        ("task", spent.task, budget.per_task),
        ("DAG", spent.dag, budget.per_dag),
        ("deployment", spent.deployment, budget.per_deployment),
    ):
        if used >= most:
            return f"the budget of the {name} is spent: {used} of {most} remedies within 24 hours"
    return ""


def _timing(terms: Terms, spent: Spent, now: datetime) -> Permission | None:
    if any(hours.hold(now) for hours in terms.quiet_hours):
        return Permission("later", "quiet hours", _end_of_quiet(terms.quiet_hours, now))
    if spent.last_on_task is not None:
        until = spent.last_on_task + timedelta(seconds=terms.cool_down_seconds)
        if now < until:
            return Permission("later", "another remedy acted on the task a moment ago", until)
    return None


def _end_of_quiet(hours: tuple[QuietHours, ...], now: datetime) -> datetime:
    """The first minute in which none of them holds, within eight days."""
    moment = now.replace(second=0, microsecond=0)
    for _ in range(8 * 24 * 60):
        moment += timedelta(minutes=1)
        if not any(item.hold(moment) for item in hours):
            return moment
    return moment
