"""What was measured and concluded: metrics, insights, alerts, the rules that raise them and what is said of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from airflow_provider_wfintel.store.base import (
    Base,
    DagId,
    Json,
    Key36,
    LongText,
    Name,
    RunId,
    TaskId,
    Uuid,
    Word,
    new_id,
    utc_now,
)

__all__ = [
    "Alert",
    "AlertInput",
    "AlertMemory",
    "AlertMessage",
    "AlertRule",
    "MonitoringMetric",
    "PerformanceInsight",
]


class MonitoringMetric(Base):
    """One metric of a DAG (empty `task_id`) or task over one window of time."""

    __tablename__ = "wfintel_workflow_monitoring_metrics"
    __table_args__ = (Index(None, "metric", "window_start"),)

    dag_id: Mapped[DagId] = mapped_column(primary_key=True)
    task_id: Mapped[TaskId] = mapped_column(primary_key=True, default="")
    metric: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_seconds: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float]
    samples: Mapped[int] = mapped_column(default=0)
    detail: Mapped[Json | None]
    """Sketches and parts of the metric, such as quantiles."""
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class PerformanceInsight(Base):
    """A finding that stays true until it is not seen any more: an anomaly, a trend, a bottleneck."""

    __tablename__ = "wfintel_performance_insights"
    __table_args__ = (Index(None, "dag_id", "last_seen_at"), Index(None, "status", "last_seen_at"))

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of kind, DAG, task and run: the same finding seen again is the same row."""
    kind: Mapped[str] = mapped_column(String(64))
    dag_id: Mapped[DagId]
    task_id: Mapped[TaskId] = mapped_column(default="")
    run_id: Mapped[RunId] = mapped_column(default="")
    severity: Mapped[Word]
    status: Mapped[Word]
    """`open`, `gone` or `dismissed`."""
    message: Mapped[LongText]
    value: Mapped[float | None]
    expected: Mapped[float | None]
    confidence: Mapped[float] = mapped_column(default=1.0)
    samples: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    first_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)


class AlertRule(Base):
    """A rule of alerts that was made over REST; rules of the settings file are not in here."""

    __tablename__ = "wfintel_alert_rules"

    rule_id: Mapped[Uuid] = mapped_column(default=new_id)
    name: Mapped[Name] = mapped_column(unique=True)
    """The id of the rule in the settings: one of a built-in rule changes the fields that it names."""
    enabled: Mapped[bool] = mapped_column(default=True)
    severity: Mapped[Word]
    condition: Mapped[Json]
    """The rule without what the other columns hold."""
    scope: Mapped[Json]
    """Which DAGs, tasks and tags the rule looks at."""
    channels: Mapped[list[Any]] = mapped_column(default=list)
    """Names of receivers; empty: the routes decide."""
    created_by: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class Alert(Base):
    """An alert from its first firing to its resolution, as people see it; the machine's own state is `AlertMemory`."""

    __tablename__ = "wfintel_alerts"
    __table_args__ = (
        Index(None, "status", "last_seen_at"),
        Index(None, "dag_id", "last_seen_at"),
        Index(None, "incident"),
    )

    alert_id: Mapped[Uuid] = mapped_column(default=new_id)
    alert_key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the rule, of what it watches and of what began it: repeats of the same trouble are the same row."""
    rule: Mapped[Name]
    kind: Mapped[Word]
    incident: Mapped[str] = mapped_column(String(40), default="")
    """What is told, acknowledged and resolved as one; empty while nobody is to be told."""
    dag_id: Mapped[DagId] = mapped_column(default="")
    task_id: Mapped[TaskId] = mapped_column(default="")
    run_id: Mapped[RunId] = mapped_column(default="")
    map_index: Mapped[int] = mapped_column(default=-1)
    severity: Mapped[Word]
    status: Mapped[Word]
    """`firing`, `acknowledged`, `silenced`, `muted` (it follows from another one) or `resolved`."""
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[Json]
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[Name] = mapped_column(default="")
    silenced_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None] = mapped_column(index=True)
    resolved_by: Mapped[Name] = mapped_column(default="")


class AlertMemory(Base):
    """The state of the alert machine with the place up to which it has read. One row; saved on top of its revision."""

    __tablename__ = "wfintel_alert_memory"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger())
    batch: Mapped[int] = mapped_column(BigInteger())
    """Up to which `WorkflowExecution.batch` it has read, the last one perhaps in part."""
    execution_id: Mapped[Key36] = mapped_column(default="")
    """Up to which key of that batch."""
    state: Mapped[Json]
    saved_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)


class AlertInput(Base):
    """What people and tasks say to the alert machine, until it has heard it."""

    __tablename__ = "wfintel_alert_inputs"

    input_id: Mapped[Uuid]
    """Given by who says it, so that saying it twice is saying it once."""
    kind: Mapped[Word]
    dag_id: Mapped[DagId] = mapped_column(default="")
    payload: Mapped[Json]
    said_by: Mapped[Name] = mapped_column(default="")
    said_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)


class AlertMessage(Base):
    """One message for one receiver and what became of it."""

    __tablename__ = "wfintel_alert_messages"
    __table_args__ = (Index(None, "incident", "made_at"), Index(None, "answered", "status"))

    message_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The idempotency key: what has the same key is the same message."""
    incident: Mapped[str] = mapped_column(String(40))
    receiver: Mapped[Name]
    kind: Mapped[Word]
    status: Mapped[Word]
    """`waiting` or `sent`."""
    answered: Mapped[bool] = mapped_column(default=True)
    """Whether the machine knows how the last attempt ended."""
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[LongText] = mapped_column(default="")
    notification: Mapped[Json]
    made_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
