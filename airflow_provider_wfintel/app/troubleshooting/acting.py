"""Carry out one remedy: reserve its audit row, look once more, act, note what was done and how to take it back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.troubleshooting.cases import actions_from, actions_to, spent_on
from airflow_provider_wfintel.exceptions import WfIntelError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.troubleshooting.place import Place
    from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Action
    from airflow_provider_wfintel.engine.troubleshooting.remedies.case import RemedyPlan
    from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import Choice
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Policy, Subject
    from airflow_provider_wfintel.store.repositories.remedy_attempts import AttemptRecord
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionRecord

__all__ = ["Attempting", "Done", "settle_interrupted", "undo_steps"]

log = logging.getLogger(__name__)

_LOOK_AGAIN = timedelta(seconds=30)
_NEVER_RAN = frozenset({"upstream_failed", "none", "skipped", "removed"})


@dataclass(frozen=True, slots=True)
class Done:
    """`applied`, `done`, `waiting` (until `due_at`), `failed`, `refused` or `taken` (by somebody else)."""

    outcome: str
    reason: str
    due_at: datetime | None = None


class Attempting:
    """One remedy on one try."""

    def __init__(
        self,
        session: Session,
        place: Place,
        record: SessionRecord,
        policy: Policy,
        facts: Mapping[str, Any],
        actor: str,
        now: datetime,
    ) -> None:
        from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts

        self._session, self._place, self._record, self._policy = session, place, record, policy
        self._facts, self._actor, self._now = facts, actor, now
        self._attempts = RemedyAttempts(session)

    def start(self, choice: Choice, *, approved: bool) -> Done:
        """Reserve the attempt and carry it out, or let it wait."""
        attempt = self._reservation(choice, approved=approved)
        if not self._attempts.reserve(attempt):
            self._session.rollback()
            return Done("taken", "somebody else has reserved a remedy on this try")
        self._session.commit()
        # Two that reserved at the same time on different tries both see each other here: rather none than too many.
        if over := self._over_budget(attempt):
            return self._end(attempt, "refused", over)
        return self._carry_out(attempt, choice.plan)

    def go_on(self, attempt: AttemptRecord, choice: Choice) -> Done:
        """Go on with an attempt that waits."""
        plan = self._as_planned(attempt, choice.plan)
        if plan.not_before is not None and self._now < plan.not_before:
            return Done("waiting", _until(plan.not_before), plan.not_before)
        if not self._attempts.swap(attempt.attempt_id, "waiting", "reserved", requested_at=self._now):
            self._session.rollback()
            return Done("taken", "somebody else goes on with it", self._now + _LOOK_AGAIN)
        self._session.commit()
        # Waiting spends nothing, so that others may have acted meanwhile.
        if over := self._over_budget(attempt):
            return self._end(attempt, "refused", over)
        return self._carry_out(attempt, plan)

    # -- steps -------------------------------------------------------------------------------------------------

    def _reservation(self, choice: Choice, *, approved: bool) -> AttemptRecord:
        from airflow_provider_wfintel.store.base import new_id
        from airflow_provider_wfintel.store.repositories.remedy_attempts import AttemptRecord

        record, plan = self._record, choice.plan
        before = self._attempts.of_try(record.try_id)
        return AttemptRecord(
            attempt_id=new_id(),
            session_id=record.session_id,
            try_id=record.try_id,
            remedy=plan.remedy,
            attempt_number=1 + max((item.attempt_number for item in before), default=0),
            dag_id=record.dag_id,
            run_id=record.run_id,
            task_id=record.task_id,
            map_index=record.map_index,
            label=record.label,
            reruns=bool(plan.reruns),
            mode="approved" if approved else "policy",
            status="reserved",
            actor=self._actor,
            requested_at=self._now,
            reason=f"{plan.because}; {choice.permission.reason}",
            change={
                **actions_to(plan.actions),
                "words": list(plan.words()),
                "success": plan.success,
                "not_before": plan.not_before.isoformat() if plan.not_before else None,
                "give_up_at": plan.give_up_at.isoformat() if plan.give_up_at else None,
            },
            undo=actions_to(plan.undo),
        )

    def _as_planned(self, attempt: AttemptRecord, plan: RemedyPlan) -> RemedyPlan:
        """The plan with the moments that were set when the attempt began: waiting does not begin anew."""
        from dataclasses import replace

        return replace(
            plan,
            not_before=_moment(attempt.change.get("not_before")),
            give_up_at=_moment(attempt.change.get("give_up_at")),
        )

    def _subject(self, dag_id: str, task_id: str) -> Subject:
        from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Subject

        return Subject(
            dag_id,
            task_id,
            frozenset(self._facts.get("dag_tags") or ()),
            frozenset(self._facts.get("dag_owners") or ()),
            self._record.label,
            str(self._facts.get("dag_team") or ""),
        )

    def _over_budget(self, attempt: AttemptRecord) -> str:
        terms = self._policy.terms(self._subject(self._record.dag_id, self._record.task_id))
        others, budget = spent_on(self._session, self._record, self._now, but=attempt.attempt_id), terms.budget
        if others.task >= budget.per_task or others.dag >= budget.per_dag or others.deployment >= budget.per_deployment:
            return "the budget was spent in the same moment"
        return ""

    def _carry_out(self, attempt: AttemptRecord, plan: RemedyPlan) -> Done:
        self._session.rollback()  # no transaction is held while Airflow is asked
        try:
            hindered = self._hindered(attempt, plan)
            if hindered is not None:
                return hindered
            return self._act(attempt, plan)
        except WfIntelError as error:
            # Nothing was done yet: `_act` answers for what it does.
            return self._end(attempt, "failed", error.message)

    def _hindered(self, attempt: AttemptRecord, plan: RemedyPlan) -> Done | None:
        """The pause, the gate, the try that moved on, the mark on a task that would be run too; None: go."""
        if plan.not_before is not None and self._now < plan.not_before:
            return self._wait(
                attempt, f"it waits until {plan.not_before.isoformat(timespec='seconds')}", plan.not_before
            )
        if plan.gate is not None:
            holds, seen = self._place.actions.probe(plan.gate)
            if not holds:
                if plan.give_up_at is not None and self._now >= plan.give_up_at:
                    return self._end(attempt, "failed", f"{seen}, and the wait is over", verified_at=self._now)
                return self._wait(attempt, seen, self._now + _LOOK_AGAIN)
        record = self._record
        now = self._place.actions.current_try(record.dag_id, record.run_id, record.task_id, record.map_index)
        if now is None or now.try_id != record.try_id or now.state != self._facts.get("state"):
            return self._end(attempt, "refused", "the task instance moved on")
        if marked := self._marked(plan):
            return self._end(attempt, "refused", f"it would run {marked} again, which must not run twice")
        return None

    def _marked(self, plan: RemedyPlan) -> str:
        """A task that the clears of a plan would run again although it ran and must not run twice; empty: none."""
        from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import ClearTasks

        for action in plan.actions:
            if not isinstance(action, ClearTasks):
                continue
            for item in self._place.actions.preview(action):
                terms = self._policy.terms(self._subject(action.dag_id, item.task_id))
                if item.state not in _NEVER_RAN and terms.non_idempotent:
                    return item.task_id
        return ""

    def _act(self, attempt: AttemptRecord, plan: RemedyPlan) -> Done:
        said: list[str] = []
        undo: list[Action] = []
        try:
            for action in plan.actions:
                done = self._place.actions.perform(action)
                said.append(done.words)
                undo[:0] = done.undo
        except WfIntelError as error:
            if self._moved(plan):
                # The answer was lost, the deed was not.
                said.append(f"no answer ({error.message}), but the task instance runs again")
            else:
                return self._roll_back(attempt, said, tuple(undo), error.message)
        outcome = "done" if plan.success == "done" else "applied"
        values: dict[str, Any] = {"verified_at": self._now} if outcome == "done" else {}
        status = "verified" if outcome == "done" else "applied"
        return self._end(attempt, status, "; ".join(said), undo=actions_to(tuple(undo)), applied_at=self._now, **values)

    def _moved(self, plan: RemedyPlan) -> bool:
        record = self._record
        if not plan.reruns:
            return False
        try:
            now = self._place.actions.current_try(record.dag_id, record.run_id, record.task_id, record.map_index)
        except WfIntelError:
            return False
        return now is not None and now.try_id != record.try_id

    def _roll_back(self, attempt: AttemptRecord, said: list[str], undo: tuple[Action, ...], why: str) -> Done:
        """Take back what was done before the action that failed; what cannot be taken back stays in the audit row."""
        left: list[Action] = []
        for action in undo:
            try:
                said.append(f"taken back: {self._place.actions.perform(action).words}")
            except WfIntelError as error:
                log.warning("not taken back: %s (%s)", action.words(), error.message)
                left.append(action)
        reason = "; ".join((why, *said))
        return self._end(
            attempt, "failed", reason, undo=actions_to(tuple(left)), applied_at=self._now if undo else None
        )

    def _wait(self, attempt: AttemptRecord, why: str, due_at: datetime) -> Done:
        self._attempts.swap(attempt.attempt_id, "reserved", "waiting", result={"why": why})
        self._session.commit()
        return Done("waiting", why, due_at)

    def _end(self, attempt: AttemptRecord, status: str, why: str, **values: Any) -> Done:
        self._attempts.swap(attempt.attempt_id, "reserved", status, result={"why": why}, **values)
        self._session.commit()
        outcome = {"verified": "done"}.get(status, status)
        return Done(outcome, why)


def settle_interrupted(session: Session, place: Place, attempt: AttemptRecord, now: datetime) -> str:
    """What became of an attempt whose process died: `applied` if its task instance runs again, else `interrupted`."""
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts

    current = place.actions.current_try(attempt.dag_id, attempt.run_id, attempt.task_id, attempt.map_index)
    happened = attempt.reruns and current is not None and current.try_id != attempt.try_id
    status = "applied" if happened else "interrupted"
    why = "its process died while it acted"
    values: dict[str, Any] = {"applied_at": now} if happened else {}
    RemedyAttempts(session).swap(attempt.attempt_id, "reserved", status, result={"why": why}, **values)
    session.commit()
    return status


def _until(moment: datetime) -> str:
    return f"it waits until {moment.isoformat(timespec='seconds')}"


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def undo_steps(attempt: AttemptRecord) -> tuple[Action, ...]:
    """What takes an attempt back."""
    return actions_from(attempt.undo)
