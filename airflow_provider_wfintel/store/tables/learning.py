"""What people taught us: which operator and connection a deployment prefers, and what they said of our answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import Base, DagId, Json, LongText, Name, Uuid, Word, new_id, utc_now

__all__ = ["Feedback", "LearnedState", "ServiceMapping"]


class ServiceMapping(Base):
    """How this deployment carries out an action on a service, with the votes for and against it."""

    __tablename__ = "wfintel_service_mappings"

    service: Mapped[str] = mapped_column(String(100), primary_key=True)
    action: Mapped[Word] = mapped_column(primary_key=True)
    target_service: Mapped[str] = mapped_column(String(100), primary_key=True, default="")
    """The other side of a transfer, else empty."""
    operator: Mapped[str] = mapped_column(String(400), primary_key=True)
    """`package.module:Class`."""
    connection_id: Mapped[Name] = mapped_column(default="")
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    @property
    def weight(self) -> float:
        """Posterior mean of the share of accepting votes, uniform prior (Laplace's rule of succession)."""
        return (self.accepted + 1) / (self.accepted + self.rejected + 2)


class Feedback(Base):
    """What one person said of one answer; saying something else later replaces it."""

    __tablename__ = "wfintel_feedback"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "author"), Index(None, "subject", "created_at"))

    feedback_id: Mapped[Uuid] = mapped_column(default=new_id)
    subject: Mapped[Word]
    """`generation`, `optimization`, `insight`, `alert`, `diagnosis` or `remedy`."""
    subject_id: Mapped[Name]
    author: Mapped[Name]
    verdict: Mapped[Word]
    """`accepted`, `corrected` or `rejected`."""
    dag_id: Mapped[DagId] = mapped_column(default="")
    comment: Mapped[LongText] = mapped_column(default="")
    correction: Mapped[Json | None]
    rating: Mapped[int | None]
    """1 (no use) to 5 (just right); not everybody rates."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class LearnedState(Base):
    """What a part of the package goes on from, as JSON: cursors of rollups, calibration, what a detector knows."""

    __tablename__ = "wfintel_learned_state"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    state: Mapped[Json]
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
