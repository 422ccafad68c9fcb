"""The state of the alert machine, what it is told, and what it says, between two of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import AlertInput, AlertMemory, AlertMessage
from airflow_provider_wfintel.store.upsert import upsert, upsert_many

__all__ = ["AlertMemories", "Answer", "Memory", "NewMessage", "Said"]

_NAME = "alerts"
_MOST_ERROR = 1000


@dataclass(frozen=True, slots=True)
class Memory:
    """The state of the machine as JSON data, its revision, and the place up to which it has read."""

    revision: int
    batch: int
    execution_id: str
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a person or a task says to the machine; who says the same thing again gives the same key."""

    key: str
    kind: str
    payload: Mapping[str, Any]
    dag_id: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that the machine has made; `notification` is all of it as JSON data."""

    key: str
    incident: str
    receiver: str
    kind: str
    made_at: datetime
    notification: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """How the last attempt to deliver a message ended."""

    key: str
    sent: bool
    error: str = ""


class AlertMemories:
    """What lies between two steps of the machine. The caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, memory: Memory, *, now: datetime) -> None:
        """Begin with this, unless there is a state already.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {
            "name": _NAME,
            "revision": memory.revision,
            "batch": memory.batch,
            "execution_id": memory.execution_id,
            "state": dict(memory.state),
            "saved_at": now,
        }
        with store_errors():
            upsert(self._session, AlertMemory, row, key=("name",), change=lambda _stored, _offered: {})

    def load(self) -> Memory | None:
        """The state; None before the first `begin`.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertMemory
        query = select(table.revision, table.batch, table.execution_id, table.state).where(table.name == _NAME)
        with store_errors():
            row = self._session.execute(query).first()
        return None if row is None else Memory(row.revision, row.batch, row.execution_id, row.state)

    def save(self, memory: Memory, *, on: int, now: datetime) -> bool:
        """Save the state on top of revision `on`; False if somebody else has saved since, then roll back.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            saved = self._session.execute(
                update(AlertMemory)
                .where(AlertMemory.name == _NAME, AlertMemory.revision == on)
                .values(
                    revision=memory.revision,
                    batch=memory.batch,
                    execution_id=memory.execution_id,
                    state=dict(memory.state),
                    saved_at=now,
                ),
                execution_options={"synchronize_session": False},
            )
        return bool(saved.rowcount == 1)  # type: ignore[attr-defined]

    def say(self, said: Said, *, now: datetime) -> None:
        """Leave something for the machine's next step; twice is once.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        row = {
            "input_id": said.key,
            "kind": said.kind,
            "dag_id": said.dag_id,
            "payload": dict(said.payload),
            "said_by": said.by,
            "said_at": now,
        }
        with store_errors():
            upsert(self._session, AlertInput, row, key=("input_id",), change=lambda _stored, _offered: {})

    def said(self, *, limit: int) -> tuple[Said, ...]:
        """What the machine has not heard yet, oldest first.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertInput
        query = select(table).order_by(table.said_at, table.input_id).limit(limit)
        with store_errors():
            rows = self._session.scalars(query.execution_options(populate_existing=True)).all()
        return tuple(Said(row.input_id, row.kind, row.payload, row.dag_id, row.said_by) for row in rows)

    def heard(self, keys: Sequence[str]) -> None:
        """The machine has heard these.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        if keys:
            with store_errors():
                self._session.execute(delete(AlertInput).where(AlertInput.input_id.in_(keys)))

    def add_messages(self, messages: Iterable[NewMessage]) -> None:
        """Keep messages that were made; one with a known key is the same message.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        rows = [
            {
                "message_key": item.key,
                "incident": item.incident,
                "receiver": item.receiver,
                "kind": item.kind,
                "status": "waiting",
                "answered": True,
                "attempts": 0,
                "last_error": "",
                "notification": dict(item.notification),
                "made_at": item.made_at,
            }
            for item in messages
        ]
        with store_errors():
            upsert_many(
                self._session,
                AlertMessage,
                rows,
                key=("message_key",),
                change=lambda stored, _offered: {"made_at": stored.made_at},
            )

    def answers(self) -> tuple[Answer, ...]:
        """How attempts ended of which the machine does not know yet.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertMessage
        query = select(table.message_key, table.status, table.last_error).where(table.answered.is_(False))
        with store_errors():
            rows = self._session.execute(query.order_by(table.message_key)).all()
        return tuple(Answer(row.message_key, row.status == "sent", row.last_error) for row in rows)

    def told(self, keys: Sequence[str]) -> None:
        """The machine knows how the last attempts with these ended.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        if keys:
            with store_errors():
                self._session.execute(
                    update(AlertMessage).where(AlertMessage.message_key.in_(keys)).values(answered=True),
                    execution_options={"synchronize_session": False},
                )

    def sent(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the messages that were delivered.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertMessage
        query = select(table.message_key).where(table.message_key.in_(keys), table.status == "sent")
        with store_errors():
            return frozenset(self._session.scalars(query)) if keys else frozenset()

    def begin_to_send(self, key: str, *, now: datetime) -> bool:
        """Note that a message is about to be sent; whether it was before, and nobody knows how that ended.

        To be committed before it is sent.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertMessage
        with store_errors():
            before = self._session.scalar(select(table.status).where(table.message_key == key))
            self._session.execute(
                update(table)
                .where(table.message_key == key, table.status != "sent")
                .values(status="sending", attempts=table.attempts + 1, tried_at=now),
                execution_options={"synchronize_session": False},
            )
        return before == "sending"

    def record(self, answer: Answer, *, now: datetime, tried: bool = True) -> None:
        """Write down how an attempt ended. What was delivered stays delivered.

        Args:
            answer: how it ended.
            now: the present.
            tried: False: there was no attempt, so what was in doubt stays so.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertMessage
        values: dict[str, Any] = {"answered": False, "last_error": answer.error[:_MOST_ERROR]}
        if answer.sent:
            values |= {"status": "sent", "sent_at": now}
        elif tried:
            values |= {"status": "waiting"}
        with store_errors():
            self._session.execute(
                update(table).where(table.message_key == answer.key, table.status != "sent").values(values),
                execution_options={"synchronize_session": False},
            )

    def drop_before(self, moment: datetime) -> int:
        """Delete delivered messages that were made before `moment`; returns how many.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table = AlertMessage
        with store_errors():
            done = self._session.execute(
                delete(table).where(table.made_at < moment, table.status == "sent", table.answered.is_(True)),
                execution_options={"synchronize_session": False},
            )
        return int(done.rowcount)  # type: ignore[attr-defined]
