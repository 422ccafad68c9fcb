"""What people said of our answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from airflow_provider_wfintel.store.base import new_id, utc_now
from airflow_provider_wfintel.store.health import store_errors
from airflow_provider_wfintel.store.tables import Feedback
from airflow_provider_wfintel.store.upsert import upsert

__all__ = ["FeedbackNote", "FeedbackNotes", "FeedbackSubject", "Verdict"]

FeedbackSubject: TypeAlias = Literal["generation", "optimization", "insight", "alert", "diagnosis", "remedy"]
Verdict: TypeAlias = Literal["accepted", "corrected", "rejected"]


@dataclass(frozen=True, slots=True)
class FeedbackNote:
    """One person's verdict on one answer, with what would have been right."""

    subject: FeedbackSubject
    subject_id: str
    author: str
    verdict: Verdict
    dag_id: str = ""
    comment: str = ""
    correction: Mapping[str, Any] | None = None
    rating: int | None = None


class FeedbackNotes:
    """Keeps one note per answer and author: saying something else later replaces it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, note: FeedbackNote) -> None:
        """Store the note.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        now = utc_now()
        row = {
            "feedback_id": new_id(),
            "subject": note.subject,
            "subject_id": note.subject_id,
            "author": note.author,
            "verdict": note.verdict,
            "dag_id": note.dag_id,
            "comment": note.comment,
            "correction": None if note.correction is None else dict(note.correction),
            "rating": note.rating,
            "created_at": now,
            "updated_at": now,
        }
        changing = ("verdict", "dag_id", "comment", "correction", "rating", "updated_at")
        with store_errors():
            upsert(
                self._session,
                Feedback,
                row,
                key=("subject", "subject_id", "author"),
                change=lambda _stored, offered: {name: offered[name] for name in changing},
            )

    def ratings(
        self, subject: FeedbackSubject | None = None, dag_ids: Collection[str] | None = None
    ) -> Mapping[int, int]:
        """How often each rating was given to a kind of answer, or to all; `dag_ids`: about these DAGs, or about none.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(Feedback.rating, func.count()).where(Feedback.rating.is_not(None)).group_by(Feedback.rating)
        query = _narrowed(query, subject, dag_ids)
        with store_errors():
            return {rating: count for rating, count in self._session.execute(query) if rating is not None}

    def counts(
        self, subject: FeedbackSubject | None = None, dag_ids: Collection[str] | None = None
    ) -> Mapping[str, int]:
        """How many notes of each verdict there are on a kind of answer, or on all; `dag_ids` as in `ratings`.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = select(Feedback.verdict, func.count()).group_by(Feedback.verdict)
        query = _narrowed(query, subject, dag_ids)
        with store_errors():
            return {verdict: count for verdict, count in self._session.execute(query)}  # noqa: C416 - rows are no pairs

    def of(self, subject: FeedbackSubject, subject_id: str) -> tuple[FeedbackNote, ...]:
        """All notes on one answer, those that were changed last at the end.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        return self.of_each(subject, [subject_id])

    def of_each(self, subject: FeedbackSubject, subject_ids: Collection[str]) -> tuple[FeedbackNote, ...]:
        """All notes on several answers, those that were changed last at the end.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = (
            select(Feedback)
            .where(Feedback.subject == subject, Feedback.subject_id.in_(sorted(subject_ids)))
            .order_by(Feedback.updated_at, Feedback.author)
            .execution_options(populate_existing=True)
        )
        with store_errors():
            rows = self._session.scalars(query).all()
        return tuple(
            FeedbackNote(
                subject=subject,
                subject_id=row.subject_id,
                author=row.author,
                verdict=row.verdict,  # type: ignore[arg-type]  # written by `keep` only
                dag_id=row.dag_id,
                comment=row.comment,
                correction=row.correction,
                rating=row.rating,
            )
            for row in rows
        )

    def changed_since(self, subject: FeedbackSubject, moment: datetime) -> tuple[tuple[str, datetime], ...]:
        """Ids of the answers on which something was said after `moment`, and when, oldest first.

        Raises:
            StoreError: the tables are missing or the database cannot be reached.
        """
        query = (
            select(Feedback.subject_id, Feedback.updated_at)
            .where(Feedback.subject == subject, Feedback.updated_at > moment)
            .order_by(Feedback.updated_at)
        )
        with store_errors():
            return tuple((row.subject_id, row.updated_at) for row in self._session.execute(query))


def _narrowed(query: Any, subject: FeedbackSubject | None, dag_ids: Collection[str] | None) -> Any:
    if subject is not None:
        query = query.where(Feedback.subject == subject)
    return query if dag_ids is None else query.where(Feedback.dag_id.in_([*dag_ids, ""]))
