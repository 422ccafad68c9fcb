"""What is new since the machine's last step: rows of the collector, what people and tasks said, answers of channels."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from airflow_provider_wfintel.app.alerting.upstream import with_upstream
from airflow_provider_wfintel.engine.model import TaskTry, from_json
from airflow_provider_wfintel.engine.monitoring.service import (
    Acknowledge,
    AlertState,
    DagLabels,
    Delivered,
    EndSilence,
    Input,
    KnownCause,
    NotDelivered,
    Resolve,
    Seen,
    Silence,
    seen_of_deadline,
    seen_of_run,
    seen_of_try,
    with_consequences,
)
from airflow_provider_wfintel.exceptions import WfIntelError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.alert_memory import Memory
    from airflow_provider_wfintel.store.repositories.executions import EndedRow

__all__ = ["END", "News", "PushedCauses", "read_news"]

log = logging.getLogger(__name__)

PAGE = 500
"""Rows of the collector for one step of the machine."""

_SURE = 0.6
"""From this confidence on a diagnosis is told. Nobody acts on a message alone, so it is less than for a remedy."""
_MOST_UNEXPLAINED = 50
END = "z"
"""After every key of a batch: keys are hexadecimal."""

_INPUTS: dict[str, Any] = {item.kind_tag: item for item in (Seen, Silence, EndSilence, Acknowledge, Resolve)}

PushedCauses = Mapping[str, Seen]
"""What tasks pushed, by the UUID of the try."""


@dataclass(frozen=True, slots=True)
class News:
    """Inputs for one step, and what is to be written down with it.

    Attributes:
        heard: keys of what people and tasks said.
        answered: keys of messages whose last attempt is among the inputs.
        batch: the place up to which rows were read.
        execution_id: likewise.
        more: whether there are further rows.
    """

    inputs: tuple[Input, ...]
    heard: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    batch: int = 0
    execution_id: str = ""
    more: bool = False


def read_news(session: Session, memory: Memory, state: AlertState, *, horizon: float, written: int, now: float) -> News:
    """Read what is new.

    Args:
        session: a session on the metadata database.
        memory: what the last step saved.
        state: the state in it.
        horizon: seconds after which something is no news any more.
        written: number of the last batch of the collector.
        now: the present, in seconds since the epoch.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.alert_memory import AlertMemories
    from airflow_provider_wfintel.store.repositories.executions import Executions

    memories = AlertMemories(session)
    said = memories.said(limit=PAGE)
    answers = memories.answers()
    new = written > memory.batch or memory.execution_id != END
    rows = _rows(session, memory, state, horizon) if new else ()
    heard = [item for item in (_input(one.kind, one.payload) for one in said) if item is not None]
    pushed = {item.event_id: item for item in heard if isinstance(item, Seen) and item.event_id}
    others = [item for item in heard if not isinstance(item, Seen)]
    mine = [item for item in heard if isinstance(item, Seen)]
    # Of a try that the collector knows, what it knows is true; what was pushed adds the cause.
    known = {row.key for row in rows}
    before = Executions(session).ended([key for key in pushed if key not in known])
    known |= {row.key for row in before}
    before = (*before, *Executions(session).ended(_unexplained(state)))
    seen = _seen(session, [*rows, *before], state, pushed)
    deadlines = _deadlines(session, state, seen, horizon, now)
    inputs: list[Input] = [
        *(Delivered(item.key) if item.sent else NotDelivered(item.key, item.error) for item in answers),
        *others,
        *deadlines,
        *with_consequences([*seen, *_labelled(session, [item for item in mine if item.event_id not in known])]),
    ]
    full = len(rows) == PAGE
    return News(
        inputs=tuple(inputs),
        heard=tuple(item.key for item in said),
        answered=tuple(item.key for item in answers),
        # All rows of the last batch are there: it was written in one transaction.
        batch=rows[-1].batch if full else max(memory.batch, written),
        execution_id=rows[-1].key if full else END,
        more=full or len(said) == PAGE,
    )


