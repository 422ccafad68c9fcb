"""What people and tasks say to the alert machine. It is kept at once and heard in the collector's next turn."""

from __future__ import annotations

import glob
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from airflow_provider_wfintel.engine.model import to_json
from airflow_provider_wfintel.engine.monitoring.service import Acknowledge, EndSilence, Match, Resolve, Seen, Silence
from airflow_provider_wfintel.engine.troubleshooting.service import redact
from airflow_provider_wfintel.exceptions import UserInputError
from airflow_provider_wfintel.store.base import new_id
from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories, Said

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.alerts import StoredAlert

__all__ = ["PUSHED_KINDS", "Accepted", "acknowledge", "end_silence", "push", "resolve", "silence", "tell"]

PUSHED_KINDS = (
    "task.failed", "task.retry", "task.succeeded", "run.failed", "run.succeeded", "deadline.missed", "deadline.met",
)  # fmt: skip
"""What DAG authors may push. Everything else is for this package to find out."""

_PUSHES = UUID("0f0b7d1c-7a55-5f0c-8e0e-6b0a0a4b9f7d")  # the name space of the keys of what is pushed
_MOST_AHEAD = 300.0
_MOST_MESSAGE, _MOST_CAUSE = 1000, 200


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was kept; saying the same thing again gives the same key."""

    key: str


def push(session: Session, seen: Seen, *, by: str, now: datetime) -> Accepted:
    """Take in what a callback of a DAG pushes; secrets in its texts are masked before it is stored.

    Args:
        session: a session on the metadata database; the caller commits.
        seen: what happened.
        by: who pushes.
        now: the present.

    Raises:
        UserInputError: its kind is not one of `PUSHED_KINDS`, or it lies in the future.
        StoreError: the tables are missing or the database cannot be reached.
    """
    if seen.kind not in PUSHED_KINDS:
        raise UserInputError(
            f"a {seen.kind} cannot be pushed", hint=f"expected one of: {', '.join(PUSHED_KINDS)}; the rest is found"
        )
    if seen.at > now.timestamp() + _MOST_AHEAD:
        raise UserInputError(
            f"the event lies {seen.at - now.timestamp():.0f} s in the future", hint="see the clock of the machine"
        )
    clean = replace(seen, message=redact(seen.message)[:_MOST_MESSAGE], cause=redact(seen.cause)[:_MOST_CAUSE])
    return tell(session, [clean], by=by, now=now)[0]


def tell(session: Session, events: Iterable[Seen], *, by: str, now: datetime) -> tuple[Accepted, ...]:
    """Keep things that were seen for the machine's next step. The same event told twice is one.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    memories, kept = AlertMemories(session), []
    for seen in events:
        what = (seen.kind, seen.dag_id, seen.run_id, seen.thing, str(seen.map_index), seen.event_id)
        # Without an id of the event only the same moment makes it the same.
        key = str(uuid5(_PUSHES, "\n".join((*what, "" if seen.event_id else repr(seen.at)))))
        memories.say(Said(key, Seen.kind_tag, to_json(seen), seen.dag_id, by), now=now)
        kept.append(Accepted(key))
    return tuple(kept)


def acknowledge(session: Session, alert: StoredAlert, *, by: str, now: datetime) -> Accepted:
    """Somebody takes the incidents of an alert on: no repeats and no escalation unless it gets worse.

    Raises:
        UserInputError: nobody was told of it, or it is over.
        StoreError: the tables are missing or the database cannot be reached.
    """
    return _order(session, alert, Acknowledge, by=by, now=now)


def resolve(session: Session, alert: StoredAlert, *, by: str, now: datetime) -> Accepted:
    """Somebody says that the incidents of an alert are over.

    Raises:
        UserInputError: nobody was told of it, or it is over.
        StoreError: the tables are missing or the database cannot be reached.
    """
    return _order(session, alert, Resolve, by=by, now=now)


def silence(
    session: Session, alert: StoredAlert, *, by: str, now: datetime, seconds: float, whole_dag: bool, comment: str
) -> Silence:
    """Nobody is to hear of the DAG of an alert, or of its task or connection and rule, for some time.

    Raises:
        UserInputError: the time is none.
        StoreError: the tables are missing or the database cannot be reached.
    """
    if not math.isfinite(seconds) or seconds <= 0:
        raise UserInputError(f"a silence of {seconds} s is none", hint="give a positive number of seconds")
    dag = (glob.escape(alert.dag_id),) if alert.dag_id else ()
    narrow, conn_id = not whole_dag or not dag, str(alert.body.get("conn_id", ""))
    match = Match(
        dag=dag,
        task=(glob.escape(alert.task_id),) if narrow and alert.task_id else (),
        connection=(glob.escape(conn_id),) if narrow and conn_id else (),
        rule=(alert.rule,) if narrow else (),
    )
    start = now.timestamp()
    item = Silence(new_id(), match, start, start + seconds, by, redact(comment)[:_MOST_MESSAGE])
    said = Said(new_id(), Silence.kind_tag, to_json(item), alert.dag_id, by)
    AlertMemories(session).say(said, now=now)
    return item


def end_silence(session: Session, silence_id: str, *, dag_id: str, by: str, now: datetime) -> None:
    """A silence is over before its time.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    said = Said(new_id(), EndSilence.kind_tag, to_json(EndSilence(silence_id)), dag_id, by)
    AlertMemories(session).say(said, now=now)


def _order(
    session: Session, alert: StoredAlert, kind: type[Acknowledge] | type[Resolve], *, by: str, now: datetime
) -> Accepted:
    if alert.status == "resolved":
        raise UserInputError("the alert is over", hint="there is nothing left to do about it")
    incidents = sorted({item["incident"] for item in alert.body.get("incidents", ())})
    if not incidents:
        raise UserInputError(
            "nobody is told of this alert: it is silenced, or follows from another one",
            hint="end the silence, or act on the alert that it follows from",
        )
    memories, key = AlertMemories(session), ""
    for incident in incidents:
        key = str(uuid5(_PUSHES, "\n".join((kind.kind_tag, incident, by, now.isoformat()))))
        memories.say(Said(key, kind.kind_tag, to_json(kind(incident, by)), alert.dag_id, by), now=now)
    return Accepted(key)
