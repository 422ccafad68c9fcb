"""Bodies of the routes of services."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from airflow_provider_wfintel.api.datamodels.common import ListBody

__all__ = [
    "KeptBody",
    "ServiceCheckBody",
    "ServiceChecksBody",
    "ServiceHistoryBody",
    "ServiceStatusBody",
    "ServicesBody",
]

State = Literal["ok", "refused", "unreachable", "missing", "unknown"]


class ServiceCheckBody(BaseModel):
    """One look at the service behind a connection."""

    model_config = ConfigDict(extra="forbid")

    conn_id: str = Field(min_length=1, max_length=250)
    state: State
    checked_at: AwareDatetime
    conn_type: str = Field(default="", max_length=250)
    address: str = Field(default="", max_length=500, description="Host and port.")
    latency_seconds: float | None = Field(default=None, ge=0.0, description="Until the TCP connection stood.")
    login_seconds: float | None = Field(default=None, ge=0.0, description="Until the login was taken or refused.")
    message: str = Field(default="", max_length=1000)
    checked_by: str = Field(default="", max_length=250, description="The machine that looked.")


class ServiceStatusBody(BaseModel):
    """A connection that DAGs use, and what is known of the service behind it."""

    conn_id: str
    dag_ids: list[str] = Field(description="The DAGs that name it, of those that the caller may read.")
    last: ServiceCheckBody | None = Field(description="The last look; null if nobody has looked.")
    looks: int = Field(description="How often it was looked at within a day.")
    ok: int = Field(description="How often all was well.")
    mean_latency_seconds: float | None


class ServicesBody(ListBody):
    """The connections that DAGs use, by id."""

    services: list[ServiceStatusBody]


class ServiceHistoryBody(BaseModel):
    """Looks at one connection, the newest first."""

    conn_id: str
    since: datetime
    checks: list[ServiceCheckBody]


class ServiceChecksBody(BaseModel):
    """Looks that a worker has taken."""

    model_config = ConfigDict(extra="forbid")

    checks: list[ServiceCheckBody] = Field(max_length=500)


class KeptBody(BaseModel):
    """How many looks were stored."""

    kept: int