def _deadlines(session: Session, state: AlertState, seen: Sequence[Seen], horizon: float, now: float) -> list[Seen]:
    """Deadlines of Airflow's deadline alerts that were missed, and that runs kept theirs where one is being told of.

    Airflow deletes a deadline that was kept, so a run that ended well and has none that was missed kept it.
    """
    from airflow_provider_wfintel.host.airflow_dags import deadlines_around, labels_of

    since = datetime.fromtimestamp(max(state.not_before, now - horizon), tz=timezone.utc)
    past = [item for item in deadlines_around(session, since, limit=PAGE) if item.due.timestamp() <= now]
    missed = [item for item in past if item.missed or item.ended is None or item.ended > item.due]
    late = {(item.dag_id, item.run_id) for item in missed}
    told = {alert.dag_id for alert in state.alerts if alert.kind in ("deadline.missed", "deadline.odds")}
    kept = [
        item
        for item in seen
        if item.kind == "run.succeeded" and item.dag_id in told and (item.dag_id, item.run_id) not in late
    ]
    labels = labels_of(session, {item.dag_id for item in missed})
    found = [
        seen_of_deadline(
            dag_id=item.dag_id,
            run_id=item.run_id,
            due=item.due.timestamp(),
            ended=None if item.ended is None else item.ended.timestamp(),
            missed=True,
            labels=labels.get(item.dag_id),
        )
        for item in missed
    ]
    met = [
        seen_of_deadline(dag_id=item.dag_id, run_id=item.run_id, due=item.at, ended=item.at, missed=False)
        for item in kept
    ]
    return [*found, *met]


def _rows(session: Session, memory: Memory, state: AlertState, horizon: float) -> tuple[EndedRow, ...]:
    from airflow_provider_wfintel.store.repositories.executions import Executions

    since = datetime.fromtimestamp(max(state.not_before, state.latest - horizon), tz=timezone.utc)
    return Executions(session).ended_after(memory.batch, memory.execution_id, since=since, limit=PAGE)


def _seen(session: Session, rows: Sequence[EndedRow], state: AlertState, pushed: PushedCauses) -> list[Seen]:
    from airflow_provider_wfintel.host.airflow_dags import labels_of

    plain = [(row, _converted(row, None, None)) for row in rows]
    troubled = {item.dag_id for _, item in plain if item is not None and _bad(item)}
    troubled |= {track.dag_id for track in state.tracks}
    # Good news of a DAG of which nothing bad is known say nothing, and they are most of all.
    wanted = [row for row, item in plain if item is not None and item.dag_id in troubled]
    labels = labels_of(session, {row.item.dag_id for row in wanted})
    failed = [row.key for row in wanted if row.item.state == "failed"]
    causes = _diagnosed(session, [key for key in failed if key not in pushed]) | _pushed(pushed)
    found = (_converted(row, labels.get(row.item.dag_id), causes.get(row.key)) for row in wanted)
    return with_upstream(session, [item for item in found if item is not None])


def _converted(row: EndedRow, labels: DagLabels | None, cause: KnownCause | None) -> Seen | None:
    if not isinstance(row.item, TaskTry):
        return seen_of_run(row.item, labels=labels)
    return seen_of_try(row.item, superseded=row.superseded, labels=labels, cause=cause)


def _pushed(pushed: PushedCauses) -> dict[str, KnownCause]:
    return {key: KnownCause(item.cause, item.message, item.shared) for key, item in pushed.items() if item.cause}


def _diagnosed(session: Session, keys: Sequence[str]) -> dict[str, KnownCause]:
    """What the sessions of failed tries found out, by the UUID of the try."""
    from airflow_provider_wfintel.engine.troubleshooting.service import known_cause
    from airflow_provider_wfintel.store.repositories.troubleshooting import TroubleshootingSessions

    sessions, found = TroubleshootingSessions(session), {}
    for key in keys:
        record = sessions.of_try(key)
        if record is None or record.confidence < _SURE:
            continue
        cause, shared = known_cause(record.label, record.evidence, dag_id=record.dag_id, task_id=record.task_id)
        if cause:
            found[key] = KnownCause(cause, record.explanation, shared)
    return found


def _unexplained(state: AlertState) -> list[str]:
    """Tries whose failure is to be told and of which no cause is known yet: it may be by now."""
    return [
        alert.event_id
        for alert in state.alerts
        if alert.kind == "task.failed" and not alert.told and not alert.muted_by and alert.cause.startswith("run ")
    ][:_MOST_UNEXPLAINED]


def _labelled(session: Session, items: Sequence[Seen]) -> list[Seen]:
    from airflow_provider_wfintel.host.airflow_dags import labels_of

    labels = labels_of(session, {item.dag_id for item in items if item.dag_id})
    return [
        replace(item, tags=found.tags, owners=found.owners, team=found.team, upstream_dags=found.upstream_dags)
        if (found := labels.get(item.dag_id)) is not None
        else item
        for item in items
    ]


def _bad(item: Seen) -> bool:
    return item.kind not in ("task.succeeded", "run.succeeded")


def _input(kind: str, payload: Mapping[str, Any]) -> Input | None:
    """What was said; None if it cannot be understood, as after a change of version."""
    try:
        value: Input = from_json(_INPUTS[kind], dict(payload))
    except (KeyError, WfIntelError) as error:
        log.error("something that was said to the alerts is not understood and dropped: %s %s", kind, error)
        return None
    return value
