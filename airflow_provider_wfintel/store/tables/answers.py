"""Answers of writes, for callers that send them again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import Base, Key36, LongText, utc_now

__all__ = ["KeptAnswer"]


class KeptAnswer(Base):
    """One key that a caller gave to a write, until a day after. The answer is written with what it tells of."""

    __tablename__ = "wfintel_kept_answers"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the user and the key."""
    holder: Mapped[Key36]
    """The request that took the key."""
    request_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, address and body."""
    status: Mapped[int] = mapped_column(default=0)
    """HTTP status of the answer; 0 while the request is being served."""
    body: Mapped[LongText] = mapped_column(default="")
    media_type: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
