"""Resolve a session: what may be done about it within the policy, and the first of it that works.

At most one remedy at a time acts on a try. Its audit row is written and committed before anything is done; a row that
is found later without an outcome (the process died in between) is looked into, and never repeated blindly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.troubleshooting.acting import Attempting, settle_interrupted
from airflow_provider_wfintel.app.troubleshooting.cases import case_of, offer, outcomes_of, spent_on
from airflow_provider_wfintel.exceptions import UserInputError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.app.troubleshooting.place import Place
    from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import Choice, Choices
    from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Policy
    from airflow_provider_wfintel.store.repositories.remedy_attempts import AttemptRecord
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionRecord

__all__ = ["Resolution", "resolve_session", "session_named"]

_MOST_ATTEMPTS = 3
"""On one try, in one call."""
_LEASE = timedelta(minutes=15)
"""A reservation older than this has lost its process."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What came of it.

    Attributes:
        session: the session after it.
        outcome: `dry_run`, `applied`, `waiting` (a pause or a source), `later` (cool-down, quiet hours), `asked`,
            `suggested`, `escalated`, `moved_on` (the task instance has another try) or `ended`.
        reason: why, in words.
        remedy: the remedy that acted, waits or is asked for; empty if none.
        steps: what it did or would do.
        due_at: when to call again, for `waiting` and `later`.
        offers: all remedies that fit, the likeliest first, with the answer of the policy.
        misfits: remedies for this cause that do not fit, and why.
        proposals: texts for a person: patches, requirements, the escalation. They may hold code.
    """

    session: SessionRecord
    outcome: str
    reason: str
    remedy: str = ""
    steps: tuple[str, ...] = ()
    due_at: datetime | None = None
    offers: tuple[Mapping[str, Any], ...] = ()
    misfits: tuple[tuple[str, str], ...] = ()
    proposals: tuple[tuple[str, str], ...] = field(default=())


def session_named(session: Session, session_id: str) -> SessionRecord:
    """The session of that id.

    Raises:
        UserInputError: there is none.
    """
    from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

    found = TroubleshootingSessions(session).get(session_id)
    if found is None:
        raise UserInputError(f"there is no session {session_id!r}", hint="see the list of sessions")
    return found


def resolve_session(
    session: Session,
    place: Place,
    session_id: str,
    *,
    policy: Policy,
    actor: str,
    remedy: str = "",
    dry_run: bool = False,
    now: datetime | None = None,
) -> Resolution:
    """Resolve a session, or say what would be done.

    Args:
        session: a session on the metadata database; committed here, several times.
        place: the deployment.
        session_id: the session.
        policy: what is allowed.
        actor: who asks.
        remedy: the one remedy that a person asks for; empty: the policy decides.
        dry_run: only say what would be done; nothing is stored.
        now: this moment, for tests.

    Raises:
        UserInputError: there is no such session, or the remedy does not fit or is refused.
        RemoteError: Airflow does not answer, or the caller may not see the task instance.
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.base import utc_now

    record = session_named(session, session_id)
    work = _Resolving(session, place, record, policy, actor, remedy, now or utc_now())
    return work.dry_run() if dry_run else work.run()


