"""From a case to what may be done: the remedies that fit, the likeliest first, each with the answer of the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, Remedy, RemedyPlan
from airflow_provider_wfintel.engine.troubleshooting.remedies.odds import Odds, Outcomes, odds_of
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import (
    Permission,
    Policy,
    Spent,
    Subject,
    permit,
    permit_rerun,
)
from airflow_provider_wfintel.engine.troubleshooting.remedies.registry import REMEDIES
from airflow_provider_wfintel.engine.troubleshooting.remedies.worth import better_to_ask

__all__ = ["Choice", "Choices", "Misfit", "choose", "subject_of"]

_NOT_TWICE = frozenset({"failed", "refused", "undone", "interrupted", "applied", "verified"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A remedy that fits: its plan, the policy's answer, and how likely it is to help."""

    plan: RemedyPlan
    permission: Permission
    odds: Odds


@dataclass(frozen=True, slots=True)
class Misfit:
    """A remedy that does not fit, and why."""

    remedy: str
    reason: str


@dataclass(frozen=True, slots=True)
class Choices:
    """All that was considered.

    Attributes:
        acting: remedies that change something, likeliest first.
        proposals: what changes nothing: patches, hints, and the escalation as the last.
        misfits: remedies that would serve the cause but do not fit, and why.
    """

    acting: tuple[Choice, ...]
    proposals: tuple[Choice, ...]
    misfits: tuple[Misfit, ...]

    def first(self, *answers: str) -> Choice | None:
        """The first acting remedy to which the policy gives one of these answers."""
        return next((item for item in self.acting if item.permission.answer in answers), None)

    def to_act(self) -> Choice | None:
        """The remedy to act with: the likeliest that may, unless it is worth more to ask about a better one."""
        acting = self.first("apply")
        return None if acting is None or self.to_ask_before(acting) is not None else acting

    def to_ask_before(self, acting: Choice) -> Choice | None:
        """The remedy that a person is to be asked about before another one acts; None if that one may go first."""
        asking = self.first("ask")
        if asking is None or not better_to_ask(acting.odds.mean, _changes(acting), asking.odds.mean, _changes(asking)):
            return None
        return asking


def _changes(choice: Choice) -> str:
    return next((item.changes for item in REMEDIES if item.name == choice.plan.remedy), "")


def subject_of(case: Case, task_id: str = "") -> Subject:
    """What the policy's rules are matched against."""
    return Subject(
        case.target.dag_id,
        task_id or case.target.task_id,
        frozenset(_names(case.facts.get("dag_tags"))),
        frozenset((*_names(case.facts.get("dag_owners")), *_names(case.facts.get("owner")))),
        case.diagnosis.label,
        str(case.facts.get("dag_team") or ""),
    )


def choose(
    case: Case,
    policy: Policy,
    *,
    spent: Spent | None = None,
    outcomes: Mapping[tuple[str, str], Outcomes] | None = None,
    approved: str = "",
    remedies: Sequence[Remedy] = REMEDIES,
) -> Choices:
    """What may be done about a case.

    Args:
        case: the case; its bounds are replaced by those of the policy.
        policy: what is allowed.
        spent: what acted before; None: nothing.
        outcomes: verified outcomes by class and remedy, which order the remedies within what the policy allows.
        approved: name of the one remedy that a person asked for; empty: nobody did.
        remedies: the remedies to consider.
    """
    terms = policy.terms(subject_of(case))
    case = replace(case, bounds=terms.bounds)
    used = {item.remedy for item in case.past if item.try_id == case.target.try_id and item.status in _NOT_TWICE}
    acting: list[Choice] = []
    proposals: list[Choice] = []
    misfits: list[Misfit] = []
    for remedy in remedies:
        if remedy.serves and not {*case.diagnosis.remedies, case.diagnosis.action}.intersection(remedy.serves):
            continue
        if remedy.changes != "nothing" and remedy.name in used:
            misfits.append(Misfit(remedy.name, "it was tried on this try already"))
            continue
        plan = remedy.plan(_with_options(case, acting) if remedy.changes == "nothing" else case)
        if isinstance(plan, Inapplicable):
            misfits.append(Misfit(remedy.name, plan.reason))
            continue
        answer = permit(case, remedy, plan, terms, spent or Spent(), approved=approved == remedy.name)
        answer = _marks_of_others(case, policy, plan) or answer
        choice = Choice(plan, answer, odds_of(case, remedy, outcomes or {}))
        (proposals if remedy.changes == "nothing" else acting).append(choice)
    return Choices(_ordered(acting), tuple(proposals), tuple(misfits))


def _with_options(case: Case, acting: Sequence[Choice]) -> Case:
    """The case with the remedies that fit and that the policy lets no machine choose."""
    names = [item.plan.remedy for item in acting if item.permission.answer in ("ask", "suggest")]
    return replace(case, facts={**case.facts, "open_options": names})


def _ordered(choices: list[Choice]) -> tuple[Choice, ...]:
    """By their odds; among equals the order of the registry stays."""
    return tuple(sorted(choices, key=lambda choice: -choice.odds.low))


def _marks_of_others(case: Case, policy: Policy, plan: RemedyPlan) -> Permission | None:
    """The refusal for a plan that runs another task again which must not run twice."""
    for task_id in plan.reruns:
        if refusal := permit_rerun(policy.terms(subject_of(case, task_id))):
            return replace(refusal, reason=f"{task_id}: {refusal.reason}")
    return None


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(str(item) for item in value) if isinstance(value, list | tuple | set | frozenset) else ()
