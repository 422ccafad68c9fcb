"""Use case: what people said of answers is kept and changes the answers to come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_wfintel.engine.generation import service
from airflow_provider_wfintel.engine.model import Correction, Preference, WorkflowSpec
from airflow_provider_wfintel.exceptions import StoreError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from airflow_provider_wfintel.store.repositories.feedback import FeedbackNote, FeedbackSubject
    from airflow_provider_wfintel.store.repositories.service_mappings import ServiceMappings

__all__ = ["FeedbackSummary", "KeptFeedback", "corrections_of", "feedback_summary", "known_preferences", "remember"]


@dataclass(frozen=True, slots=True)
class KeptFeedback:
    """What was stored: the note's subject and how many votes on operators it gave."""

    subject: str
    subject_id: str
    votes: int


def corrections_of(spec: WorkflowSpec, saved: str) -> tuple[Correction, ...]:
    """What a person changed between a generated DAG and the file they saved.

    Raises:
        UserInputError: the saved file is no valid Python.
    """
    return service.find_corrections(spec, saved)


def remember(session: Session, note: FeedbackNote, corrections: Iterable[Correction] = ()) -> KeptFeedback:
    """Keep a note and count its corrections as votes. A person's votes count once for each answer.

    Saying something again of the same answer replaces the note; its votes are counted only the first time.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.feedback import FeedbackNotes
    from airflow_provider_wfintel.store.repositories.service_mappings import ServiceMappings

    notes, mappings, votes = FeedbackNotes(session), ServiceMappings(session), 0
    told_before = any(item.author == note.author for item in notes.of(note.subject, note.subject_id))
    notes.keep(note)
    for item in () if told_before else corrections:
        votes += _vote(mappings, item)
    return KeptFeedback(note.subject, note.subject_id, votes)


def _vote(mappings: ServiceMappings, item: Correction) -> int:
    mappings.vote(
        item.service,
        item.action,
        item.operator,
        accepted=True,
        target_service=item.target_service,
        connection_id=item.connection_id,
    )
    if not item.instead_of:
        return 1
    mappings.vote(item.service, item.action, item.instead_of, accepted=False, target_service=item.target_service)
    return 2


def known_preferences(session: Session) -> tuple[Preference, ...]:
    """What this deployment learned; nothing if its tables are not there: the answer does without."""
    from airflow_provider_wfintel.store.repositories.service_mappings import ServiceMappings

    try:
        learned = ServiceMappings(session).all()
    except StoreError:
        return ()
    return tuple(
        Preference(
            service=item.service,
            action=item.action,
            operator=item.operator,
            target_service=item.target_service,
            connection_id=item.connection_id,
            weight=item.weight,
        )
        for item in learned
    )


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """What people said of one kind of answer, or of all.

    Attributes:
        verdicts: how many notes of each verdict there are.
        ratings: how often each rating from 1 to 5 was given.
    """

    verdicts: Mapping[str, int]
    ratings: Mapping[int, int]

    @property
    def rated(self) -> int:
        """How many people's notes carry a rating."""
        return sum(self.ratings.values())

    @property
    def average(self) -> float | None:
        """The mean rating; None if nobody rated."""
        if not self.rated:
            return None
        return sum(rating * count for rating, count in self.ratings.items()) / self.rated


def feedback_summary(
    session: Session, subject: FeedbackSubject | None = None, dag_ids: Collection[str] | None = None
) -> FeedbackSummary:
    """What people said of a kind of answer, or of all; `dag_ids`: of answers about these DAGs or about none.

    Raises:
        StoreError: the tables are missing or the database cannot be reached.
    """
    from airflow_provider_wfintel.store.repositories.feedback import FeedbackNotes

    notes = FeedbackNotes(session)
    return FeedbackSummary(verdicts=notes.counts(subject, dag_ids), ratings=notes.ratings(subject, dag_ids))
