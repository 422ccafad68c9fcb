"""From a stored session to the case that remedies are asked about, and back to what is stored and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.engine.model import Diagnosis
from airflow_provider_wfintel.engine.model.codec import from_json, to_json
from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Action
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, PastAttempt, RemedyPlan, Target
from airflow_provider_wfintel.engine.troubleshooting.remedies.choose import Choice
from airflow_provider_wfintel.engine.troubleshooting.remedies.odds import Outcomes
from airflow_provider_wfintel.engine.troubleshooting.remedies.policy import Spent

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.remedy_attempts import AttemptRecord
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionRecord

__all__ = ["actions_from", "actions_to", "case_of", "offer", "outcomes_of", "spent_on", "target_of"]

_LOOK_BACK = timedelta(days=7)
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class _Steps:
    steps: tuple[Action, ...] = ()


def target_of(record: SessionRecord) -> Target:
    """The try of a session."""
    return Target(record.try_id, record.dag_id, record.run_id, record.task_id, record.map_index, record.try_number)


def case_of(session: Session, record: SessionRecord, facts: Mapping[str, Any], now: datetime) -> Case:
    """The case of a session.

    Args:
        session: a session on the metadata database.
        record: the session.
        facts: what is known now; it wins over what was known when the session was opened.
        now: this moment.
    """
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts

    past = RemedyAttempts(session).of_task(record.dag_id, record.task_id, now - _LOOK_BACK)
    return Case(
        target_of(record),
        from_json(Diagnosis, dict(record.diagnosis)),
        {**record.facts, **facts, "upstream_permanent": _permanent_upstream(session, record, facts)},
        now,
        tuple(_past(item) for item in reversed(past)),
    )


def _permanent_upstream(session: Session, record: SessionRecord, facts: Mapping[str, Any]) -> list[str]:
    """Failed tasks before this one whose last session in the run says that the cause does not pass by itself."""
    from airflow_provider_wfintel.store.repositories.troubleshooting import SessionFilter, TroubleshootingSessions

    upstream = facts.get("upstream")
    failed = [name for name, state in upstream.items() if state == "failed"] if isinstance(upstream, Mapping) else []
    found = []
    for name in sorted(failed):
        wanted = SessionFilter(None, record.dag_id, name, record.run_id)
        last = next(iter(TroubleshootingSessions(session).find(wanted, limit=1)), None)
        if last is not None and last.transient is False:
            found.append(name)
    return found


def _past(item: AttemptRecord) -> PastAttempt:
    return PastAttempt(
        item.remedy, item.dag_id, item.task_id, item.run_id, item.requested_at, item.status, item.try_id, item.reruns
    )


def spent_on(session: Session, record: SessionRecord, now: datetime, *, but: str = "") -> Spent:
    """What acted within the last 24 hours, without the attempt `but`."""
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts

    used = RemedyAttempts(session).usage(record.dag_id, record.task_id, now - _DAY, but=but)
    return Spent(used.task, used.dag, used.deployment, used.last_on_task)


def outcomes_of(session: Session) -> dict[tuple[str, str], Outcomes]:
    """Verified outcomes by class of failure and remedy."""
    from airflow_provider_wfintel.store.repositories.remedy_attempts import RemedyAttempts

    return {
        (item.label, item.remedy): Outcomes(item.helped, item.failed) for item in RemedyAttempts(session).outcomes()
    }


def actions_to(actions: tuple[Action, ...]) -> dict[str, Any]:
    """Actions as they are stored."""
    data: dict[str, Any] = to_json(_Steps(actions))
    return data


def actions_from(data: Mapping[str, Any]) -> tuple[Action, ...]:
    """Actions as they were stored."""
    known = {"steps": data["steps"]} if data.get("steps") else {}
    return from_json(_Steps, known).steps


def offer(choice: Choice) -> dict[str, Any]:
    """What a session keeps and shows of a remedy that fits: no code, no values of Variables."""
    plan: RemedyPlan = choice.plan
    return {
        "remedy": plan.remedy,
        "answer": choice.permission.answer,
        "reason": choice.permission.reason,
        "because": plan.because,
        "steps": list(plan.words()),
        "success": plan.success,
        "odds": choice.odds.mean,
        "helped": choice.odds.helped,
        "failed": choice.odds.failed,
        "undoable": bool(plan.undo),
    }
