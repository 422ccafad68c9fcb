"""Bodies of the routes of alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from airflow_provider_wfintel.api.datamodels.common import ListBody, StrictBody

__all__ = [
    "AcceptedBody",
    "AlertBody",
    "AlertDetailBody",
    "AlertsBody",
    "DeliveryBody",
    "PushedEventBody",
    "RuleBody",
    "RulesBody",
    "SilenceBody",
    "SilenceRequestBody",
    "SilencesBody",
    "StoredRuleBody",
]

AlertStatus = Literal["firing", "acknowledged", "silenced", "muted", "resolved"]
Severity = Literal["info", "warning", "error", "critical"]


class AlertBody(BaseModel):
    """One alert, from its beginning to its end."""

    alert_id: str
    rule: str
    kind: str
    incident: str = Field(description="What is told, acknowledged and resolved as one; empty if nobody is told.")
    dag_id: str
    task_id: str
    conn_id: str = Field(description="The connection that it is about, for alerts of services.")
    run_id: str
    map_index: int
    severity: str
    status: str
    title: str
    message: str
    cause: str
    value: float | None
    follows_from: str = Field(description="Key of the alert that mutes this one.")
    tags: list[str]
    owners: list[str]
    receivers: list[str]
    told: bool
    started_at: datetime
    last_seen_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    silenced_until: datetime | None
    resolved_at: datetime | None
    resolved_by: str


class AlertsBody(ListBody):
    """A page of alerts, the newest first."""

    alerts: list[AlertBody]
    total: int
    limit: int
    offset: int


class DeliveryBody(BaseModel):
    """What became of one message."""

    receiver: str
    kind: str
    status: str
    attempts: int
    last_error: str
    made_at: datetime
    sent_at: datetime | None


class AlertDetailBody(AlertBody):
    """One alert with the messages about it."""

    deliveries: list[DeliveryBody]


class PushedEventBody(StrictBody):
    """Something that a callback of a DAG has seen. What the collector sees of the same try is the same event."""

    kind: Literal[
        "task.failed", "task.retry", "task.succeeded", "run.failed", "run.succeeded", "deadline.missed", "deadline.met"
    ]
    dag_id: str = Field(min_length=1, max_length=250)
    run_id: str = Field(min_length=1, max_length=250)
    task_id: str = Field(default="", max_length=250)
    map_index: int = Field(default=-1, ge=-1, lt=2**31)
    event_id: str = Field(default="", max_length=250, description="The UUID of the try, or the id of the run.")
    at: datetime = Field(description="When it happened, with its zone.")
    message: str = Field(default="", max_length=10_000, description="What is to be said; secrets are masked.")
    cause: str = Field(default="", max_length=200, description="Equal for failures with the same root cause.")
    shared: bool = Field(default=False, description="Whether the cause lies outside the DAG.")


class AcceptedBody(BaseModel):
    """Kept; the alerts take it in with the collector's next look."""

    accepted: bool = True
    key: str = Field(description="Saying the same thing again gives the same key.")


class SilenceRequestBody(StrictBody):
    """For how long nobody is to hear of it."""

    minutes: float = Field(gt=0, le=527_040)
    whole_dag: bool = Field(default=False, description="All of the DAG, not only this task or connection and rule.")
    comment: str = Field(default="", max_length=1000)


class SilenceBody(BaseModel):
    """A silence."""

    silence_id: str
    dag_id: str
    match: dict[str, Any]
    starts_at: datetime
    ends_at: datetime
    by: str
    comment: str


class SilencesBody(ListBody):
    """The silences that hold."""

    silences: list[SilenceBody]


class RuleBody(StrictBody):
    """A rule and who hears of it."""

    rule: dict[str, Any] = Field(description="As `GET alert-rules/schema` says.")
    receivers: list[str] = Field(
        default_factory=list, max_length=50, description="Names of receivers of the settings file; none: its routes."
    )


class StoredRuleBody(BaseModel):
    """A stored rule."""

    rule: dict[str, Any]
    receivers: list[str]
    created_by: str
    updated_at: datetime | None


class RulesBody(ListBody):
    """The stored rules, by id. Built-in ones and those of the settings file are not among them."""

    rules: list[StoredRuleBody]