class _Resolving:
    """One call: the session, the case as it is now, and what is decided about it."""

    def __init__(
        self,
        session: Session,
        place: Place,
        record: SessionRecord,
        policy: Policy,
        actor: str,
        remedy: str,
        now: datetime,
    ) -> None:
        from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts
        from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

        self._session, self._place, self._record = session, place, record
        self._policy, self._actor, self._remedy, self._now = policy, actor, remedy, now
        self._sessions, self._attempts = TroubleshootingSessions(session), RemedyAttempts(session)
        self._facts: Mapping[str, Any] = {}

    # -- the two ways in ---------------------------------------------------------------------------------------

    def dry_run(self) -> Resolution:
        if not self._look():
            return self._answer("moved_on", "the task instance has another try now")
        choices = self._choose()
        self._session.rollback()
        return self._answer("dry_run", "nothing was done", choices=choices)

    def run(self) -> Resolution:
        from airflow_provider_wfintel.store.repositories.troubleshooting import ENDED

        if self._record.status in ENDED:
            return self._answer("ended", f"the session is {self._record.status}")
        if self._record.status == "escalated" and not self._remedy:
            return self._answer("escalated", self._record.reason or "a person has it")
        pending = self._pending()
        if isinstance(pending, Resolution):
            return pending
        if not self._look():
            return self._moved_on(pending)
        if pending is not None:
            return self._resume(pending)
        return self._first_that_works()

    # -- what is under way -------------------------------------------------------------------------------------

    def _pending(self) -> AttemptRecord | Resolution | None:
        """The attempt that waits, or the answer if one has acted or is acting; None if nothing is under way."""
        attempts = self._attempts.of_try(self._record.try_id)
        last = attempts[-1] if attempts else None
        if last is None or last.status not in ("reserved", "waiting", "applied"):
            return None
        if last.status == "applied":
            return self._answer("applied", f"{last.remedy} has acted already; verify it", remedy=last.remedy)
        if last.status == "waiting":
            return last
        if self._now - last.requested_at < _LEASE:
            reason = f"{last.remedy} is being carried out"
            return self._answer("waiting", reason, remedy=last.remedy, due_at=last.requested_at + _LEASE)
        settled = settle_interrupted(self._session, self._place, last, self._now)
        if settled == "applied":
            self._change(phase="verification", due_at=None)
            return self._answer("applied", f"{last.remedy} had acted before its process died", remedy=last.remedy)
        return self._escalate(
            f"the process died while {last.remedy} was being carried out; nothing is repeated blindly"
        )

    def _look(self) -> bool:
        """Read the situation; False if the try of the session is no longer the present one."""
        record = self._record
        self._session.rollback()  # no transaction is held while Airflow is asked
        target, found = self._place.find(record.dag_id, record.run_id, record.task_id, record.map_index)
        if target.try_id != record.try_id:
            return False
        self._facts = self._place.situation(target, found)
        return True

    def _moved_on(self, pending: AttemptRecord | None) -> Resolution:
        if pending is not None:
            self._attempts.swap(pending.attempt_id, "waiting", "refused", result={"why": "the task moved on"})
        self._change(phase="closed", status="closed", outcome="moved_on", closed_at=self._now, due_at=None)
        return self._answer("moved_on", "somebody or Airflow itself ran the task instance again")

    # -- deciding ----------------------------------------------------------------------------------------------

    def _choose(self, *, but: str = "") -> Choices:
        from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import choose

        case = case_of(self._session, self._record, self._facts, self._now)
        if but:
            case = replace(case, past=tuple(item for item in case.past if item.status != "waiting"))
        return choose(
            case,
            self._policy,
            spent=spent_on(self._session, self._record, self._now, but=but),
            outcomes=outcomes_of(self._session),
            approved=self._remedy,
        )

    def _first_that_works(self) -> Resolution:
        reason = ""
        for _ in range(_MOST_ATTEMPTS):
            choices = self._choose()
            choice = self._wanted(choices)
            if choice is None:
                return self._without_acting(choices, reason)
            done = self._attempt(choice)
            if done.outcome in ("applied", "done"):
                return self._acted(choice, done.reason, choices)
            if done.outcome == "waiting":
                # Also if a person asked for it: from here on a machine has to look again.
                self._change(
                    phase="resolution", status="in_progress", due_at=done.due_at, remedies=self._offers(choices)
                )
                return self._answer(
                    "waiting", done.reason, choices=choices, remedy=choice.plan.remedy, due_at=done.due_at
                )
            if done.outcome == "taken":
                return self._answer("waiting", "somebody else is at it", choices=choices)
            reason = f"{choice.plan.remedy}: {done.reason}"
            if self._remedy:
                self._change(phase="resolution", status="manual_intervention_required", reason=reason)
                return self._answer("escalated", reason, choices=self._choose())
        return self._escalate(reason)

    def _wanted(self, choices: Choices) -> Choice | None:
        """The remedy to carry out; None if none may act.

        Raises:
            UserInputError: the remedy that a person asks for does not fit, or is refused.
        """
        if not self._remedy:
            return choices.to_act()
        found = next((item for item in choices.acting if item.plan.remedy == self._remedy), None)
        if found is None:
            why = next(
                (item.reason for item in choices.misfits if item.remedy == self._remedy), "it is not for this cause"
            )
            raise UserInputError(f"{self._remedy} does not fit: {why}", hint="see the remedies that the session offers")
        if found.permission.answer != "apply":
            raise UserInputError(f"{self._remedy} is refused: {found.permission.reason}", hint="see the policy")
        return found

    def _without_acting(self, choices: Choices, reason: str) -> Resolution:
        """Put off, ask, suggest or escalate: nothing may act."""
        if later := choices.first("later"):
            why, due_at = later.permission.reason, later.permission.at
            self._change(phase="resolution", due_at=due_at, remedies=self._offers(choices))
            return self._answer("later", why, choices=choices, remedy=later.plan.remedy, due_at=due_at)
        for answer, outcome in (("ask", "asked"), ("suggest", "suggested")):
            if choice := choices.first(answer):
                why = choice.permission.reason
                acting = choices.first("apply")
                if answer == "ask" and acting is not None:
                    likelier = f"{choice.plan.remedy} is likelier to help than {acting.plan.remedy}"
                    why = f"{why}; {likelier}, which may act alone"
                self._change(
                    phase="resolution",
                    status="manual_intervention_required",
                    due_at=None,
                    reason=why,
                    remedies=self._offers(choices),
                )
                return self._answer(outcome, why, choices=choices, remedy=choice.plan.remedy)
        refused = choices.first("refuse")
        return self._escalate(reason or (refused.permission.reason if refused else "no remedy fits"), choices)

    # -- acting ------------------------------------------------------------------------------------------------

    def _attempt(self, choice: Choice) -> Any:
        return Attempting(
            self._session, self._place, self._record, self._policy, self._facts, self._actor, self._now
        ).start(choice, approved=bool(self._remedy))

    def _resume(self, pending: AttemptRecord) -> Resolution:
        """Go on with an attempt that waits, if the policy still allows it."""
        named = pending.remedy if pending.mode == "approved" else self._remedy
        self._remedy = named
        choices = self._choose(but=pending.attempt_id)
        self._remedy = ""
        choice = next((item for item in choices.acting if item.plan.remedy == pending.remedy), None)
        if choice is None or choice.permission.answer not in ("apply", "later"):
            why = choice.permission.reason if choice else "it does not fit any more"
            self._attempts.swap(pending.attempt_id, "waiting", "refused", result={"why": why})
            self._session.commit()
            return self._first_that_works()
        if choice.permission.answer == "later":
            due_at = choice.permission.at
            self._change(due_at=due_at)
            return self._answer(
                "later", choice.permission.reason, choices=choices, remedy=pending.remedy, due_at=due_at
            )
        attempting = Attempting(
            self._session, self._place, self._record, self._policy, self._facts, self._actor, self._now
        )
        done = attempting.go_on(pending, choice)
        if done.outcome in ("applied", "done"):
            return self._acted(choice, done.reason, choices)
        if done.outcome in ("waiting", "taken"):
            self._change(due_at=done.due_at)
            return self._answer("waiting", done.reason, choices=choices, remedy=pending.remedy, due_at=done.due_at)
        return self._first_that_works()

    def _acted(self, choice: Choice, reason: str, choices: Choices) -> Resolution:
        if choice.plan.success == "done":
            # A breaker stops new runs, and a freed slot is free: the failure itself is still a person's.
            self._session.commit()
            answer = self._escalate(f"{choice.plan.remedy}: {reason}", choices)
            return replace(answer, outcome="applied", remedy=choice.plan.remedy, steps=choice.plan.words())
        self._change(phase="verification", status="in_progress", due_at=None, remedies=self._offers(choices))
        return self._answer("applied", reason, choices=choices, remedy=choice.plan.remedy, steps=choice.plan.words())

    def _escalate(self, reason: str, choices: Choices | None = None) -> Resolution:
        if choices is None:
            choices = self._choose() if self._facts or self._look() else None
        offers = self._offers(choices) if choices else list(self._record.remedies)
        self._change(phase="resolution", status="escalated", due_at=None, remedies=offers, reason=reason)
        return self._answer("escalated", reason, choices=choices)

    # -- small things ------------------------------------------------------------------------------------------

    def _change(self, **values: Any) -> None:
        self._sessions.change(self._record.session_id, **values)
        self._session.commit()
        self._record = session_named(self._session, self._record.session_id)

    def _offers(self, choices: Choices) -> list[dict[str, Any]]:
        return [offer(item) for item in (*choices.acting, *choices.proposals) if item.permission.answer != "refuse"]

    def _answer(self, outcome: str, reason: str, *, choices: Choices | None = None, **more: Any) -> Resolution:
        if choices is None:
            return Resolution(self._record, outcome, reason, **more)
        proposals = [
            action
            for item in choices.proposals
            if item.permission.answer == "apply"
            for action in item.plan.actions
            if getattr(action, "title", "")  # a question has options, and no text of its own
        ]
        return Resolution(
            self._record,
            outcome,
            reason,
            offers=tuple(offer(item) for item in (*choices.acting, *choices.proposals)),
            misfits=tuple((item.remedy, item.reason) for item in choices.misfits),
            proposals=tuple((getattr(item, "title", ""), getattr(item, "text", "")) for item in proposals),
            **more,
        )
