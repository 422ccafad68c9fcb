"""Use case: answers of writes that are kept for a day, so that a write that is sent again is not done again."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from airflow_provider_wfintel.store.repositories.kept_answers import Answer, KeptAnswerRows, Reserved

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Answer", "KeptAnswers", "Reserved"]

_KEPT = timedelta(days=1)
_ABANDONED = timedelta(minutes=15)
"""After this time a request that has not ended is taken for dead, as after a crash, and its key for free."""


class KeptAnswers:
    """Keys that callers gave to their writes, and the answers."""

    @staticmethod
    def reserve(user: str, key: str, request: str) -> Reserved | Answer:
        """Take a key, or say what became of the request that took it.

        Args:
            user: who asks; the keys of different users have nothing to do with each other.
            key: the key.
            request: what is asked for, as a text that is equal for equal requests.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        from airflow_provider_wfintel.host.session import metadata_session
        from airflow_provider_wfintel.store.base import utc_now

        now = utc_now()
        name = hashlib.sha256(f"{len(user)}:{user}{key}".encode()).hexdigest()
        with metadata_session() as session:
            rows = KeptAnswerRows(session)
            rows.drop_before(now - _KEPT)
            return rows.reserve(name, _digest(request), now=now, abandoned=now - _ABANDONED)

    @staticmethod
    def keep(session: Session, reserved: Reserved, answer: Answer) -> None:
        """Keep the answer in the transaction of the write; the caller commits.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        KeptAnswerRows(session).keep(reserved, answer)

    @staticmethod
    def release(reserved: Reserved) -> None:
        """Give the key back: nothing was written.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        from airflow_provider_wfintel.host.session import metadata_session

        with metadata_session() as session:
            KeptAnswerRows(session).release(reserved)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
