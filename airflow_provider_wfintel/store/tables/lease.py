"""Who may do work that only one process may do, such as collecting."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import Base, Json, Name

__all__ = ["Lease"]


class Lease(Base):
    """A named right with an end. `token` grows with every holder, so a stale holder's writes can be told apart."""

    __tablename__ = "wfintel_lease"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    holder: Mapped[Name]
    token: Mapped[int] = mapped_column(BigInteger())
    acquired_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[Json]
    """What the next holder goes on from, such as the collector's cursors."""
