"""Answers of writes under the keys that callers gave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import new_id
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import KeptAnswer
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["Answer", "KeptAnswerRows", "Reserved"]

_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Reserved:
    """A key that was taken. `holder` is the request that took it."""

    name: str
    holder: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; with the status 0 there is none yet. `same_request`: whether it answers the request that asks."""

    status: int
    body: str
    media_type: str
    same_request: bool = True


class KeptAnswerRows:
    """The table. The caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def reserve(self, name: str, request_hash: str, *, now: datetime, abandoned: datetime) -> Reserved | Answer:
        """Take a key for a request, or return what is known of the one that has it.

        Args:
            name: the key.
            request_hash: SHA-256 of what is asked for.
            now: the present.
            abandoned: a request without an answer that began before is taken for dead.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        table, mine = KeptAnswer, Reserved(name, new_id())
        row = {
            "name": name, "holder": mine.holder, "request_hash": request_hash, "status": 0, "body": "",
            "media_type": "", "made_at": now,
        }  # fmt: skip
        with store_errors():
            upsert(self._session, table, row, key=("name",), change=lambda _stored, _offered: {})
            self._session.execute(
                update(table)
                .where(table.name == name, table.status == 0, table.made_at < abandoned)
                .values(holder=mine.holder, request_hash=request_hash, made_at=now),
                execution_options=_QUIETLY,
            )
            columns = (table.holder, table.request_hash, table.status, table.body, table.media_type)
            found = self._session.execute(select(*columns).where(table.name == name)).one()
        if found.holder == mine.holder:
            return mine
        return Answer(found.status, found.body, found.media_type, found.request_hash == request_hash)

    def keep(self, reserved: Reserved, answer: Answer) -> None:
        """Store an answer, if the key is still this request's.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        values = {"status": answer.status, "body": answer.body, "media_type": answer.media_type}
        with store_errors():
            self._session.execute(
                update(KeptAnswer).where(*_held(reserved)).values(**values), execution_options=_QUIETLY
            )

    def release(self, reserved: Reserved) -> None:
        """Forget a key that has no answer.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            self._session.execute(delete(KeptAnswer).where(*_held(reserved)), execution_options=_QUIETLY)

    def drop_before(self, moment: datetime) -> None:
        """Forget keys that were taken before.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        with store_errors():
            self._session.execute(delete(KeptAnswer).where(KeptAnswer.made_at < moment), execution_options=_QUIETLY)


def _held(reserved: Reserved) -> list[ColumnElement[bool]]:
    return [KeptAnswer.name == reserved.name, KeptAnswer.holder == reserved.holder, KeptAnswer.status == 0]
