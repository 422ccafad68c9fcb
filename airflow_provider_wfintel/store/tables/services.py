"""Looks at the services behind connections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import Base, LongText, Name, Word

__all__ = ["ServiceCheckRow"]


class ServiceCheckRow(Base):
    """One look, see `ServiceCheck`. Looking again at the same moment is the same look."""

    __tablename__ = "wfintel_service_checks"

    conn_id: Mapped[str] = mapped_column(String(250), primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    conn_type: Mapped[Name] = mapped_column(default="")
    state: Mapped[Word]
    address: Mapped[str] = mapped_column(String(500), default="")
    latency_seconds: Mapped[float | None]
    login_seconds: Mapped[float | None]
    message: Mapped[LongText] = mapped_column(default="")
    checked_by: Mapped[Name] = mapped_column(default="")
